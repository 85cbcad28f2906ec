// A proxy between clients and a server that does to messages what networks and gateways do to them.
import { Agent, createServer, type IncomingHttpHeaders, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import type { Random } from './random.ts'

/** What can befall a request, or its answer. */
export const faults = [
  'passed on',
  'delayed before',
  'delayed after',
  'cut before it arrives',
  'cut before the request’s body',
  'cut in the request’s body',
  'cut as soon as it has arrived',
  'cut after it was processed',
  'cut in the answer’s body',
  'sent twice at once, the first answer taken',
  'sent twice at once, the last answer taken',
  'sent again after its answer',
  'answered 502 before it arrives',
  'answered 502 after it was processed',
] as const

export type Fault = (typeof faults)[number]

export type FaultProxy = {
  readonly url: string
  /** How often each has happened. */
  readonly happened: ReadonlyMap<Fault, number>
  /** Resolves when what is still under way to the server has ended. */
  readonly close: () => Promise<void>
}

type Asked = {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

type Answered = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer }

/** Starts a proxy to `http://host:port`. Each request meets one fault, chosen by `random`. */
export async function startFaultProxy(target: string, random: Random): Promise<FaultProxy> {
  const { hostname, port } = new URL(target)
  const agent = new Agent({ keepAlive: true })
  const happened = new Map<Fault, number>()
  const underWay = new Set<Promise<unknown>>()

  const open = ({ method, path, headers }: Asked) =>
    request({ host: hostname, port, method, path, headers: { ...headers, connection: 'keep-alive' }, agent })

  const forward = (asked: Asked): Promise<Answered> => {
    const answered = new Promise<Answered>((resolve, reject) => {
      const outgoing = open(asked)
      outgoing.on('response', answer => {
        buffer(answer).then(body => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }), reject)
      })
      outgoing.on('error', reject)
      outgoing.end(asked.body)
    })
    underWay.add(answered.catch(() => {}))
    return answered
  }

  /** Sends so many bytes of the body and no more; the server meets the end of the connection. */
  const forwardPart = async (asked: Asked, bytes: number): Promise<void> => {
    const outgoing = open(asked)
    outgoing.on('error', () => {})
    outgoing.flushHeaders()
    if (bytes > 0) outgoing.write(asked.body.subarray(0, bytes))
    if (bytes === asked.body.length) outgoing.end()
    await wait(random.below(4))
    outgoing.destroy()
  }

  async function befall(fault: Fault, asked: Asked, response: ServerResponse): Promise<void> {
    const cut = () => response.socket?.destroy()
    const bad = () => response.writeHead(502, { 'content-type': 'text/plain' }).end('Bad gateway')
    const give = ({ status, headers, body }: Answered) => response.writeHead(status, endToEnd(headers)).end(body)
    switch (fault) {
      case 'passed on':
        return void give(await forward(asked))
      case 'delayed before':
        await wait(random.below(40))
        return void give(await forward(asked))
      case 'delayed after': {
        const answered = await forward(asked)
        await wait(random.below(40))
        return void give(answered)
      }
      case 'cut before it arrives':
        return void cut()
      case 'cut before the request’s body':
        await forwardPart({ ...asked, headers: { ...asked.headers, 'content-length': '1000' } }, 0)
        return void cut()
      case 'cut in the request’s body':
        await forwardPart(asked, 1 + random.below(Math.max(1, asked.body.length - 1)))
        return void cut()
      case 'cut as soon as it has arrived':
        await forwardPart(asked, asked.body.length)
        return void cut()
      case 'cut after it was processed':
        await forward(asked)
        return void cut()
      case 'cut in the answer’s body': {
        const { status, headers, body } = await forward(asked)
        response.writeHead(status, endToEnd(headers))
        response.write(body.subarray(0, random.below(body.length)), cut)
        return
      }
      case 'sent twice at once, the first answer taken':
      case 'sent twice at once, the last answer taken': {
        const [first, last] = await Promise.all([forward(asked), forward(asked)])
        return void give(fault.includes('last') ? last : first)
      }
      case 'sent again after its answer':
        give(await forward(asked))
        await wait(random.below(60))
        return void (await forward(asked))
      case 'answered 502 before it arrives':
        return void bad()
      case 'answered 502 after it was processed':
        await forward(asked)
        return void bad()
    }
  }

  const server = createServer(async (incoming, response) => {
    response.on('error', () => {})
    const { method = '', url: path = '/', headers } = incoming
    try {
      const asked = { method, path, headers, body: await buffer(incoming) }
      const fault = random.pick(faults)
      happened.set(fault, (happened.get(fault) ?? 0) + 1)
      await befall(fault, asked, response)
    } catch {
      // The server went away.
      response.destroy()
    }
  })
  server.listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    happened,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      await Promise.all(underWay)
      agent.destroy()
    },
  }
}

/** Without the fields of the connection to the server. */
function endToEnd({ connection, 'keep-alive': alive, ...fields }: IncomingHttpHeaders): IncomingHttpHeaders {
  return fields
}

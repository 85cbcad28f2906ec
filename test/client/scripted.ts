// A server that answers what it is told to, a clock that stands until it is moved, and a transport between them.
import { Agent, createServer, type IncomingMessage, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before } from 'node:test'
import { type Fields, formatDate } from '@comity/http'
import type { Incoming, ReceivedBody } from '../../packages/client/src/exchange/response.ts'
import type { Call, CallOptions, Clock, TraceNote } from '../../packages/client/src/layers/call.ts'
import type { Send } from '../../packages/client/src/layers/layer.ts'

export type Reply = {
  readonly status: number
  readonly fields: Fields
  readonly body: string
  readonly cut?: 'after-head'
}
export type Asked = { readonly method: string; readonly fields: Fields; readonly body: string }

/** What a request to a path is answered; `cut` breaks the connection off before any answer. */
export type Script = (asked: Asked) => Reply | 'cut' | Promise<Reply | 'cut'>

export type Scripted = {
  readonly url: string
  readonly script: (path: string, script: Script) => void
}

/** For all tests of a file. A path without a script is answered 501. */
export function scriptedServer(): Scripted {
  const scripts = new Map<string, Script>()
  let url = ''
  const server = createServer(async (asked, answer) => {
    const pieces: Buffer[] = []
    for await (const piece of asked) pieces.push(piece)
    const script = scripts.get(asked.url ?? '')
    const fields = asked.headers as Fields
    const body = Buffer.concat(pieces).toString()
    const reply = (await script?.({ method: asked.method ?? '', fields, body })) ?? {
      status: 501,
      fields: {},
      body: '',
    }
    if (reply === 'cut') {
      asked.socket.destroy()
      return
    }
    answer.sendDate = false
    for (const [name, value] of Object.entries(reply.fields)) if (value !== undefined) answer.setHeader(name, value)
    const bare = asked.method === 'HEAD' || reply.status === 304 || reply.status === 204
    const framed = reply.fields['content-length'] ?? reply.fields['transfer-encoding']
    if (!bare && framed === undefined && reply.cut === undefined)
      answer.setHeader('content-length', Buffer.byteLength(reply.body))
    answer.writeHead(reply.status)
    if (reply.cut !== undefined) {
      answer.write(reply.body)
      setImmediate(() => asked.socket.destroy())
    } else answer.end(bare ? undefined : reply.body)
  })
  before(async () => {
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => {
    agent.destroy()
    server.closeAllConnections()
    server.close()
  })
  return {
    get url() {
      return url
    },
    script: (path, script) => void scripts.set(path, script),
  }
}

const agent = new Agent({ keepAlive: true })

/** The plainest transport there is. */
export const plainSend: Send = (request, call) =>
  new Promise((resolve, reject) => {
    const content = request.content?.kind === 'bytes' ? request.content.bytes : undefined
    const headers: Record<string, string> = {}
    for (const [name, value] of Object.entries(request.fields)) if (value !== undefined) headers[name] = value
    if (content !== undefined) headers['content-length'] = String(content.length)
    const outgoing = send(request.url, { method: request.method, headers, agent, signal: call.signal }, answer =>
      resolve({
        status: answer.statusCode ?? 0,
        reason: answer.statusMessage ?? '',
        fields: joined(answer),
        cookies: answer.headers['set-cookie'] ?? [],
        url: request.url,
        httpVersion: answer.httpVersion,
        body: bodyOf(answer),
      } satisfies Incoming),
    )
    outgoing.on('error', reject)
    outgoing.end(content)
  })

function joined(answer: IncomingMessage): Fields {
  return Object.fromEntries(Object.entries(answer.headersDistinct).map(([name, lines]) => [name, lines?.join(', ')]))
}

function bodyOf(answer: IncomingMessage): ReceivedBody {
  return {
    get complete() {
      return answer.complete
    },
    async bytes() {
      const pieces: Buffer[] = []
      for await (const piece of answer) pieces.push(piece)
      return Buffer.concat(pieces)
    },
    async *[Symbol.asyncIterator]() {
      for await (const piece of answer) yield piece
    },
    async discard() {
      answer.resume()
      answer.on('error', () => {})
    },
  }
}

/** Stands until it is moved. */
export type StandingClock = Clock & {
  readonly move: (ms: number) => void
  readonly date: (addSeconds?: number) => string
}

export function standingClock(start = Date.UTC(2026, 0, 1)): StandingClock {
  let now = start
  return {
    now: () => now,
    random: () => 0.5,
    sleep: async ms => {
      now += ms
    },
    timer: () => () => {},
    move: ms => {
      now += ms
    },
    date: (addSeconds = 0) => formatDate(now + addSeconds * 1000),
  }
}

/** A call with a trace that is read afterwards. */
export function callWith(clock: Clock, options: CallOptions = {}, signal?: AbortSignal): Call & { trace: TraceNote[] } {
  const trace: TraceNote[] = []
  return {
    clock,
    deadline: undefined,
    signal,
    timeout: undefined,
    reading: 'pieces',
    onInterim: undefined,
    options,
    trace,
    note: (layer, text, values) =>
      void trace.push({ at: clock.now(), layer, text, ...(values === undefined ? {} : { values }) }),
  }
}

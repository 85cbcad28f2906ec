// A client that sends what it is told over a real socket, once, and hands back the bytes it got.
import { Agent, type IncomingHttpHeaders, request } from 'node:http'

export type Sent = {
  readonly method?: string
  readonly path: string
  readonly key?: string
  readonly fields?: Readonly<Record<string, string>>
  /** Sent as JSON where it is not a string. */
  readonly body?: unknown
}

export type Received = {
  readonly status: number
  readonly fields: IncomingHttpHeaders
  readonly body: Buffer
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the server sent
  readonly json: () => any
}

export type Client = {
  /** One attempt. Rejects where no whole answer came. */
  readonly send: (sent: Sent) => Promise<Received>
  /** Ends its connections. */
  readonly end: () => void
}

/** A client of the server at `http://host:port`, with at most so many connections. `timeout` in ms. */
export function clientOf(url: string, connections = 64, timeout = 20_000): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const send = ({ method = 'POST', path, key, fields = {}, body }: Sent) =>
    new Promise<Received>((resolve, reject) => {
      const content = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
      const headers: Record<string, string | number> = { ...fields }
      if (key !== undefined) headers['idempotency-key'] = key
      if (content !== undefined) {
        headers['content-length'] = Buffer.byteLength(content)
        headers['content-type'] ??= 'application/json'
      }
      const outgoing = request(url + path, { method, headers, agent, timeout }, answer => {
        const pieces: Buffer[] = []
        answer.on('data', piece => pieces.push(piece))
        answer.on('error', reject)
        answer.on('aborted', () => reject(new Error('the answer was cut short')))
        answer.on('end', () => {
          const whole = Buffer.concat(pieces)
          const json = () => JSON.parse(whole.toString())
          if (answer.complete) resolve({ status: answer.statusCode ?? 0, fields: answer.headers, body: whole, json })
        })
      })
      outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${timeout} ms`)))
      outgoing.on('error', reject)
      outgoing.end(content)
    })
  return { send, end: () => agent.destroy() }
}

/** The fields of an answer that a replay repeats: all but those of the message and the mark. */
export function lasting({ fields }: Received): Readonly<Record<string, unknown>> {
  const { date, connection, 'keep-alive': alive, 'idempotency-replayed': mark, ...rest } = fields
  return rest
}

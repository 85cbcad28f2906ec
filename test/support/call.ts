// A client that sends exactly the fields it is told to and hands the answer back as it came.
import { Agent, type OutgoingHttpHeaders, request } from 'node:http'

/** The connections of one test file; destroyed with it. */
export const agent = new Agent({ keepAlive: true, maxSockets: 8 })

import { overhear } from './planted.ts'

export type Fields = Readonly<Record<string, string | readonly string[] | undefined>>

export type Answered = {
  readonly status: number
  /** By lower-case name, as Node joins them. */
  readonly fields: Readonly<Record<string, string | undefined>>
  readonly text: string
  readonly bytes: Buffer
  /** The body as JSON; throws where it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the server sent
  readonly json: () => any
}

/** One exchange. A body that is neither text nor bytes is sent as JSON; `content-type` is JSON where a body has none. */
export function call(method: string, url: string, fields: Fields = {}, body?: unknown): Promise<Answered> {
  const isContent = body === undefined || typeof body === 'string' || body instanceof Uint8Array
  const content = isContent ? body : JSON.stringify(body)
  const headers: OutgoingHttpHeaders = {}
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : [...value]
  if (content !== undefined) {
    headers['content-length'] = Buffer.byteLength(content)
    headers['content-type'] ??= 'application/json'
  }
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent }, answer => {
      const chunks: Buffer[] = []
      answer.on('data', chunk => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () => {
        const bytes = Buffer.concat(chunks)
        const text = bytes.toString()
        const received = answer.headers as Record<string, string | undefined>
        if ((answer.statusCode ?? 0) >= 400)
          overhear(`${method} ${answer.statusCode} ${JSON.stringify(received)} ${text}`)
        resolve({ status: answer.statusCode ?? 0, fields: received, text, bytes, json: () => JSON.parse(text) })
      })
    })
    outgoing.on('error', reject)
    outgoing.end(content)
  })
}

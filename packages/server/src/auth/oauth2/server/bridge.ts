// From an exchange to a handler of Node's requests and back. What the gates have read of the request is all that it sees:
// the content is bounded and here, and host and scheme are those of the issuer, not what a Host field says.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer, AnswerFields } from '../../../exchange/answer.ts'
import type { Exchange } from '../../../exchange/exchange.ts'

export type Handle = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

/** Of one connection (RFC 9110 §7.6.1), of the content that was read, and of what a proxy says. */
const left: ReadonlySet<string> = new Set([
  ...['connection', 'keep-alive', 'transfer-encoding', 'te', 'trailer', 'upgrade', 'expect', 'content-length'],
  ...['host', 'forwarded', 'x-forwarded-host', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-prefix'],
])

/** `url` is below the path of `issuer`, with its query. */
export async function bridged(x: Exchange, url: string, issuer: URL, handle: Handle): Promise<Answer> {
  const { default: inject } = await import('light-my-request')
  const headers: Record<string, string | string[]> = {
    host: issuer.host,
    'x-forwarded-proto': issuer.protocol.slice(0, -1),
  }
  for (const [name, value] of Object.entries(x.fields))
    if (value !== undefined && !left.has(name)) headers[name] = typeof value === 'string' ? value : [...value]
  const dispatch = (request: object, response: object) => {
    // By this it knows under which path it is mounted.
    Object.assign(request, { originalUrl: issuer.pathname.replace(/\/$/, '') + url })
    void handle(request as IncomingMessage, response as ServerResponse)
  }
  const response = await inject(dispatch, {
    method: x.method as 'GET',
    url,
    headers,
    remoteAddress: x.incoming.address(),
    ...(x.content !== undefined && x.content.length > 0 && { payload: Buffer.from(x.content) }),
  })
  const body = response.rawPayload
  return {
    status: response.statusCode,
    fields: {
      ...fieldsOf(response.headers),
      ...(hasContent(response.statusCode) && { 'content-length': String(body.length) }),
    },
    body: body.length === 0 ? undefined : body,
    cookies: [response.headers['set-cookie'] ?? []].flat(),
  }
}

const hasContent = (status: number): boolean => status !== 204 && status !== 304

function fieldsOf(headers: Readonly<Record<string, unknown>>): AnswerFields {
  const fields: Record<string, string> = { 'x-content-type-options': 'nosniff' }
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && name !== 'set-cookie' && name !== 'date' && !left.has(name))
      fields[name] = Array.isArray(value) ? value.join(', ') : String(value)
  return fields
}

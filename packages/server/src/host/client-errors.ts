// What is not even a request: malformed HTTP, fields too large, a message that does not arrive. Answered on the socket.
// `said` is what every answer of the server says: the version of its API.
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { problemKinds } from '@comity/http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type AnswerFields, type Refused, refuse } from '../exchange/answer.ts'
import { problemAnswer } from '../exchange/problem-answer.ts'
import { endWith } from './lingering.ts'

type ClientError = Error & {
  readonly code?: string
  readonly reason?: string
  /** What was being parsed. */
  readonly rawPacket?: unknown
  /** How far that had come. */
  readonly bytesParsed?: number
}

const codes: Readonly<Record<string, readonly [code: string, detail: string]>> = {
  HPE_HEADER_OVERFLOW: ['header-fields-too-large', 'The request’s fields are larger than the server reads.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request-timeout', 'The request did not arrive in time.'],
  HPE_PAUSED_H2_UPGRADE: ['http-version-not-supported', 'HTTP/2 is not spoken here; HTTP/1.1 is.'],
}

/** Fastify's `frameworkErrors`: a target whose percent-encoding the router cannot read. */
export function answerBadTarget(said: AnswerFields, request: FastifyRequest, reply: FastifyReply): void {
  const refused = refuse('malformed-uri', 'The path is not valid percent-encoded UTF-8.')
  const { 'accept-language': acceptLanguage, accept } = request.headers
  const answer = documentOf(refused, said, { accept, acceptLanguage })
  reply.code(answer.status).headers(answer.fields).send(answer.body)
}

export function documentOf(
  refused: Refused,
  said: AnswerFields,
  client: { accept?: string | undefined; acceptLanguage?: string | undefined } = {},
) {
  const kind = problemKinds.get(refused.code)
  if (!kind) throw new TypeError(`no problem ${refused.code}`)
  const { accept, acceptLanguage } = client
  const answer = problemAnswer(refused, { kind, base: '', instance: 'about:blank', accept, acceptLanguage })
  return { ...answer, fields: { ...answer.fields, ...said } }
}

/** RFC 9110 §9.3.6: a request for a tunnel, which the server opens to nowhere. */
export function answerConnect(said: AnswerFields, socket: Duplex): void {
  socket.on('error', () => {})
  const detail = 'The method CONNECT is not implemented here: this is no proxy.'
  answerOn(socket, refuse('method-not-implemented', detail), said)
}

const failing = new WeakSet<Duplex>()

/** Fastify's `clientErrorHandler`. */
export function answerClientError(said: AnswerFields, error: ClientError, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy()
    return
  }
  if (failing.has(socket)) return
  failing.add(socket)
  answerInTurn(refusalOf(error), socket, said)
}

/** Node's own notes on a connection: the message being read, and the response whose turn it is. */
type Notes = {
  readonly parser?: { readonly incoming?: IncomingMessage | null } | null
  readonly _httpMessage?: ServerResponse | null
}

/** RFC 9112 §9.3.2: answers come in the order of the requests, and each request gets one. */
function answerInTurn(refused: Refused, socket: Duplex, said: AnswerFields): void {
  if (socket.destroyed) return
  const { parser, _httpMessage: current } = socket as Notes
  const broken = parser?.incoming?.complete === false ? parser.incoming : undefined
  if (current && current.req !== broken) current.once('close', () => answerInTurn(refused, socket, said))
  else if (current?.headersSent) current.once('close', () => endWith(socket))
  else if (broken && !current) endWith(socket)
  else answerOn(socket, refused, said)
}

function refusalOf(error: ClientError): Refused {
  const [code, detail] = codes[error.code ?? ''] ?? []
  if (code !== undefined && detail !== undefined) return refuse(code, detail)
  const line = lineOf(error)
  // RFC 9110 §9.1: a token, but none that is known.
  if (error.code === 'HPE_INVALID_METHOD' && /^[!#$%&'*+.^_`|~0-9A-Za-z-]+(?: [^ ]|$)/.test(line))
    return refuse('method-not-implemented', 'The method is not one this server knows.')
  if (error.code === 'HPE_INVALID_VERSION' && /^\S+ \S+ HTTP\/\d\.\d\r?$/.test(line))
    return refuse('http-version-not-supported', 'This version of HTTP is not spoken here; HTTP/1.1 is.')
  return refuse('malformed-request', `The request is not well-formed HTTP${error.reason ? `: ${error.reason}` : ''}.`)
}

/** The line at which parsing ended, without its LF. */
function lineOf({ rawPacket, bytesParsed = 0 }: ClientError): string {
  if (!(rawPacket instanceof Uint8Array)) return ''
  const text = Buffer.from(rawPacket).toString('latin1')
  const start = bytesParsed === 0 ? 0 : text.lastIndexOf('\n', bytesParsed - 1) + 1
  return text.slice(start).split('\n', 1)[0] ?? ''
}

function answerOn(socket: Duplex, refused: Refused, said: AnswerFields): void {
  const { status, fields, body } = documentOf(refused, said)
  const lines = Object.entries({ ...fields, date: new Date().toUTCString(), connection: 'close' })
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  endWith(
    socket,
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head}\r\n${Buffer.from(body as Uint8Array).toString()}`,
  )
}

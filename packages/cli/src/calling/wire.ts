// What goes over the wire, told by undici as it writes and reads it: each attempt, each step of a redirection.
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { statuses } from '@comity/http'
import type { Paint } from '../output/colour.ts'
import type { Sink } from '../terminal/io.ts'
import { contentShown, fieldLine, type Hiding, type Line, requestLine, statusLine } from './message.ts'

/** What is shown of the content of one request. */
const mostContent = 64 * 1024

type Request = { readonly method: string; readonly contentLength: number | null; readonly body: unknown }
type Sent = { readonly request: Request; readonly headers: string }
type Piece = { readonly request: Request; readonly chunk: unknown }
type Received = {
  readonly request: Request
  readonly response: { readonly statusCode: number; readonly statusText: string; readonly headers: unknown }
}
type Gathered = { readonly pieces: Uint8Array[]; kept: number; size: number }

/** Writes requests and the heads of answers to `sink` as they pass; returns what ends it. */
export function watchWire(sink: Sink, paint: Paint, hiding: Hiding): () => void {
  const contents = new WeakMap<Request, Gathered>()
  const write = (lines: readonly string[], mark: string) =>
    void sink.write(`${lines.map(line => `${paint.faint(mark)} ${line}`.trimEnd()).join('\n')}\n`)

  const showContent = (request: Request): void => {
    const content = contents.get(request)
    contents.delete(request)
    if (content === undefined || content.size === 0) return
    write([...contentShown(Buffer.concat(content.pieces), content.size).split('\n'), ''], '>')
  }

  const listeners: readonly (readonly [string, (event: unknown) => void])[] = [
    [
      'undici:client:sendHeaders',
      event => {
        const { request, headers } = event as Sent
        const length = lengthLine(request.method, sizeOf(request), request.body !== null)
        write([...requestHead(headers, length, paint, hiding), ''], '>')
      },
    ],
    [
      'undici:request:bodyChunkSent',
      event => {
        const { request, chunk } = event as Piece
        gather(contents, request, chunk)
      },
    ],
    ['undici:request:bodySent', event => showContent((event as { readonly request: Request }).request)],
    [
      'undici:request:headers',
      event => {
        const { request, response } = event as Received
        // Who answers early has not waited for all of it.
        showContent(request)
        write([...responseHead(response, paint, hiding), ''], '<')
      },
    ],
  ]
  for (const [name, listener] of listeners) subscribe(name, listener)
  return () => {
    for (const [name, listener] of listeners) unsubscribe(name, listener)
  }
}

function gather(contents: WeakMap<Request, Gathered>, request: Request, chunk: unknown): void {
  const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk instanceof Uint8Array ? chunk : undefined
  if (bytes === undefined) return
  const content = contents.get(request) ?? { pieces: [], kept: 0, size: 0 }
  contents.set(request, content)
  content.size += bytes.length
  const piece = bytes.subarray(0, mostContent - content.kept)
  content.kept += piece.length
  if (piece.length > 0) content.pieces.push(piece)
}

/** Bytes of the content; undefined where they are not known before. */
function sizeOf({ body, contentLength }: Request): number | undefined {
  return body instanceof Uint8Array ? body.byteLength : (contentLength ?? undefined)
}

/** RFC 9110 §8.6: a length also for no content, where the method has one as a rule. */
export function lengthLine(method: string, size: number | undefined, hasContent: boolean): Line | undefined {
  if (hasContent) return size === undefined ? ['transfer-encoding', 'chunked'] : ['content-length', String(size)]
  return /^(?:POST|PUT|PATCH|QUERY)$/.test(method) ? ['content-length', '0'] : undefined
}

function requestHead(head: string, length: Line | undefined, paint: Paint, hiding: Hiding): readonly string[] {
  const [first = '', ...rest] = head.split('\r\n').filter(line => line !== '')
  const [method = '', target = ''] = first.split(' ')
  const isHttp1 = first.endsWith(' HTTP/1.1')
  const fields = (isHttp1 ? rest : [first, ...rest]).map(lineOf)
  // HTTP/2 has its length among its fields already, and its control data before them (RFC 9113 §8.3).
  const isControl = ([name]: Line) => name.startsWith(':')
  const all = isHttp1
    ? [...fields, ...(length === undefined ? [] : [length])]
    : [...fields.filter(isControl), ...fields.filter(line => !isControl(line))]
  return [
    ...(isHttp1 ? [requestLine(method, target, paint, hiding)] : []),
    ...all.map(line => fieldLine(line, paint, hiding)),
  ]
}

/** A field of HTTP/2 may begin with a colon. */
function lineOf(line: string): Line {
  const colon = line.indexOf(':', 1)
  return [line.slice(0, colon), line.slice(colon + 1).trim()]
}

function responseHead({ statusCode, statusText, headers }: Received['response'], paint: Paint, hiding: Hiding) {
  const lines = linesOf(headers)
  const version = Array.isArray(headers) ? '1.1' : '2'
  const reason = statusText === '' ? (statuses.get(statusCode)?.reason ?? '') : statusText
  return [
    statusLine(version, statusCode, version === '2' ? '' : reason, paint),
    ...lines.map(line => fieldLine(line, paint, hiding)),
  ]
}

/** The parser of HTTP/1 tells names and values by turns, that of HTTP/2 an object. */
function linesOf(headers: unknown): readonly Line[] {
  if (!Array.isArray(headers))
    return Object.entries((headers ?? {}) as Record<string, string | readonly string[]>).flatMap(([name, value]) =>
      name.startsWith(':') ? [] : [value].flat().map((each): Line => [name, each]),
    )
  const lines: Line[] = []
  for (let at = 0; at + 1 < headers.length; at += 2)
    for (const value of [headers[at + 1]].flat()) lines.push([text(headers[at]), text(value)])
  return lines
}

const text = (value: unknown): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)

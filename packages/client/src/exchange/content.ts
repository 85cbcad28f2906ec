// RFC 9110 §8: content to send, from what a caller has: values, forms, files, streams.
import type { Content } from './request.ts'

/** Content that brings its media type; made by `typedContent`, so that no value of a caller is taken for one. */
export type TypedContent = { readonly [brand]: true; readonly content: Content; readonly type: string | undefined }

const brand: unique symbol = Symbol('typed content')

export function typedContent(content: Content, type: string | undefined): TypedContent {
  return { [brand]: true, content, type }
}

/**
 * What may be sent. Plain values are sent as JSON, text as text/plain, URLSearchParams as a form, FormData as multipart,
 * a Blob or file as itself. A function is asked for a new stream for each attempt; a bare stream can be sent once only.
 */
export type BodyValue =
  | TypedContent
  | string
  | Uint8Array
  | ArrayBuffer
  | URLSearchParams
  | FormData
  | Blob
  | AsyncIterable<Uint8Array>
  | ReadableStream<Uint8Array>
  | (() => AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>)
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON.stringify takes
  | any

const utf8 = new TextEncoder()
const octets = 'application/octet-stream'

export function contentOf(body: BodyValue): TypedContent {
  if (typeof body === 'string') return bytes(utf8.encode(body), 'text/plain;charset=utf-8')
  if (typeof body === 'function') return stream(body, undefined, octets)
  if (typeof body !== 'object' || body === null) return json(body)
  if (body instanceof Uint8Array) return bytes(body, octets)
  if (body instanceof ArrayBuffer) return bytes(new Uint8Array(body), octets)
  if (ArrayBuffer.isView(body)) return bytes(new Uint8Array(body.buffer, body.byteOffset, body.byteLength), octets)
  if (body instanceof URLSearchParams)
    return bytes(utf8.encode(body.toString()), 'application/x-www-form-urlencoded;charset=UTF-8')
  if (body instanceof FormData) return multipart(body)
  if (body instanceof Blob) return stream(() => body.stream(), body.size, body.type === '' ? octets : body.type)
  if (brand in body) return body
  if (Symbol.asyncIterator in body || body instanceof ReadableStream) {
    return typedContent({ kind: 'source', open: () => pieces(body), size: undefined, reading: 'once' }, octets)
  }
  return json(body)
}

/** @throws TypeError for what JSON cannot say */
function json(value: unknown): TypedContent {
  const text = JSON.stringify(value)
  if (text === undefined) throw new TypeError('the body has no form in JSON')
  return bytes(utf8.encode(text), 'application/json')
}

const bytes = (content: Uint8Array, type: string): TypedContent => typedContent({ kind: 'bytes', bytes: content }, type)

function stream(
  open: () => AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
  size: number | undefined,
  type: string,
): TypedContent {
  return typedContent({ kind: 'source', open: () => pieces(open()), size, reading: 'again' }, type)
}

/** RFC 7578, as the platform writes it. */
function multipart(form: FormData): TypedContent {
  // The boundary is drawn here, so that the same one stands in every attempt.
  const boundary = `comity-${crypto.randomUUID()}`
  const parts: (Uint8Array | Blob)[] = []
  for (const [name, value] of form) {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(lines(name))}"`
    if (typeof value === 'string') parts.push(utf8.encode(`${head}\r\n\r\n${lines(value)}\r\n`))
    else {
      const type = value.type === '' ? octets : value.type
      parts.push(utf8.encode(`${head}; filename="${quoted(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`))
      parts.push(value, utf8.encode('\r\n'))
    }
  }
  parts.push(utf8.encode(`--${boundary}--\r\n`))
  const size = parts.reduce((sum, part) => sum + (part instanceof Blob ? part.size : part.length), 0)
  async function* open() {
    for (const part of parts) {
      if (part instanceof Blob) yield* pieces(part.stream())
      else yield part
    }
  }
  return typedContent({ kind: 'source', open, size, reading: 'again' }, `multipart/form-data; boundary=${boundary}`)
}

// WHATWG HTML, multipart/form-data encoding algorithm
const quoted = (name: string): string => name.replace(/\n/g, '%0A').replace(/\r/g, '%0D').replace(/"/g, '%22')
const lines = (text: string): string => text.replace(/\r\n|\r|\n/g, '\r\n')

async function* pieces(source: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (Symbol.asyncIterator in source) {
    for await (const piece of source as AsyncIterable<Uint8Array | string>)
      yield typeof piece === 'string' ? utf8.encode(piece) : piece
    return
  }
  // Not every browser can iterate over a stream.
  const reader = (source as ReadableStream<Uint8Array>).getReader()
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value
  } finally {
    await reader.cancel()
  }
}

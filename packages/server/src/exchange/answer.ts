// What the server says: either the message itself, or a refusal that `respond` turns into one.
import type { ByteRange, ContentCoding, Digests, EntityTag, ProblemError } from '@comity/http'
import type { Piece } from '../formats/format.ts'

/** Response fields by lower-case name. */
export type AnswerFields = Readonly<Record<string, string>>

/** Bytes whose number is known, and that can be read from any place, more than once. */
export type Source = {
  readonly kind: 'source'
  readonly size: number
  /** Digests of all of it, as far as they are known beforehand. */
  readonly digests?: Digests
  readonly read: (range: ByteRange) => AsyncIterable<Uint8Array>
}

export type Body = Uint8Array | string | AsyncIterable<Piece> | Source | undefined

/** How many bytes a body has; undefined where that is known only when it ends. */
export function lengthOf(body: Body): number | undefined {
  if (typeof body === 'string') return Buffer.byteLength(body)
  if (body instanceof Uint8Array) return body.length
  return body !== undefined && 'kind' in body ? body.size : undefined
}

/** A whole response. A body that is an AsyncIterable is sent as it comes. */
export type Answer = {
  readonly status: number
  readonly fields: AnswerFields
  readonly body: Body
  /** RFC 6265 §3: each is a Set-Cookie line of its own, which cannot be joined. */
  readonly cookies?: readonly string[]
  /** The content coding it is in, once that was chosen. */
  readonly coding?: ContentCoding
}

/** A refusal: a row of the problem registry, and what this request adds to it. */
export type Refused = {
  readonly kind: 'refused'
  readonly code: string
  /** For the developer: the values compared. */
  readonly detail: string
  readonly errors?: readonly ProblemError[]
  /** Fields the status calls for: Allow, Accept-Post, Retry-After … */
  readonly fields?: AnswerFields
  /** RFC 9457 §3.1.5; the request target where not given. */
  readonly instance?: string
  /** Extension members of the problem document. */
  readonly members?: Readonly<Record<string, unknown>>
}

/** What a gate that does not let a request pass says instead. */
export type Stop =
  | Refused
  | { readonly kind: 'moved'; readonly to: string }
  /** As things are now, it is there. */
  | { readonly kind: 'found-at'; readonly to: string }
  /** What the request was for is done. */
  | { readonly kind: 'answered'; readonly answer: Answer }
  /** `etag` is of the representation that the client has, where its field says which. */
  | { readonly kind: 'not-modified'; readonly field: string; readonly etag?: EntityTag }

/** Shorthand for the commonest stop. */
export function refuse(code: string, detail: string, more: Omit<Refused, 'kind' | 'code' | 'detail'> = {}): Refused {
  return { kind: 'refused', code, detail, ...more }
}

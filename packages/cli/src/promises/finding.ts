// What an answer promises by its fields, and whether it keeps it.
import type { Fields } from '@comity/http'

/** An answer as it came: nothing of it was decoded or cached. */
export type Answer = {
  readonly status: number
  /** By lower-case name. */
  readonly fields: Fields
  /** Bytes of the content. */
  readonly size: number
  /** SHA-256 of the content, hex. */
  readonly digest: string
}

/** What was asked, and what was asked besides to see whether promises are kept; undefined: it was not asked. */
export type Observed = {
  readonly method: string
  /** Absolute. */
  readonly url: string
  /** Ms since the epoch. */
  readonly at: number
  readonly answer: Answer
  /** HEAD. */
  readonly head?: Answer
  /** With If-None-Match, or If-Modified-Since where there is no ETag. */
  readonly revalidated?: Answer
  /** `Range: bytes=0-0` */
  readonly part?: Answer
  /** `Range: bytes=N-`, where the content has N bytes. */
  readonly beyond?: Answer
  /** `Accept: application/x-nothing` */
  readonly unacceptable?: Answer
  /** `Accept-Encoding: gzip`; `answer` was asked for in no coding. */
  readonly coded?: Answer
  /** A path beside it that nobody has. */
  readonly missing?: Answer
}

export type About = 'caching' | 'validators' | 'ranges' | 'negotiation' | 'content' | 'errors' | 'more'

export type Finding = {
  /** `kept`: promised, and seen to be kept. `promised`: said, and not tried. `broken`: against what was said or the standard. `missing`: nothing is wrong, and more could be said. */
  readonly kind: 'kept' | 'promised' | 'broken' | 'missing'
  readonly about: About
  /** One or two sentences. */
  readonly text: string
  /** `RFC 9110 §8.8.3` */
  readonly section: string
}

export type Look = (observed: Observed) => Iterable<Finding>

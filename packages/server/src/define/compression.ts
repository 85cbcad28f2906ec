// How answers are compressed, as the API's owner says it.
import type { ContentCoding } from '@comity/http'

/** A content coding that compresses. */
export type Compressing = Exclude<ContentCoding, 'identity'>

export type CompressionDefinition = {
  /** Bodies of fewer bytes are sent as they are, where the client lets that be; 1,024 by default. */
  readonly threshold?: number
  /** What to save: `cpu` (the default) or `traffic`. Chooses the order of codings that a client likes equally, and levels. */
  readonly prefer?: 'cpu' | 'traffic'
  /** gzip and deflate 1–9, br 0–11, zstd 1–22; those of `prefer` where not given. */
  readonly levels?: Partial<Readonly<Record<Compressing, number>>>
  /** The codings offered, the most liked first; all four by default, in the order of `prefer`. */
  readonly codings?: readonly Compressing[]
}

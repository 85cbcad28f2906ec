// RFC 9111 §2: where a cache keeps responses. Each store passes one suite, and none of them throws: what cannot be kept is
// not kept, what cannot be read is not there.
import type { StoredResponse } from '@comity/http'

/** A response that a store holds, without its content. */
export type Kept = StoredResponse & {
  /** Of this store; never used again. */
  readonly id: number
  readonly reason: string
  /** The target that answered, absolute. */
  readonly target: string
}

/** A response to be kept. */
export type Keeping = StoredResponse & Pick<Kept, 'reason' | 'target'>

type Soon<Value> = Value | Promise<Value>

/** Stores of this machine answer at once, others with a promise. */
export type CacheStore = {
  /** All that is kept under a key. */
  readonly variants: (key: string) => Soon<readonly Kept[]>
  /** `undefined`: it is not there any more. Nobody may write into it. */
  readonly content: (kept: Kept) => Soon<Uint8Array | undefined>
  /**
   * Keeps a response and its content, and forgets those whose place it takes. `url` is that of the key, for `invalidate`.
   * False: it was too large, or could not be written.
   */
  readonly put: (
    key: string,
    url: string,
    response: Keeping,
    content: Uint8Array,
    replaced: readonly Kept[],
  ) => Soon<boolean>
  /** Gives a kept response other fields and times; its content stays. Nothing happens where it is not there any more. */
  readonly refresh: (kept: Kept, response: StoredResponse) => Soon<void>
  readonly remove: (kept: readonly Kept[]) => Soon<void>
  /** Marks what is kept for a URL as `invalid`; how many there were. RFC 9111 §4.4. */
  readonly invalidate: (url: string) => Soon<number>
  readonly clear: () => Soon<void>
  /** What is held now. */
  readonly size: () => Soon<{ readonly entries: number; readonly bytes: number }>
  readonly close: () => Soon<void>
}

/** What a store may hold; the least recently used goes first. */
export type StoreBounds = {
  /** Of contents and fields together; 32 MiB unless told. */
  readonly bytes?: number
  /** 10,000 unless told. */
  readonly entries?: number
  /** Of one response; an eighth of `bytes` unless told. */
  readonly entryBytes?: number
}

/** How many responses one key may have that differ by `Vary`; the least recently stored goes first. */
export const variantLimit = 32

/** Every bound. */
export function boundsOf(asked: StoreBounds): Required<StoreBounds> {
  const bytes = asked.bytes ?? 32 * 1024 * 1024
  return { bytes, entries: asked.entries ?? 10_000, entryBytes: asked.entryBytes ?? Math.floor(bytes / 8) }
}

/** What a response takes, in bytes, all its parts reckoned. */
export function weightOf(url: string, response: StoredResponse, content: number): number {
  // What the record itself takes is a guess; that it is counted keeps many empty answers from growing without bound.
  let weight = 256 + content + 2 * url.length
  for (const fields of [response.fields, response.requestFields]) {
    for (const name in fields) weight += name.length + (fields[name]?.length ?? 0)
  }
  return weight
}

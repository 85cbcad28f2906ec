// RFC 9110 §3.4: a request on its way out, as data. Nobody changes one: who wants another makes it.
import type { Fields } from '@comity/http'

/** What is sent: bytes, or a source that is opened anew for each attempt, so that nothing is ever half-sent twice. */
export type Content =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'source'
      readonly open: () => AsyncIterable<Uint8Array>
      /** In bytes, where it is known. */
      readonly size: number | undefined
      /** `once`: it is spent by its first reading, and the request cannot be sent again. */
      readonly reading: 'again' | 'once'
    }

export type Outgoing = {
  /** As sent: methods are case-sensitive (§9.1). */
  readonly method: string
  /** Absolute, http or https, without fragment. */
  readonly url: string
  readonly fields: Fields
  readonly content: Content | undefined
}

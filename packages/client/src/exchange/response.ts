// RFC 9110 §3.4: a response as it comes in: its head is here, its content perhaps not yet.
import type { Fields } from '@comity/http'

/** Content, to be read once: piece by piece, or whole. What is not read has to be discarded. */
export type ReceivedBody = AsyncIterable<Uint8Array> & {
  readonly bytes: () => Promise<Uint8Array>
  /** Gives back the connection. */
  readonly discard: () => Promise<void>
}

export type Incoming = {
  readonly status: number
  /** The phrase that came with the status; empty in HTTP/2. */
  readonly reason: string
  readonly fields: Fields
  /** Set-Cookie, a line each: the one field whose lines cannot be joined (§5.3). */
  readonly cookies: readonly string[]
  /** The target that answered, absolute. */
  readonly url: string
  /** `1.1`, `2`; empty where the platform does not tell. */
  readonly httpVersion: string
  readonly body: ReceivedBody
}

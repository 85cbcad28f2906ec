// RFC 9110 §3.4: a response as it comes in: its head is here, its content perhaps not yet.
import type { Fields } from '@comity/http'

/** Content, to be read once: piece by piece, or whole. What is not read has to be discarded. */
export type ReceivedBody = AsyncIterable<Uint8Array> & {
  /** All of it is here: no connection is held, and reading it cannot fail. */
  readonly complete: boolean
  readonly bytes: () => Promise<Uint8Array>
  /** Gives back the connection. */
  readonly discard: () => Promise<void>
}

/** Ms that each step took, where the platform tells; those of a connection only where one was made for the request. */
export type Timings = {
  readonly dns: number | undefined
  readonly connect: number | undefined
  readonly tls: number | undefined
  /** From the call of the transport until the head of the response. */
  readonly firstByte: number
  /** Until the end of the content; undefined before that. */
  readonly total: number | undefined
}

/** A redirection that was followed: what answered, and with which status. */
export type Hop = { readonly status: number; readonly method: string; readonly url: string; readonly location: string }

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
  readonly timings?: Timings | undefined
  /** The redirections before it, first to last. */
  readonly hops?: readonly Hop[]
  /** Why a redirection was not followed, as half a sentence; undefined where there was none to follow. */
  readonly notFollowed?: string
  /** It came out of the cache, or by its leave. */
  readonly cached?: 'fresh' | 'stale' | 'revalidated'
}

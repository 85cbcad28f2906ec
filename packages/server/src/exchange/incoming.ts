// A request as the host hands it over, and how its content is read. What is not asked for is not worked out.
import type { X509Certificate } from 'node:crypto'
import type { Digests, HashAlgorithm } from '@comity/http'
import type { Compressing } from '../define/compression.ts'
import type { FormatName } from '../formats/format.ts'
import type { Refused } from './answer.ts'
import type { Pieces } from './import.ts'

/** Request fields by lower-case name, as Node joins them. */
export type RequestFields = Readonly<Record<string, string | readonly string[] | undefined>>

/** How a content is to be read. */
export type ContentKind = FormatName | 'merge-patch' | 'json-patch' | 'form' | 'file' | 'multipart' | 'partial-upload'

/** How a content is read, and how much of it. */
export type ContentBounds = {
  /** Bytes that are kept in memory. */
  readonly memory: number
  /** Bytes in all, as they come and as they were before they were coded. */
  readonly limit: number
  /** Ms, for each `memory` bytes. */
  readonly timeout: number
  /** To be undone: in the order in which they were applied. */
  readonly codings: readonly Compressing[]
  /** How many times as many bytes as came there may be, above `memory`. */
  readonly ratio: number
}

/** A content too large for memory; it can be read until the request is answered. */
export type Spooled = {
  readonly size: number
  /** SHA-256 */
  readonly digest: Uint8Array
  readonly pieces: Pieces
}

/** How reading a content ended. */
export type ContentRead =
  | { readonly kind: 'content'; readonly bytes: Uint8Array }
  | { readonly kind: 'spooled'; readonly content: Spooled }
  /** `ratio`: how many times as large as what was sent it may be, where that is what it exceeds. */
  | { readonly kind: 'too-large'; readonly ratio?: number }
  | { readonly kind: 'undecodable'; readonly detail: string }
  | { readonly kind: 'no-room' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'aborted' }

/** A request as the host hands it over. */
export type Incoming = {
  readonly method: string
  /** Request target below the prefix, without an API key. */
  readonly url: string
  /** The API key that stood in it. */
  readonly queryKey?: string | undefined
  readonly fields: RequestFields
  /** What is wrong with the message as a message: its version, framing or Host. */
  readonly fault: () => Refused | undefined
  /** `/bank`, or empty: what stands before every path of this API. */
  readonly prefix: () => string
  /** `https://api.example.org`: scheme and authority as the client sees them. */
  readonly origin: () => string
  /** The certificate that the client showed on this connection, checked; undefined where there is none. */
  readonly certificate: () => X509Certificate | undefined
  /** The IP address at the other end of the connection: the client's, or that of the nearest proxy. */
  readonly peer: () => string
  /** The caller's IP address, as the nearest proxy that is trusted says it; empty where the host does not know. */
  readonly address: () => string
  /** Whether a trusted proxy moved the API to another prefix, for this request. */
  readonly isForwarded: () => boolean
  /** Has the bytes of the content hashed as they come, coded as they are; what is returned tells once they are all here. */
  readonly hashContent: (algorithms: readonly HashAlgorithm[]) => () => Digests
  /** Has each piece of the content seen as it comes, coded as it is. */
  readonly watchContent: (see: (piece: Uint8Array) => void) => void
  /** Sends 103 with this Link field, where the protocol has it. */
  readonly hint: (link: string) => void
  readonly readContent: (bounds: ContentBounds) => Promise<ContentRead>
  /** Sends an interim response (RFC 9110 §15.2), where the connection has a way to. */
  readonly inform: (status: number, fields: Readonly<Record<string, string>>) => void
  /** Breaks the connection off, if content is still coming. */
  readonly giveUp: () => void
  /** The content as it comes, its codings undone. Throws ContentLost; also where nothing comes for `timeout` ms. */
  readonly pieces: (bounds: ContentBounds) => AsyncIterable<Uint8Array>
  /** Aborted when the client has gone away. */
  readonly signal: () => AbortSignal
  /** Calls back once the answer is sent, or cannot be any more. */
  readonly ended: (callback: () => void) => void
}

// What a client, and each of its calls, can be told.
import type { Fields } from '@comity/http'
import type { BodyValue } from '../exchange/content.ts'
import type { ArrayStyle, Params } from '../exchange/params.ts'
import type { Transport, TransportOptions } from '../exchange/transport.ts'
import type { CallOptions, Clock } from '../layers/call.ts'
import type { Layer } from '../layers/layer.ts'
import type { RetryBudget } from '../layers/retry.ts'
import type { Metrics, MetricsOptions } from '../metrics/metrics.ts'

/** Field values by name, in any case; `undefined` takes away what the client would send. */
export type GivenFields = Readonly<Record<string, string | number | undefined>>

/** What holds for one call, and, given to `createClient`, for all. The members of `CallOptions` are the layers'. */
export type SharedOptions = CallOptions & {
  readonly fields?: GivenFields
  /** How several values of one query word are written; `repeat` by default. */
  readonly arrays?: ArrayStyle
  /** Ms for everything: attempts, waits, redirections and content. None by default. */
  readonly deadline?: number
  /** Ms that one attempt may take until the head of its response is here; 60,000 by default. */
  readonly timeout?: number
  /** False returns responses of 400 and above instead of throwing an HttpError. */
  readonly throwOnError?: boolean
  /** Told of each interim response (1xx). */
  readonly onInterim?: (status: number, fields: Fields) => void
}

export type RequestOptions = SharedOptions & {
  /** Query words, added to those of the target. */
  readonly params?: Params
  /** Values for the `{name}`s of the target. */
  readonly path?: Readonly<Record<string, string | number | bigint>>
  readonly body?: BodyValue
  readonly signal?: AbortSignal
}

export type ClientOptions = SharedOptions & {
  /** What paths are put behind: `https://api.example/v1`. */
  readonly baseUrl?: string | URL
  /** Query words of every call. */
  readonly params?: Params
  /** In bytes: `content` read into memory (256 MiB), `problem` kept of the content of an error (64 KiB). */
  readonly limits?: { readonly content?: number; readonly problem?: number }
  /** More layers; one that has the name of a standard layer takes its place. */
  readonly layers?: readonly Layer[]
  /** How connections are made, or what makes them. */
  readonly transport?: TransportOptions | Transport
  /** What the retries of all calls share, so that an outage is not made worse; false: no bound. */
  readonly retryBudget?: RetryBudget | false
  readonly clock?: Clock
  /** How calls are counted, or what has counted those of others; false: not at all. In browsers not unless given. */
  readonly metrics?: MetricsOptions | Metrics | false
}

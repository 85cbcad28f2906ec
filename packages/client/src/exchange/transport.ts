// What carries requests. One per client; `extend` shares it.
import type { CacheOptions, CacheWish } from '../layers/cache/cache.ts'
import type { CodingOptions } from '../layers/coding.ts'
import type { CookieOptions } from '../layers/cookies.ts'
import type { DedupeOptions } from '../layers/dedupe.ts'
import type { Layer, Send } from '../layers/layer.ts'
import type { Metrics, MetricsOptions } from '../metrics/metrics.ts'
import type { Files } from './transfers.ts'

/** How connections are made. Browsers make their own, and know none of it. */
export type TransportOptions = {
  /** HTTP/2 where the server offers it over TLS; on by default. */
  readonly http2?: boolean
  /** Connections to one origin at most; 64 by default. */
  readonly connections?: number
  /** Ms until a connection has to stand, TLS included; 10,000 by default. */
  readonly connectTimeout?: number
  /** Ms that content may pause before it counts as broken off; 60,000 by default. */
  readonly idleTimeout?: number
  /** TLS: certificates of authorities to trust (PEM), of this client, and whether others are refused. */
  readonly tls?: {
    readonly ca?: string | readonly string[]
    readonly cert?: string
    readonly key?: string
    readonly servername?: string
    readonly rejectUnauthorized?: boolean
  }
  /** Proxies that requests go through: URLs, by the scheme of what is asked. None unless given; no variable is read. */
  readonly proxy?: {
    readonly http?: string
    readonly https?: string
    /** Hosts that are asked directly, as in NO_PROXY: `localhost,.example.org,[::1]:8080`. */
    readonly except?: string
  }
  /** Path of a Unix socket that all requests go through. */
  readonly socketPath?: string
}

export type Transport = {
  readonly send: Send
  /** Waits for what is under way, then lets go of the connections. */
  readonly close: () => Promise<void>
  /** Breaks off what is under way. */
  readonly destroy: () => Promise<void>
}

/** What differs between Node and browsers. */
export type Platform = {
  readonly transport: (options: TransportOptions) => Transport
  /** The layer that decodes content codings, where the platform does not do it by itself. */
  readonly coding?: (options?: CodingOptions) => Layer
  /** A cache, and the sharing of equal requests, where the platform has none below `fetch`. */
  readonly cache?: (options?: CacheOptions | CacheWish) => Layer
  readonly dedupe?: (options?: DedupeOptions) => Layer
  /** Keeps cookies, where the platform does not do it by itself. */
  readonly cookies?: (options?: CookieOptions) => Layer
  /** Whole files; loaded when one is asked for. */
  readonly files?: () => Promise<Files>
  /** What counts calls, and tells them to others, where a client does so unasked. */
  readonly metrics?: (options?: MetricsOptions) => Metrics
  readonly diagnostics?: () => Layer
}

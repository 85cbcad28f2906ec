// What is counted of one route.
import { Histogram } from '@comity/http'

/** Ms; quantiles within 1 %. */
export type Durations = {
  readonly count: number
  readonly mean: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

/** Attempts of one kind, until the head of their response. */
export type Attempts = Durations & { readonly failed: number }

export type RouteReport = {
  readonly origin: string
  readonly method: string
  readonly route: string
  /** As their caller counts them, whatever was tried in between. */
  readonly calls: number
  /** The part, 0 to 1, that ended with a status below 400. */
  readonly successRate: number
  readonly statuses: Readonly<Record<string, number>>
  /** By kind: `timeout`, `refused`, `deadline`. */
  readonly errors: Readonly<Record<string, number>>
  /** From the call until the head of its response. */
  readonly ms: Durations
  readonly first: Attempts
  readonly retries: Attempts
  /** Calls that the cache answered, or had a part in. */
  readonly cache: { readonly fresh: number; readonly stale: number; readonly revalidated: number }
  /** Of contents. */
  readonly bytes: { readonly sent: number; readonly received: number }
}

export type CacheUse = keyof RouteReport['cache']

export class Tally {
  readonly origin: string
  readonly method: string
  readonly route: string
  readonly ms = new Histogram()
  readonly first = new Histogram()
  readonly retries = new Histogram()
  firstFailed = 0
  retriesFailed = 0
  readonly statuses = new Map<number, number>()
  readonly errors = new Map<string, number>()
  readonly cache = { fresh: 0, stale: 0, revalidated: 0 }
  sent = 0
  received = 0

  constructor(origin: string, method: string, route: string) {
    this.origin = origin
    this.method = method
    this.route = route
  }

  report(): RouteReport {
    const { origin, method, route, ms, statuses, errors } = this
    let succeeded = 0
    for (const [status, count] of statuses) if (status < 400) succeeded += count
    return {
      origin,
      method,
      route,
      calls: ms.count,
      successRate: ms.count === 0 ? 1 : succeeded / ms.count,
      statuses: Object.fromEntries([...statuses].sort(([a], [b]) => a - b)),
      errors: Object.fromEntries(errors),
      ms: durations(ms),
      first: { ...durations(this.first), failed: this.firstFailed },
      retries: { ...durations(this.retries), failed: this.retriesFailed },
      cache: { ...this.cache },
      bytes: { sent: this.sent, received: this.received },
    }
  }
}

function durations(histogram: Histogram): Durations {
  const { count, mean, max } = histogram
  const [p50, p95, p99] = [histogram.quantile(0.5), histogram.quantile(0.95), histogram.quantile(0.99)]
  return { count, mean, p50, p95, p99, max }
}

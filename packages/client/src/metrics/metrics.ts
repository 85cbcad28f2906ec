// What a client has done, by origin and route: counts and durations in bounded memory.
import { ComityError, DeadlineError, NetworkError } from '../errors.ts'
import type { Outgoing } from '../exchange/request.ts'
import type { Incoming, ReceivedBody } from '../exchange/response.ts'
import { originOf } from '../exchange/target.ts'
import type { Call } from '../layers/call.ts'
import type { Layer } from '../layers/layer.ts'
import { prometheusText } from './prometheus.ts'
import { routeOf } from './route.ts'
import { type RouteReport, Tally } from './tally.ts'
import { tableOf } from './text.ts'

export type MetricsOptions = {
  /** How many routes are told apart; those that come later count as `(other)`. 200 unless told. */
  readonly routes?: number
  /** The route of a path; ids are replaced by `{id}` unless told. */
  readonly routeOf?: (path: string) => string
  /** Ms, from any beginning; for durations. */
  readonly time?: () => number
}

declare module '../layers/call.ts' {
  interface CallOptions {
    /** What this call is counted under, instead of its path: `/accounts/{id}`. */
    readonly route?: string | undefined
  }
}

export type MetricsReport = {
  /** Most calls first. */
  readonly routes: readonly RouteReport[]
  /** A table for people. */
  readonly text: () => string
}

export class Metrics {
  readonly #tallies = new Map<string, Tally>()
  readonly #known = new Map<string, Map<string, Tally>>()
  readonly #tries = new WeakMap<Call, number>()
  readonly #limit: number
  readonly #routeOf: (path: string) => string
  readonly #time: () => number

  constructor(options: MetricsOptions = {}) {
    this.#limit = options.routes ?? 200
    this.#routeOf = options.routeOf ?? routeOf
    this.#time = options.time ?? (() => performance.now())
  }

  /** Around all other layers, and around each attempt. */
  readonly layers: readonly Layer[] = [
    {
      name: 'metrics',
      around: next => (request, call) => {
        const tally = this.#tallyFor(request, call)
        const begun = this.#time()
        if (request.content !== undefined) tally.sent += sizeOf(request.content)
        return next(request, call).then(
          answer => {
            tally.ms.record(this.#time() - begun)
            tally.statuses.set(answer.status, (tally.statuses.get(answer.status) ?? 0) + 1)
            if (answer.cached !== undefined) tally.cache[answer.cached]++
            return answer
          },
          error => {
            tally.ms.record(this.#time() - begun)
            const kind = kindOf(error)
            tally.errors.set(kind, (tally.errors.get(kind) ?? 0) + 1)
            throw error
          },
        )
      },
    },
    {
      name: 'attempts',
      around: next => (request, call) => {
        const tally = this.#tallyFor(request, call)
        const count = (this.#tries.get(call) ?? 0) + 1
        this.#tries.set(call, count)
        const begun = this.#time()
        const ended = (failed: boolean): void => {
          const tries = count === 1 ? tally.first : tally.retries
          tries.record(this.#time() - begun)
          if (failed && count === 1) tally.firstFailed++
          else if (failed) tally.retriesFailed++
        }
        return next(request, call).then(
          answer => {
            ended(answer.status >= 500 || answer.status === 429)
            return counted(answer, tally)
          },
          error => {
            // What a breaker refuses was never tried.
            if (kindOf(error) !== 'circuit-open') ended(true)
            throw error
          },
        )
      },
    },
  ]

  report(): MetricsReport {
    const routes = [...this.#tallies.values()].map(tally => tally.report()).sort((a, b) => b.calls - a.calls)
    return { routes, text: () => tableOf(routes) }
  }

  /** In the text format 0.0.4 of Prometheus. */
  prometheus(): string {
    return prometheusText([...this.#tallies.values()])
  }

  /** Begins anew. */
  reset(): void {
    this.#tallies.clear()
    this.#known.clear()
  }

  #tallyFor({ url, method }: Outgoing, call: Call): Tally {
    const told = call.options.route
    const known = told === undefined ? this.#known.get(method)?.get(url) : undefined
    if (known !== undefined) return known
    const origin = originOf(url)
    const route = told ?? this.#routeAt(url, origin.length)
    const tally = this.#tallyOf(origin, method, route)
    if (told === undefined) this.#know(method, url, tally)
    return tally
  }

  /** The tally of a URL that was called lately. */
  #know(method: string, url: string, tally: Tally): void {
    let urls = this.#known.get(method)
    if (urls === undefined) {
      urls = new Map()
      if (this.#known.size < 20) this.#known.set(method, urls)
    }
    if (urls.size >= 500) urls.clear()
    urls.set(url, tally)
  }

  #tallyOf(origin: string, method: string, route: string): Tally {
    const key = `${origin} ${method} ${route}`
    let tally = this.#tallies.get(key)
    if (tally !== undefined) return tally
    if (this.#tallies.size >= this.#limit) {
      tally = this.#tallies.get('')
      if (tally !== undefined) return tally
      tally = new Tally('(other)', '(other)', '(other)')
      this.#tallies.set('', tally)
      return tally
    }
    tally = new Tally(origin, method, route)
    this.#tallies.set(key, tally)
    return tally
  }

  #routeAt(url: string, start: number): string {
    const query = url.indexOf('?', start)
    const path = query === -1 ? url.slice(start) : url.slice(start, query)
    return this.#routeOf(path === '' ? '/' : path)
  }
}

const sizeOf = (content: NonNullable<Outgoing['content']>): number =>
  content.kind === 'bytes' ? content.bytes.length : (content.size ?? 0)

function kindOf(error: unknown): string {
  if (error instanceof NetworkError) return error.kind
  if (error instanceof DeadlineError) return 'deadline'
  return error instanceof ComityError ? error.name : 'other'
}

/** The answer, with its bytes counted as they are read; at once where it says how many they are. */
function counted(answer: Incoming, tally: Tally): Incoming {
  const told = answer.fields['content-length']
  if (told !== undefined && /^\d{1,15}$/.test(told)) {
    tally.received += Number(told)
    return answer
  }
  const { body } = answer
  const counting: ReceivedBody = {
    get complete() {
      return body.complete
    },
    async bytes() {
      const bytes = await body.bytes()
      tally.received += bytes.length
      return bytes
    },
    async *[Symbol.asyncIterator]() {
      for await (const piece of body) {
        tally.received += piece.length
        yield piece
      }
    },
    discard: () => body.discard(),
  }
  return { ...answer, body: counting }
}

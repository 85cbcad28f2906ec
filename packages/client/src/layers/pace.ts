// Good manners towards hosts: what their robots.txt forbids is not asked for, and no more is asked than they can take.
import { disallowAll, isAllowed, parseRateLimit, type Robots, retryAfter } from '@comity/http'
import { DisallowedError } from '../errors.ts'
import type { Incoming, ReceivedBody } from '../exchange/response.ts'
import { originOf, shownUrl } from '../exchange/target.ts'
import type { Call } from './call.ts'
import type { Layer } from './layer.ts'
import { Queue } from './pace/queue.ts'
import { robotsOf } from './pace/robots.ts'

export type PoliteOptions = {
  /** Who asks: `ExampleBot/1.0 (+https://example.com/bot)`. Its product token is looked for in robots.txt. */
  readonly userAgent: string
  /** `ignored` for an API that one was invited to; `obeyed` by default. */
  readonly robots?: 'obeyed' | 'ignored'
  /** Requests to one host at once; 2 by default. */
  readonly concurrency?: number
  /** Ms between two requests to one host at least; a longer Crawl-delay goes before it. */
  readonly interval?: number
  /** Ms that a host may ask to be left alone (Retry-After, RateLimit) before calls fail instead; an hour by default. */
  readonly patience?: number
}

declare module './call.ts' {
  interface CallOptions {
    /** Off unless given. False asks at once, whatever a site says. */
    readonly polite?: PoliteOptions | false
  }
}

/** Crawl-delay is no promise of the RFC, and some ask for hours. Ms. */
const longestDelay = 60_000

export function pace(options: PoliteOptions): Layer {
  const { userAgent, robots = 'obeyed', concurrency = 2, interval = 0, patience = 3_600_000 } = options
  const queue = new Queue(concurrency, patience)
  return {
    name: 'pace',
    around(next) {
      const rulesOf = robotsOf(next, userAgent)
      return async (request, call) => {
        if (call.options.polite === false) return next(request, call)
        const origin = originOf(request.url)
        const rules = robots === 'obeyed' ? await rulesOf(origin, call) : undefined
        if (rules !== undefined) refuseDisallowed(rules, request.url)
        const delay = Math.min(longestDelay, (rules?.crawlDelay ?? 0) * 1000)
        const leave = await queue.enter(origin, Math.max(interval, delay), call)
        try {
          const fields = { 'user-agent': userAgent, ...request.fields }
          const incoming = await next({ ...request, fields }, call)
          const at = readyAt(incoming, call)
          if (at !== undefined) queue.hold(origin, at, call.clock)
          return endingWith(incoming, leave)
        } catch (error) {
          leave()
          throw error
        }
      }
    },
  }
}

function refuseDisallowed(robots: Robots, url: string): void {
  if (robots === disallowAll)
    throw new DisallowedError(
      `${originOf(url)}/robots.txt cannot be reached, and so nothing there is asked for (RFC 9309 §2.3.1.4)`,
    )
  const { allowed, rule } = isAllowed(robots, url)
  if (!allowed)
    throw new DisallowedError(`robots.txt does not allow ${shownUrl(url)}: disallow ${rule?.pattern ?? '/'}`)
}

/** When the host may be asked again: as Retry-After says, else so that what is left of a quota lasts until it is renewed. */
function readyAt({ status, fields }: Incoming, { clock }: Call): number | undefined {
  const now = clock.now()
  if (status === 429 || status === 503) {
    const wait = retryAfter(fields, now)
    if (wait !== undefined) return now + wait
  }
  if (fields.ratelimit === undefined) return undefined
  let at: number | undefined
  for (const { remaining, reset } of parseRateLimit(fields.ratelimit)) {
    if (reset === undefined) continue
    at = Math.max(at ?? 0, now + (reset * 1000) / Math.max(1, remaining))
  }
  return at
}

/** The turn ends with the content. */
function endingWith(incoming: Incoming, leave: () => void): Incoming {
  const { body } = incoming
  if (body.complete) {
    leave()
    return incoming
  }
  const wrapped: ReceivedBody = {
    get complete() {
      return body.complete
    },
    bytes: () => body.bytes().finally(leave),
    discard: () => body.discard().finally(leave),
    async *[Symbol.asyncIterator]() {
      try {
        yield* body
      } finally {
        leave()
      }
    },
  }
  return { ...incoming, body: wrapped }
}

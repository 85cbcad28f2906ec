// A circuit breaker: an origin whose requests fail one after another is left alone for a while.
// No RFC; M. Nygard, “Release It!”, §5.2. RFC 9110 §15.6 tells whose fault a status is.

/** `failures` in a row (`threshold`) open it for `cooldown` ms, doubled each time a probe fails, up to `longest`. */
export type BreakerRules = {
  readonly threshold: number
  readonly cooldown: number
  readonly longest: number
}

/** Ten failures in a row; five seconds at first, a minute at most. */
export const usualBreakerRules: BreakerRules = { threshold: 10, cooldown: 5_000, longest: 60_000 }

/**
 * `closed`: requests pass; `failures` of them failed since the last success. `open`: none passes until `until` (ms since
 * the epoch). `half-open`: one is under way as a probe, and decides. `cooldown` is how long it was open last.
 */
export type Breaker =
  | { readonly kind: 'closed'; readonly failures: number }
  | { readonly kind: 'open'; readonly until: number; readonly cooldown: number }
  | { readonly kind: 'half-open'; readonly cooldown: number }

export const closedBreaker: Breaker = { kind: 'closed', failures: 0 }

/** May a request pass at `now` (ms)? `breaker` is the state from then on; `until` is when the next one may try. */
export type Passage =
  | { readonly kind: 'pass'; readonly breaker: Breaker }
  | { readonly kind: 'refuse'; readonly until: number | undefined }

export function passageThrough(breaker: Breaker, now: number): Passage {
  switch (breaker.kind) {
    case 'closed':
      return { kind: 'pass', breaker }
    case 'open':
      if (now < breaker.until) return { kind: 'refuse', until: breaker.until }
      return { kind: 'pass', breaker: { kind: 'half-open', cooldown: breaker.cooldown } }
    case 'half-open':
      return { kind: 'refuse', until: undefined }
  }
}

/** How a request ended. `unknown`: it was given up by this side, and says nothing about the other. */
export type BreakerEvent = 'succeeded' | 'failed' | 'unknown'

/** The breaker after a request that passed it ended at `now` (ms). */
export function breakerAfter(breaker: Breaker, event: BreakerEvent, now: number, rules: BreakerRules): Breaker {
  switch (breaker.kind) {
    case 'closed': {
      if (event === 'succeeded') return closedBreaker
      if (event === 'unknown') return breaker
      const failures = breaker.failures + 1
      if (failures < rules.threshold) return { kind: 'closed', failures }
      return { kind: 'open', until: now + rules.cooldown, cooldown: rules.cooldown }
    }
    case 'half-open': {
      if (event === 'succeeded') return closedBreaker
      // A probe that was given up leaves the question open: the next request asks it again.
      if (event === 'unknown') return { kind: 'open', until: now, cooldown: breaker.cooldown }
      const cooldown = Math.min(rules.longest, breaker.cooldown * 2)
      return { kind: 'open', until: now + cooldown, cooldown }
    }
    case 'open':
      // Sent before it opened: a success then is no reason to trust, a failure none to wait longer.
      return breaker
  }
}

/** Does the status say that the server is in trouble? A fault of the request (4xx, 501, 505) does not. */
export function isServerFailure(status: number): boolean {
  return status >= 500 && status !== 501 && status !== 505 && status !== 511
}

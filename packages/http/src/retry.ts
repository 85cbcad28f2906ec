// RFC 9110 §9.2.2: retrying requests, and §10.2.3: Retry-After

import { parseDate } from './date.ts'
import { type Fields, fieldValue } from './fields.ts'
import { isIdempotent } from './method.ts'

/**
 * How an attempt ended. For `network`: `connect` is before anything was sent; `send` while the request was sent; `wait`
 * before the response began; `receive` while its content came.
 */
export type Outcome =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'network'; readonly phase: 'connect' | 'send' | 'wait' | 'receive' }

/** An attempt that ended. `attempt` counts from 1; `limits.attempts` is how many there may be in all. */
export type Attempt = {
  readonly method: string
  readonly hasIdempotencyKey: boolean
  readonly contentReplayable: boolean
  readonly outcome: Outcome
  readonly attempt: number
  readonly limits: { readonly attempts: number }
}

/** Whether to try again, and the reason for the trace. `where` is `elsewhere` where the same connection would not do. */
export type RetryDecision =
  | {
      readonly kind: 'retry'
      readonly why: 'never-sent' | 'not-processed' | 'method-idempotent' | 'key-idempotent'
      readonly where: 'anywhere' | 'elsewhere'
    }
  | {
      readonly kind: 'stop'
      readonly why: 'final' | 'attempts-spent' | 'content-spent' | 'may-have-been-processed'
    }

/** Statuses that say that the server did nothing with the request, whatever its method was. */
const notProcessed: ReadonlySet<number> = new Set([420, 421, 425, 429])

/**
 * Statuses that are worth a repeat: those whose advice in the registry is to retry, without 417 (§15.5.18: only without its
 * Expect, so not the same request), and with 500 (§15.6.1: nobody knows whether it passes; what may be repeated at all is
 * worth it). The test derives them; written out, they keep the registry's texts out of clients.
 */
const worthRepeating: ReadonlySet<number> = new Set([
  408, 420, 421, 423, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 527, 529, 598, 599,
])

/**
 * May the request be sent again? Which statuses are worth it is the registry's advice. A request that may have taken
 * effect is repeated only where its method is idempotent or it carries an idempotency key. RFC 9110 §9.2.2.
 */
export function mayRetry(ended: Attempt): RetryDecision {
  const { outcome } = ended
  if (outcome.kind === 'status' && !worthRepeating.has(outcome.status)) return { kind: 'stop', why: 'final' }
  if (ended.attempt >= ended.limits.attempts) return { kind: 'stop', why: 'attempts-spent' }
  // Before a connection, no content was taken from its source.
  if (outcome.kind === 'network' && outcome.phase === 'connect') {
    return { kind: 'retry', why: 'never-sent', where: 'anywhere' }
  }
  if (!ended.contentReplayable) return { kind: 'stop', why: 'content-spent' }
  const where = outcome.kind === 'network' || outcome.status === 421 ? 'elsewhere' : 'anywhere'
  if (outcome.kind === 'status' && notProcessed.has(outcome.status))
    return { kind: 'retry', why: 'not-processed', where }
  if (isIdempotent(ended.method)) return { kind: 'retry', why: 'method-idempotent', where }
  if (ended.hasIdempotencyKey) return { kind: 'retry', why: 'key-idempotent', where }
  return { kind: 'stop', why: 'may-have-been-processed' }
}

/**
 * How long `Retry-After` asks to wait, in ms from `now`; 0 for a time that is past or negative; `undefined` where the
 * field is absent or unreadable. A date is measured by the response's own `Date` where it has one, since the two clocks
 * may differ. RFC 9110 §10.2.3.
 */
export function retryAfter(fields: Fields, now: number): number | undefined {
  const value = fieldValue(fields, 'retry-after')?.trim()
  if (value === undefined) return undefined
  // Against §10.2.3, which knows whole seconds only, because waiting less than a server meant is worse than leniency.
  if (/^-?\d+(?:\.\d+)?$/.test(value)) return Math.min(Math.max(0, Math.ceil(Number(value) * 1000)), 2 ** 31 * 1000)
  const at = parseDate(value, now)
  if (at === undefined) return undefined
  return Math.max(0, at - (parseDate(fieldValue(fields, 'date') ?? '', now) ?? now))
}

/**
 * What a wait is computed from; times in ms. `attempt` counts from 1 and is the one that ended. `retryAfter` and
 * `rateLimitReset` are what the server asked for. `deadline` is the time (ms since the epoch) by which the whole call
 * must have ended; it needs `now`. `random` gives numbers from 0 up to 1.
 */
export type WaitInput = {
  readonly attempt: number
  readonly base: number
  readonly cap: number
  readonly retryAfter?: number | undefined
  readonly rateLimitReset?: number | undefined
  readonly deadline?: { readonly at: number; readonly now: number } | undefined
  readonly random: () => number
}

/** How long to wait in whole ms and what set it, or that waiting would pass the deadline. */
export type Wait =
  | { readonly kind: 'wait'; readonly ms: number; readonly why: 'retry-after' | 'rate-limit' | 'backoff' }
  | { readonly kind: 'give-up'; readonly why: 'deadline'; readonly ms: number }

/**
 * How long to wait before the next attempt: what the server asked for, and on top of it full jitter: anything from 0 to
 * `base` × 2^(attempt − 1), at most `cap`. Never less than asked. `Retry-After` goes before `RateLimit`, even at 0
 * (draft-ietf-httpapi-ratelimit-headers).
 */
export function waitBefore(input: WaitInput): Wait {
  const told = Math.max(0, input.retryAfter ?? input.rateLimitReset ?? 0)
  const ceiling = Math.min(input.cap, input.base * 2 ** Math.max(0, input.attempt - 1))
  const ms = Math.ceil(told + input.random() * ceiling)
  if (input.deadline !== undefined && input.deadline.now + ms >= input.deadline.at) {
    return { kind: 'give-up', why: 'deadline', ms }
  }
  if (input.retryAfter !== undefined) return { kind: 'wait', ms, why: 'retry-after' }
  return { kind: 'wait', ms, why: input.rateLimitReset === undefined ? 'backoff' : 'rate-limit' }
}

/**
 * Tokens that retries of all calls to one server share, so that a server in trouble does not get a multiple of its load.
 * `perSecond` and `perSuccess` refill up to `capacity`; `at` (ms since the epoch) is when `tokens` was true.
 */
export type Budget = {
  readonly tokens: number
  readonly capacity: number
  readonly perSecond: number
  readonly perSuccess: number
  readonly at: number
}

/** A full budget. Ten retries at once, one more every ten seconds and for every ten successes, unless told. */
export function fullBudget(
  now: number,
  rates: Partial<Pick<Budget, 'capacity' | 'perSecond' | 'perSuccess'>> = {},
): Budget {
  const { capacity = 10, perSecond = 0.1, perSuccess = 0.1 } = rates
  return { tokens: capacity, capacity, perSecond, perSuccess, at: now }
}

/** The budget after an event at `now` (ms): a retry takes one token, a success returns `perSuccess`, time refills. */
export function budgetAfter(budget: Budget, event: 'retried' | 'succeeded' | 'waited', now: number): Budget {
  const elapsed = Math.max(0, now - budget.at) / 1000
  const refilled = Math.min(budget.capacity, budget.tokens + elapsed * budget.perSecond)
  const change = event === 'retried' ? -1 : event === 'succeeded' ? budget.perSuccess : 0
  const tokens = Math.min(budget.capacity, Math.max(0, refilled + change))
  return { ...budget, tokens, at: Math.max(budget.at, now) }
}

/** Is there a whole token left at `now` for one more retry? */
export function hasBudget(budget: Budget, now: number): boolean {
  return budgetAfter(budget, 'waited', now).tokens >= 1
}

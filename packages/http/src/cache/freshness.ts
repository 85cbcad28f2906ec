// RFC 9111 §4.2: freshness and age

import { parseCacheControl, parseDeltaSeconds } from '../cache-control.ts'
import { parseDate } from '../date.ts'
import { fieldValue, listMembers } from '../fields.ts'
import { heuristicallyCacheable } from '../status/cacheability.ts'
import type { Cache, StoredResponse } from './store.ts'

type Times = Pick<StoredResponse, 'status' | 'fields' | 'requestTime' | 'responseTime'>

/**
 * How long a response may be used without asking, in ms from its generation. `explicit` was said by the server,
 * `heuristic` is this cache's guess, `none` means that no lifetime applies: stale from the start.
 */
export type Lifetime = {
  readonly kind: 'explicit' | 'heuristic' | 'none'
  readonly ms: number
}

/** A week: a guess does not get better by being longer. */
const heuristicLimit = 604_800_000

const dates = new WeakMap<Times, number>()

/** When the server generated the response, in ms: `Date`, or the time of receipt where it cannot be read. RFC 9110 §6.6.1. */
export function dateOf(response: Times): number {
  // A stored response is asked for its date at each use.
  let date = dates.get(response)
  if (date === undefined) {
    date = parseDate(fieldValue(response.fields, 'date') ?? '', response.responseTime) ?? response.responseTime
    dates.set(response, date)
  }
  return date
}

/** The freshness lifetime of a response: the first rule that matches counts. RFC 9111 §4.2.1. */
export function freshnessLifetime(response: Times, cache: Cache): Lifetime {
  const control = parseCacheControl(fieldValue(response.fields, 'cache-control'))
  // §4.2.1 rule 1
  if (cache.kind === 'shared' && control.sMaxage !== undefined) return { kind: 'explicit', ms: control.sMaxage * 1000 }
  // §4.2.1 rule 2
  if (control.maxAge !== undefined) return { kind: 'explicit', ms: control.maxAge * 1000 }
  // §4.2.1 rule 3
  const expires = fieldValue(response.fields, 'expires')
  if (expires !== undefined) {
    // §5.3: an invalid date, `0` above all, is a time in the past.
    const at = parseDate(expires, response.responseTime)
    return { kind: 'explicit', ms: at === undefined ? 0 : Math.max(0, at - dateOf(response)) }
  }
  // §4.2.1 rule 4
  return heuristicLifetime(response, cache)
}

/** §4.2.2: a fraction of the time for which the representation has stayed as it is. */
function heuristicLifetime(response: Times, cache: Cache): Lifetime {
  const none = { kind: 'none', ms: 0 } as const
  const control = parseCacheControl(fieldValue(response.fields, 'cache-control'))
  const marked = control.public === true || (cache.kind === 'private' && control.private !== undefined)
  // §4.2.2: only where the status code or an explicit mark lets it.
  if (!marked && !heuristicallyCacheable.has(response.status)) return none
  const modified = parseDate(fieldValue(response.fields, 'last-modified') ?? '', response.responseTime)
  if (modified === undefined) return none
  const ms = Math.max(0, dateOf(response) - modified) * (cache.heuristicFraction ?? 0.1)
  return ms > 0 ? { kind: 'heuristic', ms: Math.min(ms, heuristicLimit) } : none
}

/** The age of a response at `now`, in ms, by the conservative calculation. RFC 9111 §4.2.3. */
export function currentAge(response: Times, now: number): number {
  const apparentAge = Math.max(0, response.responseTime - dateOf(response))
  const responseDelay = Math.max(0, response.responseTime - response.requestTime)
  const correctedAgeValue = ageValue(response) + responseDelay
  const correctedInitialAge = Math.max(apparentAge, correctedAgeValue)
  // A clock that was set back must not make a response younger.
  const residentTime = Math.max(0, now - response.responseTime)
  return correctedInitialAge + residentTime
}

/** §5.1: the first member of `Age` counts; one that is no whole number is ignored. */
function ageValue(response: Times): number {
  const age = fieldValue(response.fields, 'age')
  if (age === undefined) return 0
  const [first] = listMembers(age)
  return (parseDeltaSeconds(first ?? '') ?? 0) * 1000
}

/** Is the response's age still within its lifetime? RFC 9111 §4.2. */
export function isFresh(response: Times, now: number, cache: Cache): boolean {
  return freshnessLifetime(response, cache).ms > currentAge(response, now)
}

/** The value of the `Age` field to send with a stored response at `now`: whole seconds. RFC 9111 §4, §5.1. */
export function formatAge(response: Times, now: number): string {
  return String(Math.min(Math.floor(currentAge(response, now) / 1000), 2_147_483_648))
}

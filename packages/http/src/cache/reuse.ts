// RFC 9111 §4: constructing responses from a cache

import { type CacheControl, parseCacheControl } from '../cache-control.ts'
import { type Fields, fieldNames, fieldValue, listMembers } from '../fields.ts'
import { currentAge, dateOf, formatAge, freshnessLifetime } from './freshness.ts'
import { rangeAnswer } from './parts.ts'
import type { Cache, CacheRequest, StoredResponse } from './store.ts'

/** What to do with a request, given the response stored for it. `why` is for the trace. */
export type Reuse =
  | { readonly kind: 'use'; readonly why: 'fresh'; readonly validation: 'none' }
  | {
      readonly kind: 'use'
      readonly why: 'max-stale' | 'stale-while-revalidate'
      readonly validation: 'none' | 'in-background'
    }
  | {
      readonly kind: 'validate'
      readonly why: 'stale' | 'invalidated' | 'response-no-cache' | 'request-no-cache' | 'max-age' | 'min-fresh'
    }
  | { readonly kind: 'forward'; readonly why: 'method' | 'not-stored' | 'no-store' | 'range' | 'precondition' }
  | { readonly kind: 'unavailable'; readonly status: 504; readonly why: 'only-if-cached' }

/** Fields whose values are compared without regard to case. */
const caseless: ReadonlySet<string> = new Set(['accept-charset', 'accept-encoding', 'accept-language'])

/**
 * §4.1: space around commas, and in the Accept fields around semicolons, means nothing. Members keep their order, since
 * servers break ties by it.
 */
function normalised(name: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  let members = listMembers(value)
  if (name.startsWith('accept')) {
    members = members.map(member => (member.includes('"') ? member : member.split(';').map(trimmed).join(';')))
  }
  const text = members.join(',')
  return caseless.has(name) ? text.toLowerCase() : text
}

function trimmed(text: string): string {
  return text.trim()
}

/**
 * Could this stored response, kept under the request's key, answer it as far as method and `Vary` go? Freshness is
 * another question. RFC 9111 §4, §4.1.
 */
export function isSelectable(request: CacheRequest, stored: StoredResponse): boolean {
  // §4: the method of the stored response allows it to be used for the presented request, and
  const method = request.method === 'HEAD' ? 'GET' : request.method
  if (stored.method !== method) return false
  // §4: the fields that Vary names match those presented; `*` never does.
  return fieldNames(fieldValue(stored.fields, 'vary')).every(
    name =>
      name !== '*' &&
      normalised(name, fieldValue(request.fields, name)) === normalised(name, fieldValue(stored.requestFields, name)),
  )
}

/**
 * Chooses among the responses kept under the request's key: of those that match, one with `Vary` before one without,
 * then the most recent by `Date`. RFC 9111 §4, §4.1.
 */
export function selectStored<Stored extends StoredResponse>(
  request: CacheRequest,
  candidates: readonly Stored[],
): Stored | undefined {
  let best: Stored | undefined
  for (const candidate of candidates) {
    if (!isSelectable(request, candidate) || (best !== undefined && !isBetter(candidate, best))) continue
    // §3.3: a part answers only who asks for some of its bytes.
    if (candidate.ranges === undefined || rangeAnswer(request, candidate).kind === 'part') best = candidate
  }
  return best
}

function isBetter(a: StoredResponse, b: StoredResponse): boolean {
  const varies = Number(fieldValue(a.fields, 'vary') !== undefined) - Number(fieldValue(b.fields, 'vary') !== undefined)
  return varies !== 0 ? varies > 0 : isMoreRecent(a, b)
}

/** Is `a` the later of two, by `Date` and then by the time of receipt? RFC 9111 §4. */
export function isMoreRecent(a: StoredResponse, b: StoredResponse): boolean {
  return dateOf(a) !== dateOf(b) ? dateOf(a) > dateOf(b) : a.responseTime > b.responseTime
}

/**
 * Decides whether the stored response (the one that `selectStored` chose, or `undefined`) answers the request at `now`
 * (ms). RFC 9111 §4, §5.2.1; RFC 5861 §3; RFC 8246 §2.
 */
export function decideReuse(
  request: CacheRequest,
  stored: StoredResponse | undefined,
  now: number,
  cache: Cache,
): Reuse {
  const asked = parseCacheControl(fieldValue(request.fields, 'cache-control'))
  const decision = judge(request, asked, stored, now, cache)
  if (asked.onlyIfCached !== true) return decision
  // §5.2.1.7: nothing may go to the server, neither now nor in the background.
  if (decision.kind === 'use') return { ...decision, validation: 'none' }
  return { kind: 'unavailable', status: 504, why: 'only-if-cached' }
}

function judge(
  request: CacheRequest,
  asked: CacheControl,
  stored: StoredResponse | undefined,
  now: number,
  cache: Cache,
): Reuse {
  // §4: unsafe requests are written through, and so are methods this cache does not answer.
  if (!['GET', 'HEAD', 'QUERY'].includes(request.method)) return { kind: 'forward', why: 'method' }
  // Against §5.2.1.5, which would let a stored response answer, because who says no-store means to go past the cache.
  if (asked.noStore === true) return { kind: 'forward', why: 'no-store' }
  // §4.3.2: conditions that only an origin server may judge.
  if (fieldValue(request.fields, 'if-match') !== undefined) return { kind: 'forward', why: 'precondition' }
  if (fieldValue(request.fields, 'if-unmodified-since') !== undefined) return { kind: 'forward', why: 'precondition' }
  if (stored === undefined) return { kind: 'forward', why: 'not-stored' }
  // §3.3: what is stored has to hold what is asked for.
  if (rangeAnswer(request, stored).kind === 'cannot') return { kind: 'forward', why: 'range' }

  const said = parseCacheControl(fieldValue(stored.fields, 'cache-control'))
  const age = currentAge(stored, now)
  const lifetime = freshnessLifetime(stored, cache).ms
  const fresh = lifetime > age
  // §4.4
  if (stored.invalid === true) return { kind: 'validate', why: 'invalidated' }
  // §4: no no-cache directive, unless successfully validated;
  if (said.noCache === 'all') return { kind: 'validate', why: 'response-no-cache' }
  // §5.2.1.4
  if (asked.noCache !== undefined) return { kind: 'validate', why: 'request-no-cache' }
  // §5.2.1.1. RFC 8246 §2: what never changes need not be asked for again on reload, which sends max-age=0.
  const reload = asked.maxAge === 0 && said.immutable === true && fresh
  if (asked.maxAge !== undefined && age > asked.maxAge * 1000 && !reload) return { kind: 'validate', why: 'max-age' }
  // §5.2.1.3
  if (asked.minFresh !== undefined && lifetime < age + asked.minFresh * 1000)
    return { kind: 'validate', why: 'min-fresh' }
  // §4: fresh, or
  if (fresh) return { kind: 'use', why: 'fresh', validation: 'none' }
  // §4: allowed to be served stale.
  if (forbidsStale(said, cache)) return { kind: 'validate', why: 'stale' }
  const staleness = age - lifetime
  // §5.2.1.2
  if (asked.maxStale !== undefined && (asked.maxStale === 'any' || staleness <= asked.maxStale * 1000)) {
    return { kind: 'use', why: 'max-stale', validation: 'none' }
  }
  // RFC 5861 §3, unless the client said what it takes (§5.2.1.1).
  const open = asked.maxAge === undefined && asked.minFresh === undefined && asked.maxStale === undefined
  if (open && said.staleWhileRevalidate !== undefined && staleness <= said.staleWhileRevalidate * 1000) {
    return { kind: 'use', why: 'stale-while-revalidate', validation: 'in-background' }
  }
  return { kind: 'validate', why: 'stale' }
}

/** §4.2.4: does an explicit directive forbid this cache to serve the response stale? */
function forbidsStale(said: CacheControl, cache: Cache): boolean {
  if (said.noCache === 'all' || said.mustRevalidate === true) return true
  // §5.2.2.8, §5.2.2.10
  return cache.kind === 'shared' && (said.proxyRevalidate === true || said.sMaxage !== undefined)
}

/** How an attempt to validate failed: an answer of the server, or none. */
export type ValidationFailure = { readonly kind: 'status'; readonly status: number } | { readonly kind: 'network' }

/** May the stored response stand in for the failed answer, and why (not). */
export type StandIn =
  | { readonly kind: 'use'; readonly why: 'stale-if-error' | 'disconnected' }
  | {
      readonly kind: 'refuse'
      readonly why: 'not-an-error' | 'invalidated' | 'forbidden' | 'asked-newer' | 'not-permitted'
    }

/**
 * Decides whether a stored response may answer although validating it failed. The errors are 500, 502, 503, 504 and
 * no answer at all. `stale-if-error` counts in the response and in the request. RFC 5861 §4, RFC 9111 §4.2.4, §4.3.3.
 */
export function decideStandIn(
  request: CacheRequest,
  stored: StoredResponse,
  failure: ValidationFailure,
  now: number,
  cache: Cache,
): StandIn {
  if (failure.kind === 'status' && ![500, 502, 503, 504].includes(failure.status)) {
    return { kind: 'refuse', why: 'not-an-error' }
  }
  const asked = parseCacheControl(fieldValue(request.fields, 'cache-control'))
  const said = parseCacheControl(fieldValue(stored.fields, 'cache-control'))
  if (stored.invalid === true) return { kind: 'refuse', why: 'invalidated' }
  // §5.2.2.2: in all circumstances; the answer is then an error, 504 where no other fits.
  if (forbidsStale(said, cache)) return { kind: 'refuse', why: 'forbidden' }
  const bounded = asked.maxAge !== undefined || asked.minFresh !== undefined
  if (asked.noCache !== undefined || (bounded && asked.staleIfError === undefined)) {
    return { kind: 'refuse', why: 'asked-newer' }
  }
  const staleness = currentAge(stored, now) - freshnessLifetime(stored, cache).ms
  const limit = Math.max(said.staleIfError ?? -1, asked.staleIfError ?? -1)
  if (limit >= 0 && staleness <= limit * 1000) return { kind: 'use', why: 'stale-if-error' }
  if (failure.kind === 'network' && cache.disconnected === 'serve-stale') return { kind: 'use', why: 'disconnected' }
  return { kind: 'refuse', why: 'not-permitted' }
}

/** The fields to answer with when a stored response is used unvalidated: with `Age` as of `now`. RFC 9111 §4. */
export function reusedFields(stored: StoredResponse, now: number): Fields {
  return { ...stored.fields, age: formatAge(stored, now) }
}

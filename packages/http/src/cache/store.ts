// RFC 9111 §3: storing responses

import { parseCacheControl } from '../cache-control.ts'
import { formatDate, parseDate } from '../date.ts'
import { parseEntityTag } from '../etag.ts'
import { type Fields, fieldNames, fieldValue } from '../fields.ts'
import type { ByteRange } from '../range.ts'
import { heuristicallyCacheable, isRegistered, neverCacheable } from '../status/cacheability.ts'
import { partOf } from './parts.ts'

/**
 * What kind of cache asks. `private` serves one user, `shared` many. `heuristicFraction` (0.1 unless told) is the part
 * of the time since `Last-Modified` for which a response without explicit lifetime stays fresh; 0 turns guessing off.
 * `disconnected` says what may answer while the server cannot be reached (§4.2.4): nothing stale unless told. `parts`
 * says whether parts of a representation (206) are kept and combined (§3.3, §3.4): they are not unless told.
 */
export type Cache = {
  readonly kind: 'private' | 'shared'
  readonly heuristicFraction?: number
  readonly disconnected?: 'fail' | 'serve-stale'
  readonly parts?: 'keep' | 'refuse'
}

/** A request as a cache sees it. `url` is absolute. */
export type CacheRequest = { readonly method: string; readonly url: string; readonly fields: Fields }

/** A final response as a cache sees it. */
export type CacheResponse = { readonly status: number; readonly fields: Fields }

/** When a request was sent and when the head of its response came, in ms since the epoch. RFC 9111 §4.2.3. */
export type Exchanged = { readonly requestTime: number; readonly responseTime: number }

/**
 * A response in the cache, without its content: plain data that can be written as JSON. `requestFields` are those that
 * `Vary` names, as they were sent. `invalid` marks a response that must be validated before its next use (§4.4).
 * `length` is that of the whole content, in bytes, where it is known. `ranges` says which bytes of it are stored, in
 * order, neither overlapping nor adjacent; absent: all.
 */
export type StoredResponse = {
  readonly method: string
  readonly status: number
  readonly fields: Fields
  readonly requestFields: Fields
  readonly requestTime: number
  readonly responseTime: number
  readonly invalid?: true
  readonly length?: number
  readonly ranges?: readonly ByteRange[]
}

/** May a response be stored, and if not, which clause forbids it. */
export type Storability =
  | { readonly kind: 'storable' }
  | {
      readonly kind: 'refused'
      readonly why:
        | 'method-not-understood'
        | 'status-not-final'
        | 'status-not-understood'
        | 'status-never-stored'
        | 'request-no-store'
        | 'response-no-store'
        | 'private'
        | 'authorization'
        | 'not-marked-cacheable'
        | 'varies-by-anything'
        | 'never-reusable'
    }

/**
 * Judges whether the response to a request may be stored. It says nothing of content: store a response only once all of
 * its content has come, even where that content is a part (§3.3). RFC 9111 §3.
 */
export function storability(request: CacheRequest, response: CacheResponse, cache: Cache): Storability {
  const asked = parseCacheControl(fieldValue(request.fields, 'cache-control'))
  const said = parseCacheControl(fieldValue(response.fields, 'cache-control'))
  const shared = cache.kind === 'shared'
  // §3: the request method is understood by the cache;
  if (request.method !== 'GET' && request.method !== 'QUERY') return refused('method-not-understood')
  // §3: the response status code is final;
  if (!(response.status >= 200 && response.status <= 599)) return refused('status-not-final')
  // §3: if the status is 206 or 304, or must-understand is present, the cache understands the status code;
  const critical = response.status === 206 || response.status === 304 || said.mustUnderstand === true
  if (critical && !understandsStatus(response, cache)) return refused('status-not-understood')
  // RFC 6585 and others: a few codes forbid it whatever the fields say.
  if (neverCacheable.has(response.status)) return refused('status-never-stored')
  // §5.2.1.5: the no-store directive is not present in the request;
  if (asked.noStore === true) return refused('request-no-store')
  // §3: the no-store directive is not present in the response, unless must-understand overrides it (§5.2.2.3);
  if (said.noStore === true && said.mustUnderstand !== true) return refused('response-no-store')
  // §3: if the cache is shared, private is absent or qualified;
  if (shared && said.private === 'all') return refused('private')
  // §3: if the cache is shared, the request has no Authorization, or a directive allows it (§3.5);
  const opened = said.mustRevalidate === true || said.public === true || said.sMaxage !== undefined
  if (shared && fieldValue(request.fields, 'authorization') !== undefined && !opened) return refused('authorization')
  // §3: and the response contains at least one of: public, private (not shared), Expires, max-age, s-maxage (shared),
  // or a status code that is heuristically cacheable.
  const marked =
    said.public === true ||
    (!shared && said.private !== undefined) ||
    fieldValue(response.fields, 'expires') !== undefined ||
    said.maxAge !== undefined ||
    (shared && said.sMaxage !== undefined) ||
    heuristicallyCacheable.has(response.status)
  if (!marked) return refused('not-marked-cacheable')
  // §4.1: `*` never matches, so such a response could never be chosen again.
  if (fieldNames(fieldValue(response.fields, 'vary')).includes('*')) return refused('varies-by-anything')
  return canServeAgain(response) ? { kind: 'storable' } : refused('never-reusable')
}

function refused(why: Extract<Storability, { kind: 'refused' }>['why']): Storability {
  return { kind: 'refused', why }
}

/** Registered; a part (206) only where it can be combined with others; 304 is not a response to keep. */
function understandsStatus(response: CacheResponse, cache: Cache): boolean {
  if (response.status === 206) return cache.parts === 'keep' && partOf(response) !== undefined
  return isRegistered(response.status) && response.status !== 304
}

/** Neither a lifetime nor a validator means that every later request goes to the server in full all the same. */
function canServeAgain(response: CacheResponse): boolean {
  const said = parseCacheControl(fieldValue(response.fields, 'cache-control'))
  const lasts =
    said.maxAge !== undefined || said.sMaxage !== undefined || fieldValue(response.fields, 'expires') !== undefined
  return hasValidator(response.fields) || (lasts && said.noCache !== 'all')
}

function hasValidator(fields: Fields): boolean {
  const modified = fieldValue(fields, 'last-modified')
  return (
    parseEntityTag(fieldValue(fields, 'etag') ?? '') !== undefined ||
    (modified !== undefined && parseDate(modified, 0) !== undefined)
  )
}

/** RFC 9110 §7.6.1 and RFC 9111 §3.1: of the connection or the proxy, not of the response. */
const neverStored: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** The fields of a response that a cache keeps. RFC 9111 §3.1. */
export function storedFields(fields: Fields, cache: Cache): Fields {
  const said = parseCacheControl(fieldValue(fields, 'cache-control'))
  const left = new Set(fieldNames(fieldValue(fields, 'connection')))
  // §5.2.2.4, §5.2.2.7: the qualified forms hold back the fields they name.
  if (said.noCache !== 'all') for (const name of said.noCache ?? []) left.add(name)
  if (cache.kind === 'shared' && said.private !== 'all') for (const name of said.private ?? []) left.add(name)
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => value !== undefined && !neverStored.has(name) && !left.has(name)),
  )
}

/** The fields of the request that `Vary` names, as they were sent; absent ones stay absent. RFC 9111 §4.1. */
export function varyingFields(vary: string | undefined, requestFields: Fields): Fields {
  const named = fieldNames(vary).map(name => [name, fieldValue(requestFields, name)] as const)
  return Object.fromEntries(named.filter(([, value]) => value !== undefined))
}

/**
 * Makes what is to be stored of a response that `storability` allows. A `Date` that is missing or unreadable is set to
 * the time of receipt (RFC 9110 §6.6.1). RFC 9111 §3.1, §4.1.
 */
export function storedResponse(
  request: CacheRequest,
  response: CacheResponse,
  exchanged: Exchanged,
  cache: Cache,
): StoredResponse {
  return {
    method: request.method,
    status: response.status,
    fields: dated(storedFields(response.fields, cache), exchanged.responseTime),
    requestFields: varyingFields(fieldValue(response.fields, 'vary'), request.fields),
    requestTime: exchanged.requestTime,
    responseTime: exchanged.responseTime,
  }
}

/** The fields with a `Date` that can be read. RFC 9110 §6.6.1. */
export function dated(fields: Fields, responseTime: number): Fields {
  const readable = parseDate(fieldValue(fields, 'date') ?? '', responseTime) !== undefined
  return readable ? fields : { ...fields, date: formatDate(responseTime) }
}

// RFC 9111 §4.3: validation

import { type EntityTag, formatEntityTag, isSameTag, parseEntityTags } from '../etag.ts'
import { type Fields, fieldValue } from '../fields.ts'
import { evaluatePreconditions } from '../precondition.ts'
import { dateOf } from './freshness.ts'
import { isMoreRecent, isSelectable } from './reuse.ts'
import {
  type Cache,
  type CacheRequest,
  type CacheResponse,
  dated,
  type Exchanged,
  type Storability,
  type StoredResponse,
  storability,
  storedFields,
  varyingFields,
} from './store.ts'
import { isSameRepresentation, modifiedOf, tagOf, validatorStrength } from './validators.ts'

/**
 * The precondition fields to set on a request so that it validates the stored responses; they replace those of the same
 * name, whose tags they include. `{}` where nothing stored has a validator: then ask anew. Tags that cannot be read are
 * not sent. RFC 9111 §4.3.1, §4.3.2.
 */
export function validationFields(request: CacheRequest, stored: readonly StoredResponse[]): Fields {
  const fields: { 'if-none-match'?: string; 'if-modified-since'?: string } = {}
  const own = fieldValue(request.fields, 'if-none-match')
  const ownTags = own === undefined ? [] : parseEntityTags(own)
  const tags: EntityTag[] = Array.isArray(ownTags) ? [...ownTags] : []
  let added = 0
  for (const { fields: storedOnes } of stored) {
    const tag = tagOf(storedOnes)
    if (tag === undefined || tags.some(known => isSameTag(known, tag, 'weak'))) continue
    tags.push(tag)
    added++
  }
  // §4.3.1: MUST send the entity tags of the responses being validated. `*` and what cannot be read stay as they were.
  if (added > 0 && Array.isArray(ownTags)) fields['if-none-match'] = tags.map(formatEntityTag).join(', ')
  // §4.3.1: SHOULD send Last-Modified where a single response is validated and no subrange is asked for.
  const [only] = stored
  if (only !== undefined && stored.length === 1 && fieldValue(request.fields, 'range') === undefined) {
    const modified = fieldValue(only.fields, 'last-modified')
    if (modified !== undefined && modifiedOf(only) !== undefined) fields['if-modified-since'] = modified
  }
  return fields
}

/**
 * The request that validates a stored response on the cache's own account, as `stale-while-revalidate` needs: the
 * fields that `Vary` names, and the preconditions. RFC 9111 §4.3.1.
 */
export function validationRequest(url: string, stored: StoredResponse): CacheRequest {
  const bare = { method: stored.method, url, fields: stored.requestFields }
  return { ...bare, fields: { ...stored.requestFields, ...validationFields(bare, [stored]) } }
}

/**
 * What the answer to a validating request means: the stored response holds, or the answer takes its place, or the server
 * failed and `decideStandIn` says whether the stored one may be used. RFC 9111 §4.3.3.
 */
export function validationOutcome(status: number): 'freshen' | 'replace' | 'failed' {
  if (status === 304) return 'freshen'
  return status >= 500 ? 'failed' : 'replace'
}

/**
 * How to answer a request from a stored response that may be used: in full, or 304 because the request's own
 * `If-None-Match` or `If-Modified-Since` says that its sender has it already. RFC 9111 §4.3.2.
 */
export function answerConditions(request: CacheRequest, stored: StoredResponse, now: number): 'whole' | 'not-modified' {
  const ifNoneMatch = fieldValue(request.fields, 'if-none-match')
  const ifModifiedSince = fieldValue(request.fields, 'if-modified-since')
  if (stored.status !== 200 || (ifNoneMatch === undefined && ifModifiedSince === undefined)) return 'whole'
  const etag = tagOf(stored.fields)
  const verdict = evaluatePreconditions(
    'GET',
    { ifNoneMatch, ifModifiedSince },
    // §4.3.2: without Last-Modified, the Date or the time of receipt.
    { kind: 'present', lastModified: modifiedOf(stored) ?? dateOf(stored), ...(etag === undefined ? {} : { etag }) },
    now,
  )
  return verdict.kind === 'not-modified' ? 'not-modified' : 'whole'
}

/**
 * The stored responses that a 304 speaks of. `candidates` are those under the request's key, `request` is the one that
 * the cache was asked, before preconditions were added. None: the 304 answers a condition of the request itself, or,
 * where the request had none, it must be repeated without preconditions. RFC 9111 §4.3.4.
 */
export function selectForFreshening<Stored extends StoredResponse>(
  request: CacheRequest,
  candidates: readonly Stored[],
  notModified: CacheResponse & Exchanged,
): readonly Stored[] {
  // The initial set: those that could have been chosen, fresh or not.
  const initial = candidates.filter(stored => isSelectable(request, stored))
  const validators = validatorStrength(notModified)
  switch (validators) {
    // First: strong validators name every response that has one of them.
    case 'strong':
      return initial.filter(stored => isSameRepresentation(stored, notModified))
    // Second: weak ones name the most recent response that has one of them.
    case 'weak': {
      const matching = initial.filter(stored => isSameRepresentation(stored, notModified))
      return matching.length === 0 ? [] : [matching.reduce((best, one) => (isMoreRecent(one, best) ? one : best))]
    }
    // Third: no validator at all names the only response there is.
    case 'none': {
      const [only] = initial
      if (only === undefined || initial.length > 1) return []
      // Against §4.3.4, which asks that the stored one lack a validator too, because a server that leaves the ETag off
      // its 304 can only mean the one response it was asked about.
      const ownCondition =
        fieldValue(request.fields, 'if-none-match') ?? fieldValue(request.fields, 'if-modified-since')
      return ownCondition === undefined || (tagOf(only.fields) ?? modifiedOf(only)) === undefined ? [only] : []
    }
    default:
      return validators satisfies never
  }
}

/** A stored response with its new fields, and whether it may still be kept (a 304 can say `no-store`). */
export type Freshened = { readonly response: StoredResponse; readonly storability: Storability }

/** §3.2: what describes the content as it was stored, or the message that carried it. */
const notUpdated: ReadonlySet<string> = new Set(['content-encoding', 'content-length', 'content-range'])

/**
 * Updates a stored response with the fields of a 304, or of a response to HEAD, that speaks of it. `request` is the one
 * that was answered. `Age` counts anew. RFC 9111 §3.2, §4.3.4.
 */
export function freshen(
  request: CacheRequest,
  stored: StoredResponse,
  answer: CacheResponse & Exchanged,
  cache: Cache,
): Freshened {
  const added = Object.entries(storedFields(answer.fields, cache)).filter(([name]) => !notUpdated.has(name))
  const { age: _, date: __, ...kept } = stored.fields
  // §5.2.2.4, §5.2.2.7: a field that is held back from now on is not kept from before either.
  const fields = storedFields(dated({ ...kept, ...Object.fromEntries(added) }, answer.responseTime), cache)
  const response = {
    method: stored.method,
    status: stored.status,
    fields,
    requestFields: varyingFields(fieldValue(fields, 'vary'), request.fields),
    requestTime: answer.requestTime,
    responseTime: answer.responseTime,
    ...(stored.length === undefined ? {} : { length: stored.length }),
    ...(stored.ranges === undefined ? {} : { ranges: stored.ranges }),
  }
  // Whether a part may be kept was judged when it came; without its Content-Range it cannot be again.
  const judged = stored.ranges === undefined ? response : { ...response, status: 200 }
  return { response, storability: storability({ ...request, method: stored.method }, judged, cache) }
}

/**
 * What a response to HEAD means for a stored response to GET: nothing, unless it is 200 and the stored one could have
 * been chosen for the request; `freshen` where validators and length agree; else `stale`: mark it `invalid`.
 * RFC 9111 §4.3.5.
 */
export function headOutcome(
  request: CacheRequest,
  stored: StoredResponse,
  answer: CacheResponse & Exchanged,
): 'unrelated' | 'freshen' | 'stale' {
  if (request.method !== 'HEAD' || answer.status !== 200 || stored.status !== 200) return 'unrelated'
  if (!isSelectable(request, stored)) return 'unrelated'
  const tag = tagOf(answer.fields)
  const storedTag = tagOf(stored.fields)
  if (tag !== undefined && (storedTag === undefined || !isSameTag(tag, storedTag, 'weak'))) return 'stale'
  const modified = modifiedOf(answer)
  if (modified !== undefined && modified !== modifiedOf(stored)) return 'stale'
  const length = fieldValue(answer.fields, 'content-length')
  return length === undefined || length === fieldValue(stored.fields, 'content-length') ? 'freshen' : 'stale'
}

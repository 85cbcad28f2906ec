// RFC 9110 §8.8: the validators of a stored response, and of the answer that speaks of it

import { parseDate } from '../date.ts'
import { type EntityTag, isSameTag, parseEntityTag } from '../etag.ts'
import { type Fields, fieldValue } from '../fields.ts'
import { dateOf } from './freshness.ts'
import type { CacheResponse, Exchanged, StoredResponse } from './store.ts'

/** The entity tag, where there is one that can be read. */
export function tagOf(fields: Fields): EntityTag | undefined {
  return parseEntityTag(fieldValue(fields, 'etag') ?? '')
}

/** `Last-Modified` in ms since the epoch, where it can be read. */
export function modifiedOf(response: Pick<StoredResponse, 'fields' | 'responseTime'>): number | undefined {
  return parseDate(fieldValue(response.fields, 'last-modified') ?? '', response.responseTime)
}

/** RFC 9110 §8.8.1, §8.8.2.2: a Last-Modified is strong once it is a second or more older than the Date beside it. */
export function validatorStrength(response: CacheResponse & Exchanged): 'strong' | 'weak' | 'none' {
  const tag = tagOf(response.fields)
  const modified = modifiedOf(response)
  if (tag?.strength === 'strong') return 'strong'
  if (modified !== undefined && tag === undefined && dateOf(response) - modified >= 1000) return 'strong'
  return tag === undefined && modified === undefined ? 'none' : 'weak'
}

/** Entity tags decide where both have one, else `Last-Modified`. */
export function isSameRepresentation(stored: StoredResponse, fresh: CacheResponse & Exchanged): boolean {
  const freshTag = tagOf(fresh.fields)
  const storedTag = tagOf(stored.fields)
  if (freshTag !== undefined && storedTag !== undefined) {
    return isSameTag(storedTag, freshTag, freshTag.strength)
  }
  const modified = modifiedOf(fresh)
  return modified !== undefined && modified === modifiedOf(stored)
}

// RFC 9111 §4: a response made from a stored one.
import {
  answerConditions,
  type CacheRequest,
  type Fields,
  partialFields,
  placeOf,
  rangeAnswer,
  reusedFields,
} from '@comity/http'
import type { Kept } from '../../cache/store.ts'
import type { Incoming } from '../../exchange/response.ts'
import { StoredBody } from './body.ts'

const none = new Uint8Array(0)

type CacheUse = NonNullable<Incoming['cached']>

/** RFC 9110 §15.4.5: what a 304 repeats of the fields of the 200. */
const notModifiedFields = [
  'age',
  'cache-control',
  'content-location',
  'date',
  'etag',
  'expires',
  'last-modified',
  'vary',
]

/** The answer that a stored response gives: in full, a part of it, 304 where its receiver has it, without content to HEAD. */
export function served(asked: CacheRequest, kept: Kept, content: Uint8Array, now: number, cached: CacheUse): Incoming {
  const fields = reusedFields(kept, now)
  if (answerConditions(asked, kept, now) === 'not-modified') {
    return incoming(kept, 304, 'Not Modified', picked(fields, notModifiedFields), none, cached)
  }
  if (asked.method === 'HEAD') return incoming(kept, kept.status, kept.reason, fields, none, cached)
  const part = rangeAnswer(asked, kept)
  if (part.kind !== 'part') return incoming(kept, kept.status, kept.reason, fields, content, cached)
  const place = placeOf(kept, part.range) ?? 0
  const bytes = content.subarray(place, place + part.range.last - part.range.first + 1)
  return incoming(kept, 206, 'Partial Content', partialFields(fields, part), bytes, cached)
}

function incoming(
  { target }: Kept,
  status: number,
  reason: string,
  fields: Fields,
  content: Uint8Array,
  cached: CacheUse,
): Incoming {
  const body = new StoredBody(content)
  return { status, reason, fields, cookies: [], url: target, httpVersion: '', body, cached }
}

/** RFC 9111 §5.2.1.7 */
export function unavailable(url: string): Incoming {
  return {
    status: 504,
    reason: 'Gateway Timeout',
    fields: { 'content-length': '0' },
    cookies: [],
    url,
    httpVersion: '',
    body: new StoredBody(none),
  }
}

function picked(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(names.flatMap(name => (fields[name] === undefined ? [] : [[name, fields[name]]])))
}

// RFC 9111 §3.3, §3.4: storing and combining parts; RFC 9110 §14.2, §15.3.7: answering ranges from what is stored

import { type Fields, fieldValue } from '../fields.ts'
import { ifRange } from '../precondition.ts'
import { type ByteRange, formatContentRange, parseContentRange, parseRange } from '../range.ts'
import type { CacheRequest, CacheResponse, Exchanged, StoredResponse } from './store.ts'
import { isSameRepresentation, modifiedOf, tagOf, validatorStrength } from './validators.ts'

/** A range of a representation of `length` bytes. */
export type Part = { readonly range: ByteRange; readonly length: number }

/**
 * Which part a 206 brings. `undefined` where it cannot be kept: several parts at once, a length that is not known, or no
 * entity tag that is strong. `Last-Modified` will not do, since a 206 may come long after the part that it is to fit.
 */
export function partOf(response: CacheResponse): Part | undefined {
  if (response.status !== 206 || tagOf(response.fields)?.strength !== 'strong') return undefined
  const said = parseContentRange(fieldValue(response.fields, 'content-range') ?? '')
  return said?.kind !== 'range' || said.length === '*' ? undefined : { range: said.range, length: said.length }
}

/** How a stored response answers as far as `Range` goes: in full, with a part of it, or not, because bytes are missing. */
export type RangeAnswer = { readonly kind: 'whole' | 'cannot' } | ({ readonly kind: 'part' } & Part)

/** Which bytes of a stored response `Range` and `If-Range` ask for. RFC 9110 §13.1.5, §14.2. */
export function rangeAnswer(request: CacheRequest, stored: StoredResponse): RangeAnswer {
  const whole = stored.ranges === undefined ? 'whole' : 'cannot'
  const range = fieldValue(request.fields, 'range')
  // §14.2: only GET has ranges, and only 200 is divided.
  if (range === undefined || request.method !== 'GET') return { kind: whole }
  if (stored.ranges === undefined && stored.status !== 200) return { kind: whole }
  if (stored.length === undefined) return { kind: 'cannot' }
  const tag = tagOf(stored.fields)
  const modified = modifiedOf(stored)
  const condition = ifRange(
    fieldValue(request.fields, 'if-range'),
    {
      kind: 'present',
      ...(tag === undefined ? {} : { etag: tag }),
      ...(modified === undefined ? {} : { lastModified: modified }),
    },
    stored.responseTime,
  )
  if (condition === 'false') return { kind: whole }
  const asked = parseRange(range, stored.length)
  if (asked.kind === 'whole') return { kind: whole }
  const [only] = asked.kind === 'ranges' ? asked.ranges : []
  // Several parts at once, and none, are the server's to answer.
  if (only === undefined || (asked.kind === 'ranges' && asked.ranges.length > 1)) return { kind: 'cannot' }
  const held = stored.ranges ?? [{ first: 0, last: stored.length - 1 }]
  const holds = held.some(({ first, last }) => first <= only.first && only.last <= last)
  return holds ? { kind: 'part', range: only, length: stored.length } : { kind: 'cannot' }
}

/** The fields of the 206 that a stored response answers with. RFC 9110 §15.3.7. */
export function partialFields(fields: Fields, part: Part): Fields {
  return {
    ...fields,
    'content-range': formatContentRange(part.range, part.length),
    'content-length': String(part.range.last - part.range.first + 1),
  }
}

/** Where a range lies in the content of a stored response, which holds its ranges one after the other. */
export function placeOf(stored: Pick<StoredResponse, 'ranges'>, range: ByteRange): number | undefined {
  if (stored.ranges === undefined) return range.first
  let place = 0
  for (const { first, last } of stored.ranges) {
    if (first <= range.first && range.last <= last) return place + range.first - first
    place += last - first + 1
  }
  return undefined
}

/** May this 206 be put together with what is stored? Both have the same strong validator. RFC 9111 §3.4. */
export function canCombine(stored: StoredResponse, answer: CacheResponse & Exchanged): boolean {
  const part = partOf(answer)
  if (part === undefined || stored.length !== part.length) return false
  const strong = tagOf(stored.fields)?.strength === 'strong' && validatorStrength(answer) === 'strong'
  return strong && isSameRepresentation(stored, answer) && (stored.status === 200 || stored.ranges !== undefined)
}

/** What is stored once a part was put to others: content and ranges in order; `ranges` is absent once all is there. */
export type Combined = { readonly content: Uint8Array; readonly ranges?: readonly ByteRange[] }

/** Puts the bytes of a part to those of others of the same representation. RFC 9110 §15.3.7.3. */
export function combine(
  held: { readonly content: Uint8Array; readonly ranges: readonly ByteRange[] },
  part: Part,
  bytes: Uint8Array,
): Combined {
  const pieces: { readonly range: ByteRange; readonly bytes: Uint8Array }[] = []
  let place = 0
  for (const range of held.ranges) {
    const end = place + range.last - range.first + 1
    pieces.push({ range, bytes: held.content.subarray(place, end) })
    place = end
  }
  pieces.push({ range: part.range, bytes })
  pieces.sort((a, b) => a.range.first - b.range.first)
  const ranges: { first: number; last: number }[] = []
  const kept: Uint8Array[] = []
  for (const piece of pieces) {
    const run = ranges.at(-1)
    if (run === undefined || piece.range.first > run.last + 1) {
      ranges.push({ ...piece.range })
      kept.push(piece.bytes)
    } else if (piece.range.last > run.last) {
      kept.push(piece.bytes.subarray(run.last + 1 - piece.range.first))
      run.last = piece.range.last
    }
  }
  const content = new Uint8Array(kept.reduce((size, one) => size + one.length, 0))
  let at = 0
  for (const one of kept) {
    content.set(one, at)
    at += one.length
  }
  return content.length === part.length ? { content } : { content, ranges }
}

// RFC 9110 §14: range requests
import { isToken, nextMember, skipSpace } from './field-syntax.ts'

/** A range of bytes, both ends included, counted from 0. */
export type ByteRange = { readonly first: number; readonly last: number }

/**
 * What Range asks of a representation: the whole of it, some ranges, or none that exist, which is 416 with
 * `contentRange` as its Content-Range. `empty`: a suffix of nothing is asked for, which no 206 can carry.
 */
export type RangeVerdict =
  | { readonly kind: 'whole'; readonly why: 'absent' | 'malformed' | 'unknown-unit' | 'abusive' | 'empty' }
  | { readonly kind: 'ranges'; readonly ranges: readonly ByteRange[] }
  | { readonly kind: 'unsatisfiable'; readonly contentRange: string }

type Asked = ByteRange & { readonly position: number }

/**
 * Reads Range against a representation of `length` bytes (RFC 9110 §14.2). The ranges come in the order asked;
 * overlapping or adjacent ones are joined, at the place of the first. Asking for more than `limits.ranges` (20), or for
 * more than two that overlap, is abusive and gets the whole (§17.15).
 */
export function parseRange(
  field: string | undefined,
  length: number,
  limits?: { readonly ranges?: number },
): RangeVerdict {
  if (field === undefined) return { kind: 'whole', why: 'absent' }
  const equals = field.indexOf('=')
  if (equals <= 0) return { kind: 'whole', why: 'malformed' }
  // §14.1: unit names are case-insensitive
  const unit = field.slice(0, equals).toLowerCase()
  if (unit !== 'bytes') return { kind: 'whole', why: isToken(unit) ? 'unknown-unit' : 'malformed' }
  const limit = limits?.ranges ?? 20
  const asked: Asked[] = []
  let isEmptySuffix = false
  let count = 0
  let at = nextMember(field, equals + 1)
  for (; at < field.length; at = nextMember(field, at)) {
    if (++count > limit) return { kind: 'whole', why: 'abusive' }
    const firstStart = at
    const firstEnd = endOfDigits(field, firstStart)
    if (field.charCodeAt(firstEnd) !== 45) return { kind: 'whole', why: 'malformed' }
    const lastStart = firstEnd + 1
    const lastEnd = endOfDigits(field, lastStart)
    at = skipSpace(field, lastEnd)
    const hasFirst = firstEnd > firstStart
    const hasLast = lastEnd > lastStart
    if ((!hasFirst && !hasLast) || (at < field.length && field.charCodeAt(at) !== 44)) {
      return { kind: 'whole', why: 'malformed' }
    }
    if (hasFirst) {
      // §14.1.1: one backward range spoils the whole field
      if (hasLast && compareDigits(field, lastStart, lastEnd, firstStart, firstEnd) < 0) {
        return { kind: 'whole', why: 'malformed' }
      }
      const first = numberOf(field, firstStart, firstEnd)
      const last = hasLast ? Math.min(numberOf(field, lastStart, lastEnd), length - 1) : length - 1
      if (first < length) asked.push({ first, last, position: count })
    } else {
      const suffix = numberOf(field, lastStart, lastEnd)
      if (suffix > 0 && length === 0) isEmptySuffix = true
      else if (suffix > 0) asked.push({ first: Math.max(0, length - suffix), last: length - 1, position: count })
    }
  }
  if (count === 0) return { kind: 'whole', why: 'malformed' }
  if (isEmptySuffix) return { kind: 'whole', why: 'empty' }
  if (asked.length === 0) return { kind: 'unsatisfiable', contentRange: formatContentRange('*', length) }
  const ranges = joined(asked)
  return ranges === undefined ? { kind: 'whole', why: 'abusive' } : { kind: 'ranges', ranges }
}

// Sorted once and swept once, so that many ranges cost little; undefined where more than two overlap.
function joined(asked: Asked[]): readonly ByteRange[] | undefined {
  asked.sort((a, b) => a.first - b.first || a.position - b.position)
  const runs: { first: number; last: number; position: number; uncounted: number }[] = []
  let overlapping = 0
  for (const { first, last, position } of asked) {
    const run = runs.at(-1)
    if (run === undefined || first > run.last + 1) {
      runs.push({ first, last, position, uncounted: 1 })
      continue
    }
    if (first <= run.last) {
      overlapping += run.uncounted + 1
      if (overlapping > 2) return undefined
      run.uncounted = 0
    } else run.uncounted = 1
    run.last = Math.max(run.last, last)
    run.position = Math.min(run.position, position)
  }
  runs.sort((a, b) => a.position - b.position)
  return runs.map(({ first, last }) => ({ first, last }))
}

function endOfDigits(text: string, start: number): number {
  let at = start
  while (text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at++
  return at
}

// No representation is longer than the largest safe integer, so a larger number need not be told from it.
function numberOf(text: string, start: number, end: number): number {
  let number = 0
  for (let at = start; at < end; at++) {
    number = number * 10 + (text.charCodeAt(at) - 48)
    if (number > Number.MAX_SAFE_INTEGER) return Number.MAX_SAFE_INTEGER
  }
  return number
}

function compareDigits(text: string, aStart: number, aEnd: number, bStart: number, bEnd: number): number {
  let a = aStart
  let b = bStart
  while (a < aEnd && text.charCodeAt(a) === 48) a++
  while (b < bEnd && text.charCodeAt(b) === 48) b++
  let order = aEnd - a - (bEnd - b)
  for (; order === 0 && a < aEnd; a++, b++) order = text.charCodeAt(a) - text.charCodeAt(b)
  return order
}

/** Writes Content-Range (RFC 9110 §14.4). A `*` range is that of 416; a `*` length is one not known yet. */
export function formatContentRange(range: ByteRange | '*', length: number | '*'): string {
  return `bytes ${range === '*' ? '*' : `${range.first}-${range.last}`}/${length}`
}

/** What Content-Range says: which bytes of how many these are, or how long the representation is that has none of them. */
export type ContentRange =
  | { readonly kind: 'range'; readonly range: ByteRange; readonly length: number | '*' }
  | { readonly kind: 'unsatisfied'; readonly length: number }

const contentRange = /^bytes +(?:(\d{1,16})-(\d{1,16})|\*)\/(?:(\d{1,16})|\*)$/i

/**
 * Reads Content-Range (RFC 9110 §14.4). `undefined` where it is malformed, of another unit, or contradicts itself, and
 * so must not be used to put parts together.
 */
export function parseContentRange(value: string): ContentRange | undefined {
  const match = contentRange.exec(value.trim())
  if (match === null) return undefined
  const length = match[3] === undefined ? '*' : Number(match[3])
  if (length !== '*' && !Number.isSafeInteger(length)) return undefined
  if (match[1] === undefined) return length === '*' ? undefined : { kind: 'unsatisfied', length }
  const range = { first: Number(match[1]), last: Number(match[2]) }
  if (!Number.isSafeInteger(range.last) || range.last < range.first) return undefined
  return length !== '*' && length <= range.last ? undefined : { kind: 'range', range, length }
}

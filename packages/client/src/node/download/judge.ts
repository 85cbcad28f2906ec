// RFC 9110 §14, §15.3.7: what an answer to a request for a part is good for. Never are two versions put together.
import { type ByteRange, type Fields, fieldValue, parseContentRange } from '@comity/http'
import { isSameVersion, type Version, versionOf } from './version.ts'

/** What was asked for. `condition`: with If-Range. */
export type AskedPart = {
  readonly at: number
  readonly last: number | undefined
  readonly condition: 'if-range' | 'none'
}

/** What is known already. */
export type Known = { readonly version: Version; readonly length: number | undefined }

/**
 * `take`: the bytes from `at` on, up to `end`. `whole`: all of it, from its beginning. `ask-plainly`: If-Range is not
 * understood, though nothing changed. `lie`: what it says cannot be.
 */
export type Judgement =
  | { readonly kind: 'take'; readonly end: number; readonly length: number | undefined }
  | { readonly kind: 'whole'; readonly length: number | undefined }
  | { readonly kind: 'ask-plainly' }
  | { readonly kind: 'no-ranges'; readonly length: number | undefined }
  | { readonly kind: 'changed' }
  | { readonly kind: 'lie'; readonly why: string }

export function judge(
  { status, fields }: { readonly status: number; readonly fields: Fields },
  asked: AskedPart,
  known: Known | undefined,
  now: number,
): Judgement {
  const version = versionOf(fields, now)
  if (status !== 206) {
    const length = lengthOf(fields)
    if (known === undefined) return { kind: 'whole', length }
    const isSame = isSameVersion(version, known.version) && (length ?? known.length) === known.length
    if (!isSame) return { kind: 'changed' }
    if (asked.at === 0) return { kind: 'whole', length }
    return asked.condition === 'if-range' ? { kind: 'ask-plainly' } : { kind: 'no-ranges', length }
  }
  const field = fieldValue(fields, 'content-range')
  const content = field === undefined ? undefined : parseContentRange(field)
  if (content?.kind !== 'range') return { kind: 'lie', why: '206 without a range of bytes' }
  const { range, length } = content
  if (!isWithin(range, asked)) return { kind: 'lie', why: `another range than the one asked for: ${field}` }
  const told = lengthOf(fields)
  if (told !== undefined && told !== range.last - range.first + 1)
    return { kind: 'lie', why: `a length of ${told} for ${field}` }
  if (known === undefined) return { kind: 'lie', why: '206 although no range was asked for' }
  if (length !== '*' && known.length !== undefined && length !== known.length) return { kind: 'changed' }
  if (!isOfVersion(version, fields, known.version, asked)) return { kind: 'changed' }
  return { kind: 'take', end: range.last + 1, length: length === '*' ? undefined : length }
}

// §14.2: a server may send less than was asked for, from its beginning on
function isWithin(range: ByteRange, { at, last }: AskedPart): boolean {
  return range.first === at && (last === undefined || range.last <= last)
}

// §15.3.7: a 206 to If-Range need not repeat what the condition has said, but must not contradict it.
function isOfVersion(version: Version, fields: Fields, known: Version, { condition }: AskedPart): boolean {
  if (isSameVersion(version, known)) return true
  if (condition === 'none') return false
  const contradicts =
    known.etag === undefined
      ? fieldValue(fields, 'last-modified') !== undefined
      : fieldValue(fields, 'etag') !== undefined
  return !contradicts
}

/** The bytes that follow; undefined where that is not told, or told of bytes in a coding. */
function lengthOf(fields: Fields): number | undefined {
  const text = fieldValue(fields, 'content-length')
  if (text === undefined || fieldValue(fields, 'content-encoding') !== undefined) return undefined
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

// RFC 9110 §13: conditional requests
import { parseDate } from './date.ts'
import { type EntityTag, isSameTag, parseEntityTag, parseEntityTags } from './etag.ts'

/** The request's fields that make it conditional, as received; `undefined` where absent. */
export type PreconditionFields = {
  readonly ifMatch?: string | undefined
  readonly ifNoneMatch?: string | undefined
  readonly ifModifiedSince?: string | undefined
  readonly ifUnmodifiedSince?: string | undefined
  readonly ifRange?: string | undefined
  readonly range?: string | undefined
}

/**
 * The selected representation, as it is now. `lastModified` is in ms since the epoch. `alsoCurrent` tells whether a strong
 * tag names another representation of the same current state: such a tag counts for If-Match, and for nothing else.
 * `alsoSelected` tells whether a tag names what might have been sent just as well, such as the same representation in
 * another coding that the request accepts: such a tag counts for If-None-Match too.
 */
export type Selected =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'present'
      readonly etag?: EntityTag
      readonly lastModified?: number
      readonly alsoCurrent?: (tag: EntityTag) => boolean
      readonly alsoSelected?: (tag: EntityTag) => boolean
    }

/** What one condition says: `absent` where its field is absent or to be ignored, `malformed` where it must be refused. */
export type Condition = 'true' | 'false' | 'absent' | 'malformed'

/**
 * What the preconditions together ask for: to go on, to answer 304, to answer 412, or to answer 400. `etag` is the tag
 * that If-None-Match named: the client has that representation, so the 304 is about it.
 */
export type Verdict =
  | { readonly kind: 'pass'; readonly range: 'honour' | 'ignore' }
  | { readonly kind: 'not-modified'; readonly field: 'If-None-Match'; readonly etag?: EntityTag }
  | { readonly kind: 'not-modified'; readonly field: 'If-Modified-Since' }
  | { readonly kind: 'failed'; readonly field: 'If-Match' | 'If-Unmodified-Since' | 'If-None-Match' }
  | { readonly kind: 'malformed'; readonly field: 'If-Match' | 'If-None-Match' }

const honourRange: Verdict = { kind: 'pass', range: 'honour' }
const ignoreRange: Verdict = { kind: 'pass', range: 'ignore' }

/** Whether the request carries any of the five precondition fields. */
export function hasPrecondition(fields: PreconditionFields): boolean {
  return (
    fields.ifMatch !== undefined ||
    fields.ifNoneMatch !== undefined ||
    fields.ifModifiedSince !== undefined ||
    fields.ifUnmodifiedSince !== undefined ||
    fields.ifRange !== undefined
  )
}

/**
 * Whether the fields guard a write against a change unseen, which is what 428 asks for (RFC 6585 §3): If-Match,
 * If-None-Match, or an If-Unmodified-Since that can be read. The other fields do not count for writes.
 */
export function guardsWrite(fields: PreconditionFields, now: number): boolean {
  if (fields.ifMatch !== undefined || fields.ifNoneMatch !== undefined) return true
  return fields.ifUnmodifiedSince !== undefined && parseDate(fields.ifUnmodifiedSince, now) !== undefined
}

/**
 * Evaluates the preconditions in the order of RFC 9110 §13.2.2 against the representation that is selected now.
 * `now` is in ms since the epoch.
 */
export function evaluatePreconditions(
  method: string,
  fields: PreconditionFields,
  selected: Selected,
  now: number,
): Verdict {
  // §13.2.1: ignored where no representation is selected or modified
  if (method === 'OPTIONS' || method === 'TRACE' || method === 'CONNECT') return ignoreRange
  // RFC 10008 §2.6: a conditional QUERY is conditional as a GET is
  const isRead = method === 'GET' || method === 'HEAD' || method === 'QUERY'

  // §13.2.2 step 1
  const match = ifMatch(fields.ifMatch, selected)
  if (match === 'malformed') return { kind: 'malformed', field: 'If-Match' }
  if (match === 'false') return { kind: 'failed', field: 'If-Match' }

  // §13.2.2 step 2
  if (match === 'absent' && ifUnmodifiedSince(fields.ifUnmodifiedSince, selected, now) === 'false') {
    return { kind: 'failed', field: 'If-Unmodified-Since' }
  }

  // §13.2.2 step 3
  const noneMatch = ifNoneMatch(fields.ifNoneMatch, selected)
  if (noneMatch === 'malformed') return { kind: 'malformed', field: 'If-None-Match' }
  if (noneMatch === 'false') {
    if (!isRead) return { kind: 'failed', field: 'If-None-Match' }
    const etag = matchedTag(fields.ifNoneMatch ?? '', selected)
    return { kind: 'not-modified', field: 'If-None-Match', ...(etag && { etag }) }
  }

  // §13.2.2 step 4
  if (isRead && noneMatch === 'absent' && ifModifiedSince(fields.ifModifiedSince, selected, now) === 'false') {
    return { kind: 'not-modified', field: 'If-Modified-Since' }
  }

  // §13.2.2 step 5; §14.2: only GET has ranges
  if (method !== 'GET') return ignoreRange
  if (fields.range === undefined) return honourRange
  return ifRange(fields.ifRange, selected, now) === 'false' ? ignoreRange : honourRange

  // §13.2.2 step 6 is the caller's
}

/** RFC 9110 §13.1.1. Only strong tags can match. */
export function ifMatch(field: string | undefined, selected: Selected): Condition {
  if (field === undefined) return 'absent'
  if (selected.kind === 'present' && selected.etag?.strength === 'strong' && isExactly(field, selected.etag)) {
    return 'true'
  }
  const tags = parseEntityTags(field)
  if (tags === undefined) return 'malformed'
  if (selected.kind === 'absent') return 'false'
  if (tags === '*') return 'true'
  const { etag, alsoCurrent } = selected
  for (const tag of tags) {
    if (etag !== undefined && isSameTag(tag, etag, 'strong')) return 'true'
    if (tag.strength === 'strong' && alsoCurrent?.(tag) === true) return 'true'
  }
  return 'false'
}

/** RFC 9110 §13.1.2. Weak tags match too. */
export function ifNoneMatch(field: string | undefined, selected: Selected): Condition {
  if (field === undefined) return 'absent'
  if (selected.kind === 'present' && selected.etag !== undefined && isExactly(field, selected.etag)) return 'false'
  const tags = parseEntityTags(field)
  if (tags === undefined) return 'malformed'
  if (selected.kind === 'absent') return 'true'
  if (tags === '*') return 'false'
  return tags.some(tag => isSelected(tag, selected)) ? 'false' : 'true'
}

type Present = Extract<Selected, { kind: 'present' }>

function isSelected(tag: EntityTag, { etag, alsoSelected }: Present): boolean {
  return (etag !== undefined && isSameTag(tag, etag, 'weak')) || alsoSelected?.(tag) === true
}

/** Which of the tags the client has is the one to go on with: the selected one where it is among them. */
function matchedTag(field: string, selected: Selected): EntityTag | undefined {
  if (selected.kind === 'absent') return undefined
  const { etag } = selected
  if (etag !== undefined && isExactly(field, etag)) return etag
  const tags = parseEntityTags(field)
  if (tags === undefined || tags === '*') return undefined
  if (etag !== undefined && tags.some(tag => isSameTag(tag, etag, 'weak'))) return etag
  const other = tags.find(tag => selected.alsoSelected?.(tag))
  // Somebody on the way may have weakened it.
  return other && { strength: etag?.strength ?? other.strength, opaque: other.opaque }
}

/** RFC 9110 §13.1.3. `absent` too where the date cannot be read or the representation has none. */
export function ifModifiedSince(field: string | undefined, selected: Selected, now: number): Condition {
  const since = dateOf(field, selected, now)
  return since === undefined ? 'absent' : secondOf(selected) > since ? 'true' : 'false'
}

/** RFC 9110 §13.1.4. `absent` too where the date cannot be read or the representation has none. */
export function ifUnmodifiedSince(field: string | undefined, selected: Selected, now: number): Condition {
  const since = dateOf(field, selected, now)
  return since === undefined ? 'absent' : secondOf(selected) <= since ? 'true' : 'false'
}

/** RFC 9110 §13.1.5. What is neither a strong tag nor a date is false: the whole is always a right answer. */
export function ifRange(field: string | undefined, selected: Selected, now: number): Condition {
  if (field === undefined) return 'absent'
  if (selected.kind === 'absent') return 'false'
  if (field.slice(0, 3).includes('"')) {
    const tag = parseEntityTag(field)
    return tag !== undefined && selected.etag !== undefined && isSameTag(tag, selected.etag, 'strong')
      ? 'true'
      : 'false'
  }
  const second = secondOf(selected)
  // §8.8.2.2: while its second lasts, a Last-Modified may still come to name two versions
  const isStrong = now >= second + 1000
  return isStrong && parseDate(field, now) === second ? 'true' : 'false'
}

// The usual request repeats one tag as it was sent: compared in place, without reading a list.
function isExactly(field: string, tag: EntityTag): boolean {
  const prefix = tag.strength === 'weak' ? 2 : 0
  return (
    field.length === tag.opaque.length + prefix + 2 &&
    field.charCodeAt(prefix) === 34 &&
    field.charCodeAt(field.length - 1) === 34 &&
    (prefix === 0 || field.startsWith('W/')) &&
    field.startsWith(tag.opaque, prefix + 1)
  )
}

function dateOf(field: string | undefined, selected: Selected, now: number): number | undefined {
  if (field === undefined || selected.kind === 'absent' || selected.lastModified === undefined) return undefined
  return parseDate(field, now)
}

// HTTP dates count whole seconds, so the part below a second must not make a representation look changed.
function secondOf(selected: Selected): number {
  const ms = selected.kind === 'present' ? (selected.lastModified ?? Number.NaN) : Number.NaN
  return Math.floor(ms / 1000) * 1000
}

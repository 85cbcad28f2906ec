// A place in an ordered list that stays right while rows come and go: the sort values of the row a page stands next
// to. Opaque to callers, checked as anything that a peer sends.
import { keywordsOf } from '../model/field.ts'
import type { CollectionModel, Field, Sort } from '../model/model.ts'
import { sortText } from './order.ts'
import { isValue, wordsOf } from './values.ts'

export type CursorRead =
  | { readonly kind: 'key'; readonly key: readonly unknown[] }
  /** `detail` follows the word's name. */
  | { readonly kind: 'refused'; readonly detail: string }

/** Wire values of `sort` → base64url of a JSON array, led by a fingerprint of the collection and the sort. */
export function formatCursor(collection: CollectionModel, sort: readonly Sort[], key: readonly unknown[]): string {
  return Buffer.from(JSON.stringify([fingerprint(collection, sort), ...key])).toString('base64url')
}

/** Reads a cursor made for this collection and sort; any other text is refused. */
export function parseCursor(collection: CollectionModel, sort: readonly Sort[], text: string): CursorRead {
  const unfit = unkeyable(sort)
  if (unfit !== undefined)
    return refused(`cannot be used with this sort, as “${unfit.name}” ${whyUnkeyable(unfit)}; use “offset”`)
  const [mark, ...key] = decode(text) ?? []
  if (typeof mark !== 'string') return refused('is not a cursor; take it from a Link as it is')
  if (mark !== fingerprint(collection, sort)) return refused('was made for another list or another sort')
  if (key.length !== sort.length || !sort.every(({ field }, at) => isValue(field, key[at])))
    return refused('is not a cursor of this list; take it from a Link as it is')
  return { kind: 'key', key }
}

/**
 * The first field that keeps a sort from having cursors: one that may be null has no place that a comparison finds,
 * and one without a fair bound on its length could make a cursor longer than a URL. Undefined: the sort has cursors.
 */
export function unkeyable(sort: readonly Sort[]): Field | undefined {
  let length = 0
  for (const { field } of sort) {
    length += longest(field)
    if (field.presence === 'optional' || length > longestKey) return field
  }
  return undefined
}

const longestKey = 1_000

const whyUnkeyable = (field: Field): string =>
  field.presence === 'optional' ? 'may be absent' : 'may be longer than a cursor can hold'

/** Characters at most. */
function longest(field: Field): number {
  if (field.kind !== 'text') return 32
  const words = wordsOf(field)
  if (words) return Math.max(...words.map(word => word.length))
  // An id has its place in URLs anyway.
  if (field.name === 'id') return 255
  return (keywordsOf(field.schema) as { readonly maxLength?: number }).maxLength ?? Number.POSITIVE_INFINITY
}

function decode(text: string): readonly unknown[] | undefined {
  if (!/^[\w-]+$/.test(text)) return undefined
  try {
    const bytes = Buffer.from(text, 'base64url')
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** FNV-1a, 32 bits: it tells mistakes apart, it does not sign. */
function fingerprint(collection: CollectionModel, sort: readonly Sort[]): string {
  const text = `${collection.table}:${sortText(sort)}`
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return (hash >>> 0).toString(36)
}

const refused = (detail: string): CursorRead => ({ kind: 'refused', detail })

// RFC 9110 §8.8.3: entity tags

/** An entity tag: `W/"a"` is `{ strength: 'weak', opaque: 'a' }`. `opaque` is the text between the quotes. */
export type EntityTag = { readonly strength: 'strong' | 'weak'; readonly opaque: string }

// etagc = %x21 / %x23-7E / obs-text: no space, no quote, and a backslash escapes nothing.
const tagAt = /(W\/)?"([!#-~\u0080-\u{10ffff}]*)"/uy
const tagAlone = /^[ \t]*(W\/)?"([!#-~\u0080-\u{10ffff}]*)"[ \t]*$/u
const betweenTags = /[ \t]*(?:,[ \t]*)+|[ \t]*$/y
const beforeTags = /[ \t,]*/y

/**
 * Reads one entity tag, as in `ETag` or `If-Range`. `undefined` where the text is not one: bare words, `w/` in lower
 * case, a quote or space inside. RFC 9110 §8.8.3.
 */
export function parseEntityTag(value: string): EntityTag | undefined {
  const match = tagAlone.exec(value)
  return match === null ? undefined : { strength: match[1] === undefined ? 'strong' : 'weak', opaque: match[2] ?? '' }
}

/** Writes an entity tag as the `ETag` field carries it. RFC 9110 §8.8.3. */
export function formatEntityTag(tag: EntityTag): string {
  return tag.strength === 'weak' ? `W/"${tag.opaque}"` : `"${tag.opaque}"`
}

/**
 * Reads the value of `If-Match` or `If-None-Match`: `'*'`, or the tags in the order sent (none for an empty field,
 * since empty list members are skipped, §5.6.1). `undefined` means malformed: one bad member spoils the list, because
 * dropping it could turn a refusal into a write. `*` beside tags is malformed. RFC 9110 §13.1.1, §13.1.2.
 */
export function parseEntityTags(value: string): readonly EntityTag[] | '*' | undefined {
  const alone = parseEntityTag(value)
  if (alone !== undefined) return [alone]
  if (value.trim() === '*') return '*'
  const tags: EntityTag[] = []
  beforeTags.lastIndex = 0
  beforeTags.exec(value)
  let at = beforeTags.lastIndex
  while (at < value.length) {
    tagAt.lastIndex = at
    const match = tagAt.exec(value)
    if (match === null) return undefined
    tags.push({ strength: match[1] === undefined ? 'strong' : 'weak', opaque: match[2] ?? '' })
    betweenTags.lastIndex = tagAt.lastIndex
    if (betweenTags.exec(value) === null) return undefined
    at = betweenTags.lastIndex
  }
  return tags
}

/**
 * Compares two tags. `'strong'`: both strong and alike, as `If-Match` and `If-Range` need. `'weak'`: alike, whatever
 * their strength, as `If-None-Match` needs. RFC 9110 §8.8.3.2.
 */
export function isSameTag(a: EntityTag, b: EntityTag, comparison: 'strong' | 'weak'): boolean {
  return a.opaque === b.opaque && (comparison === 'weak' || (a.strength === 'strong' && b.strength === 'strong'))
}

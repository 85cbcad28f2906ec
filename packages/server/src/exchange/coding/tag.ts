// RFC 9110 §8.8.3.3: each coding of a representation has a strong entity tag of its own, which tells the coding.
import { type ContentCoding, compressingCodings, type EntityTag } from '@comity/http'

/** `"4q-json"` as `"4q-json.gzip"` */
export const etagIn = (etag: string, coding: ContentCoding): string =>
  coding === 'identity' ? etag : `${etag.slice(0, -1)}.${coding}"`

const suffix = new RegExp(`\\.(${compressingCodings.join('|')})$`)

/** An entity tag as it was before its coding was chosen, and that coding. */
export function tagWithoutCoding({ strength, opaque }: EntityTag): { tag: EntityTag; coding: ContentCoding } {
  const [end, coding] = suffix.exec(opaque) ?? []
  if (end === undefined) return { tag: { strength, opaque }, coding: 'identity' }
  return { tag: { strength, opaque: opaque.slice(0, -end.length) }, coding: coding as ContentCoding }
}

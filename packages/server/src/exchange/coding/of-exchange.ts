// The coding of one exchange's answer, as far as its request says.
import { type EntityTag, parseEntityTag } from '@comity/http'
import type { Exchange } from '../exchange.ts'
import type { Place } from '../target.ts'
import { type CodingChoice, choiceFor } from './choice.ts'
import { tagWithoutCoding } from './tag.ts'

/** What Accept-Encoding comes to here. Worked out once for each exchange. */
export function codingOf(x: Exchange): CodingChoice {
  x.coding ??= choiceOf(x)
  return x.coding
}

function choiceOf(x: Exchange): CodingChoice {
  const { compressible, never } = x.runtime.codings
  const choice = (isSensitive(x) ? never : compressible)(x.field('accept-encoding'))
  return x.method === 'GET' && x.fields.range !== undefined ? choiceOfPart(x, choice) : choice
}

/**
 * RFC 9110 §14.2: a range is of the bytes in their coding. Parts are asked for without one, since they can be put together
 * and read by themselves then; who has begun with another (If-Range says so) goes on with that.
 */
function choiceOfPart(x: Exchange, choice: CodingChoice): CodingChoice {
  const begun = parseEntityTag(x.field('if-range') ?? '')
  const { coding } = begun ? tagWithoutCoding(begun) : { coding: 'identity' as const }
  if (coding === 'identity' || !choice.acceptable.includes(coding)) return choice.plain
  return choiceFor(coding, choice.acceptable)
}

/** Whether answers here may be compressed at all. */
export const mayBeCoded = (x: Exchange): boolean => x.runtime.model.compression.codings.length > 0 && !isSensitive(x)

/** BREACH: the length of what holds a secret beside what a stranger chose tells the secret, once it is compressed. */
function isSensitive(x: Exchange): boolean {
  if (isSensitivePlace(x.target.place)) return true
  // A job tells what its request was answered.
  return (
    x.job !== undefined &&
    isSensitivePlace(x.runtime.targetOf(x.job.request.url, x.job.request.fields['api-version']).place)
  )
}

function isSensitivePlace(place: Place): boolean {
  switch (place.kind) {
    case 'collection':
    case 'item':
      return place.collection.sensitive
    case 'service':
      return place.service.sensitive
    case 'site':
      return true
    default:
      return false
  }
}

/** Whether a tag names this representation in a coding that the client accepts. `opaque` has none yet. */
export function isAcceptableCodingOf(x: Exchange, tag: EntityTag, opaque: string): boolean {
  const { tag: bare, coding } = tagWithoutCoding(tag)
  return bare.opaque === opaque && codingOf(x).acceptable.includes(coding)
}

// RFC 9110 §13 and RFC 6585 §3: do the preconditions hold for what is there now, and were they given where they must be?
import {
  evaluatePreconditions,
  guardsWrite,
  hasPrecondition,
  type PreconditionFields,
  type Selected,
} from '@comity/http'
import { oneOfThem } from '../../define/names.ts'
import { refuse, type Stop } from '../answer.ts'
import { codingOf, isAcceptableCodingOf } from '../coding/of-exchange.ts'
import { tagWithoutCoding } from '../coding/tag.ts'
import type { Exchange } from '../exchange.ts'
import { entityTagOf, isOfRevision } from '../representation.ts'
import { nameOfRepresentation } from '../representation-name.ts'

export function preconditionsHold(x: Exchange): Stop | undefined {
  const { place } = x.target
  if (x.method === 'OPTIONS' || !('collection' in place)) return
  const fields = preconditionFields(x)
  if (!x.isRead()) {
    const missing = requirePrecondition(x, fields)
    if (missing) return missing
  }
  if (!hasPrecondition(fields)) return
  const verdict = evaluatePreconditions(x.method, fields, selectedOf(x), x.runtime.now())
  switch (verdict.kind) {
    case 'pass':
      return
    case 'not-modified':
      return verdict
    case 'malformed':
      return refuse(
        'invalid-precondition',
        `${verdict.field} is not a list of entity tags, such as "abc", "def", nor *.`,
      )
    case 'failed':
      return refuse('precondition-failed', `${verdict.field} does not hold: ${compared(x, verdict.field)}.`)
  }
}

function preconditionFields(x: Exchange): PreconditionFields {
  return {
    ifMatch: x.field('if-match'),
    ifNoneMatch: x.field('if-none-match'),
    ifModifiedSince: x.field('if-modified-since'),
    ifUnmodifiedSince: x.field('if-unmodified-since'),
  }
}

/** The validators of what is there, in the representation that this request selects. */
function selectedOf(x: Exchange): Selected {
  const { current } = x
  switch (current.kind) {
    case 'none':
      return { kind: 'absent' }
    case 'kept': {
      const { etag, modified, revision } = current.kept
      return {
        kind: 'present',
        etag,
        ...(modified !== undefined && { lastModified: modified }),
        alsoCurrent: tag => isOfRevision(tag, revision),
        alsoSelected: tag => isAcceptableCodingOf(x, tag, tagWithoutCoding(etag).tag.opaque),
      }
    }
    case 'item':
    case 'collection': {
      const { revision, modified } = current.kind === 'item' ? current.item : current
      const { opaque } = entityTagOf(revision, nameOfRepresentation(x))
      // Whether it is long enough to be compressed is not known yet; where it need not be, its own tag will do.
      const { acceptable, best } = codingOf(x)
      const isCoded = !acceptable.includes('identity') && best !== undefined
      return {
        kind: 'present',
        etag: { strength: 'strong', opaque: isCoded ? `${opaque}.${best}` : opaque },
        ...(modified !== undefined && { lastModified: modified }),
        alsoCurrent: tag => isOfRevision(tag, revision),
        alsoSelected: tag => isAcceptableCodingOf(x, tag, opaque),
      }
    }
  }
}

function requirePrecondition(x: Exchange, fields: PreconditionFields): Stop | undefined {
  const { place } = x.target
  const collection = x.collection()
  const everything = x.method === 'DELETE' && place.kind === 'collection' && x.selection?.conditions.length === 0
  if (everything && fields.ifMatch === undefined)
    return refuse(
      'precondition-required',
      `To delete all of ${collection && x.seen(collection).name}, send If-Match with the ETag of the list.`,
    )
  if (collection?.preconditions !== 'required' || x.method === 'POST' || guardsWrite(fields, x.runtime.now())) return
  return refuse(
    'precondition-required',
    `${x.method} of ${place.kind !== 'collection' ? oneOfThem(x.seen(collection).singular) : x.seen(collection).name} needs If-Match, If-None-Match or If-Unmodified-Since.`,
  )
}

function compared(x: Exchange, field: string): string {
  const selected = selectedOf(x)
  if (selected.kind === 'absent') return 'there is nothing at this place yet'
  const sent = x.field(field.toLowerCase())
  const now =
    selected.etag && field !== 'If-Unmodified-Since'
      ? `the current ETag is "${selected.etag.opaque}"`
      : `it was last changed at ${new Date(selected.lastModified ?? 0).toISOString()}`
  return `it says ${sent}, and ${now}`
}

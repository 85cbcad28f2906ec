// RFC 9110 §14.2: does Range ask for bytes that the representation has? Its length is known once it is built.
import { ifRange, parseDate, parseEntityTag, parseRange, type Selected } from '@comity/http'
import { type Answer, lengthOf, refuse, type Stop } from '../answer.ts'
import type { Exchange } from '../exchange.ts'

/** Notes the ranges that are to be sent instead of the whole. */
export function rangeSatisfiable(x: Exchange): Stop | undefined {
  const { built } = x
  const range = x.field('range')
  // §14.2: for GET alone; HEAD tells of the whole
  if (range === undefined || built === undefined || x.method !== 'GET') return
  const length = lengthOf(built.body)
  if (length === undefined) return
  const now = x.runtime.now()
  if (ifRange(x.field('if-range'), selectedOf(built, now), now) === 'false') return
  const verdict = parseRange(range, length)
  if (verdict.kind === 'ranges') x.ranges = verdict.ranges
  if (verdict.kind !== 'unsatisfiable') return
  return refuse('range-not-satisfiable', `Range is “${range.slice(0, 200)}”, and there are ${length} bytes.`, {
    fields: { 'content-range': verdict.contentRange, 'accept-ranges': 'bytes' },
    members: { length },
  })
}

/** The validators that are about to be sent: those of this very representation, in its coding. */
function selectedOf({ fields }: Answer, now: number): Selected {
  const etag = parseEntityTag(fields.etag ?? '')
  const lastModified = parseDate(fields['last-modified'] ?? '', now)
  return { kind: 'present', ...(etag && { etag }), ...(lastModified !== undefined && { lastModified }) }
}

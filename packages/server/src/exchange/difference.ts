// RFC 3229: what became of an item since the state that its caller has, instead of all of it.
import { formatEntityTag, parseEntityTag, parseEntityTags, parseWeighted } from '@comity/http'
import { diffJson } from '../content/json-diff.ts'
import type { CollectionModel } from '../model/model.ts'
import type { Answer } from './answer.ts'
import { codingOf } from './coding/of-exchange.ts'
import { tagWithoutCoding } from './coding/tag.ts'
import type { Exchange } from './exchange.ts'
import { keptPlain } from './keeping.ts'
import type { Kept } from './representation.ts'

/** The instance manipulation (§10.1): a JSON Patch from the one instance to the other. Not a registered one. */
const manipulation = 'json-patch'

/** Most operations that a reader should have to apply. */
const mostOperations = 1_000

/** Whether A-IM is looked at for an answer. */
export const tellsDifferences = (x: Exchange, { history }: CollectionModel): boolean =>
  history === 'kept' && x.format?.name === 'json'

/** Remembers what was built of an item in JSON, as it was read from what is committed. */
export function noteRead(x: Exchange, collection: CollectionModel, { etag, answer }: Kept): void {
  if (tellsDifferences(x, collection) && answer.body instanceof Uint8Array)
    x.runtime.history.note(seenAt(x, x.target.path), etag.opaque, answer.body)
}

/** What was seen of the item at a path, by those who see the same. */
const seenAt = (x: Exchange, path: string): string => (x.target.view === undefined ? path : `${x.target.view} ${path}`)

/** Remembers what a write has answered, now that it is committed. */
export function noteWritten(x: Exchange, { status, fields, body }: Answer): void {
  const collection = x.isRead() || (status !== 200 && status !== 201) ? undefined : x.collection()
  if (collection === undefined || !tellsDifferences(x, collection) || !(body instanceof Uint8Array)) return
  const tag = parseEntityTag(fields.etag ?? '')
  const path = x.target.place.kind === 'item' ? x.target.path : fields.location?.slice(x.root().length)
  if (tag && path !== undefined) x.runtime.history.note(seenAt(x, path), tag.opaque, body)
}

/** 226 for the 200 of an item, where the caller asks for it, has a state that is still known, and gains by it. */
export function differing(x: Exchange, answer: Answer): Answer {
  const asked = x.fields['a-im']
  const { place } = x.target
  if (asked === undefined || answer.status !== 200 || x.method !== 'GET' || place.kind !== 'item') return answer
  if (!tellsDifferences(x, place.collection) || !codingOf(x).acceptable.includes('identity')) return answer
  if (!parseWeighted(x.field('a-im') ?? '').some(({ value, q }) => value === manipulation && q > 0)) return answer
  const current = parseEntityTag(answer.fields.etag ?? '')
  const had = parseEntityTags(x.field('if-none-match') ?? '')
  if (current === undefined || had === undefined || had === '*') return answer
  const { tag } = tagWithoutCoding(current)
  const now = x.runtime.history.find(seenAt(x, x.target.path), tag.opaque) ?? keptPlain(x)?.answer.body
  if (!(now instanceof Uint8Array)) return answer
  for (const sent of had) {
    const base = tagWithoutCoding(sent).tag
    // Of another view of the item there is no way to this one.
    if (sent.strength === 'weak' || viewOf(base.opaque) !== viewOf(tag.opaque)) continue
    const before = x.runtime.history.find(seenAt(x, x.target.path), base.opaque)
    const patch = before && patchOf(before, now)
    if (patch) return differenceAnswer(answer, patch, formatEntityTag(sent), formatEntityTag(tag))
  }
  return answer
}

/** What follows the revision in an entity tag: format, members, version, language. */
const viewOf = (opaque: string): string => opaque.slice(opaque.indexOf('-'))

/** Undefined where the whole is told in no more. */
function patchOf(before: Uint8Array, now: Uint8Array): Uint8Array | undefined {
  const operations = diffJson(JSON.parse(Buffer.from(before).toString()), JSON.parse(Buffer.from(now).toString()))
  if (operations.length > mostOperations) return undefined
  const patch = Buffer.from(JSON.stringify(operations))
  return patch.length < now.length ? patch : undefined
}

function differenceAnswer({ fields }: Answer, body: Uint8Array, base: string, etag: string): Answer {
  const { 'content-encoding': _, 'accept-ranges': __, ...instance } = fields
  return {
    status: 226,
    fields: {
      ...instance,
      'content-type': 'application/json-patch+json',
      'content-length': String(body.length),
      // §10.4.1: of the instance that comes of it
      etag,
      im: manipulation,
      'delta-base': base,
      // A cache that does not know the status must not answer anybody else with it.
      'cache-control': 'no-store',
    },
    body,
    coding: 'identity',
  }
}

// draft-ietf-httpapi-idempotency-key-header-07: can the key be used, and is there one where there must be?
import { createHash } from 'node:crypto'
import { parseIdempotencyKey } from '@comity/http'
import { refuse, type Stop } from '../answer.ts'
import type { Exchange } from '../exchange.ts'

export function keyUsable(x: Exchange): Stop | undefined {
  // An upload is done once, however often it is said to be complete.
  if (x.upload && x.fields['idempotency-key'] === undefined) {
    x.key = { name: { caller: 'upload', key: x.upload.id }, fingerprint: fingerprintOf(x) }
    return
  }
  const { kind } = x.target.place
  if (kind === 'upload' || kind === 'site' || (x.method !== 'POST' && x.method !== 'PATCH')) return
  const read = parseIdempotencyKey(x.field('idempotency-key'))
  switch (read.kind) {
    case 'invalid':
      return refuse('idempotency-key-invalid', `The Idempotency-Key cannot be used: ${read.detail}`)
    case 'absent': {
      const { place } = x.target
      const owner = place.kind === 'service' ? place.service : x.collection()
      if (owner?.idempotency !== 'required') return
      return refuse(
        'idempotency-key-required',
        `${x.method} here needs an Idempotency-Key, such as "${x.runtime.newId()}", sent again with every repeat.`,
      )
    }
    case 'key':
      x.key = { name: { caller: x.callerName, key: read.key }, fingerprint: fingerprintOf(x) }
      return
  }
}

/** A path that names a version tells of it by itself. */
const versionOf = ({ version, target }: Exchange): string =>
  version === undefined || target.versionPath ? '' : `v${version.number}\n`

/** Who sees other rows or members by now is not told the first answer again. */
const viewOf = ({ target: { view } }: Exchange): string => (view === undefined ? '' : `\n${view}`)

/** What the key stands for: method, target, content and its type. Another one of these is another request. */
function fingerprintOf(x: Exchange): string {
  return createHash('sha256')
    .update(
      `${x.method}\n${x.incoming.prefix()}${x.target.url}\n${typeOf(x)}\n${versionOf(x)}${x.contentLanguage ?? ''}${viewOf(x)}`,
    )
    .update(x.content ?? '')
    .digest('base64url')
}

/** Of a form without its boundary, which a repeat chooses anew. */
const typeOf = (x: Exchange): string =>
  x.contentKind === 'multipart' ? 'multipart/form-data' : (x.field('content-type') ?? '')

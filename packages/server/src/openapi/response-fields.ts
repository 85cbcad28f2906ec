// Response header fields. Content-Type is said by the media type (OpenAPI 3.1.1 §4.8.17.1).
import { type Draft, share } from './draft.ts'
import type { Header, Headers } from './kind.ts'

const fields = {
  ETag: 'The strong validator of this representation: send it back in If-Match or If-None-Match.',
  'Last-Modified': 'When the item, or anything in the list, was last changed.',
  'Accept-Ranges': 'Whether a part of this may be asked for: `bytes`, or `none`.',
  'Content-Range': 'Which bytes these are, and of how many; of a 416, how many there are.',
  IM: 'How the content was made: `json-patch` (RFC 3229).',
  'Delta-Base': 'The ETag of the state that the patch is to be applied to.',
  'Content-Digest': 'The digest of this content, where it was wanted (RFC 9530 §2).',
  'Repr-Digest': 'The digest of the whole representation, where it was wanted (RFC 9530 §3).',
  'Cache-Control': 'How long, and by whom, the answer may be kept.',
  Vary: 'The request fields that the answer depended on.',
  Link: 'Links: pages of a list by `first`, `prev`, `next` and `last`, the list of an item by `collection` (RFC 8288).',
  'Content-Disposition': 'Whether to save or to show the file, and what it is called (RFC 6266).',
  'Content-Security-Policy': 'Of types that could run scripts: that they may not.',
  'X-Content-Type-Options': '`nosniff`: the type is the one that is said.',
  'Upload-Offset': 'Bytes of an upload that are here.',
  'Upload-Complete': 'Whether an upload has all that it is to have: `?1` or `?0`.',
  'Upload-Length': 'Bytes that an upload is to have, where that was told.',
  'Upload-Limit': 'How large an upload may be (`max-size`, bytes), and how long it is kept (`max-age`, seconds).',
  Location: 'Where the new item lives, or where to look instead.',
  'Content-Location': 'Where what is in the body lives.',
  'Content-Encoding': 'The content coding of the body, chosen by Accept-Encoding; none where it is short.',
  'Content-Language': 'The languages of the text: for a problem, of `userMessage` too.',
  'X-Total-Count':
    'How many items match, over all pages; only with `Prefer: count=exact`. Of a large import, how many were created.',
  'Idempotency-Replayed': '`true` where the answer is that of an earlier request with the same Idempotency-Key.',
  'Preference-Applied': 'The preferences that were followed (RFC 7240).',
  Allow: 'The methods that the resource answers.',
  'Accept-Post': 'Media types that POST reads here.',
  'Accept-Patch': 'Media types that PATCH reads here.',
  'Accept-Query': 'Media types that QUERY reads here (RFC 10008).',
  Accept: 'Media types that are read here.',
  'Accept-Encoding': 'Content codings that are read here.',
  'API-Version': 'The version that the answer speaks.',
  Deprecation: 'Since when this version is deprecated, as a structured date (RFC 9745).',
  Sunset: 'From when on this version may be switched off (RFC 8594).',
  'WWW-Authenticate': 'How to say who one is, a challenge for each scheme (RFC 9110 §11.6.1).',
  'Retry-After': 'Seconds to wait before the request is repeated.',
} as const

export type ResponseFieldName = keyof typeof fields

const whole: ReadonlySet<ResponseFieldName> = new Set(['X-Total-Count', 'Retry-After'])

/** What every answer says of its version. */
function ofVersion(draft: Draft): readonly ResponseFieldName[] {
  const older = draft.model.older()
  const dates: readonly (readonly [ResponseFieldName, number | undefined])[] = [
    ['Deprecation', older?.deprecated],
    ['Sunset', older?.sunset],
  ]
  const dated = dates.flatMap(([name, date]) => (date === undefined ? [] : [name]))
  return ['API-Version', ...(older ? (['Link'] as const) : []), ...dated]
}

/** The named fields; those that are `always` there first, with what every answer has. */
export function responseFields(
  draft: Draft,
  always: readonly ResponseFieldName[],
  sometimes: readonly ResponseFieldName[] = [],
): Headers {
  const refer = (name: ResponseFieldName, required: boolean) =>
    share(
      draft,
      'headers',
      required ? name : `${name}.optional`,
      (): Header => ({
        description: fields[name],
        ...(required && { required }),
        schema: whole.has(name) ? { type: 'integer', minimum: 0 } : { type: 'string' },
      }),
    )
  const each = [...always, ...ofVersion(draft)]
  const others: readonly ResponseFieldName[] = [...sometimes, 'Vary']
  return Object.fromEntries([
    ...others.filter(name => !each.includes(name)).map(name => [name, refer(name, false)]),
    ...each.map(name => [name, refer(name, true)]),
  ])
}

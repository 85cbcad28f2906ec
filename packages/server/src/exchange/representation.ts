// RFC 9110 §8: representation data and its metadata. Built once per (revision, representation), then sent as bytes.
import { type EntityTag, formatDate, formatEntityTag, formatLinks, type Link } from '@comity/http'
import type { Form, Piece } from '../formats/format.ts'
import { bytesOf } from '../formats/pieces.ts'
import { forms } from '../formats/registry.ts'
import type { Answer } from './answer.ts'

/** A representation that was built, with what it takes to know whether it is still the current one. */
export type Kept = {
  /** The store's generation when it was last known to be current. */
  readonly generation: number
  /** The revision of the item or collection it shows. */
  readonly revision: number
  readonly etag: EntityTag
  /** In ms since the epoch; undefined where it cannot be told. */
  readonly modified: number | undefined
  /** The answer to GET; HEAD leaves the body out. */
  readonly answer: Answer
  readonly notModified: Answer
}

/** §8.8.3: a strong tag, made of the revision and the name of the representation. */
export function entityTagOf(revision: number, representation: string): EntityTag {
  return { strength: 'strong', opaque: `${revision.toString(36)}-${representation}` }
}

const formNames: ReadonlySet<string> = new Set(forms.map(({ name }) => name))
const opaqueForm = /^([0-9a-z]+)-([a-z]+)(?:-[0-9a-z]+)?(?:\.[0-9a-z]+)*$/

/** What names the bytes of a file in its tag, where formats name those of items. */
export const bytesOfFile = 'file'

/** Whether a tag names any representation of this revision. A tag that was never given out names none. */
export function isOfRevision({ strength, opaque }: EntityTag, revision: number): boolean {
  const [, number, format = ''] = opaqueForm.exec(opaque) ?? []
  return strength === 'strong' && number === revision.toString(36) && (format === bytesOfFile || formNames.has(format))
}

/** What content in this form says of itself. */
export const contentFields = ({ contentType, fields }: Pick<Form, 'contentType' | 'fields'>) => ({
  'content-type': contentType,
  ...fields,
  'x-content-type-options': 'nosniff',
})

export type Metadata = {
  readonly format: Pick<Form, 'contentType' | 'fields'>
  readonly cacheControl: string
  readonly vary: string
  readonly links: readonly Link[]
  /** RFC 9110 §14.3: whether parts can be had, in what tells of a whole. */
  readonly ranges?: 'bytes' | 'none'
  /** Further fields, such as X-Total-Count. */
  readonly more?: Readonly<Record<string, string>>
}

/** The fields of a 200 that carries a representation, Content-Length aside. */
export function representationFields(
  validators: Pick<Kept, 'etag' | 'modified'>,
  { format, cacheControl, vary, links, ranges, more }: Metadata,
): Record<string, string> {
  return {
    ...contentFields(format),
    'cache-control': cacheControl,
    ...(vary && { vary }),
    etag: formatEntityTag(validators.etag),
    ...(validators.modified !== undefined && { 'last-modified': formatDate(validators.modified) }),
    ...(links.length > 0 && { link: formatLinks(links) }),
    ...(ranges && { 'accept-ranges': ranges }),
    ...more,
  }
}

/** §15.4.5: what a 304 repeats of the 200 it stands for. */
const repeatedIn304 = [
  'cache-control',
  'content-location',
  'etag',
  'last-modified',
  'link',
  'vary',
  'x-total-count',
  'api-version',
  'deprecation',
  'sunset',
]

export function notModifiedAnswer(fields: Readonly<Record<string, string>>): Answer {
  const repeated = Object.fromEntries(Object.entries(fields).filter(([name]) => repeatedIn304.includes(name)))
  return { status: 304, fields: repeated, body: undefined }
}

/** A representation with its bytes, ready to be sent again and again. */
export function keep(
  content: Piece,
  validators: Pick<Kept, 'generation' | 'revision' | 'etag' | 'modified'>,
  metadata: Metadata,
): Kept {
  const body = bytesOf(content)
  const fields = { ...representationFields(validators, metadata), 'content-length': String(body.length) }
  return { ...validators, answer: { status: 200, fields, body }, notModified: notModifiedAnswer(fields) }
}

/** Roughly how much memory a kept representation takes, in bytes. */
export function sizeOf(kept: Kept): number {
  return Number(kept.answer.fields['content-length']) + 1_000
}

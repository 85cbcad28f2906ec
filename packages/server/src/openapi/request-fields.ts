// Request header fields that change an answer. Accept and Content-Type are said by the media types of the bodies
// (OpenAPI 3.1.1 §4.8.12.1).
import { type Draft, share } from './draft.ts'
import type { Parameter, Ref } from './kind.ts'

type FieldName =
  | 'Accept-Encoding'
  | 'Accept-Language'
  | 'Content-Encoding'
  | 'Content-Language'
  | 'API-Version'
  | 'If-Match'
  | 'If-None-Match'
  | 'If-Modified-Since'
  | 'If-Unmodified-Since'
  | 'Range'
  | 'If-Range'
  | 'A-IM'
  | 'Content-Digest'
  | 'Repr-Digest'
  | 'Want-Content-Digest'
  | 'Want-Repr-Digest'

const texts: Readonly<Record<FieldName, { readonly description: string; readonly example: string }>> = {
  'Accept-Encoding': {
    description: 'Content codings in which the answer may come (RFC 9110 §12.5.3); 406 where it leaves none.',
    example: 'zstd, br, gzip',
  },
  'Accept-Language': {
    description:
      'Languages for `userMessage` in a problem: English, Russian and Vietnamese are spoken (RFC 9110 §12.5.4). It chooses the texts of a resource too, where they are kept in several languages.',
    example: 'vi, en;q=0.5',
  },
  'Content-Encoding': {
    description:
      'The codings of the content, at most two: gzip, deflate, br and zstd are read (RFC 9110 §8.4); 415 for another.',
    example: 'gzip',
  },
  'Content-Language': {
    description:
      'The language of the texts that are sent, of those that are kept in several: theirs are written, the others stay (RFC 9110 §8.5). Without it, the first language.',
    example: 'en',
  },
  'API-Version': {
    description: 'The version asked for, where the path names none. The newest by default.',
    example: '1',
  },
  'If-Match': {
    description: 'Only if the ETag is one of these; `*`: only if there is something (RFC 9110 §13.1.1). Otherwise 412.',
    example: '"4q-json"',
  },
  'If-None-Match': {
    description:
      'Only if the ETag is none of these; `*`: only if there is nothing yet (RFC 9110 §13.1.2). Otherwise 304 to a read, 412 to a write.',
    example: '"4q-json"',
  },
  'If-Modified-Since': {
    description: 'Only if changed since; ignored where If-None-Match is sent (RFC 9110 §13.1.3). Otherwise 304.',
    example: 'Wed, 31 Dec 2014 12:00:00 GMT',
  },
  'If-Unmodified-Since': {
    description: 'Only if not changed since; ignored where If-Match is sent (RFC 9110 §13.1.4). Otherwise 412.',
    example: 'Wed, 31 Dec 2014 12:00:00 GMT',
  },
  Range: {
    description:
      'The bytes wanted, of the representation that would be answered (RFC 9110 §14.2): `bytes=0-499`, `bytes=500-`, `bytes=-500`, or several. What cannot be read, or asks for too much, is ignored.',
    example: 'bytes=0-499',
  },
  'If-Range': {
    description:
      'The ETag of what one has a part of: where it is not that of now, Range is ignored and the whole is sent (RFC 9110 §13.1.5).',
    example: '"4q-json"',
  },
  'A-IM': {
    description:
      '`json-patch`: with If-None-Match, and where that state is still remembered, the answer is 226 with a JSON Patch from it to the current one (RFC 3229).',
    example: 'json-patch',
  },
  'Content-Digest': {
    description:
      'The digest of the content as it is sent, coded as it is (RFC 9530 §2): `sha-256` or `sha-512`. What arrives otherwise is 400.',
    example: 'sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:',
  },
  'Repr-Digest': {
    description: 'The same of the representation in the content (RFC 9530 §3), which is all of it.',
    example: 'sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:',
  },
  'Want-Content-Digest': {
    description: 'The digest of the content that is wanted (RFC 9530 §4), by weights from 0 to 10.',
    example: 'sha-256=10, sha-512=1',
  },
  'Want-Repr-Digest': {
    description:
      'The digest of the whole representation that is wanted, also of a part of it (RFC 9530 §4), by weights from 0 to 10.',
    example: 'sha-256=10, sha-512=1',
  },
}

export function requestField(draft: Draft, name: FieldName): Ref {
  const { description, example } = texts[name]
  return share(draft, 'parameters', name, () => ({
    name,
    in: 'header',
    description,
    schema: { type: 'string', ...(name === 'API-Version' && { enum: [draft.model.version.split('.')[0] ?? '1'] }) },
    examples: { one: { value: name === 'API-Version' ? (draft.model.version.split('.')[0] ?? '1') : example } },
  }))
}

/** The preconditions of a method: reads revalidate by time too, writes only guard (RFC 9110 §13.1.3, RFC 10008 §2.6). */
export function preconditionFields(draft: Draft, method: 'read' | 'write'): readonly Ref[] {
  const names: readonly FieldName[] =
    method === 'read'
      ? ['If-None-Match', 'If-Modified-Since', 'If-Match', 'If-Unmodified-Since']
      : ['If-Match', 'If-None-Match', 'If-Unmodified-Since']
  return names.map(name => requestField(draft, name))
}

/** The same field, asked for: without it the answer is 428. */
export function requiredIfMatch(): Parameter {
  const { description, example } = texts['If-Match']
  return {
    name: 'If-Match',
    in: 'header',
    description: `${description} A write here must carry this, If-None-Match or If-Unmodified-Since: 428 without.`,
    schema: { type: 'string' },
    examples: { one: { value: example } },
  }
}

export type Preference = 'return' | 'count' | 'handling' | 'respond-async' | 'wait'

const preferences: Readonly<Record<Preference, string>> = {
  return:
    '`return=minimal` leaves the body out of the answer, `return=representation` (the usual) sends what was written',
  count: '`count=exact` has the total counted into X-Total-Count',
  'respond-async': '`respond-async` has it done later, as a job, and answers 202 at once',
  wait: '`wait=10` holds the answer back for so many seconds (60 at most), so that it may be the result and not the job',
  handling: '`handling=strict` refuses preferences that are not understood with 400 instead of ignoring them',
}

/** RFC 7240: Prefer, with the preferences that mean something to the method. */
export function preferField(draft: Draft, understood: readonly Preference[]): Ref {
  const examples = { return: 'return=minimal', count: 'count=exact', handling: 'handling=strict' }
  const example = { ...examples, 'respond-async': 'respond-async, wait=10', wait: 'wait=10' }[
    understood[0] ?? 'handling'
  ]
  return share(draft, 'parameters', `Prefer.${understood.join('.')}`, () => ({
    name: 'Prefer',
    in: 'header',
    description: `Preferences (RFC 7240): ${understood.map(name => preferences[name]).join('; ')}. What was followed is in Preference-Applied.`,
    schema: { type: 'string' },
    examples: { one: { value: example } },
  }))
}

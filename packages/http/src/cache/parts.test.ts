import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fields } from '../fields.ts'
import { canCombine, combine, partialFields, partOf, placeOf, rangeAnswer } from './parts.ts'
import type { StoredResponse } from './store.ts'

const at = Date.UTC(2026, 0, 1)
const bytes = (text: string) => new TextEncoder().encode(text)
const text = (content: Uint8Array) => new TextDecoder().decode(content)

function kept(more: Partial<StoredResponse> = {}): StoredResponse {
  const fields = { etag: '"a"', 'last-modified': 'Wed, 31 Dec 2025 00:00:00 GMT' }
  return {
    method: 'GET',
    status: 200,
    fields,
    requestFields: {},
    requestTime: at,
    responseTime: at,
    length: 10,
    ...more,
  }
}

type PartRow = readonly [name: string, status: number, fields: Fields, part: string]
const parts: readonly PartRow[] = [
  ['one part', 206, { etag: '"a"', 'content-range': 'bytes 2-4/10' }, '2-4/10'],
  ['200', 200, { etag: '"a"', 'content-range': 'bytes 2-4/10' }, 'none'],
  ['no validator', 206, { 'content-range': 'bytes 2-4/10' }, 'none'],
  ['weak tag', 206, { etag: 'W/"a"', 'content-range': 'bytes 2-4/10' }, 'none'],
  ['length not known', 206, { etag: '"a"', 'content-range': 'bytes 2-4/*' }, 'none'],
  ['beyond its length', 206, { etag: '"a"', 'content-range': 'bytes 2-10/10' }, 'none'],
  ['several parts', 206, { etag: '"a"', 'content-type': 'multipart/byteranges; boundary=x' }, 'none'],
  ['another unit', 206, { etag: '"a"', 'content-range': 'rows 2-4/10' }, 'none'],
]
for (const [name, status, fields, expected] of parts) {
  test(`part of a 206: ${name}`, () => {
    const part = partOf({ status, fields })
    assert.equal(part === undefined ? 'none' : `${part.range.first}-${part.range.last}/${part.length}`, expected)
  })
}

const some = { status: 206, ranges: [{ first: 2, last: 5 }] }
type AnswerRow = readonly [name: string, asked: Fields, more: Partial<StoredResponse>, answer: string, method?: string]
const answers: readonly AnswerRow[] = [
  ['no Range', {}, {}, 'whole'],
  ['of the whole', { range: 'bytes=2-4' }, {}, '2-4'],
  ['to the end', { range: 'bytes=2-' }, {}, '2-9'],
  ['the last ones', { range: 'bytes=-3' }, {}, '7-9'],
  ['cut to the length', { range: 'bytes=8-20' }, {}, '8-9'],
  ['beyond the end', { range: 'bytes=10-' }, {}, 'cannot'],
  ['two ranges', { range: 'bytes=0-1,5-6' }, {}, 'cannot'],
  ['another unit', { range: 'rows=1-2' }, {}, 'whole'],
  ['malformed', { range: 'bytes=x' }, {}, 'whole'],
  ['HEAD', { range: 'bytes=0-1' }, {}, 'whole', 'HEAD'],
  ['404', { range: 'bytes=0-1' }, { status: 404 }, 'whole'],
  ['length not known', { range: 'bytes=0-1' }, { length: undefined as never }, 'cannot'],
  ['If-Range holds', { range: 'bytes=0-1', 'if-range': '"a"' }, {}, '0-1'],
  ['If-Range fails', { range: 'bytes=0-1', 'if-range': '"b"' }, {}, 'whole'],
  ['If-Range by date', { range: 'bytes=0-1', 'if-range': 'Wed, 31 Dec 2025 00:00:00 GMT' }, {}, '0-1'],
  ['part: no Range', {}, some, 'cannot'],
  ['part: within', { range: 'bytes=3-4' }, some, '3-4'],
  ['part: all of it', { range: 'bytes=2-5' }, some, '2-5'],
  ['part: half outside', { range: 'bytes=3-6' }, some, 'cannot'],
  ['part: If-Range fails', { range: 'bytes=3-4', 'if-range': '"b"' }, some, 'cannot'],
  ['part: HEAD', { range: 'bytes=3-4' }, some, 'cannot', 'HEAD'],
]
for (const [name, asked, more, expected, method = 'GET'] of answers) {
  test(`range of what is stored: ${name}`, () => {
    const answer = rangeAnswer({ method, url: 'https://a.example/x', fields: asked }, kept(more))
    assert.equal(answer.kind === 'part' ? `${answer.range.first}-${answer.range.last}` : answer.kind, expected)
  })
}

test('a part is answered with its place and length', () => {
  const fields = partialFields({ etag: '"a"', 'content-length': '10' }, { range: { first: 2, last: 4 }, length: 10 })
  assert.deepEqual(fields, { etag: '"a"', 'content-length': '3', 'content-range': 'bytes 2-4/10' })
})

test('the place of a range among those stored', () => {
  const ranges = [
    { first: 2, last: 5 },
    { first: 8, last: 9 },
  ]
  assert.equal(placeOf({ ranges }, { first: 3, last: 4 }), 1)
  assert.equal(placeOf({ ranges }, { first: 9, last: 9 }), 5)
  assert.equal(placeOf({ ranges }, { first: 5, last: 8 }), undefined)
  assert.equal(placeOf({}, { first: 5, last: 8 }), 5)
})

type CombinableRow = readonly [name: string, more: Partial<StoredResponse>, fields: Fields, combinable: boolean]
const range = { 'content-range': 'bytes 6-9/10' }
const combinable: readonly CombinableRow[] = [
  ['the same tag', some, { ...range, etag: '"a"' }, true],
  ['with the whole', {}, { ...range, etag: '"a"' }, true],
  ['another tag', some, { ...range, etag: '"b"' }, false],
  ['a weak tag', some, { ...range, etag: 'W/"a"' }, false],
  ['the stored one is weak', { ...some, fields: { etag: 'W/"a"' } }, { ...range, etag: '"a"' }, false],
  ['no tag, same date', { ...some, fields: {} }, { ...range, 'last-modified': 'Wed, 31 Dec 2025 00:00:00 GMT' }, false],
  ['another length', some, { 'content-range': 'bytes 6-9/11', etag: '"a"' }, false],
]
for (const [name, more, fields, expected] of combinable) {
  test(`may be combined: ${name}`, () => {
    const answer = { status: 206, fields, requestTime: at, responseTime: at }
    assert.equal(canCombine(kept(more), answer), expected)
  })
}

type CombineRow = readonly [held: string, part: string, after: string]
/** `2:cde` is bytes 2 to 4. */
const whole = 'abcdefghij'
const combinations: readonly CombineRow[] = [
  ['2-4', '6-7', '2-4 6-7'],
  ['2-4', '5-7', '2-7'],
  ['2-4', '0-1', '0-4'],
  ['2-4', '3-7', '2-7'],
  ['2-7', '3-4', '2-7'],
  ['3-4', '2-7', '2-7'],
  ['0-1 5-6', '2-4', '0-6'],
  ['0-1 5-6', '8-9', '0-1 5-6 8-9'],
  ['0-1 5-6', '1-7', '0-7'],
  ['0-4', '5-9', 'all'],
  ['5-9', '0-4', 'all'],
  ['0-1 5-6 8-9', '2-7', 'all'],
  ['5-6', '0-9', 'all'],
]
for (const [held, added, after] of combinations) {
  test(`combined: ${held} with ${added}`, () => {
    const read = (one: string) => {
      const [first = 0, last = 0] = one.split('-').map(Number)
      return { first, last }
    }
    const cut = ({ first, last }: { first: number; last: number }) => whole.slice(first, last + 1)
    const ranges = held.split(' ').map(read)
    const part = read(added)
    const result = combine(
      { content: bytes(ranges.map(cut).join('')), ranges },
      { range: part, length: 10 },
      bytes(cut(part)),
    )
    const there = result.ranges ?? [{ first: 0, last: 9 }]
    assert.equal(result.ranges === undefined ? 'all' : there.map(one => `${one.first}-${one.last}`).join(' '), after)
    assert.equal(text(result.content), there.map(cut).join(''))
  })
}

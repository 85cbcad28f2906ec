import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fields } from '../fields.ts'
import { isFresh } from './freshness.ts'
import {
  answerConditions,
  freshen,
  headOutcome,
  selectForFreshening,
  validationFields,
  validationOutcome,
  validationRequest,
} from './revalidate.ts'
import type { CacheRequest, StoredResponse } from './store.ts'

const url = 'https://a.example/x'
const at = Date.UTC(2026, 0, 1)
const date = 'Thu, 01 Jan 2026 00:00:00 GMT'
const dayBefore = 'Wed, 31 Dec 2025 00:00:00 GMT'
const hourBefore = 'Wed, 31 Dec 2025 23:00:00 GMT'

function ask(fields: Fields = {}, method = 'GET'): CacheRequest {
  return { method, url, fields }
}
function kept(fields: Fields, more: Partial<StoredResponse> = {}): StoredResponse {
  return {
    method: 'GET',
    status: 200,
    fields: { date, ...fields },
    requestFields: {},
    requestTime: at,
    responseTime: at,
    ...more,
  }
}
function answer(fields: Fields, status = 304, seconds = 10) {
  return { status, fields, requestTime: at + seconds * 1000 - 100, responseTime: at + seconds * 1000 }
}

type SentRow = readonly [name: string, asked: Fields, stored: readonly Fields[], sent: Fields]
const sent: readonly SentRow[] = [
  ['a strong tag', {}, [{ etag: '"a"' }], { 'if-none-match': '"a"' }],
  ['a weak tag', {}, [{ etag: 'W/"a"' }], { 'if-none-match': 'W/"a"' }],
  ['Last-Modified', {}, [{ 'last-modified': dayBefore }], { 'if-modified-since': dayBefore }],
  [
    'both',
    {},
    [{ etag: '"a"', 'last-modified': dayBefore }],
    { 'if-none-match': '"a"', 'if-modified-since': dayBefore },
  ],
  ['nothing to go by', {}, [{}], {}],
  ['nothing stored', { 'if-none-match': '"mine"' }, [], {}],
  ['a tag that cannot be read', {}, [{ etag: 'abc', 'last-modified': dayBefore }], { 'if-modified-since': dayBefore }],
  ['a date that cannot be read', {}, [{ 'last-modified': 'yesterday' }], {}],
  [
    'several',
    {},
    [{ etag: '"a"', 'last-modified': dayBefore }, { etag: '"b"' }, { etag: '"a"' }, {}],
    { 'if-none-match': '"a", "b"' },
  ],
  [
    'with the tags of the request',
    { 'if-none-match': '"mine", W/"b"' },
    [{ etag: '"a"' }],
    { 'if-none-match': '"mine", W/"b", "a"' },
  ],
  ['the request has that tag', { 'if-none-match': '"a"' }, [{ etag: '"a"' }], {}],
  ['the request asks for any', { 'if-none-match': '*' }, [{ etag: '"a"' }], {}],
  ['not for a part', { range: 'bytes=0-1' }, [{ 'last-modified': dayBefore }], {}],
]
for (const [name, asked, stored, fields] of sent) {
  test(`validating request: ${name}`, () => {
    assert.deepEqual(
      validationFields(
        ask(asked),
        stored.map(one => kept(one)),
      ),
      fields,
    )
  })
}
test('a validation of the cache itself carries what Vary names', () => {
  const stored = kept({ etag: '"a"', vary: 'Abc' }, { requestFields: { abc: '123' } })
  assert.deepEqual(validationRequest(url, stored), {
    method: 'GET',
    url,
    fields: { abc: '123', 'if-none-match': '"a"' },
  })
})

test('what the answer to a validation means', () => {
  const outcomes = [200, 204, 301, 304, 404, 410, 429, 500, 503, 504].map(status => validationOutcome(status))
  assert.deepEqual(outcomes, [
    'replace',
    'replace',
    'replace',
    'freshen',
    'replace',
    'replace',
    'replace',
    'failed',
    'failed',
    'failed',
  ])
})

type ConditionRow = readonly [name: string, asked: Fields, stored: Fields, answered: 'whole' | 'not-modified']
const conditions: readonly ConditionRow[] = [
  ['none', {}, { etag: '"a"' }, 'whole'],
  ['its tag', { 'if-none-match': '"a"' }, { etag: '"a"' }, 'not-modified'],
  ['its weak tag', { 'if-none-match': 'W/"a"' }, { etag: 'W/"a"' }, 'not-modified'],
  ['weak against strong', { 'if-none-match': 'W/"a"' }, { etag: '"a"' }, 'not-modified'],
  ['first of three', { 'if-none-match': '"a", "1", "2"' }, { etag: '"a"' }, 'not-modified'],
  ['last of three', { 'if-none-match': '"1", "2", "a"' }, { etag: '"a"' }, 'not-modified'],
  ['another tag', { 'if-none-match': '"b"' }, { etag: '"a"' }, 'whole'],
  ['a tag where there is none', { 'if-none-match': '"b"' }, {}, 'whole'],
  ['any', { 'if-none-match': '*' }, {}, 'not-modified'],
  ['not a tag', { 'if-none-match': 'a' }, { etag: '"a"' }, 'whole'],
  [
    'tags go before dates',
    { 'if-none-match': '"b"', 'if-modified-since': date },
    { etag: '"a"', 'last-modified': dayBefore },
    'whole',
  ],
  [
    'the other way round',
    { 'if-none-match': '"a"', 'if-modified-since': dayBefore },
    { etag: '"a"', 'last-modified': date },
    'not-modified',
  ],
  ['not modified since', { 'if-modified-since': dayBefore }, { 'last-modified': dayBefore }, 'not-modified'],
  ['modified since', { 'if-modified-since': dayBefore }, { 'last-modified': hourBefore }, 'whole'],
  ['Date stands in: later', { 'if-modified-since': hourBefore }, {}, 'whole'],
  ['Date stands in: not later', { 'if-modified-since': date }, {}, 'not-modified'],
  ['not a date', { 'if-modified-since': 'yesterday' }, { 'last-modified': dayBefore }, 'whole'],
]
for (const [name, asked, stored, answered] of conditions) {
  test(`conditions of the request: ${name}`, () =>
    assert.equal(answerConditions(ask(asked), kept(stored), at), answered))
}
test('conditions are about 200 alone', () => {
  assert.equal(answerConditions(ask({ 'if-none-match': '*' }), kept({}, { status: 404 }), at), 'whole')
})

type SelectRow = readonly [
  name: string,
  stored: readonly Fields[],
  said: Fields,
  selected: readonly number[],
  asked?: Fields,
]
const older = { date: dayBefore }
const selections: readonly SelectRow[] = [
  // strong validators
  ['the strong tag', [{ etag: '"a"' }, { etag: '"b"' }], { etag: '"b"' }, [1]],
  ['all with the strong tag', [{ etag: '"a"' }, { etag: '"a"' }, { etag: '"b"' }], { etag: '"a"' }, [0, 1]],
  ['another strong tag', [{ etag: '"a"' }], { etag: '"b"' }, []],
  ['strong is not weak', [{ etag: 'W/"a"' }], { etag: '"a"' }, []],
  [
    'another strong tag, same date',
    [{ etag: '"a"', 'last-modified': dayBefore }],
    { etag: '"b"', 'last-modified': dayBefore },
    [],
  ],
  [
    'strong date',
    [{ 'last-modified': dayBefore }, { 'last-modified': hourBefore }],
    { 'last-modified': dayBefore, date },
    [0],
  ],
  [
    'all with the strong date',
    [{ 'last-modified': dayBefore }, { 'last-modified': dayBefore }],
    { 'last-modified': dayBefore, date },
    [0, 1],
  ],
  ['another strong date', [{ 'last-modified': dayBefore }], { 'last-modified': hourBefore, date }, []],
  // weak ones
  ['the weak tag', [{ etag: 'W/"a"' }, { etag: 'W/"b"' }], { etag: 'W/"b"' }, [1]],
  ['a weak tag for a strong one', [{ etag: '"a"' }], { etag: 'W/"a"' }, [0]],
  ['the most recent with the weak tag', [{ etag: 'W/"a"', ...older }, { etag: 'W/"a"' }], { etag: 'W/"a"' }, [1]],
  [
    'a weak date: the most recent',
    [{ 'last-modified': date }, { 'last-modified': date, ...older }],
    { 'last-modified': date, date },
    [0],
  ],
  ['another weak tag', [{ etag: 'W/"a"' }], { etag: 'W/"b"' }, []],
  // none
  ['no validator anywhere', [{}], {}, [0]],
  ['no validator, two stored', [{}, {}], {}, []],
  ['a 304 without the tag that was asked about', [{ etag: '"a"' }], {}, [0]],
  ['unless the request had a condition of its own', [{ etag: '"a"' }], {}, [], { 'if-none-match': '"mine"' }],
  ['nothing stored', [], { etag: '"a"' }, []],
  // those that could not have been chosen
  ['Vary', [{ etag: '"a"', vary: 'foo' }, { etag: '"a"' }], { etag: '"a"' }, [1], { foo: '1' }],
]
for (const [name, stored, said, selected, asked] of selections) {
  test(`304 is about: ${name}`, () => {
    const candidates = stored.map(one => kept(one))
    const found = selectForFreshening(ask(asked), candidates, answer(said))
    assert.deepEqual(
      found.map(one => candidates.indexOf(one)),
      selected,
    )
  })
}

type UpdateRow = readonly [name: string, stored: Fields, said: Fields, after: Fields]
const tenLater = 'Thu, 01 Jan 2026 00:00:10 GMT'
const updates: readonly UpdateRow[] = [
  [
    'what the 304 leaves out stays',
    { etag: '"a"', x: '1' },
    { date: tenLater },
    { etag: '"a"', x: '1', date: tenLater },
  ],
  [
    'what it has replaces',
    { etag: '"a"', x: '1' },
    { date: tenLater, x: '2', y: '3' },
    { etag: '"a"', x: '2', y: '3', date: tenLater },
  ],
  [
    'the usual fields',
    {
      etag: '"a"',
      'cache-control': 'max-age=1',
      expires: dayBefore,
      'content-type': 'text/plain',
      'content-location': '/foo',
    },
    {
      date: tenLater,
      etag: '"a"',
      'cache-control': 'max-age=3600',
      expires: date,
      'content-type': 'text/plain;charset=utf-8',
      'content-location': '/bar',
    },
    {
      date: tenLater,
      etag: '"a"',
      'cache-control': 'max-age=3600',
      expires: date,
      'content-type': 'text/plain;charset=utf-8',
      'content-location': '/bar',
    },
  ],
  [
    'what describes the content as stored',
    { etag: '"a"', 'content-length': '5', 'content-encoding': 'gzip' },
    { date: tenLater, 'content-length': '10', 'content-encoding': 'br', 'content-range': 'bytes 0-1/2' },
    { etag: '"a"', 'content-length': '5', 'content-encoding': 'gzip', date: tenLater },
  ],
  [
    'fields of the connection',
    { etag: '"a"', x: '1' },
    { date: tenLater, connection: 'x', x: '2', 'keep-alive': 'y' },
    { etag: '"a"', x: '1', date: tenLater },
  ],
  ['an Age of before', { etag: '"a"', age: '500' }, { date: tenLater }, { etag: '"a"', date: tenLater }],
  [
    'an Age of now',
    { etag: '"a"', age: '500' },
    { date: tenLater, age: '7' },
    { etag: '"a"', date: tenLater, age: '7' },
  ],
  ['no Date', { etag: '"a"' }, { x: '1' }, { etag: '"a"', x: '1', date: tenLater }],
  [
    'held back from now on',
    { etag: '"a"', x: '1' },
    { date: tenLater, 'cache-control': 'no-cache="x"' },
    { etag: '"a"', date: tenLater, 'cache-control': 'no-cache="x"' },
  ],
]
for (const [name, stored, said, after] of updates) {
  test(`freshen: ${name}`, () => {
    const { response, storability } = freshen(ask(), kept(stored, { invalid: true }), answer(said), { kind: 'private' })
    assert.deepEqual(response, {
      method: 'GET',
      status: 200,
      fields: after,
      requestFields: {},
      requestTime: at + 9900,
      responseTime: at + 10_000,
    })
    assert.deepEqual(storability, { kind: 'storable' })
  })
}
test('a 304 makes a stale response fresh again', () => {
  const stale = kept({ etag: '"a"', 'cache-control': 'max-age=5', age: '3' })
  assert.equal(isFresh(stale, at + 12_000, { kind: 'private' }), false)
  const { response } = freshen(ask(), stale, answer({ etag: '"a"' }), { kind: 'private' })
  assert.equal(isFresh(response, at + 12_000, { kind: 'private' }), true)
})
test('a 304 can forbid to keep what it freshens', () => {
  const freshened = freshen(ask(), kept({ etag: '"a"' }), answer({ 'cache-control': 'no-store' }), { kind: 'private' })
  assert.deepEqual(freshened.storability, { kind: 'refused', why: 'response-no-store' })
})
test('a 304 with another Vary is kept by the fields of its own request', () => {
  const stored = kept({ etag: '"a"', vary: 'foo' }, { requestFields: { foo: '1' } })
  const freshened = freshen(ask({ foo: '1', bar: '2' }), stored, answer({ vary: 'bar' }), { kind: 'private' })
  assert.deepEqual(freshened.response.requestFields, { bar: '2' })
})

type HeadRow = readonly [
  name: string,
  stored: Fields,
  said: Fields,
  outcome: ReturnType<typeof headOutcome>,
  status?: number,
  method?: string,
]
const heads: readonly HeadRow[] = [
  ['the same tag', { etag: '"a"' }, { etag: '"a"' }, 'freshen'],
  ['another tag', { etag: '"a"' }, { etag: '"b"' }, 'stale'],
  ['a tag where there was none', {}, { etag: '"b"' }, 'stale'],
  ['no tag where there was one', { etag: '"a"' }, {}, 'freshen'],
  ['the same date', { 'last-modified': dayBefore }, { 'last-modified': dayBefore }, 'freshen'],
  ['another date', { etag: '"a"', 'last-modified': dayBefore }, { etag: '"a"', 'last-modified': date }, 'stale'],
  ['the same length', { 'content-length': '5' }, { 'content-length': '5' }, 'freshen'],
  ['another length', { etag: '"a"', 'content-length': '5' }, { etag: '"a"', 'content-length': '6' }, 'stale'],
  ['no validators at all', {}, {}, 'freshen'],
  ['another variant', { vary: 'foo' }, { etag: '"b"' }, 'unrelated'],
  ['404', { etag: '"a"' }, { etag: '"b"' }, 'unrelated', 404],
  ['GET', { etag: '"a"' }, { etag: '"b"' }, 'unrelated', 200, 'GET'],
]
for (const [name, stored, said, outcome, status = 200, method = 'HEAD'] of heads) {
  test(`HEAD: ${name}`, () => {
    assert.equal(headOutcome(ask({ foo: '1' }, method), kept(stored), answer(said, status)), outcome)
  })
}

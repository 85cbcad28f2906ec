import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fields } from '../fields.ts'
import {
  decideReuse,
  decideStandIn,
  isSelectable,
  reusedFields,
  selectStored,
  type ValidationFailure,
} from './reuse.ts'
import type { Cache, CacheRequest, StoredResponse } from './store.ts'

const url = 'https://a.example/x'
const at = Date.UTC(2026, 0, 1)
const date = 'Thu, 01 Jan 2026 00:00:00 GMT'

function ask(fields: Fields = {}, method = 'GET'): CacheRequest {
  return { method, url, fields }
}
function kept(fields: Fields, requestFields: Fields = {}, more: Partial<StoredResponse> = {}): StoredResponse {
  return {
    method: 'GET',
    status: 200,
    fields: { date, ...fields },
    requestFields,
    requestTime: at,
    responseTime: at,
    ...more,
  }
}

type VaryRow = readonly [name: string, vary: string | undefined, stored: Fields, asked: Fields, match: boolean]
const one = { foo: '1' }
const varying: readonly VaryRow[] = [
  ['no Vary', undefined, {}, { foo: '2' }, true],
  ['empty Vary', '', {}, { foo: '2' }, true],
  ['the same', 'Foo', one, { foo: '1' }, true],
  ['another', 'Foo', one, { foo: '2' }, false],
  ['left out now', 'Foo', one, {}, false],
  ['left out before', 'Foo', {}, one, false],
  ['empty is not absent', 'Foo', {}, { foo: '' }, false],
  ['absent in both', 'Foo, Bar, Baz', { foo: '1', baz: '3' }, { foo: '1', baz: '3' }, true],
  [
    'one of three differs',
    'Foo, Bar, Baz',
    { foo: '1', bar: 'abc4', baz: '3' },
    { foo: '1', bar: 'abc', baz: '3' },
    false,
  ],
  ['fields not named', 'Foo', one, { foo: '1', other: '3' }, true],
  ['*', '*', one, one, false],
  ['*, *', '*, *', one, one, false],
  [', *', ', *', one, one, false],
  ['*, Foo', '*, Foo', one, one, false],
  ['Foo, *', 'Foo, *', one, one, false],
  ['space around commas', 'Foo', { foo: '1,2' }, { foo: ' 1, 2 ' }, true],
  ['space inside quotes', 'Foo', { foo: '"1,2"' }, { foo: '"1, 2"' }, false],
  ['case of values', 'Foo', { foo: 'a' }, { foo: 'A' }, false],
  ['case of languages', 'Accept-Language', { 'accept-language': 'en-GB' }, { 'accept-language': 'EN-gb' }, true],
  ['case of codings', 'Accept-Encoding', { 'accept-encoding': 'GZIP, br' }, { 'accept-encoding': 'gzip,br' }, true],
  ['space around weights', 'Accept', { accept: 'a/b; q=0.5' }, { accept: 'a/b;q=0.5' }, true],
  ['order of languages', 'Accept-Language', { 'accept-language': 'en, de' }, { 'accept-language': 'de, en' }, false],
  ['a name every object has', 'constructor', {}, {}, true],
]
for (const [name, vary, stored, asked, match] of varying) {
  test(`Vary: ${name}`, () => assert.equal(isSelectable(ask(asked), kept({ vary }, stored)), match))
}

const methods: readonly (readonly [asked: string, stored: string, match: boolean])[] = [
  ['GET', 'GET', true],
  ['HEAD', 'GET', true],
  ['QUERY', 'QUERY', true],
  ['GET', 'QUERY', false],
  ['QUERY', 'GET', false],
  ['POST', 'GET', false],
]
for (const [asked, stored, match] of methods) {
  test(`${asked} ${match ? 'may' : 'may not'} be answered from ${stored}`, () => {
    assert.equal(isSelectable(ask({}, asked), kept({}, {}, { method: stored })), match)
  })
}

test('of several that match, the most recent by Date, then by receipt', () => {
  const old = kept({ date: 'Wed, 31 Dec 2025 00:00:00 GMT' }, {}, { responseTime: at + 9000 })
  const recent = kept({ a: '1' })
  const received = kept({ a: '2' }, {}, { responseTime: at + 1000 })
  assert.equal(selectStored(ask(), [old, recent]), recent)
  assert.equal(selectStored(ask(), [recent, old]), recent)
  assert.equal(selectStored(ask(), [recent, received, old]), received)
  assert.equal(selectStored(ask(), []), undefined)
})
test('one with Vary goes before the default that lacks it', () => {
  const fallback = kept({}, {}, { responseTime: at + 9000 })
  const german = kept({ vary: 'Accept-Language', date: 'Wed, 31 Dec 2025 00:00:00 GMT' }, { 'accept-language': 'de' })
  assert.equal(selectStored(ask({ 'accept-language': 'de' }), [fallback, german]), german)
  assert.equal(selectStored(ask({ 'accept-language': 'fr' }), [fallback, german]), fallback)
})

type Row = readonly [
  name: string,
  said: Fields,
  secondsLater: number,
  asked: string | undefined,
  decision: string,
  shared?: string,
]
const cc = (value: string): Fields => ({ 'cache-control': value })
const rows: readonly Row[] = [
  ['fresh', cc('max-age=3600'), 3, undefined, 'use fresh'],
  ['stale', cc('max-age=1'), 3, undefined, 'validate stale'],
  ['at its lifetime', cc('max-age=3'), 3, undefined, 'validate stale'],
  ['no lifetime', {}, 3, undefined, 'validate stale'],
  ['Age beyond max-age', { ...cc('max-age=10'), age: '15' }, 0, undefined, 'validate stale'],
  ['s-maxage for shared ones', cc('max-age=1, s-maxage=3600'), 3, undefined, 'validate stale', 'use fresh'],
  ['must-revalidate while fresh', cc('max-age=10, must-revalidate'), 3, undefined, 'use fresh'],
  ['no-cache', cc('max-age=10000, no-cache'), 3, undefined, 'validate response-no-cache'],
  ['no-cache in any case', cc('max-age=10000, No-CaChE'), 3, undefined, 'validate response-no-cache'],
  ['no-cache about a field', cc('max-age=10000, no-cache="a"'), 3, undefined, 'use fresh'],
  ['Pragma is history', { ...cc('max-age=10'), pragma: 'no-cache' }, 3, undefined, 'use fresh'],
  // request directives
  ['request no-cache', cc('max-age=3600'), 3, 'no-cache', 'validate request-no-cache'],
  ['request no-store', cc('max-age=3600'), 3, 'no-store', 'forward no-store'],
  ['request max-age=0', cc('max-age=3600'), 3, 'max-age=0', 'validate max-age'],
  ['request max-age=0 at once', cc('max-age=3600'), 0, 'max-age=0', 'use fresh'],
  ['request max-age enough', cc('max-age=3600'), 3, 'max-age=3', 'use fresh'],
  ['request max-age, Age', { ...cc('max-age=3600'), age: '1800' }, 0, 'max-age=600', 'validate max-age'],
  ['request max-age does not make fresh', cc('max-age=1'), 3, 'max-age=60', 'validate stale'],
  ['request max-age bounds max-stale', cc('max-age=1'), 30, 'max-age=10, max-stale=1000', 'validate max-age'],
  ['min-fresh too much', cc('max-age=1500'), 0, 'min-fresh=2000', 'validate min-fresh'],
  ['min-fresh, Age', { ...cc('max-age=1500'), age: '1000' }, 0, 'min-fresh=1000', 'validate min-fresh'],
  ['min-fresh just enough', { ...cc('max-age=1500'), age: '500' }, 0, 'min-fresh=1000', 'use fresh'],
  ['max-stale', cc('max-age=1'), 3, 'max-stale=1000', 'use max-stale'],
  ['max-stale just enough', cc('max-age=1'), 3, 'max-stale=2', 'use max-stale'],
  ['max-stale too little', cc('max-age=1'), 3, 'max-stale=1', 'validate stale'],
  ['max-stale of any age', cc('max-age=1'), 99_999, 'max-stale', 'use max-stale'],
  ['max-stale unreadable', cc('max-age=1'), 3, 'max-stale=x', 'validate stale'],
  ['max-stale, Age', { ...cc('max-age=1500'), age: '2000' }, 0, 'max-stale=1000', 'use max-stale'],
  ['max-stale, must-revalidate', cc('max-age=1, must-revalidate'), 3, 'max-stale', 'validate stale'],
  ['max-stale, proxy-revalidate', cc('max-age=1, proxy-revalidate'), 3, 'max-stale', 'use max-stale', 'validate stale'],
  ['max-stale, s-maxage', cc('max-age=1, s-maxage=1'), 3, 'max-stale', 'use max-stale', 'validate stale'],
  ['max-stale, no-cache', cc('max-age=1, no-cache'), 3, 'max-stale', 'validate response-no-cache'],
  // only-if-cached
  ['only-if-cached, fresh', cc('max-age=60'), 3, 'only-if-cached', 'use fresh'],
  ['only-if-cached, stale', cc('max-age=1'), 3, 'only-if-cached', 'unavailable only-if-cached'],
  ['only-if-cached, max-stale', cc('max-age=1'), 3, 'only-if-cached, max-stale', 'use max-stale'],
  // RFC 5861
  ['stale-while-revalidate', cc('max-age=1, stale-while-revalidate=60'), 3, undefined, 'use stale-while-revalidate'],
  ['its end', cc('max-age=1, stale-while-revalidate=2'), 3, undefined, 'use stale-while-revalidate'],
  ['after its end', cc('max-age=1, stale-while-revalidate=1'), 3, undefined, 'validate stale'],
  [
    'beside must-revalidate',
    cc('max-age=1, stale-while-revalidate=60, must-revalidate'),
    3,
    undefined,
    'validate stale',
  ],
  ['beside request max-age', cc('max-age=1, stale-while-revalidate=60'), 3, 'max-age=9', 'validate stale'],
  ['beside a lesser max-stale', cc('max-age=1, stale-while-revalidate=60'), 3, 'max-stale=1', 'validate stale'],
  // RFC 8246
  ['immutable on reload', cc('max-age=60, immutable'), 3, 'max-age=0', 'use fresh'],
  ['immutable, but stale', cc('max-age=1, immutable'), 3, 'max-age=0', 'validate max-age'],
  ['immutable, but asked to check', cc('max-age=60, immutable'), 3, 'no-cache', 'validate request-no-cache'],
]
for (const [name, said, later, asked, decision, shared = decision] of rows) {
  test(`reuse: ${name}`, () => {
    const decide = (kind: Cache['kind']): string => {
      const reuse = decideReuse(ask({ 'cache-control': asked }), kept(said), at + later * 1000, { kind })
      return `${reuse.kind} ${reuse.why}`
    }
    assert.equal(decide('private'), decision)
    assert.equal(decide('shared'), shared)
  })
}

const fresh = kept(cc('max-age=60'))
const forwards: readonly (readonly [
  name: string,
  request: CacheRequest,
  stored: StoredResponse | undefined,
  decision: string,
])[] = [
  ['nothing stored', ask(), undefined, 'forward not-stored'],
  ['nothing stored, only-if-cached', ask(cc('only-if-cached')), undefined, 'unavailable only-if-cached'],
  ['POST is written through', ask({}, 'POST'), fresh, 'forward method'],
  ['OPTIONS is not kept', ask({}, 'OPTIONS'), fresh, 'forward method'],
  ['HEAD', ask({}, 'HEAD'), fresh, 'use fresh'],
  ['Range', ask({ range: 'bytes=0-1' }), fresh, 'forward range'],
  ['If-Match', ask({ 'if-match': '"a"' }), fresh, 'forward precondition'],
  ['If-Unmodified-Since', ask({ 'if-unmodified-since': date }), fresh, 'forward precondition'],
  ['If-None-Match', ask({ 'if-none-match': '"a"' }), fresh, 'use fresh'],
  ['invalidated', ask(), { ...fresh, invalid: true }, 'validate invalidated'],
  ['invalidated, max-stale', ask(cc('max-stale')), { ...fresh, invalid: true }, 'validate invalidated'],
]
for (const [name, request, stored, decision] of forwards) {
  test(`reuse: ${name}`, () => {
    const reuse = decideReuse(request, stored, at, { kind: 'private' })
    assert.equal(`${reuse.kind} ${reuse.why}`, decision)
  })
}

test('stale-while-revalidate validates in the background, unless only-if-cached', () => {
  const stale = kept(cc('max-age=1, stale-while-revalidate=60'))
  const open = decideReuse(ask(), stale, at + 3000, { kind: 'private' })
  const closed = decideReuse(ask(cc('only-if-cached')), stale, at + 3000, { kind: 'private' })
  assert.deepEqual(open, { kind: 'use', why: 'stale-while-revalidate', validation: 'in-background' })
  assert.deepEqual(closed, { kind: 'use', why: 'stale-while-revalidate', validation: 'none' })
})
test('nothing stored and only-if-cached is 504', () => {
  assert.deepEqual(decideReuse(ask(cc('only-if-cached')), undefined, at, { kind: 'private' }), {
    kind: 'unavailable',
    status: 504,
    why: 'only-if-cached',
  })
})

const network: ValidationFailure = { kind: 'network' }
const failed = (status: number): ValidationFailure => ({ kind: 'status', status })
type FailureRow = readonly [
  name: string,
  said: string,
  asked: string | undefined,
  failure: ValidationFailure,
  decision: string,
  cache?: Partial<Cache>,
]
const failures: readonly FailureRow[] = [
  ['503', 'max-age=1, stale-if-error=60', undefined, failed(503), 'use stale-if-error'],
  ['500', 'max-age=1, stale-if-error=60', undefined, failed(500), 'use stale-if-error'],
  ['501 is an answer', 'max-age=1, stale-if-error=60', undefined, failed(501), 'refuse not-an-error'],
  ['404 is an answer', 'max-age=1, stale-if-error=60', undefined, failed(404), 'refuse not-an-error'],
  ['no answer', 'max-age=1, stale-if-error=60', undefined, network, 'use stale-if-error'],
  ['its end', 'max-age=1, stale-if-error=2', undefined, network, 'use stale-if-error'],
  ['after its end', 'max-age=1, stale-if-error=1', undefined, network, 'refuse not-permitted'],
  ['permitted by the request', 'max-age=1', 'stale-if-error=60', failed(502), 'use stale-if-error'],
  ['not permitted', 'max-age=1', undefined, failed(504), 'refuse not-permitted'],
  [
    'must-revalidate',
    'max-age=1, stale-if-error=60, must-revalidate',
    undefined,
    network,
    'refuse forbidden',
    { disconnected: 'serve-stale' },
  ],
  ['no-cache', 'max-age=1, stale-if-error=60, no-cache', undefined, network, 'refuse forbidden'],
  [
    'proxy-revalidate',
    'max-age=1, stale-if-error=60, proxy-revalidate',
    undefined,
    network,
    'refuse forbidden',
    { kind: 'shared' },
  ],
  [
    'proxy-revalidate, private',
    'max-age=1, stale-if-error=60, proxy-revalidate',
    undefined,
    network,
    'use stale-if-error',
  ],
  ['s-maxage', 's-maxage=1, stale-if-error=60', undefined, network, 'refuse forbidden', { kind: 'shared' }],
  ['asked to check', 'max-age=1, stale-if-error=60', 'no-cache', network, 'refuse asked-newer'],
  ['asked for newer', 'max-age=1, stale-if-error=60', 'max-age=1', network, 'refuse asked-newer'],
  ['disconnected', 'max-age=1', undefined, network, 'use disconnected', { disconnected: 'serve-stale' }],
  ['disconnected, not told', 'max-age=1', undefined, network, 'refuse not-permitted'],
  [
    '503 is not disconnected',
    'max-age=1',
    undefined,
    failed(503),
    'refuse not-permitted',
    { disconnected: 'serve-stale' },
  ],
]
for (const [name, said, asked, failure, decision, cache] of failures) {
  test(`stand-in: ${name}`, () => {
    const kind = { kind: 'private', ...cache } as const
    const standIn = decideStandIn(ask({ 'cache-control': asked }), kept(cc(said)), failure, at + 3000, kind)
    assert.equal(`${standIn.kind} ${standIn.why}`, decision)
  })
}
test('stand-in: what was invalidated stands in for nothing', () => {
  const stored = { ...kept(cc('max-age=1, stale-if-error=60')), invalid: true } as const
  assert.deepEqual(decideStandIn(ask(), stored, network, at, { kind: 'private' }), {
    kind: 'refuse',
    why: 'invalidated',
  })
})

test('a stored response is used with its Age, and its own Date', () => {
  assert.deepEqual(reusedFields(kept({ age: '30', etag: '"a"' }), at + 2500), { date, age: '32', etag: '"a"' })
  assert.deepEqual(reusedFields(kept({}), at), { date, age: '0' })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fields } from '../fields.ts'
import { type Cache, type Storability, storability, storedFields, storedResponse, varyingFields } from './store.ts'

const url = 'https://a.example/x'
const at = Date.UTC(2026, 0, 1)
const date = 'Thu, 01 Jan 2026 00:00:00 GMT'
const modified = 'Wed, 31 Dec 2025 00:00:00 GMT'
type Why = Extract<Storability, { kind: 'refused' }>['why'] | 'storable'

function judge(kind: Cache['kind'], method: string, asked: Fields, status: number, said: Fields): Why {
  const verdict = storability({ method, url, fields: asked }, { status, fields: said }, { kind })
  return verdict.kind === 'storable' ? 'storable' : verdict.why
}

const cc = (value: string): Fields => ({ 'cache-control': value, etag: '"a"' })
const auth: Fields = { authorization: 'Bearer x' }

type Row = readonly [name: string, method: string, asked: Fields, status: number, said: Fields, own: Why, shared?: Why]
const rows: readonly Row[] = [
  // the method
  ['GET', 'GET', {}, 200, cc('max-age=5'), 'storable'],
  ['QUERY', 'QUERY', {}, 200, cc('max-age=5'), 'storable'],
  ['HEAD', 'HEAD', {}, 200, cc('max-age=5'), 'method-not-understood'],
  ['POST', 'POST', {}, 200, cc('max-age=5'), 'method-not-understood'],
  ['PATCH', 'PATCH', {}, 200, cc('max-age=5'), 'method-not-understood'],
  ['lower case is another method', 'get', {}, 200, cc('max-age=5'), 'method-not-understood'],
  // the status
  ['103', 'GET', {}, 103, cc('max-age=5'), 'status-not-final'],
  ['206', 'GET', { range: 'bytes=0-1' }, 206, cc('max-age=5'), 'status-not-understood'],
  ['304', 'GET', {}, 304, cc('max-age=5'), 'status-not-understood'],
  ['428', 'GET', {}, 428, cc('max-age=5'), 'status-never-stored'],
  ['429', 'GET', {}, 429, cc('max-age=5'), 'status-never-stored'],
  ['431', 'GET', {}, 431, cc('max-age=5'), 'status-never-stored'],
  ['511', 'GET', {}, 511, cc('max-age=5'), 'status-never-stored'],
  ...[200, 203, 204, 299, 301, 302, 303, 307, 308, 400, 404, 410, 498, 500, 502, 503, 504, 599].map(
    (status): Row => [`${status} with explicit freshness`, 'GET', {}, status, cc('max-age=5'), 'storable'],
  ),
  ...[200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501].map(
    (status): Row => [`${status} by heuristics`, 'GET', {}, status, { 'last-modified': modified }, 'storable'],
  ),
  ...[201, 202, 299, 302, 303, 307, 400, 403, 500, 502, 503, 504, 599].map(
    (status): Row => [
      `${status} by heuristics`,
      'GET',
      {},
      status,
      { 'last-modified': modified },
      'not-marked-cacheable',
    ],
  ),
  ['599 marked public', 'GET', {}, 599, { 'cache-control': 'public', 'last-modified': modified }, 'storable'],
  ['403 marked private', 'GET', {}, 403, cc('private'), 'storable', 'private'],
  ['private fields mark nothing for many', 'GET', {}, 403, cc('private="a"'), 'storable', 'not-marked-cacheable'],
  // no-store
  ['no-store', 'GET', {}, 200, cc('no-store'), 'response-no-store'],
  ['no-store in any case', 'GET', {}, 200, cc('No-StOrE'), 'response-no-store'],
  [
    'no-store beside max-age',
    'GET',
    {},
    200,
    { 'cache-control': 'max-age=10000, no-store', expires: date },
    'response-no-store',
  ],
  ['no-store in the request', 'GET', { 'cache-control': 'no-store' }, 200, cc('max-age=5'), 'request-no-store'],
  ['must-understand overrides no-store', 'GET', {}, 200, cc('max-age=5, no-store, must-understand'), 'storable'],
  [
    'not for a code without registration',
    'GET',
    {},
    599,
    cc('max-age=5, no-store, must-understand'),
    'status-not-understood',
  ],
  ['nor for a code not known', 'GET', {}, 299, cc('max-age=5, must-understand'), 'status-not-understood'],
  // shared or not
  ['private', 'GET', {}, 200, cc('private, max-age=5'), 'storable', 'private'],
  ['private fields', 'GET', {}, 200, cc('private="set-cookie", max-age=5'), 'storable', 'storable'],
  ['authorization', 'GET', auth, 200, cc('max-age=5'), 'storable', 'authorization'],
  ['authorization, Expires', 'GET', auth, 200, { expires: date }, 'storable', 'authorization'],
  ['authorization, public', 'GET', auth, 200, cc('max-age=5, public'), 'storable', 'storable'],
  ['authorization, must-revalidate', 'GET', auth, 200, cc('max-age=5, must-revalidate'), 'storable', 'storable'],
  ['authorization, s-maxage', 'GET', auth, 200, cc('s-maxage=5'), 'storable', 'storable'],
  ['authorization, proxy-revalidate', 'GET', auth, 200, cc('max-age=5, proxy-revalidate'), 'storable', 'authorization'],
  // a mark or a status
  ['Expires', 'GET', {}, 500, { expires: date }, 'storable'],
  ['an Expires that is no date', 'GET', {}, 500, { expires: '0' }, 'storable'],
  ['s-maxage', 'GET', {}, 500, cc('s-maxage=5'), 'not-marked-cacheable', 'storable'],
  ['Set-Cookie is no obstacle', 'GET', {}, 200, { 'cache-control': 'max-age=5', 'set-cookie': 'a=b' }, 'storable'],
  // of no use
  ['Vary: *', 'GET', {}, 200, { 'cache-control': 'max-age=5', vary: '*' }, 'varies-by-anything'],
  ['Vary: with * at the end', 'GET', {}, 200, { 'cache-control': 'max-age=5', vary: 'Foo, *' }, 'varies-by-anything'],
  ['Vary: with * after nothing', 'GET', {}, 200, { 'cache-control': 'max-age=5', vary: ', *' }, 'varies-by-anything'],
  ['neither lifetime nor validator', 'GET', {}, 200, {}, 'never-reusable'],
  ['a validator that cannot be read', 'GET', {}, 200, { etag: 'abc', 'last-modified': 'yesterday' }, 'never-reusable'],
  ['no-cache without validator', 'GET', {}, 200, { 'cache-control': 'no-cache, max-age=5' }, 'never-reusable'],
  ['no-cache with validator', 'GET', {}, 200, cc('no-cache'), 'storable'],
  ['max-age=0 without validator', 'GET', {}, 200, { 'cache-control': 'max-age=0' }, 'storable'],
]
for (const [name, method, asked, status, said, own, shared = own] of rows) {
  test(`storability: ${name}`, () => {
    assert.equal(judge('private', method, asked, status, said), own)
    // s-maxage counts for shared caches alone, which the rows say.
    assert.equal(judge('shared', method, asked, status, said), shared)
  })
}

const fieldRows: readonly (readonly [
  name: string,
  fields: Fields,
  own: readonly string[],
  shared?: readonly string[],
])[] = [
  ['of the connection', { connection: 'a, B', a: '1', b: '2', c: '3' }, ['c']],
  [
    'never stored',
    {
      'keep-alive': 'x',
      'proxy-authenticate': 'x',
      'proxy-authentication-info': 'x',
      'proxy-authorization': 'x',
      'proxy-connection': 'x',
      te: 'x',
      trailer: 'x',
      'transfer-encoding': 'x',
      upgrade: 'x',
      'set-cookie': 'x',
      'x-y': 'z',
    },
    ['set-cookie', 'x-y'],
  ],
  [
    'no-cache names some',
    { 'cache-control': 'no-cache="a, b", max-age=5', a: '1', b: '2', c: '3' },
    ['cache-control', 'c'],
  ],
  [
    'private names some',
    { 'cache-control': 'private="a"', a: '1', c: '3' },
    ['cache-control', 'a', 'c'],
    ['cache-control', 'c'],
  ],
  ['no-cache about Vary', { 'cache-control': 'no-cache="vary"', vary: 'a' }, ['cache-control', 'vary']],
  ['absent ones', { a: undefined, b: '' }, ['b']],
]
for (const [name, fields, own, shared = own] of fieldRows) {
  test(`stored fields: ${name}`, () => {
    assert.deepEqual(Object.keys(storedFields(fields, { kind: 'private' })), own)
    assert.deepEqual(Object.keys(storedFields(fields, { kind: 'shared' })), shared)
  })
}

test('of the request, what Vary names is kept as it was sent', () => {
  const asked = { accept: 'a , b', cookie: 'secret', 'accept-language': undefined }
  assert.deepEqual(varyingFields('Accept, Accept-Language, constructor', asked), { accept: 'a , b' })
  assert.deepEqual(varyingFields(undefined, asked), {})
})

const dates: readonly (readonly [name: string, sent: string | undefined, stored: string])[] = [
  ['kept', 'Wed, 31 Dec 2025 00:00:00 GMT', 'Wed, 31 Dec 2025 00:00:00 GMT'],
  ['added where absent', undefined, date],
  ['replaced where unreadable', 'today', date],
]
for (const [name, sent, stored] of dates) {
  test(`Date: ${name}`, () => {
    const request = { method: 'GET', url, fields: {} }
    const times = { requestTime: at - 500, responseTime: at }
    const kept = storedResponse(request, { status: 200, fields: { etag: '"a"', date: sent } }, times, {
      kind: 'private',
    })
    assert.deepEqual(kept, {
      method: 'GET',
      status: 200,
      fields: { etag: '"a"', date: stored },
      requestFields: {},
      ...times,
    })
    assert.deepEqual(JSON.parse(JSON.stringify(kept)), kept)
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CacheControl, formatCacheControl, parseCacheControl, parseDeltaSeconds } from './cache-control.ts'
import { linear, processorTime } from './fixtures/processor.ts'

const parsed: readonly (readonly [name: string, field: string | undefined, control: CacheControl])[] = [
  ['absent', undefined, {}],
  ['empty', '', {}],
  ['empty members', ' , ,', {}],
  ['one time', 'max-age=3600', { maxAge: 3600 }],
  ['any case', 'MaX-aGe=3600, No-StOrE', { maxAge: 3600, noStore: true }],
  ['no space after the comma', 'no-store,max-age=5', { maxAge: 5, noStore: true }],
  ['quoted time', 'max-age="3600"', { maxAge: 3600 }],
  ['leading zeros', 'max-age=003600', { maxAge: 3600 }],
  ['2^31', 'max-age=2147483648', { maxAge: 2_147_483_648 }],
  ['beyond 2^31', 'max-age=99999999999', { maxAge: 2_147_483_648 }],
  ['beyond a double', `max-age=${'9'.repeat(400)}`, { maxAge: 2_147_483_648 }],
  ['two times: the lesser', 'max-age=1800, max-age=1', { maxAge: 1 }],
  ['two times, other order', 'max-age=1, max-age=1800', { maxAge: 1 }],
  ['one of two unreadable', 'max-age=1800, max-age=x', { maxAge: 0 }],
  ['single quotes are no quotes', "max-age='3600'", { maxAge: 0 }],
  ['a fraction', 'max-age=3600.0', { maxAge: 0 }],
  ['leading letter', 'max-age=a3600', { maxAge: 0 }],
  ['trailing letter', 'max-age=3600a', { maxAge: 0 }],
  ['negative', 'max-age=-3600', { maxAge: 0 }],
  ['no value', 'max-age', { maxAge: 0 }],
  ['empty value', 'max-age=', { maxAge: 0 }],
  ['space before =', 'max-age =3600', { maxAge: 0 }],
  ['space after =', 'max-age= 3600', { maxAge: 0 }],
  [
    'in a quoted string, before',
    'ext="max-age=3600", max-age=1',
    { maxAge: 1, extensions: new Map([['ext', 'max-age=3600']]) },
  ],
  [
    'in a quoted string, after',
    'max-age=1, ext="max-age=3600"',
    { maxAge: 1, extensions: new Map([['ext', 'max-age=3600']]) },
  ],
  ['comma and quote inside quotes', 'ext="a\\", no-store, b"', { extensions: new Map([['ext', 'a", no-store, b']]) }],
  [
    'a quote that never closes',
    'ext="a, no-store, max-age=5',
    { noStore: true, maxAge: 5, extensions: new Map([['ext', '"a']]) },
  ],
  [
    'a quote that closes in a later member',
    'ext="a, no-store", max-age=5',
    { maxAge: 5, extensions: new Map([['ext', 'a, no-store']]) },
  ],
  ['s-maxage', 's-maxage=10, max-age=1', { sMaxage: 10, maxAge: 1 }],
  ['s-maxage unreadable', 's-maxage=x', { sMaxage: 0 }],
  ['RFC 5861', 'stale-while-revalidate=30, stale-if-error=60', { staleWhileRevalidate: 30, staleIfError: 60 }],
  ['RFC 5861 unreadable', 'stale-while-revalidate, stale-if-error=soon', { staleWhileRevalidate: 0, staleIfError: 0 }],
  ['RFC 8246', 'max-age=5, immutable', { maxAge: 5, immutable: true }],
  ['no-cache', 'no-cache', { noCache: 'all' }],
  ['no-cache with a name', 'no-cache="Set-Cookie"', { noCache: ['set-cookie'] }],
  ['no-cache with a bare name', 'no-cache=a', { noCache: ['a'] }],
  ['no-cache with names, twice', 'no-cache="a, b", no-cache="B, c"', { noCache: ['a', 'b', 'c'] }],
  ['no-cache with and without names', 'no-cache="a", no-cache', { noCache: 'all' }],
  ['no-cache without and with names', 'no-cache, no-cache="a"', { noCache: 'all' }],
  ['no-cache with an empty list', 'no-cache=""', { noCache: 'all' }],
  ['no-cache about what a cache decides by', 'no-cache="a, Vary"', { noCache: 'all' }],
  ['private with no name in its list', 'private="a b"', { private: 'all' }],
  ['private', 'private', { private: 'all' }],
  ['private with a name', 'private="x-user"', { private: ['x-user'] }],
  ['a restriction with an argument restricts', 'no-store=yes', { noStore: true }],
  ['a grant with an argument grants nothing', 'public=yes, immutable=0, must-understand="x"', {}],
  [
    'the flags',
    'public, no-transform, only-if-cached, must-revalidate, must-understand, proxy-revalidate',
    {
      public: true,
      noTransform: true,
      onlyIfCached: true,
      mustRevalidate: true,
      mustUnderstand: true,
      proxyRevalidate: true,
    },
  ],
  ['max-stale of any age', 'max-stale', { maxStale: 'any' }],
  ['max-stale', 'max-stale=10', { maxStale: 10 }],
  ['max-stale twice', 'max-stale=10, max-stale', { maxStale: 10 }],
  ['max-stale unreadable', 'max-stale=x', { maxStale: 0 }],
  ['min-fresh twice: the greater', 'min-fresh=10, min-fresh=20', { minFresh: 20 }],
  ['min-fresh unreadable', 'min-fresh=x', { minFresh: 2_147_483_648 }],
  ['an extension', 'foobar, max-age=1', { maxAge: 1, extensions: new Map([['foobar', '']]) }],
  ['what is no directive at all', 'a b, =, "x", max-age=1', { maxAge: 1 }],
  [
    'the names every object has',
    'constructor, __proto__=1',
    {
      extensions: new Map([
        ['constructor', ''],
        ['__proto__', '1'],
      ]),
    },
  ],
]

for (const [name, field, control] of parsed) {
  test(`parse: ${name}`, () => assert.deepEqual(parseCacheControl(field), control))
}

test('a field full of open quotes is read in reasonable time', () => {
  const started = processorTime()
  parseCacheControl(`"${'\\",'.repeat(100_000)}`)
  assert.ok(processorTime() - started < linear)
})

const formatted: readonly (readonly [control: CacheControl, field: string])[] = [
  [{}, ''],
  [{ maxAge: 60 }, 'max-age=60'],
  [{ maxAge: 0.9, sMaxage: -1, staleIfError: Number.NaN }, 'max-age=0, s-maxage=0, stale-if-error=0'],
  [{ maxAge: Number.POSITIVE_INFINITY }, 'max-age=2147483648'],
  [{ noCache: 'all' }, 'no-cache'],
  [{ noCache: ['a', 'b'], private: ['c'] }, 'no-cache="a, b", private="c"'],
  [{ public: true, maxAge: 5, immutable: true, mustRevalidate: true }, 'public, immutable, must-revalidate, max-age=5'],
  [{ maxStale: 'any', minFresh: 3 }, 'max-stale, min-fresh=3'],
  [{ maxStale: 4, onlyIfCached: true }, 'only-if-cached, max-stale=4'],
  [
    {
      extensions: new Map([
        ['community', 'UCI'],
        ['x', ''],
        ['y', 'a "b"'],
      ]),
    },
    'community=UCI, x, y="a \\"b\\""',
  ],
]

for (const [control, field] of formatted) {
  test(`format: ${field || 'nothing'}`, () => assert.equal(formatCacheControl(control), field))
}

for (const [name, field, control] of parsed) {
  test(`what is written is read again: ${name}`, () => {
    assert.deepEqual(parseCacheControl(formatCacheControl(parseCacheControl(field))), control)
  })
}

test('delta-seconds', () => {
  assert.deepEqual(['0', '7', '', ' 7', '7 ', '+7', '1e3', '٣'].map(parseDeltaSeconds), [
    0,
    7,
    ...Array(6).fill(undefined),
  ])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CacheControlDefinition, cacheControlField, checkCaching } from './caching.ts'

const right: readonly (readonly [definition: CacheControlDefinition | undefined, field: string])[] = [
  [undefined, 'no-cache'],
  ['no-store', 'no-store'],
  ['public, max-age=60', 'public, max-age=60'],
  [{}, 'no-cache'],
  [{ visibility: 'public' }, 'public, no-cache'],
  [{ visibility: 'private', maxAge: 30 }, 'private, max-age=30'],
  [{ maxAge: 0 }, 'max-age=0'],
  [{ maxAge: 60, sharedMaxAge: 600 }, 'max-age=60, s-maxage=600'],
  [
    { visibility: 'public', maxAge: 60, staleWhileRevalidate: 30, staleIfError: 3600 },
    'public, max-age=60, stale-while-revalidate=30, stale-if-error=3600',
  ],
  [{ maxAge: 60, revalidation: 'required' }, 'must-revalidate, max-age=60'],
  [{ visibility: 'public', maxAge: 31536000, changes: 'never' }, 'public, immutable, max-age=31536000'],
]

for (const [definition, field] of right)
  test(`caching: ${JSON.stringify(definition)}`, () => {
    assert.deepEqual(checkCaching('at', definition), [])
    assert.equal(cacheControlField(definition), field)
  })

const wrong: readonly (readonly [definition: unknown, place: string, problem: RegExp])[] = [
  [{ maxAge: -1 }, 'at.maxAge', /whole seconds/],
  [{ maxAge: 1.5 }, 'at.maxAge', /whole seconds/],
  [{ maxAge: '60' }, 'at.maxAge', /whole seconds/],
  [{ maxage: 60 }, 'at.maxage', /not known/],
  [{ visibility: 'shared' }, 'at.visibility', /public or private/],
  [{ visibility: 'private', maxAge: 1, sharedMaxAge: 5 }, 'at.sharedMaxAge', /may not keep/],
  [{ staleIfError: 5 }, 'at.staleIfError', /needs a maxAge/],
  [{ changes: 'never' }, 'at.changes', /needs a maxAge/],
  [{ maxAge: 5, staleIfError: 5, revalidation: 'required' }, 'at.revalidation', /contradicts/],
  ['max-age=a', 'at', /max-age/],
  ['max-age', 'at', /max-age/],
  ['no-cache\r\nx: y', 'at', /ASCII/],
  ['', 'at', /ASCII/],
  [',,', 'at', /no directive/],
  [60, 'at', /an object/],
  [null, 'at', /an object/],
]

for (const [definition, place, problem] of wrong)
  test(`caching, refused: ${JSON.stringify(definition)}`, () => {
    const [fault, ...more] = checkCaching('at', definition as CacheControlDefinition)
    assert.equal(fault?.place, place)
    assert.match(fault?.problem ?? '', problem)
    assert.deepEqual(more, [])
  })

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { controlForCredentials, controlForOne } from './credentials.ts'

const rows: readonly (readonly [field: string, expected: string])[] = [
  ['no-cache', 'no-cache, private'],
  ['max-age=60', 'private, max-age=60'],
  ['s-maxage=600, max-age=60', 'private, max-age=60'],
  ['proxy-revalidate, max-age=60', 'private, max-age=60'],
  ['max-age=60, stale-while-revalidate=30', 'private, max-age=60, stale-while-revalidate=30'],
  ['must-revalidate, max-age=0', 'private, must-revalidate, max-age=0'],
  ['private="x-total-count"', 'private'],
  ['', 'private'],
  ['private', 'private'],
  ['public, max-age=60', 'public, max-age=60'],
  ['Public, s-maxage=60', 'Public, s-maxage=60'],
  ['no-store', 'no-store'],
  ['public=1, max-age=5', 'private, max-age=5'],
]

for (const [field, expected] of rows)
  test(`with credentials: ${field}`, () => assert.equal(controlForCredentials(field), expected))

const alone: readonly (readonly [field: string, expected: string])[] = [
  ['public, max-age=60', 'private, max-age=60'],
  ['public, s-maxage=600, max-age=60', 'private, max-age=60'],
  ['no-cache', 'no-cache, private'],
  ['no-store', 'no-store'],
]

for (const [field, expected] of alone)
  test(`for one caller alone: ${field}`, () => assert.equal(controlForOne(field), expected))

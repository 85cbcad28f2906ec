import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fields } from '../fields.ts'
import { currentAge, formatAge, freshnessLifetime, isFresh } from './freshness.ts'
import type { Cache, StoredResponse } from './store.ts'

const at = Date.UTC(2026, 0, 1)
const date = 'Thu, 01 Jan 2026 00:00:00 GMT'
const hourLater = 'Thu, 01 Jan 2026 01:00:00 GMT'
const hourBefore = 'Wed, 31 Dec 2025 23:00:00 GMT'
const dayBefore = 'Wed, 31 Dec 2025 00:00:00 GMT'

function stored(fields: Fields, more: Partial<StoredResponse> = {}): StoredResponse {
  return { method: 'GET', status: 200, fields, requestFields: {}, requestTime: at, responseTime: at, ...more }
}

type Kind = 'explicit' | 'heuristic' | 'none'
type Row = readonly [name: string, fields: Fields, kind: Kind, seconds: number, shared?: number]
const lifetimes: readonly Row[] = [
  ['max-age', { 'cache-control': 'max-age=3600' }, 'explicit', 3600],
  ['max-age=0', { 'cache-control': 'max-age=0', expires: hourLater, date }, 'explicit', 0],
  ['max-age before a past Expires', { 'cache-control': 'max-age=3600', expires: hourBefore, date }, 'explicit', 3600],
  ['max-age before a bad Expires', { 'cache-control': 'max-age=3600', expires: '0', date }, 'explicit', 3600],
  ['s-maxage for shared ones', { 'cache-control': 's-maxage=3600, max-age=1' }, 'explicit', 1, 3600],
  ['s-maxage the shorter', { 'cache-control': 'max-age=3600, s-maxage=1' }, 'explicit', 3600, 1],
  ['s-maxage before Expires', { 'cache-control': 's-maxage=1', expires: hourLater, date }, 'explicit', 3600, 1],
  ['an unreadable max-age', { 'cache-control': 'max-age=x', expires: hourLater, date }, 'explicit', 0],
  ['Expires', { expires: hourLater, date }, 'explicit', 3600],
  ['Expires in another case', { expires: 'thu, 01 JAN 2026 01:00:00 gmt', date }, 'explicit', 3600],
  ['Expires without Date', { expires: hourLater }, 'explicit', 3600],
  ['Expires by the Date of a server in another time', { expires: date, date: hourBefore }, 'explicit', 3600],
  ['Expires in the past', { expires: hourBefore, date }, 'explicit', 0],
  ['Expires at Date', { expires: date, date }, 'explicit', 0],
  ['Expires: 0', { expires: '0', date, 'last-modified': dayBefore }, 'explicit', 0],
  ['Expires: -1', { expires: '-1', date }, 'explicit', 0],
  ['Expires in another zone', { expires: 'Thu, 01 Jan 2026 01:00:00 UTC', date }, 'explicit', 0],
  ['Expires with dots', { expires: 'Thu, 01 Jan 2026 01.00.00 GMT', date }, 'explicit', 0],
  ['two Expires', { expires: `${hourLater}, ${hourBefore}`, date }, 'explicit', 0],
  ['a tenth of a day', { 'last-modified': dayBefore, date }, 'heuristic', 8640],
  ['not beyond a week', { 'last-modified': 'Sat, 01 Jan 2000 00:00:00 GMT', date }, 'heuristic', 604_800],
  ['modified in the future', { 'last-modified': hourLater, date }, 'none', 0],
  ['modified at some time', { 'last-modified': 'yesterday', date }, 'none', 0],
  ['nothing said', { date }, 'none', 0],
]
for (const [name, fields, kind, seconds, shared = seconds] of lifetimes) {
  test(`lifetime: ${name}`, () => {
    assert.deepEqual(freshnessLifetime(stored(fields), { kind: 'private' }), { kind, ms: seconds * 1000 })
    assert.deepEqual(freshnessLifetime(stored(fields), { kind: 'shared' }), { kind, ms: shared * 1000 })
  })
}

const guesses: readonly (readonly [name: string, status: number, control: string, cache: Cache, kind: Kind])[] = [
  ['200', 200, '', { kind: 'private' }, 'heuristic'],
  ['404', 404, '', { kind: 'private' }, 'heuristic'],
  ['201', 201, '', { kind: 'private' }, 'none'],
  ['a code not known', 299, '', { kind: 'private' }, 'none'],
  ['500, public', 500, 'public', { kind: 'private' }, 'heuristic'],
  ['500, private', 500, 'private', { kind: 'private' }, 'heuristic'],
  ['500, private, in a shared cache', 500, 'private="a"', { kind: 'shared' }, 'none'],
  ['guessing turned off', 200, '', { kind: 'private', heuristicFraction: 0 }, 'none'],
]
for (const [name, status, control, cache, kind] of guesses) {
  test(`heuristics: ${name}`, () => {
    const response = stored({ 'last-modified': dayBefore, date, 'cache-control': control }, { status })
    assert.equal(freshnessLifetime(response, cache).kind, kind)
  })
}

type AgeRow = readonly [name: string, response: StoredResponse, secondsLater: number, age: number]
const ages: readonly AgeRow[] = [
  ['just received', stored({ date }), 0, 0],
  ['residence', stored({ date }), 30, 30],
  ['Age and residence', stored({ date, age: '30' }), 2, 32],
  ['the delay of the response counts', stored({ date, age: '30' }, { requestTime: at - 5000 }), 2, 37],
  ['apparent age, where Age is less', stored({ date: hourBefore, age: '30' }), 2, 3602],
  ['corrected age, where Date says less', stored({ date, age: '7200' }), 0, 7200],
  ['a Date in the future is no age', stored({ date: hourLater }), 2, 2],
  ['no Date', stored({}), 7, 7],
  ['a Date that is none', stored({ date: 'now' }), 7, 7],
  ['Age not a number', stored({ date, age: 'abc' }), 1, 1],
  ['Age negative', stored({ date, age: '-7200' }), 1, 1],
  ['Age a fraction', stored({ date, age: '7200.0' }), 1, 1],
  ['Age with a parameter', stored({ date, age: '7200;foo=bar' }), 1, 1],
  ['the first Age of two: old', stored({ date, age: '7200, 0' }), 0, 7200],
  ['the first Age of two: new', stored({ date, age: '0, 7200' }), 0, 0],
  ['Age 2147483648', stored({ date, age: '2147483648' }), 0, 2_147_483_648],
  ['Age beyond', stored({ date, age: '99999999999' }), 0, 2_147_483_648],
  ['a clock set back', stored({ date, age: '30' }), -600, 30],
]
for (const [name, response, later, age] of ages) {
  test(`age: ${name}`, () => {
    assert.equal(currentAge(response, at + later * 1000), age * 1000)
    assert.equal(formatAge(response, at + later * 1000), String(age))
  })
}

test('Age is in whole seconds, never ahead', () => assert.equal(formatAge(stored({ date }), at + 1999), '1'))
test('fresh until its age reaches its lifetime', () => {
  const response = stored({ date, 'cache-control': 'max-age=10' })
  assert.equal(isFresh(response, at + 9999, { kind: 'private' }), true)
  assert.equal(isFresh(response, at + 10_000, { kind: 'private' }), false)
})

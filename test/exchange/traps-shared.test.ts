// Faults that respected clients and proxies really had, kept out by the functions that both ends share.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  evaluatePreconditions,
  formatContentRange,
  freshen,
  isFresh,
  mayRetry,
  parseRange,
  retryAfter,
  type Selected,
  waitBefore,
} from '@comity/http'

const now = Date.UTC(2026, 0, 1)
const browser = { kind: 'private' } as const

test('Retry-After: 0 treated as absent', () => {
  assert.equal(retryAfter({ 'retry-after': '0' }, now), 0)
  assert.equal(retryAfter({}, now), undefined)
  const told = { attempt: 1, base: 100, cap: 1000, retryAfter: 0, rateLimitReset: 60_000, random: () => 0 }
  assert.deepEqual(waitBefore(told), { kind: 'wait', ms: 0, why: 'retry-after' })
})

test('waiting less than told', () => {
  for (const random of [0, 0.5, 0.999])
    for (const attempt of [1, 2, 10, 60]) {
      const wait = waitBefore({ attempt, base: 100, cap: 1000, retryAfter: 5000, random: () => random })
      assert.ok(wait.kind === 'wait' && wait.ms >= 5000 && wait.ms <= 6000, `${attempt}: ${wait.ms}`)
    }
})

test('a wait that passes the deadline', () => {
  const input = { attempt: 1, base: 100, cap: 1000, retryAfter: 5000, random: () => 0 }
  assert.equal(waitBefore({ ...input, deadline: { at: now + 50, now } }).kind, 'give-up')
  assert.equal(waitBefore({ ...input, deadline: { at: now + 5001, now } }).kind, 'wait')
})

test('a 304 that does not refresh the stored response', () => {
  const asked = { method: 'GET', url: 'https://a.example/x', fields: {} }
  const then = now - 7_200_000
  const date = new Date(then).toUTCString()
  const stored = {
    method: 'GET',
    status: 200,
    fields: { etag: '"1"', date, 'cache-control': 'max-age=60', age: '30' },
    requestFields: {},
    requestTime: then,
    responseTime: then,
  }
  const said = { etag: '"1"', date: new Date(now).toUTCString(), 'cache-control': 'max-age=600' }
  const { response } = freshen(
    asked,
    stored,
    { status: 304, fields: said, requestTime: now, responseTime: now },
    browser,
  )
  assert.deepEqual([isFresh(stored, now + 1000, browser), isFresh(response, now + 1000, browser)], [false, true])
  assert.deepEqual([response.status, response.fields.date], [200, said.date])
})

const ranges: readonly (readonly [trap: string, field: string, length: number, verdict: string])[] = [
  ['416 without Content-Range: bytes */N', 'bytes=10-', 10, '416 bytes */10'],
  ['416 of nothing', 'bytes=0-', 0, '416 bytes */0'],
  ['a suffix longer than the whole', 'bytes=-20', 10, '0-9'],
  ['an end beyond the whole', 'bytes=5-99', 10, '5-9'],
  ['a range beyond the largest safe integer', 'bytes=0-99999999999999999999', 10, '0-9'],
  ['a backward range', 'bytes=5-4', 10, 'whole malformed'],
  ['overlapping ranges', 'bytes=0-5,3-7', 10, '0-7'],
  ['ranges overlapping thrice', 'bytes=0-,0-,0-', 10, 'whole abusive'],
  [
    'a thousand tiny ranges',
    `bytes=${Array.from({ length: 1000 }, (_, at) => `${at * 2}-${at * 2}`)}`,
    5000,
    'whole abusive',
  ],
  ['a unit that is not known', 'items=0-1', 10, 'whole unknown-unit'],
  ['several ranges out of order', 'bytes=8-9,0-1', 10, '8-9,0-1'],
]

for (const [trap, field, length, verdict] of ranges)
  test(`ranges: ${trap}`, () => {
    const read = parseRange(field, length)
    const told =
      read.kind === 'whole'
        ? `whole ${read.why}`
        : read.kind === 'unsatisfiable'
          ? `416 ${read.contentRange}`
          : read.ranges.map(({ first, last }) => `${first}-${last}`).join()
    assert.equal(told, verdict)
  })

test('416 says how long the representation is', () => assert.equal(formatContentRange('*', 47), 'bytes */47'))

const selected: Selected = { kind: 'present', etag: { strength: 'strong', opaque: 'a' }, lastModified: now - 60_000 }
const weak: Selected = { ...selected, etag: { strength: 'weak', opaque: 'a' } }

const resumed: readonly (readonly [trap: string, ifRange: string, of: Selected, range: 'honour' | 'ignore'])[] = [
  ['200 to an If-Range with the current ETag', '"a"', selected, 'honour'],
  ['a resumed download spliced from two versions', '"b"', selected, 'ignore'],
  ['a weak ETag taken for a strong one', 'W/"a"', weak, 'ignore'],
  ['a date that is later taken for the same', new Date(now).toUTCString(), selected, 'ignore'],
  ['200 to an If-Range with the same date', new Date(now - 60_000).toUTCString(), selected, 'honour'],
  ['an If-Range that cannot be read', 'yesterday', selected, 'ignore'],
]

for (const [trap, ifRange, of, range] of resumed)
  test(`If-Range: ${trap}`, () => {
    const verdict = evaluatePreconditions('GET', { range: 'bytes=5-', ifRange }, of, now)
    assert.deepEqual(verdict, { kind: 'pass', range })
  })

test('retrying a half-sent stream body', () => {
  const ended = { method: 'PUT', hasIdempotencyKey: true, attempt: 1, limits: { attempts: 3 } }
  const outcome = { kind: 'network', phase: 'send' } as const
  assert.equal(mayRetry({ ...ended, contentReplayable: false, outcome }).kind, 'stop')
  assert.equal(mayRetry({ ...ended, contentReplayable: true, outcome }).kind, 'retry')
})

test('retrying a POST that may have been carried out', () => {
  const ended = { method: 'POST', contentReplayable: true, attempt: 1, limits: { attempts: 3 } }
  const outcome = { kind: 'network', phase: 'wait' } as const
  assert.equal(mayRetry({ ...ended, hasIdempotencyKey: false, outcome }).kind, 'stop')
  assert.equal(mayRetry({ ...ended, hasIdempotencyKey: true, outcome }).kind, 'retry')
})

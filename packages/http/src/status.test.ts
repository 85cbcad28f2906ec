import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heuristicallyCacheable, isRegistered, neverCacheable } from './status/cacheability.ts'
import { reasonOf, statuses, understand } from './status.ts'

const registered = [
  100, 101, 102, 103, 104, 200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 306, 307,
  308, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423,
  424, 425, 426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511,
]
const unregistered = [
  419, 420, 430, 440, 444, 449, 450, 494, 495, 496, 497, 498, 499, 509, 520, 521, 522, 523, 524, 525, 526, 527, 529,
  530, 598, 599,
]
const kinds = ['informational', 'successful', 'redirection', 'client-error', 'server-error']

test('the registry has every code once, in order', () => {
  assert.deepEqual(
    [...statuses.keys()],
    [...registered, ...unregistered].sort((a, b) => a - b),
  )
})

test('rows are consistent', () => {
  for (const [code, status] of statuses) {
    assert.equal(status.code, code)
    assert.equal(status.kind, kinds[Math.floor(code / 100) - 1], String(code))
    assert.equal(status.registered, registered.includes(code), String(code))
    assert.equal(status.usedBy, status.registered ? undefined : status.source, String(code))
    assert.equal('usedBy' in status, !status.registered, String(code))
    if (status.registered) assert.match(status.source, /^(RFC \d+|draft-[a-z-]+) §\d/)
    for (const sentence of [status.meaning, status.next]) assert.match(sentence, /^[A-Z].{10,}\.$/)
    assert.notEqual(status.reason, '')
  }
})

test('these codes may be kept without being told so', () => {
  const heuristic = [...statuses.values()]
    .filter(status => status.cacheable === 'heuristically')
    .map(({ code }) => code)
  // RFC 9110 §15.1, and 451 by RFC 7725 §3.
  assert.deepEqual(heuristic, [200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 451, 501])
})

test('these codes are never stored', () => {
  const never = [...statuses.values()].filter(status => status.cacheable === 'never').map(({ code }) => code)
  assert.deepEqual(never, [100, 101, 102, 103, 104, 304, 428, 429, 431, 444, 499, 511])
})

test('each class advises only what makes sense in it', () => {
  for (const { code, kind, advice } of statuses.values()) {
    if (kind === 'informational') assert.equal(advice, 'continue', String(code))
    else if (kind === 'successful') assert.equal(advice, 'done', String(code))
    else if (kind === 'redirection') assert.ok(['follow', 'use-cached', 'give-up'].includes(advice), String(code))
    else assert.ok(!['continue', 'done', 'follow', 'use-cached'].includes(advice), String(code))
  }
})

test('codes that clients meet are acted on rightly', () => {
  for (const [code, advice] of [
    [303, 'follow'],
    [304, 'use-cached'],
    [305, 'give-up'],
    [401, 'authenticate'],
    [404, 'give-up'],
    [408, 'retry'],
    [412, 'refresh'],
    [421, 'retry-elsewhere'],
    [422, 'fix-request'],
    [425, 'retry'],
    [429, 'retry-later'],
    [440, 'authenticate'],
    [502, 'retry-later'],
    [503, 'retry-later'],
    [529, 'retry-later'],
  ] as const) {
    assert.equal(understand(code).advice, advice, String(code))
  }
})

test('an unknown code reads as x00 of its class', () => {
  for (const [code, read] of [
    [199, 100],
    [299, 200],
    [399, 300],
    [471, 400],
    [599, 599],
    [555, 500],
    [600, 500],
    [999, 500],
    [99, 500],
    [0, 500],
    [-1, 500],
    [200.5, 500],
    [Number.NaN, 500],
  ] as const) {
    assert.equal(understand(code).code, read, String(code))
  }
})

test('reason phrases', () => {
  assert.equal(reasonOf(413), 'Content Too Large')
  assert.equal(reasonOf(422), 'Unprocessable Content')
  assert.equal(reasonOf(471), '')
})

test('what caches ask is what the registry says', () => {
  for (let code = 0; code < 1000; code++) {
    const row = statuses.get(code)
    assert.equal(heuristicallyCacheable.has(code), row?.cacheable === 'heuristically', String(code))
    assert.equal(neverCacheable.has(code), row?.cacheable === 'never', String(code))
    assert.equal(isRegistered(code), row?.registered === true, String(code))
  }
})

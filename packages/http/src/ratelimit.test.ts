import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  formatRateLimit,
  formatRateLimitPolicy,
  parseRateLimit,
  parseRateLimitPolicy,
  type QuotaPolicy,
  type ServiceLimit,
  waitFor,
} from './ratelimit.ts'

const key = new TextEncoder().encode('abc')

const policies: readonly (readonly [field: string, policies: readonly QuotaPolicy[]])[] = [
  ['"default";q=100;w=60', [{ name: 'default', quota: 100, window: 60 }]],
  [
    '"burst";q=10;w=1, "day";q=1000;w=86400',
    [
      { name: 'burst', quota: 10, window: 1 },
      { name: 'day', quota: 1000, window: 86_400 },
    ],
  ],
  ['"bytes";q=65535;qu="content-bytes";w=10', [{ name: 'bytes', quota: 65_535, unit: 'content-bytes', window: 10 }]],
  ['"peruser";q=100;w=60;pk=:YWJj:', [{ name: 'peruser', quota: 100, window: 60, partitionKey: key }]],
]
const limits: readonly (readonly [field: string, limits: readonly ServiceLimit[]])[] = [
  ['"default";r=50;t=30', [{ name: 'default', remaining: 50, reset: 30 }]],
  ['"default";r=0', [{ name: 'default', remaining: 0 }]],
  [
    '"a";r=1;t=2, "b";r=0;t=0;pk=:YWJj:',
    [
      { name: 'a', remaining: 1, reset: 2 },
      { name: 'b', remaining: 0, reset: 0, partitionKey: key },
    ],
  ],
]

for (const [field, expected] of policies) {
  test(`policy: ${field}`, () => {
    assert.deepEqual(parseRateLimitPolicy(field), expected)
    assert.equal(formatRateLimitPolicy(expected), field)
  })
}
for (const [field, expected] of limits) {
  test(`limit: ${field}`, () => {
    assert.deepEqual(parseRateLimit(field), expected)
    assert.equal(formatRateLimit(expected), field)
  })
}

const lenient: readonly (readonly [name: string, field: string | undefined, limits: readonly ServiceLimit[]])[] = [
  ['absent', undefined, []],
  ['empty', '', []],
  ['malformed', '"default";r=', []],
  ['one member malformed spoils the field', '"a";r=1, "b', []],
  ['the form before names', 'limit=10, remaining=5, reset=3', []],
  ['a token as name', 'default;r=1;t=2', [{ name: 'default', remaining: 1, reset: 2 }]],
  ['without r', '"a";t=2, "b";r=1', [{ name: 'b', remaining: 1 }]],
  ['negative r', '"a";r=-1', []],
  ['r a decimal', '"a";r=1.5', []],
  ['r a string', '"a";r="1"', []],
  ['t unreadable is left out', '"a";r=1;t="soon"', [{ name: 'a', remaining: 1 }]],
  ['an inner list', '("a");r=1', []],
  ['a number as name', '100;r=1', []],
  ['a parameter not known', '"a";r=1;acme-x=?1', [{ name: 'a', remaining: 1 }]],
]

for (const [name, field, expected] of lenient) {
  test(`limit read: ${name}`, () => assert.deepEqual(parseRateLimit(field), expected))
}

test('a policy without q is ignored', () => assert.deepEqual(parseRateLimitPolicy('"a";w=5'), []))
test('a reset is rounded up and what is left down', () => {
  assert.equal(formatRateLimit([{ name: 'a', remaining: 1.9, reset: 0.1 }]), '"a";r=1;t=1')
  assert.equal(formatRateLimit([{ name: 'a', remaining: -3, reset: 5 }]), '"a";r=0;t=5')
})
test('a name beyond ASCII has no form', () => assert.equal(formatRateLimit([{ name: 'é', remaining: 1 }]), undefined))
test('nothing to send', () => assert.equal(formatRateLimit([]), ''))

const waits: readonly (readonly [name: string, field: string | undefined, expected: ReturnType<typeof waitFor>])[] = [
  ['no field', undefined, { kind: 'none' }],
  ['some left', '"a";r=1;t=30', { kind: 'none' }],
  ['none left', '"a";r=0;t=30', { kind: 'wait', ms: 30_000, name: 'a' }],
  ['none left, renewed now', '"a";r=0;t=0', { kind: 'wait', ms: 0, name: 'a' }],
  ['none left, renewal unknown', '"a";r=0', { kind: 'none' }],
  [
    'the longest of several',
    '"a";r=0;t=3, "b";r=0;t=9, "c";r=5;t=99, "d";r=0;t=1',
    { kind: 'wait', ms: 9000, name: 'b' },
  ],
]
for (const [name, field, expected] of waits) {
  test(`wait: ${name}`, () => assert.deepEqual(waitFor({ ratelimit: field }, 1000), expected))
}
test('wait: time that has passed since the response counts', () => {
  assert.deepEqual(waitFor({ ratelimit: '"a";r=0;t=30' }, 21_000, 1000), { kind: 'wait', ms: 10_000, name: 'a' })
  assert.deepEqual(waitFor({ ratelimit: '"a";r=0;t=30' }, 99_000, 1000), { kind: 'wait', ms: 0, name: 'a' })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Attempt,
  type Budget,
  budgetAfter,
  fullBudget,
  hasBudget,
  mayRetry,
  type Outcome,
  retryAfter,
  type Wait,
  type WaitInput,
  waitBefore,
} from './retry.ts'
import { understand } from './status.ts'

function ended(
  method: string,
  outcome: number | 'connect' | 'send' | 'wait' | 'receive',
  more: Partial<Attempt> = {},
): Attempt {
  const how: Outcome =
    typeof outcome === 'number' ? { kind: 'status', status: outcome } : { kind: 'network', phase: outcome }
  return {
    method,
    hasIdempotencyKey: false,
    contentReplayable: true,
    outcome: how,
    attempt: 1,
    limits: { attempts: 3 },
    ...more,
  }
}

const keyed = { hasIdempotencyKey: true }
const spent = { contentReplayable: false }
const decisions: readonly (readonly [name: string, attempt: Attempt, kind: 'retry' | 'stop', why: string])[] = [
  ['GET 503', ended('GET', 503), 'retry', 'method-idempotent'],
  ['GET 502', ended('GET', 502), 'retry', 'method-idempotent'],
  ['GET 504', ended('GET', 504), 'retry', 'method-idempotent'],
  ['GET 408', ended('GET', 408), 'retry', 'method-idempotent'],
  ['PUT 503', ended('PUT', 503), 'retry', 'method-idempotent'],
  ['DELETE 503', ended('DELETE', 503), 'retry', 'method-idempotent'],
  ['QUERY 503', ended('QUERY', 503), 'retry', 'method-idempotent'],
  ['POST 503', ended('POST', 503), 'stop', 'may-have-been-processed'],
  ['PATCH 504', ended('PATCH', 504), 'stop', 'may-have-been-processed'],
  ['a method not known', ended('FROB', 503), 'stop', 'may-have-been-processed'],
  ['POST 503 with key', ended('POST', 503, keyed), 'retry', 'key-idempotent'],
  ['POST 429', ended('POST', 429), 'retry', 'not-processed'],
  ['POST 425', ended('POST', 425), 'retry', 'not-processed'],
  ['POST 421', ended('POST', 421), 'retry', 'not-processed'],
  ['GET 200', ended('GET', 200), 'stop', 'final'],
  ['GET 404', ended('GET', 404), 'stop', 'final'],
  ['GET 401', ended('GET', 401), 'stop', 'final'],
  ['PUT 409', ended('PUT', 409, keyed), 'stop', 'final'],
  ['PUT 412', ended('PUT', 412), 'stop', 'final'],
  ['GET 417 is for another request', ended('GET', 417), 'stop', 'final'],
  ['GET 500', ended('GET', 500), 'retry', 'method-idempotent'],
  ['POST 500', ended('POST', 500), 'stop', 'may-have-been-processed'],
  ['GET 501', ended('GET', 501), 'stop', 'final'],
  ['GET with a status not known', ended('GET', 555), 'stop', 'final'],
  ['GET 529', ended('GET', 529), 'retry', 'method-idempotent'],
  ['POST never sent', ended('POST', 'connect'), 'retry', 'never-sent'],
  ['a stream never sent', ended('POST', 'connect', spent), 'retry', 'never-sent'],
  ['POST half sent', ended('POST', 'send'), 'stop', 'may-have-been-processed'],
  ['POST without answer', ended('POST', 'wait'), 'stop', 'may-have-been-processed'],
  ['POST without answer, with key', ended('POST', 'wait', keyed), 'retry', 'key-idempotent'],
  ['GET cut short', ended('GET', 'receive'), 'retry', 'method-idempotent'],
  ['PUT of a half-sent stream', ended('PUT', 'send', spent), 'stop', 'content-spent'],
  ['429 after a stream', ended('POST', 429, spent), 'stop', 'content-spent'],
  ['a key does not bring a stream back', ended('POST', 503, { ...keyed, ...spent }), 'stop', 'content-spent'],
  ['the second of three', ended('GET', 503, { attempt: 2 }), 'retry', 'method-idempotent'],
  ['the third of three', ended('GET', 503, { attempt: 3 }), 'stop', 'attempts-spent'],
  ['success at the last attempt', ended('GET', 200, { attempt: 3 }), 'stop', 'final'],
]
for (const [name, attempt, kind, why] of decisions) {
  test(`may retry: ${name}`, () => {
    const { kind: decided, why: reason } = mayRetry(attempt)
    assert.deepEqual([decided, reason], [kind, why])
  })
}
test('421 is repeated elsewhere, 503 anywhere', () => {
  const misdirected = mayRetry(ended('GET', 421))
  const busy = mayRetry(ended('GET', 503))
  assert.ok(misdirected.kind === 'retry' && busy.kind === 'retry')
  assert.deepEqual([misdirected.where, busy.where], ['elsewhere', 'anywhere'])
})

const now = Date.UTC(2026, 0, 1, 12)
const after: readonly (readonly [value: string | undefined, ms: number | undefined, date?: string])[] = [
  [undefined, undefined],
  ['', undefined],
  ['soon', undefined],
  ['1e3', undefined],
  ['0', 0],
  ['120', 120_000],
  [' 120 ', 120_000],
  ['-5', 0],
  ['1.5', 1500],
  ['99999999999999999999', 2 ** 31 * 1000],
  ['Thu, 01 Jan 2026 12:00:30 GMT', 30_000],
  ['Thursday, 01-Jan-26 12:00:30 GMT', 30_000],
  ['Thu Jan  1 12:00:30 2026', 30_000],
  ['Thu, 01 Jan 2026 12:00:00 GMT', 0],
  ['Thu, 01 Jan 2026 11:00:00 GMT', 0],
  ['Thu, 01 Jan 2026 12:00:30 UTC', undefined],
  ['Thu, 01 Jan 2026 15:00:30 GMT', 30_000, 'Thu, 01 Jan 2026 15:00:00 GMT'],
  ['Thu, 01 Jan 2026 12:00:30 GMT', 30_000, 'no date'],
]
for (const [value, ms, date] of after) {
  test(`Retry-After: ${value}${date === undefined ? '' : `, Date: ${date}`}`, () => {
    assert.equal(retryAfter({ 'retry-after': value, date }, now), ms)
  })
}

const backoff = { base: 100, cap: 1000, random: () => 0.5 }
const waits: readonly (readonly [name: string, input: WaitInput, wait: Wait])[] = [
  ['the first', { ...backoff, attempt: 1 }, { kind: 'wait', ms: 50, why: 'backoff' }],
  ['the third', { ...backoff, attempt: 3 }, { kind: 'wait', ms: 200, why: 'backoff' }],
  ['at the cap', { ...backoff, attempt: 9 }, { kind: 'wait', ms: 500, why: 'backoff' }],
  ['past what a double holds', { ...backoff, attempt: 5000 }, { kind: 'wait', ms: 500, why: 'backoff' }],
  ['full jitter begins at 0', { ...backoff, attempt: 3, random: () => 0 }, { kind: 'wait', ms: 0, why: 'backoff' }],
  ['Retry-After', { ...backoff, attempt: 1, retryAfter: 3000 }, { kind: 'wait', ms: 3050, why: 'retry-after' }],
  [
    'never below it',
    { ...backoff, attempt: 1, retryAfter: 3000, random: () => 0 },
    { kind: 'wait', ms: 3000, why: 'retry-after' },
  ],
  [
    'beyond the cap too',
    { ...backoff, attempt: 9, retryAfter: 60_000, random: () => 0 },
    { kind: 'wait', ms: 60_000, why: 'retry-after' },
  ],
  [
    'Retry-After 0 is not absent',
    { ...backoff, attempt: 1, retryAfter: 0, rateLimitReset: 9000 },
    { kind: 'wait', ms: 50, why: 'retry-after' },
  ],
  ['RateLimit', { ...backoff, attempt: 1, rateLimitReset: 9000 }, { kind: 'wait', ms: 9050, why: 'rate-limit' }],
  [
    'Retry-After before RateLimit',
    { ...backoff, attempt: 1, retryAfter: 1000, rateLimitReset: 9000 },
    { kind: 'wait', ms: 1050, why: 'retry-after' },
  ],
  [
    'within the deadline',
    { ...backoff, attempt: 1, deadline: { at: 1051, now: 1000 } },
    { kind: 'wait', ms: 50, why: 'backoff' },
  ],
  [
    'at the deadline',
    { ...backoff, attempt: 1, deadline: { at: 1050, now: 1000 } },
    { kind: 'give-up', ms: 50, why: 'deadline' },
  ],
  [
    'past the deadline',
    { ...backoff, attempt: 1, retryAfter: 3000, deadline: { at: 2000, now: 1000 } },
    { kind: 'give-up', ms: 3050, why: 'deadline' },
  ],
]
for (const [name, input, wait] of waits) {
  test(`wait: ${name}`, () => assert.deepEqual(waitBefore(input), wait))
}

test('a budget lets a burst through, then what it earns', () => {
  let budget: Budget = fullBudget(0, { capacity: 2, perSecond: 0.5, perSuccess: 0.25 })
  budget = budgetAfter(budget, 'retried', 0)
  budget = budgetAfter(budget, 'retried', 0)
  assert.equal(hasBudget(budget, 0), false)
  assert.equal(hasBudget(budget, 1999), false)
  assert.equal(hasBudget(budget, 2000), true)
  for (let times = 0; times < 4; times++) budget = budgetAfter(budget, 'succeeded', 0)
  assert.equal(hasBudget(budget, 0), true)
})
test('a budget never passes its bounds', () => {
  const full = fullBudget(0, { capacity: 2 })
  assert.equal(budgetAfter(full, 'succeeded', 60_000).tokens, 2)
  const empty = { ...full, tokens: 0 }
  assert.equal(budgetAfter(empty, 'retried', 0).tokens, 0)
})
test('a clock set back refills nothing, and time is not counted twice', () => {
  const empty = { ...fullBudget(10_000, { perSecond: 1 }), tokens: 0 }
  const back = budgetAfter(empty, 'waited', 5000)
  assert.equal(back.tokens, 0)
  assert.equal(budgetAfter(back, 'waited', 11_000).tokens, 1)
})

test('the statuses that are worth a repeat are those of the registry', () => {
  const isAdvised = (status: number): boolean => {
    const { advice } = understand(status)
    return advice === 'retry' || advice === 'retry-later' || advice === 'retry-elsewhere'
  }
  for (let status = 0; status < 1000; status++) {
    const expected = status === 500 || (status !== 417 && isAdvised(status))
    assert.equal(mayRetry(ended('GET', status)).kind, expected ? 'retry' : 'stop', String(status))
  }
})

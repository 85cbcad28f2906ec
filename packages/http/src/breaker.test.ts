import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type Breaker,
  type BreakerEvent,
  breakerAfter,
  closedBreaker,
  isServerFailure,
  passageThrough,
} from './breaker.ts'

const rules = { threshold: 3, cooldown: 1000, longest: 3000 }

/** Each word: `ok`, `no`, `?` ends a request that passed; `+500` moves the time. What passes is asked before each. */
function run(words: string): string {
  let breaker: Breaker = closedBreaker
  let now = 0
  const told: string[] = []
  const events: Readonly<Record<string, BreakerEvent>> = { ok: 'succeeded', no: 'failed', '?': 'unknown' }
  for (const word of words.split(' ')) {
    const event = events[word]
    if (event === undefined) {
      now += Number(word)
      continue
    }
    const passage = passageThrough(breaker, now)
    if (passage.kind === 'refuse') told.push(passage.until === undefined ? 'busy' : `until ${passage.until}`)
    else {
      breaker = breakerAfter(passage.breaker, event, now, rules)
      told.push(breaker.kind)
    }
  }
  return told.join(', ')
}

describe('a breaker', () => {
  const rows = [
    ['no no', 'closed, closed'],
    ['no no no', 'closed, closed, open'],
    ['no no ok no no', 'closed, closed, closed, closed, closed'],
    ['no ? no ? no', 'closed, closed, closed, closed, open'],
    ['no no no ok', 'closed, closed, open, until 1000'],
    ['no no no +999 ok', 'closed, closed, open, until 1000'],
    ['no no no +1000 ok no', 'closed, closed, open, closed, closed'],
    ['no no no +1000 no +1999 ok +1 ok', 'closed, closed, open, open, until 3000, closed'],
    ['no no no +1000 no +2000 no +2999 ok +1 ok', 'closed, closed, open, open, open, until 6000, closed'],
    ['no no no +1000 ? ok', 'closed, closed, open, open, closed'],
  ] as const
  for (const [words, told] of rows) it(words, () => assert.equal(run(words), told))

  it('lets one probe through at a time', () => {
    const probing: Breaker = { kind: 'half-open', cooldown: 1000 }
    assert.deepEqual(passageThrough(probing, 5000), { kind: 'refuse', until: undefined })
  })

  it('is not moved by what was sent before it opened', () => {
    const open: Breaker = { kind: 'open', until: 1000, cooldown: 1000 }
    for (const event of ['succeeded', 'failed', 'unknown'] as const)
      assert.equal(breakerAfter(open, event, 500, rules), open)
  })

  it('counts faults of the server only', () => {
    const failures = [200, 304, 400, 404, 408, 429, 500, 501, 502, 503, 504, 505, 511].filter(isServerFailure)
    assert.deepEqual(failures, [500, 502, 503, 504])
  })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '../define/refusal.ts'
import type { Reads } from '../store/store.ts'
import { currentToken, formatChangeToken, parseChangeToken, revisionOf } from './change-token.ts'

const clock = { origin: Date.UTC(2014, 11, 31), revision: 40, forgotten: 7 }
const reads = { clock: () => clock } as unknown as Reads
const token = (revision: number, origin = clock.origin) => formatChangeToken({ origin, revision })

test('a token says which database and which revision', async () => {
  assert.deepEqual(parseChangeToken(token(40)), { origin: clock.origin, revision: 40 })
  assert.equal(await currentToken(reads), token(40))
  assert.match(token(40), /^[0-9a-z]+\.14$/)
})

const rows: readonly (readonly [name: string, token: string | undefined, expected: number | string])[] = [
  ['none', undefined, 0],
  ['of now', token(40), 40],
  ['of before', token(8), 8],
  ['the oldest of which all is known', token(7), 7],
  ['of deletions that may be forgotten', token(6), 'change-token-expired'],
  ['of the future', token(41), 'change-token-expired'],
  ['of another database', token(40, clock.origin + 1), 'change-token-expired'],
  ['empty', '', 'change-token-invalid'],
  ['of one part', 'abc', 'change-token-invalid'],
  ['of three', 'a.b.c', 'change-token-invalid'],
  ['in capitals', 'A.B', 'change-token-invalid'],
  ['too long', `${'a'.repeat(11)}.1`, 'change-token-invalid'],
]
for (const [name, given, expected] of rows)
  test(`a token ${name}`, async () => {
    const found = async () => revisionOf(reads, given)
    if (typeof expected === 'number') assert.equal(await found(), expected)
    else await assert.rejects(found, error => error instanceof Refusal && error.code === expected)
  })

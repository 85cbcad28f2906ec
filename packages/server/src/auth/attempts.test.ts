import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attemptsOf } from './attempts.ts'

const limits = { together: 3, address: 100, account: 5, window: 60 }

test('nobody keeps an owner out by failing in the owner’s name', async () => {
  const { begin } = attemptsOf(limits)
  const home = await begin('ann', '192.0.2.1')
  assert.equal(home.kind, 'allowed')
  if (home.kind === 'allowed') await home.succeeded()
  const strangers = []
  for (let n = 1; n <= 6; n++) strangers.push((await begin('ann', `198.51.100.${n}`)).kind)
  assert.deepEqual(strangers, ['allowed', 'allowed', 'allowed', 'allowed', 'allowed', 'limited'])
  assert.equal((await begin('ann', '192.0.2.1')).kind, 'allowed')
  // From elsewhere the owner waits, and for no more than the window.
  const elsewhere = await begin('ann', '203.0.113.1')
  assert.ok(elsewhere.kind === 'limited' && elsewhere.retryAfter <= 60)
})

test('what was right is not counted, and clears what was wrong before', async () => {
  const { begin } = attemptsOf(limits)
  for (let round = 0; round < 20; round++) {
    const failed = await begin('ann', '192.0.2.1')
    const right = await begin('ann', '192.0.2.1')
    assert.deepEqual([failed.kind, right.kind], ['allowed', 'allowed'], String(round))
    if (right.kind === 'allowed') await right.succeeded()
  }
})

test('what is counted is bounded, however many names are tried', async () => {
  const attempts = attemptsOf(limits, 50)
  for (let n = 0; n < 500; n++) await attempts.begin(`login ${n} ${'x'.repeat(100)}`, `10.0.${n >> 8}.${n & 255}`)
  assert.ok(attempts.size() <= 200, String(attempts.size()))
})

test('who has one IPv6 address has its network, and fails for all of it', async () => {
  const { begin } = attemptsOf(limits)
  const kinds = []
  for (let n = 1; n <= 4; n++) kinds.push((await begin('ann', `2001:db8:1:2::${n}`)).kind)
  assert.deepEqual(kinds, ['allowed', 'allowed', 'allowed', 'limited'])
  assert.equal((await begin('ann', '2001:db8:1:3::1')).kind, 'allowed')
})

test('a login that is written in another way is the same login', async () => {
  const { begin } = attemptsOf(limits)
  const kinds = []
  for (const login of ['ren\u00e9', 'rene\u0301', 'ren\u00e9', 'rene\u0301'])
    kinds.push((await begin(login, '192.0.2.1')).kind)
  assert.deepEqual(kinds, ['allowed', 'allowed', 'allowed', 'limited'])
})

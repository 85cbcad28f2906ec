import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noncesOf } from './nonces.ts'

test('each count once, in any order within the window', () => {
  const nonces = noncesOf(1_000, () => 5_000)
  const nonce = nonces.make()
  const use = (count: number) => nonces.use(nonce, count).kind
  assert.deepEqual([1, 2, 5, 3, 5, 3, 4].map(use), ['good', 'good', 'good', 'good', 'stale', 'stale', 'good'])
  assert.deepEqual([1_000, 745, 744, 6, 1_000].map(use), ['good', 'good', 'stale', 'stale', 'stale'])
  for (let count = 1_001; count < 5_000; count++) assert.equal(use(count), 'good')
  assert.deepEqual([4_999, 4_800, 1_001].map(use), ['stale', 'stale', 'stale'])
})

test('none that is too old, not made here, or altered; another is told in good time', () => {
  let time = 10_000
  const nonces = noncesOf(1_000, () => time)
  const nonce = nonces.make()
  assert.deepEqual(nonces.use(nonce, 1), { kind: 'good', next: undefined })
  time += 500
  const later = nonces.use(nonce, 2)
  assert.equal(later.kind, 'good')
  time += 500
  assert.equal(nonces.use(nonce, 3).kind, 'stale')
  assert.ok(later.kind === 'good' && later.next && nonces.use(later.next, 1).kind === 'good')
  const other = noncesOf(1_000, () => time).make()
  const made = nonces.make()
  for (const bad of [other, '', `${made}A`, `${made.slice(0, -2)}AA`, ` ${made}`])
    assert.equal(nonces.use(bad, 1).kind, 'stale')
})

test('what was forgotten is not new', () => {
  const nonces = noncesOf(1_000_000, () => 5)
  const first = nonces.make()
  assert.equal(nonces.use(first, 1).kind, 'good')
  for (let n = 0; n < 20_001; n++) nonces.use(nonces.make(), 1)
  assert.equal(nonces.use(first, 1).kind, 'stale')
})

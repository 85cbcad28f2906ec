import assert from 'node:assert/strict'
import { test } from 'node:test'
import { usesOf } from './uses.ts'

test('each once, within the window', () => {
  let now = 1_000_500
  const uses = usesOf(300, () => now)
  const rows = [
    [1_000, 'a', 'taken'],
    [1_000, 'a', 'used'],
    [1_001, 'a', 'taken'],
    [1_000, 'b', 'taken'],
    [1_301, 'a', 'early'],
    [1_300, 'a', 'taken'],
    // Signed before the server began.
    [999, 'a', 'late'],
  ] as const
  for (const [time, name, outcome] of rows) assert.equal(uses.take(time, name), outcome, `${time} ${name}`)
  now += 299_000
  assert.equal(uses.take(1_000, 'a'), 'used')
  now += 2_000
  assert.equal(uses.take(1_000, 'c'), 'late')
  assert.equal(uses.take(1_300, 'a'), 'used')
})

test('what was forgotten for want of room is not taken again', () => {
  const uses = usesOf(300, () => 1_000_000, 3)
  for (const [time, name] of [
    [1_000, 'a'],
    [1_001, 'a'],
    [1_002, 'a'],
    [1_003, 'a'],
  ] as const)
    assert.equal(uses.take(time, name), 'taken')
  assert.equal(uses.take(1_000, 'a'), 'late')
  assert.equal(uses.take(1_001, 'a'), 'used')
})

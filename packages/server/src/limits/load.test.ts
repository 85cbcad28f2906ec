import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Costs, type LoadBounds, loadOf } from './load.ts'

function bench(bounds: Partial<LoadBounds> = {}) {
  const state = { now: 0, memory: 0, end: () => {} }
  const load = loadOf(
    { delay: 10, after: 100, underWay: 3, memory: 0.9, ...bounds },
    () => state.now,
    () => state.memory,
    callback => {
      state.end = callback
    },
  )
  const enter = (costs: Costs = 'first') => {
    const over = load.enter(() => costs)
    if (over === undefined) load.leave()
    return over?.kind ?? 'in'
  }
  /** A turn of requests that take `each` ms. */
  const turn = (count: number, each: number, costs?: Costs) => {
    const all = Array.from({ length: count }, () => {
      const how = enter(costs)
      if (how === 'in') state.now += each
      return how
    })
    state.end()
    return all
  }
  return { state, load, enter, turn }
}

test('one slow turn is no load', () => {
  const { turn } = bench()
  assert.deepEqual(turn(4, 20), ['in', 'in', 'in', 'in'])
})

test('once requests had to wait for long enough, each turn takes what can be answered in time', () => {
  const { turn } = bench()
  turn(7, 20)
  assert.deepEqual(turn(4, 6), ['in', 'in', 'delay', 'delay'])
  assert.deepEqual(turn(3, 6), ['in', 'in', 'delay'])
  assert.deepEqual(turn(1, 50), ['in'])
})

test('what costs next to nothing goes last', () => {
  const { turn } = bench({ after: 0 })
  assert.deepEqual(turn(3, 20, 'last'), ['in', 'in', 'in'])
  assert.deepEqual(turn(5, 20, 'last'), ['in', 'in', 'in', 'delay', 'delay'])
})

test('a second without waiting is the end of it', () => {
  const { state, turn } = bench()
  turn(7, 20)
  assert.ok(turn(4, 6).includes('delay'))
  state.now += 1_001
  assert.deepEqual(turn(4, 6), ['in', 'in', 'in', 'in'])
})

test('so many under way, and no more', () => {
  const { load, enter } = bench()
  for (let n = 0; n < 3; n++)
    assert.equal(
      load.enter(() => 'first'),
      undefined,
    )
  assert.deepEqual([enter(), enter('last')], ['under-way', 'in'])
  load.leave()
  assert.equal(enter(), 'in')
})

test('memory that stays full', () => {
  const { state, enter } = bench()
  state.memory = 0.95
  assert.equal(enter(), 'in')
  state.now += 501
  state.end()
  assert.deepEqual([enter(), enter('last')], ['memory', 'in'])
  state.memory = 0.5
  state.now += 501
  state.end()
  assert.equal(enter(), 'in')
})

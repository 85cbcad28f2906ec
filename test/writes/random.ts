// Randomness that can be had again: the seed is printed by a test that fails.
import type { TestContext } from 'node:test'

export type Random = {
  /** From 0 up to, not including, 1. */
  readonly fraction: () => number
  /** A whole number from 0 up to, not including, `below`. */
  readonly below: (below: number) => number
  readonly pick: <T>(from: readonly T[]) => T
}

/** Mulberry32 (Tommy Ettinger, public domain). */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const below = (limit: number) => Math.floor(fraction() * limit)
  return { fraction, below, pick: from => from[below(from.length)] as (typeof from)[number] }
}

/** Randomness for one test: of COMITY_SEED where it is set. */
export function seededFor(context: TestContext): Random {
  const given = process.env.COMITY_SEED
  const seed = given === undefined || given === '' ? Math.floor(Math.random() * 2 ** 32) : Number(given)
  context.diagnostic(`COMITY_SEED=${seed}`)
  return randomOf(seed)
}

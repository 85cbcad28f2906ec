// Chance that can be had again: the same seed, the same attacks.
export type Chance = {
  /** 0 ≤ n < below */
  readonly below: (below: number) => number
  readonly one: <T>(of: readonly T[]) => T
  readonly some: (from: number, to: number) => number
}

/** Mulberry32. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (most: number): number => Math.floor(next() * most)
  return {
    below,
    one: of => of[below(of.length)] as (typeof of)[number],
    some: (from, to) => from + below(to - from + 1),
  }
}

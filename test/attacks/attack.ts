import type { Chance } from './random.ts'
import type { Under } from './under.ts'

/** One kind of attack. Each call is one input, made by chance; it throws where something gave way. */
export type Attack = {
  readonly family: string
  readonly run: (under: Under, chance: Chance) => Promise<void>
  /** Inputs of it are slow to send: a share of so many is enough. */
  readonly share?: number
}

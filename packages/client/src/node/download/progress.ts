// How far a transfer is, told not too often.
import type { Progress } from '../../exchange/transfers.ts'

const between = 100
const window = 3000

export class Meter {
  readonly #now: () => number
  readonly #tell: ((progress: Progress) => void) | undefined
  #samples: { readonly at: number; readonly bytes: number }[] = []
  #told = Number.NEGATIVE_INFINITY

  constructor(now: () => number, tell: ((progress: Progress) => void) | undefined) {
    this.#now = now
    this.#tell = tell
  }

  /** `bytes` are here now. `must`: it is told however lately something was. */
  update(bytes: number, total: number | undefined, connections: number, must = false): void {
    const now = this.#now()
    if (!must && now - this.#told < between) return
    this.#told = now
    // What was there when it began was not received.
    this.#samples.push({ at: now, bytes })
    while (this.#samples.length > 2 && now - (this.#samples[1]?.at ?? now) > window) this.#samples.shift()
    const speed = this.speed
    const eta = total === undefined || speed === 0 ? undefined : (total - bytes) / speed
    this.#tell?.({ bytes, total, speed, eta, connections })
  }

  /** Bytes per second. */
  get speed(): number {
    const first = this.#samples[0]
    const last = this.#samples.at(-1)
    if (first === undefined || last === undefined || last.at <= first.at) return 0
    return Math.max(0, ((last.bytes - first.bytes) * 1000) / (last.at - first.at))
  }

  /** Bytes went: it begins anew. */
  reset(): void {
    this.#samples = []
  }
}

// How fast things are counted, and how long the rest will take.

const window = 5000

export class Counter {
  readonly #now: () => number
  readonly #total: number | undefined
  #samples: { readonly at: number; readonly value: number }[] = []

  /** @param now ms, of any clock that does not go back */
  constructor(total: number | undefined, now: () => number = () => performance.now()) {
    this.#now = now
    this.#total = total
  }

  /** So many are there now. Speed is per second, over the last seconds. */
  at(value: number): { readonly value: number; readonly speed: number; readonly eta: number | undefined } {
    const now = this.#now()
    const last = this.#samples.at(-1)
    if (last === undefined || now - last.at >= 100) this.#samples.push({ at: now, value })
    while (this.#samples.length > 2 && now - (this.#samples[1]?.at ?? now) > window) this.#samples.shift()
    const first = this.#samples[0]
    const speed = first === undefined || now <= first.at ? 0 : ((value - first.value) * 1000) / (now - first.at)
    const left = this.#total === undefined ? undefined : this.#total - value
    return { value, speed, eta: left === undefined || speed <= 0 ? undefined : left / speed }
  }
}

// Quantiles in bounded memory: a histogram whose buckets grow by a constant factor (DDSketch, Masson et al. 2019)

const accuracy = 0.01
const factor = (1 + accuracy) / (1 - accuracy)
const logFactor = Math.log(factor)

/** What is counted as this is smaller than a microsecond or longer than a day, where values are ms. */
const least = 1e-3
const greatest = 1e8

/**
 * Counts values, and tells their quantiles within 1 % of the true ones, for values from 0.001 to 100,000,000; those beyond
 * count as these ends. However many are recorded, there are at most 1,268 buckets.
 */
export class Histogram {
  readonly #buckets = new Map<number, number>()
  #count = 0
  #sum = 0
  #min = Number.POSITIVE_INFINITY
  #max = 0

  get count(): number {
    return this.#count
  }

  get sum(): number {
    return this.#sum
  }

  /** 0 where nothing was recorded. */
  get mean(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count
  }

  get min(): number {
    return this.#count === 0 ? 0 : this.#min
  }

  get max(): number {
    return this.#max
  }

  /** How many buckets are used. */
  get size(): number {
    return this.#buckets.size
  }

  /** A negative value counts as 0; NaN is not counted. */
  record(value: number): void {
    if (Number.isNaN(value)) return
    const held = Math.min(Math.max(value, 0), Number.MAX_VALUE)
    const index = Math.ceil(Math.log(Math.min(Math.max(held, least), greatest)) / logFactor)
    this.#buckets.set(index, (this.#buckets.get(index) ?? 0) + 1)
    this.#count++
    this.#sum += held
    if (held < this.#min) this.#min = held
    if (held > this.#max) this.#max = held
  }

  /** The smallest value that at least this part (0 to 1) of all are not above; 0 where nothing was recorded. */
  quantile(part: number): number {
    if (this.#count === 0) return 0
    const rank = Math.max(1, Math.ceil(part * this.#count))
    let reached = 0
    for (const index of [...this.#buckets.keys()].sort((a, b) => a - b)) {
      reached += this.#buckets.get(index) ?? 0
      if (reached < rank) continue
      // The middle of the bucket, as seen from both its ends; no value is beyond the least and the greatest.
      const middle = (2 * factor ** index) / (factor + 1)
      return Math.min(Math.max(middle, this.#min), this.#max)
    }
    return this.#max
  }
}

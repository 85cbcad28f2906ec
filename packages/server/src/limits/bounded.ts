// Counting in this process: the library's own counts in memory have no bound.
import { LRUCache } from 'lru-cache'
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'

/** The least used keys make room for others. */
export class RateLimiterBounded extends RateLimiterMemory {
  readonly #keys: LRUCache<string, true>

  /** `duration` in seconds; at most `most` keys are counted at a time. */
  constructor(
    options: { readonly points: number; readonly duration: number; readonly keyPrefix?: string },
    most: number,
  ) {
    super(options)
    this.#keys = new LRUCache({
      max: most,
      ttl: options.duration * 1_000,
      dispose: (_value, key, reason) => void (reason === 'evict' && super.delete(key)),
    })
  }

  override consume(key: string, points?: number): Promise<RateLimiterRes> {
    // Asked for again it is used again, and its time goes on from when it was first.
    if (this.#keys.get(key) === undefined) this.#keys.set(key, true)
    return super.consume(key, points)
  }

  override delete(key: string): Promise<boolean> {
    this.#keys.delete(key)
    return super.delete(key)
  }

  /** How many are counted at the moment. */
  get size(): number {
    return this.#keys.size
  }
}

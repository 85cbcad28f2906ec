// Counting in windows of seconds, by rate-limiter-flexible: in this process, or for all of them in Redis or Valkey.
import { type RateLimiterAbstract, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import { RateLimiterBounded } from './bounded.ts'

/** What is counted in a window. */
export type Count = {
  readonly used: number
  /** Until the window ends. */
  readonly ms: number
}

export type Counter = {
  /** `quota` units in each `seconds`. */
  readonly add: (key: string, cost: number) => Promise<Count>
}

/** `keys`: how many are counted at a time in this process. `client`: of Redis or Valkey; while it does not answer, this process counts by itself. */
export function counterOf(
  name: string,
  { quota, seconds, keys = 50_000 }: { readonly quota: number; readonly seconds: number; readonly keys?: number },
  client: unknown,
): Counter {
  const options = { points: quota, duration: seconds, keyPrefix: `comity:${name}` }
  const here = new RateLimiterBounded(options, keys)
  const limiter: RateLimiterAbstract =
    client === undefined
      ? here
      : new RateLimiterRedis({
          ...options,
          storeClient: client,
          insuranceLimiter: here,
          rejectIfRedisNotReady: true,
        })
  return {
    async add(key, cost) {
      // What is beyond the quota is rejected with the same record.
      const result = await limiter.consume(key, cost).catch((error: unknown) => {
        if (error instanceof RateLimiterRes) return error
        throw error
      })
      return { used: result.consumedPoints, ms: Math.max(0, result.msBeforeNext) }
    },
  }
}

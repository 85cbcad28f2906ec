// How often one may be wrong about who one is. Failures are counted for an account and an address together, for an
// address, and for an account; the last not where that account signed in before from that address, so that nobody can
// keep an owner out by failing in the owner's name. What is counted is bounded: the least recent goes first.
import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { RateLimiterRes } from 'rate-limiter-flexible'
import { nameOfAddress } from '../limits/address.ts'
import { RateLimiterBounded } from '../limits/bounded.ts'

/** Failures within the window before one has to wait for its end. */
export type AttemptLimits = {
  /** For one account from one address (10). */
  readonly together: number
  /** From one address, whatever the account (100). */
  readonly address: number
  /** For one account, from addresses that it is not known to sign in from (200). */
  readonly account: number
  /** In seconds (900). */
  readonly window: number
}

export const usualAttemptLimits: AttemptLimits = { together: 10, address: 100, account: 200, window: 900 }

export type Attempt =
  | { readonly kind: 'allowed'; readonly succeeded: () => Promise<void> }
  /** In whole seconds. */
  | { readonly kind: 'limited'; readonly retryAfter: number }

export type Attempts = {
  /** Counts an attempt as failed until it is told otherwise: many at once are not let through together. */
  readonly begin: (login: string, address: string) => Promise<Attempt>
  /** How much is counted at the moment; for tests. */
  readonly size: () => number
}

const mostNames = 20_000

/** @param most names counted at once, of each kind */
export function attemptsOf(limits: AttemptLimits, most: number = mostNames): Attempts {
  const { window } = limits
  const together = new RateLimiterBounded({ points: limits.together, duration: window, keyPrefix: 'together' }, most)
  const byAddress = new RateLimiterBounded({ points: limits.address, duration: window, keyPrefix: 'address' }, most)
  const byAccount = new RateLimiterBounded({ points: limits.account, duration: window, keyPrefix: 'account' }, most)
  const familiar = new LRUCache<string, true>({ max: most })
  return {
    async begin(login, from) {
      const address = nameOfAddress(from)
      // As accounts are looked up: each way to write one name is no further chance to guess.
      const account = nameOf(login.normalize('NFC'))
      const both = nameOf(`${account} ${address}`)
      const counted: (readonly [RateLimiterBounded, string])[] = [
        [byAddress, address],
        [together, both],
        ...(familiar.has(both) ? [] : [[byAccount, account] as const]),
      ]
      for (const [index, [limiter, name]] of counted.entries()) {
        const wait = await take(limiter, name)
        if (wait === undefined) continue
        for (const [before, called] of counted.slice(0, index)) await before.reward(called)
        return { kind: 'limited', retryAfter: wait }
      }
      return {
        kind: 'allowed',
        async succeeded() {
          familiar.set(both, true)
          for (const [limiter, name] of counted)
            await (limiter === together ? limiter.delete(name) : limiter.reward(name))
        },
      }
    },
    size: () => together.size + byAddress.size + byAccount.size + familiar.size,
  }
}

/** Names are of any length, and what is kept of one is not. */
const nameOf = (text: string): string => createHash('sha256').update(text).digest('base64')

/** Seconds to wait, where there was nothing left to take. */
async function take(limiter: RateLimiterBounded, name: string): Promise<number | undefined> {
  try {
    await limiter.consume(name)
    return undefined
  } catch (limited) {
    if (!(limited instanceof RateLimiterRes)) throw limited
    return Math.max(1, Math.ceil(limited.msBeforeNext / 1_000))
  }
}

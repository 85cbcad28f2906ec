// A clock that stands still until it is told, or leaps from wait to wait.
import type { Clock } from '@comity/client'

type Waiting = { readonly at: number; readonly wake: () => void }

export type FakeClock = Clock & {
  /** Every `sleep` that was asked for, in ms. */
  readonly slept: readonly number[]
  /** Moves on, and wakes what waits until then, in order. */
  readonly advance: (ms: number) => void
}

/**
 * `leaping`: a sleep moves the clock to its end and is over at once, so that waits cost a test nothing; `standing`: time
 * passes by `advance` alone. `random` is what chance gives: 0 unless told.
 */
export function fakeClock(how: 'leaping' | 'standing' = 'leaping', random: () => number = () => 0): FakeClock {
  let now = Date.UTC(2014, 11, 31)
  const slept: number[] = []
  let waiting: Waiting[] = []
  const wait = (ms: number, wake: () => void): (() => void) => {
    const row = { at: now + ms, wake }
    waiting.push(row)
    return () => {
      waiting = waiting.filter(other => other !== row)
    }
  }
  function advance(ms: number): void {
    const until = now + ms
    for (;;) {
      const [next] = waiting.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)
      if (next === undefined) break
      waiting = waiting.filter(row => row !== next)
      now = Math.max(now, next.at)
      next.wake()
    }
    now = until
  }
  return {
    now: () => now,
    random,
    slept,
    advance,
    timer: wait,
    sleep(ms, signal) {
      slept.push(ms)
      if (signal?.aborted) return Promise.reject(signal.reason)
      if (how === 'leaping') {
        advance(ms)
        return signal?.aborted ? Promise.reject(signal.reason) : Promise.resolve()
      }
      return new Promise((resolve, reject) => {
        const forget = wait(ms, resolve)
        signal?.addEventListener('abort', () => {
          forget()
          reject(signal.reason)
        })
      })
    },
  }
}

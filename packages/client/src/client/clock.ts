// The clock of the machine.
import type { Clock } from '../layers/call.ts'

// setTimeout takes 2^31 − 1 ms at most, and fires at once beyond.
const longest = 2 ** 31 - 1

export const machineClock: Clock = {
  now: Date.now,
  random: Math.random,
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const stop = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(
        () => {
          signal?.removeEventListener('abort', stop)
          resolve()
        },
        Math.min(ms, longest),
      )
      signal?.addEventListener('abort', stop, { once: true })
    }),
  timer(ms, done) {
    if (ms > longest) return () => {}
    const timer: unknown = setTimeout(done, ms)
    if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref: () => void }).unref()
    return () => clearTimeout(timer as number)
  },
}

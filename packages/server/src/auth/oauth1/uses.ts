// RFC 5849 §3.3: a nonce is used once with one timestamp, by one consumer with one token. They are kept as long as their
// timestamp would be taken, in memory, so that a request costs no write; what was signed before the server began to keep
// them is not taken.

export type Uses = {
  /** `late` and `early`: the timestamp is outside the window; `used`: this was sent before. Times in seconds. */
  readonly take: (timestamp: number, name: string) => 'taken' | 'used' | 'late' | 'early'
}

const mostKept = 100_000

/** @param window in seconds; `now` in ms since the epoch */
export function usesOf(window: number, now: () => number, most: number = mostKept): Uses {
  /** Of each second, in the order in which they came. */
  const seconds = new Map<number, Set<string>>()
  let kept = 0
  /** Of what was signed before nothing is known. */
  let floor = Math.floor(now() / 1_000)
  const forget = (second: number) => {
    kept -= seconds.get(second)?.size ?? 0
    seconds.delete(second)
  }
  return {
    take(timestamp, name) {
      const time = now() / 1_000
      if (timestamp > time + window) return 'early'
      if (timestamp < time - window || timestamp < floor) return 'late'
      const names = seconds.get(timestamp) ?? new Set()
      if (names.has(name)) return 'used'
      for (const second of seconds.keys()) if (second < time - window) forget(second)
      while (kept >= most) {
        const oldest = Math.min(...seconds.keys())
        forget(oldest)
        floor = Math.max(floor, oldest + 1)
      }
      if (timestamp < floor) return 'late'
      names.add(name)
      seconds.set(timestamp, names)
      kept++
      return 'taken'
    },
  }
}

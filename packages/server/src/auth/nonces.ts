// RFC 7616 §3.3, §5.4: nonces tell when they were made and that they were made here, so that none is kept before it is
// used rightly. Of one that was, it is remembered which counts have been.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

export type Nonces = {
  readonly make: () => string
  /**
   * Takes one use of a nonce by someone who proved to know the password. `next`: the nonce to use from now on, where this
   * one is half through its life.
   */
  readonly use: (nonce: string, count: number) => NonceUse
}

export type NonceUse = { readonly kind: 'good'; readonly next: string | undefined } | { readonly kind: 'stale' }

/** How far behind the highest a count may come: requests on several connections overtake each other. */
const windowOfCounts = 256
const mostKept = 20_000

type Seen = { readonly made: number; highest: number; readonly counts: Set<number> }

/** @param life in ms; `now` in ms since the epoch */
export function noncesOf(life: number, now: () => number): Nonces {
  const secret = randomBytes(32)
  const seen = new Map<string, Seen>()
  /** Nonces made up to here have been forgotten: whether they were used with a count, nobody knows any more. */
  let forgotten = Number.NEGATIVE_INFINITY
  const seal = (head: Buffer) => createHmac('sha256', secret).update(head).digest().subarray(0, 16)

  const make = () => {
    const head = Buffer.alloc(18)
    head.writeUIntBE(now(), 0, 6)
    randomBytes(12).copy(head, 6)
    return Buffer.concat([head, seal(head)]).toString('base64url')
  }

  /** When it was made; undefined: not here. */
  const madeAt = (nonce: string): number | undefined => {
    const bytes = Buffer.from(nonce, 'base64url')
    if (bytes.length !== 34 || bytes.toString('base64url') !== nonce) return undefined
    const head = bytes.subarray(0, 18)
    return timingSafeEqual(seal(head), bytes.subarray(18)) ? head.readUIntBE(0, 6) : undefined
  }

  const forget = () => {
    for (const [nonce, { made }] of seen) {
      if (seen.size <= mostKept && made + life > now()) break
      seen.delete(nonce)
      forgotten = Math.max(forgotten, made)
    }
  }

  return {
    make,
    use(nonce, count) {
      const made = madeAt(nonce)
      if (made === undefined || made + life <= now()) return { kind: 'stale' }
      let use = seen.get(nonce)
      if (use === undefined) {
        if (made <= forgotten) return { kind: 'stale' }
        use = { made, highest: 0, counts: new Set() }
        seen.set(nonce, use)
        forget()
      }
      if (count <= use.highest - windowOfCounts || use.counts.has(count)) return { kind: 'stale' }
      use.counts.add(count)
      use.highest = Math.max(use.highest, count)
      if (use.counts.size > 2 * windowOfCounts)
        for (const each of use.counts) if (each <= use.highest - windowOfCounts) use.counts.delete(each)
      return { kind: 'good', next: made + life / 2 <= now() ? make() : undefined }
    },
  }
}

// RFC 9449 §8, §9: nonces of this server, so that no proof can be made beforehand. They are not kept: each is a time and
// the signature of it, by a key in the database, so that every process takes those of the others.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Store } from '../../store/store.ts'

export type Nonces = {
  readonly current: () => Promise<string>
  readonly isGood: (nonce: string) => Promise<boolean>
}

/** Ms for which one is the newest; it is taken for as long again. */
const period = 60_000
const kind = 'oauth-secret'
const id = 'dpop-nonce'

export function noncesOf(store: Store, now: () => number): Nonces {
  let secret: Promise<Buffer> | undefined
  const key = () => {
    secret ??= secretOf(store, id).catch(error => {
      secret = undefined
      throw error
    })
    return secret
  }
  const nonceAt = async (turn: number) =>
    createHmac('sha256', await key())
      .update(String(turn))
      .digest('base64url')
  const turn = () => Math.floor(now() / period)
  return {
    current: () => nonceAt(turn()),
    async isGood(nonce) {
      const given = Buffer.from(nonce)
      for (const each of [turn(), turn() - 1]) {
        const own = Buffer.from(await nonceAt(each))
        if (own.length === given.length && timingSafeEqual(own, given)) return true
      }
      return false
    },
  }
}

/** A secret of the API's own, 256 bits; made when it is first asked for. */
export async function secretOf(store: Store, name: string): Promise<Buffer> {
  const value = { secret: randomBytes(32).toString('base64url') }
  const known =
    (await store.record(kind, name))?.value ??
    (await store.write(async tx => {
      await tx.addRecord(kind, name, { value })
      return (await tx.record(kind, name))?.value
    }))
  return Buffer.from(String(known?.secret), 'base64url')
}

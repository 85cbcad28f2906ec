// The keys that are there at the moment: read again now and then, since another process may have rotated them.
import type { JWK, JWTVerifyGetKey } from 'jose'
import { keepingIn } from '../../credentials.ts'
import type { SchemeContext } from '../../scheme.ts'
import { signingKeys } from './signing-keys.ts'

export type Keys = {
  /** With their private parts; the one that signs is first. */
  readonly signing: readonly JWK[]
  readonly verify: JWTVerifyGetKey
}

export type Keyring = () => Promise<Keys>

/** Ms after which they are read again. */
const fresh = 60_000

/** `rotateAfter`: ms after which a key is followed by another. The same value is returned while nothing has changed. */
export function keyringOf({ store, now }: SchemeContext, rotateAfter: number): Keyring {
  let known: { readonly keys: Keys; readonly ids: string; readonly until: number } | undefined
  let reading: Promise<Keys> | undefined
  const read = async (): Promise<Keys> => {
    const { createLocalJWKSet } = await import('jose')
    const signing = await signingKeys(keepingIn(store, now), rotateAfter)
    const ids = signing.map(({ kid }) => kid).join(' ')
    const until = now() + fresh
    const keys =
      known?.ids === ids ? known.keys : { signing, verify: createLocalJWKSet({ keys: signing.map(publicPart) }) }
    known = { keys, ids, until }
    return keys
  }
  return () => {
    if (known !== undefined && known.until > now()) return Promise.resolve(known.keys)
    reading ??= read().finally(() => {
      reading = undefined
    })
    return reading
  }
}

/** RFC 7518 §6.2.2, §6.3.2: what only the owner knows is left out. */
function publicPart({ kty, kid, alg, use, crv, x, y, n, e }: JWK): JWK {
  const common = { kty: kty ?? '', kid: kid ?? '', alg: alg ?? '', use: use ?? '' }
  return kty === 'RSA' ? { ...common, n: n ?? '', e: e ?? '' } : { ...common, crv: crv ?? '', x: x ?? '', y: y ?? '' }
}

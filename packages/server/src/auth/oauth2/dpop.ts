// RFC 9449 §4.3, §7: does whoever sends a token hold the key that it is bound to?
import { createHash } from 'node:crypto'
import type { Store } from '../../store/store.ts'
import type { Nonces } from './nonces.ts'

export type ProofRules = {
  readonly store: Store
  /** Ms since the epoch. */
  readonly now: () => number
  /** Undefined: none is asked for. */
  readonly nonces: Nonces | undefined
  /** Ms for which a proof is good after it was made. */
  readonly age: number
}

export type Proof =
  | { readonly kind: 'proven' }
  | { readonly kind: 'refused'; readonly error: 'invalid_dpop_proof' | 'use_dpop_nonce'; readonly detail: string }

/** What a proof has to be about. `url` may have a query, which does not count. */
export type Proved = {
  readonly field: string | undefined
  readonly method: string
  readonly url: string
  readonly token: string
  /** The thumbprint of the key that the token is bound to. */
  readonly key: string
}

/** Ms by which the clock of whoever made the proof may be ahead. */
const ahead = 10_000
const algorithms = ['ES256', 'ES384', 'ES512', 'RS256', 'PS256', 'EdDSA', 'Ed25519']
/** §4.2: for the challenge, and metadata. */
export const proofAlgorithms: readonly string[] = algorithms

const refused = (detail: string): Proof => ({ kind: 'refused', error: 'invalid_dpop_proof', detail })

export async function proofOf(proved: Proved, { store, now, nonces, age }: ProofRules): Promise<Proof> {
  const { field, method, url, token, key } = proved
  // Step 1: exactly one. Node joins several by commas, which no JWT holds.
  if (field === undefined) return refused('the request has no DPoP field')
  if (field.includes(',')) return refused('there is more than one DPoP field')
  if (field.length > 8_192) return refused('the proof is longer than 8192 characters')
  const { jwtVerify, EmbeddedJWK, calculateJwkThumbprint } = await import('jose')
  let claims: Readonly<Record<string, unknown>>
  let thumbprint: string
  try {
    // Steps 2–7.
    const read = await jwtVerify(field, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms,
      requiredClaims: ['jti', 'htm', 'htu', 'iat', 'ath'],
      // The window of `iat` is checked below.
      currentDate: new Date(now()),
    })
    claims = read.payload
    thumbprint = await calculateJwkThumbprint(read.protectedHeader.jwk ?? {})
  } catch {
    return refused(
      'the proof is not a signed JWT of type dpop+jwt with its key and the claims jti, htm, htu, iat and ath',
    )
  }
  // Steps 8, 9.
  if (claims.htm !== method) return refused('the proof is for another method (htm)')
  if (typeof claims.htu !== 'string' || targetOf(claims.htu) !== targetOf(url))
    return refused(`the proof is for another target (htu); ${targetOf(url) ?? 'this one'} is asked for`)
  // Step 12.
  if (claims.ath !== createHash('sha256').update(token).digest('base64url'))
    return refused('the proof is for another token (ath)')
  if (thumbprint !== key) return refused('the token is bound to another key')
  // Step 10.
  if (nonces !== undefined && !(typeof claims.nonce === 'string' && (await nonces.isGood(claims.nonce))))
    return { kind: 'refused', error: 'use_dpop_nonce', detail: 'the proof lacks the nonce of this server' }
  // Step 11.
  const made = Number(claims.iat) * 1000
  if (!(made >= now() - age && made <= now() + ahead)) return refused('the proof is too old, or from the future (iat)')
  return (await isNew(store, claims.jti, thumbprint, made + age + 1000))
    ? { kind: 'proven' }
    : refused('the proof was used before (jti)')
}

const kind = 'dpop-proof'

/**
 * §11.1: each counts once, in every process that shares the database and after a restart. Only proofs of good tokens come
 * so far, and each is forgotten when it would be too old anyway.
 */
async function isNew(store: Store, jti: unknown, thumbprint: string, until: number): Promise<boolean> {
  if (typeof jti !== 'string' || jti === '' || jti.length > 500) return false
  const id = createHash('sha256').update(`${thumbprint} ${jti}`).digest('base64url')
  return store.write(tx => tx.addRecord(kind, id, { value: {}, expires: until }))
}

/** §4.3: after normalisation by RFC 3986 §6.2, without query and fragment. */
function targetOf(text: string): string | undefined {
  const url = URL.parse(text)
  return url === null ? undefined : `${url.origin}${decoded(url.pathname)}`
}

/** Unreserved characters are the same encoded or not; other escapes are in upper case. */
const decoded = (path: string): string =>
  path.replace(/%[0-9A-Fa-f]{2}/g, written => {
    const character = String.fromCharCode(Number.parseInt(written.slice(1), 16))
    return /[A-Za-z0-9._~-]/.test(character) ? character : written.toUpperCase()
  })

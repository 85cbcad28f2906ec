// RFC 9449: proofs that whoever sends a token holds its key
import type { Jwk, KeyPair, Tokens } from './options.ts'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const

/** An ES256 key. `kept`: it can be written down with the tokens that are bound to it. */
export async function newKey(kept: boolean): Promise<KeyPair> {
  return crypto.subtle.generateKey(algorithm, kept, ['sign', 'verify']) as Promise<KeyPair>
}

export async function writtenKey({ privateKey, publicKey }: KeyPair): Promise<NonNullable<Tokens['key']>> {
  const [secret, open] = await Promise.all([privateKey, publicKey].map(key => crypto.subtle.exportKey('jwk', key)))
  return { privateKey: secret as Jwk, publicKey: open as Jwk }
}

export async function readKey(key: NonNullable<Tokens['key']>): Promise<KeyPair> {
  const [privateKey, publicKey] = await Promise.all([
    crypto.subtle.importKey('jwk', key.privateKey, algorithm, true, ['sign']),
    crypto.subtle.importKey('jwk', key.publicKey, algorithm, true, ['verify']),
  ])
  return { privateKey, publicKey }
}

/** §4.2: one proof, for one request. `url` is without query and fragment in it; `now` is ms since the epoch. */
export async function proof(
  { privateKey, publicKey }: KeyPair,
  request: { readonly method: string; readonly url: string },
  token: string,
  nonce: string | undefined,
  now: number,
): Promise<string> {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey)
  const { origin, pathname } = new URL(request.url)
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))
  const payload = {
    jti: crypto.randomUUID(),
    htm: request.method,
    htu: origin + pathname,
    iat: Math.floor(now / 1000),
    ath: base64url(new Uint8Array(hash)),
    ...(nonce === undefined ? {} : { nonce }),
  }
  const signed = [{ alg: 'ES256', typ: 'dpop+jwt', jwk: { kty, crv, x, y } }, payload]
    .map(part => base64url(new TextEncoder().encode(JSON.stringify(part))))
    .join('.')
  const signature = await crypto.subtle.sign(
    { name: 'ECDSA', hash: 'SHA-256' },
    privateKey,
    new TextEncoder().encode(signed),
  )
  return `${signed}.${base64url(new Uint8Array(signature))}`
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, c => (c === '+' ? '-' : c === '/' ? '_' : ''))
}

// RFC 7616 §3.4, §3.5: Digest credentials, as a server reads and checks them. Hashing is an argument.
import type { Challenge, Credentials } from './challenge.ts'
import {
  type DigestAlgorithm,
  type DigestChallenge,
  type DigestQop,
  digestAlgorithms,
  digestResponse,
  nonceCount,
  type TextHash,
} from './digest-auth.ts'

/** What a client answered to a challenge. */
export type DigestAnswer = {
  /** `hashed`: the hash of user and realm (§3.4.4), in lower case. */
  readonly user: { readonly kind: 'plain' | 'hashed'; readonly name: string }
  readonly realm: string
  readonly uri: string
  readonly nonce: string
  readonly opaque: string | undefined
  readonly algorithm: DigestAlgorithm
  readonly key: 'plain' | 'session'
  readonly qop: DigestQop
  readonly count: number
  readonly cnonce: string
  /** In lower case. */
  readonly response: string
}

/**
 * Reads credentials. `undefined` where they are of another scheme or not complete. Against §3.4 an answer without `qop` is
 * none: it would cover neither the count nor the client's nonce, and nobody who was asked for one leaves it out.
 */
export function parseDigestAnswer({ scheme, params }: Credentials): DigestAnswer | undefined {
  const { realm, uri, nonce, opaque, qop, nc, cnonce, response } = params
  if (scheme !== 'digest' || realm === undefined || uri === undefined || nonce === undefined) return undefined
  if (cnonce === undefined || cnonce === '' || response === undefined) return undefined
  const [, named, session] = /^(.*?)(-sess)?$/i.exec(params.algorithm ?? 'MD5') ?? []
  const algorithm = digestAlgorithms.find(name => name === named?.toUpperCase())
  const user = userOf(params)
  if (algorithm === undefined || user === undefined || (qop !== 'auth' && qop !== 'auth-int')) return undefined
  // §3.4: nc is eight digits, and counts from one; a response has two for each byte.
  if (nc === undefined || !/^[0-9a-f]{8}$/i.test(nc) || nc === '00000000') return undefined
  if (!(algorithm === 'MD5' ? /^[0-9a-f]{32}$/i : /^[0-9a-f]{64}$/i).test(response)) return undefined
  return {
    user,
    realm,
    uri,
    nonce,
    opaque,
    algorithm,
    key: session === undefined ? 'plain' : 'session',
    qop,
    count: Number.parseInt(nc, 16),
    cnonce,
    response: response.toLowerCase(),
  }
}

/** §3.4: `username`, or `username*` where it has no quoted form; never both, and a hash only in the first. */
function userOf(params: Challenge['params']): DigestAnswer['user'] | undefined {
  const { username, 'username*': extended, userhash } = params
  const isHashed = userhash?.toLowerCase() === 'true'
  if ((username === undefined) === (extended === undefined)) return undefined
  if (username !== undefined)
    return isHashed
      ? { kind: 'hashed', name: username.toLowerCase() }
      : { kind: 'plain', name: username.normalize('NFC') }
  // RFC 8187 §3.2.1
  const [, coded] = /^UTF-8'[^']*'(.*)$/i.exec(extended ?? '') ?? []
  if (isHashed || coded === undefined) return undefined
  try {
    return { kind: 'plain', name: decodeURIComponent(coded).normalize('NFC') }
  } catch {
    return undefined
  }
}

/** What the response to a request has to be, and what proves to the client that the server knows the password (§3.5). */
export type DigestExpected = { readonly response: string; readonly rspauth: string }

/** @param key H(A1) of user, realm and password; `bodyHash`: of the content, for `auth-int` */
export async function expectedDigest(
  answer: DigestAnswer,
  key: string,
  request: { readonly method: string; readonly bodyHash?: string },
  hash: TextHash,
): Promise<DigestExpected> {
  const { algorithm, nonce, cnonce, uri, qop, count } = answer
  const challenge: DigestChallenge = {
    realm: answer.realm,
    nonce,
    opaque: undefined,
    algorithm,
    key: answer.key,
    qop: [qop],
    isStale: false,
    hashesUser: false,
    domain: [],
  }
  // §3.4.2
  const secret = answer.key === 'plain' ? key : await hash(algorithm, `${key}:${nonce}:${cnonce}`)
  const { method, bodyHash = '' } = request
  return {
    response: await digestResponse(challenge, secret, { method, uri, qop, count, cnonce, bodyHash }, hash),
    // §3.5: the answer’s content is not covered, as its fields are sent before it.
    rspauth: await digestResponse(challenge, secret, { method: '', uri, qop: 'auth', count, cnonce }, hash),
  }
}

/** Writes Authentication-Info. §3.5. */
export function formatAuthenticationInfo(
  { cnonce, count }: DigestAnswer,
  rspauth: string,
  nextNonce: string | undefined,
): string {
  const next = nextNonce === undefined ? '' : `nextnonce="${nextNonce}", `
  const quoted = cnonce.replace(/["\\]/g, '\\$&')
  return `${next}qop=auth, rspauth="${rspauth}", cnonce="${quoted}", nc=${nonceCount(count)}`
}

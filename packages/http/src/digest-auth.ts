// RFC 7616: the Digest authentication scheme. Hashing is an argument, since platforms differ in what they can.

import type { Challenge, Credentials } from './challenge.ts'

/** Weakest first. */
export const digestAlgorithms = ['MD5', 'SHA-256', 'SHA-512-256'] as const
export type DigestAlgorithm = (typeof digestAlgorithms)[number]

/** The hash of a text in UTF-8, in lower-case hexadecimal. */
export type TextHash = (algorithm: DigestAlgorithm, text: string) => string | Promise<string>

export type DigestQop = 'auth' | 'auth-int'

/** What a server asks for (§3.3). */
export type DigestChallenge = {
  readonly realm: string
  readonly nonce: string
  readonly opaque: string | undefined
  readonly algorithm: DigestAlgorithm
  /** `session`: the names that end in `-sess`. */
  readonly key: 'plain' | 'session'
  /** Empty where the server does not speak of it, as RFC 2069 had it. */
  readonly qop: readonly DigestQop[]
  readonly isStale: boolean
  readonly hashesUser: boolean
  /** URIs that the same credentials serve, as written. Empty: the whole origin. */
  readonly domain: readonly string[]
}

/** Reads a challenge. `undefined`: of another scheme, not complete, or of an algorithm or qop that is not known. §3.3. */
export function parseDigestChallenge({ scheme, params }: Challenge): DigestChallenge | undefined {
  const { realm, nonce, opaque, qop } = params
  if (scheme !== 'digest' || realm === undefined || nonce === undefined) return undefined
  const named = /^(.*?)(-sess)?$/i.exec(params.algorithm ?? 'MD5')
  const algorithm = digestAlgorithms.find(name => name === named?.[1]?.toUpperCase())
  const qops = words(qop, /[\s,]+/).map(word => word.toLowerCase())
  const known = (['auth', 'auth-int'] as const).filter(word => qops.includes(word))
  if (algorithm === undefined || (qops.length > 0 && known.length === 0)) return undefined
  return {
    realm,
    nonce,
    opaque,
    algorithm,
    key: named?.[2] === undefined ? 'plain' : 'session',
    qop: known,
    isStale: params.stale?.toLowerCase() === 'true',
    hashesUser: params.userhash?.toLowerCase() === 'true',
    domain: words(params.domain, /\s+/),
  }
}

function words(text: string | undefined, between: RegExp): readonly string[] {
  return text?.split(between).filter(word => word !== '') ?? []
}

/**
 * The challenge to answer: the one of the strongest algorithm that `can` be used, the first of those that are alike.
 * §3.7, §5.5: a weaker one is answered only where there is no other.
 */
export function strongestDigest(
  challenges: readonly Challenge[],
  can: (algorithm: DigestAlgorithm) => boolean,
): DigestChallenge | undefined {
  let best: DigestChallenge | undefined
  for (const challenge of challenges) {
    const read = parseDigestChallenge(challenge)
    if (read === undefined || !can(read.algorithm)) continue
    if (!best || digestAlgorithms.indexOf(read.algorithm) > digestAlgorithms.indexOf(best.algorithm)) best = read
  }
  return best
}

/** Who asks, with what. */
export type DigestAsker = { readonly username: string; readonly password: string }

/** One use of a nonce. `bodyHash` is that of the content, for `auth-int`. */
export type DigestUse = {
  readonly method: string
  /** The request-target: path and query. */
  readonly uri: string
  readonly qop: DigestQop | undefined
  /** How often the nonce has been used, this time included. */
  readonly count: number
  readonly cnonce: string
  readonly bodyHash?: string
}

/** The hash of A1: what user, realm and password come to. §3.4.2. */
export async function digestKey(
  challenge: DigestChallenge,
  { username, password }: DigestAsker,
  cnonce: string,
  hash: TextHash,
): Promise<string> {
  // §4: both in Normalization Form C
  const text = `${username.normalize('NFC')}:${challenge.realm}:${password.normalize('NFC')}`
  const plain = await hash(challenge.algorithm, text)
  return challenge.key === 'plain' ? plain : hash(challenge.algorithm, `${plain}:${challenge.nonce}:${cnonce}`)
}

/** `nc`: eight hexadecimal digits. §3.4. */
export function nonceCount(count: number): string {
  return count.toString(16).padStart(8, '0')
}

/** `response` for a request (§3.4.1), given the hash of A1; with `method` empty, what `rspauth` has to be (§3.5). */
export async function digestResponse(
  challenge: DigestChallenge,
  key: string,
  use: DigestUse,
  hash: TextHash,
): Promise<string> {
  const { method, uri, qop, count, cnonce, bodyHash = '' } = use
  // §3.4.3
  const a2 = await hash(challenge.algorithm, qop === 'auth-int' ? `${method}:${uri}:${bodyHash}` : `${method}:${uri}`)
  const middle = qop === undefined ? challenge.nonce : `${challenge.nonce}:${nonceCount(count)}:${cnonce}:${qop}`
  return hash(challenge.algorithm, `${key}:${middle}:${a2}`)
}

/** Authorization for one request, given the hash of A1. §3.4. */
export async function digestCredentials(
  challenge: DigestChallenge,
  asker: { readonly username: string },
  key: string,
  use: DigestUse,
  hash: TextHash,
): Promise<Credentials> {
  const { realm, nonce, opaque, algorithm, hashesUser } = challenge
  const username = asker.username.normalize('NFC')
  // §3.4.4, §3.4: a name beyond ASCII has no quoted form
  const isPlain = /^[\x20-\x7e]*$/.test(username)
  const response = await digestResponse(challenge, key, use, hash)
  const user: Record<string, string> = hashesUser
    ? { username: await hash(algorithm, `${username}:${realm}`) }
    : isPlain
      ? { username }
      : { 'username*': `UTF-8''${extended(username)}` }
  return {
    scheme: 'digest',
    params: {
      ...user,
      realm,
      uri: use.uri,
      algorithm: challenge.key === 'plain' ? algorithm : `${algorithm}-sess`,
      nonce,
      ...(use.qop === undefined ? {} : { nc: nonceCount(use.count), cnonce: use.cnonce, qop: use.qop }),
      response,
      ...(opaque === undefined ? {} : { opaque }),
      ...(hashesUser ? { userhash: 'true' } : {}),
    },
  }
}

// RFC 8187 §3.2.1: value-chars
function extended(text: string): string {
  return encodeURIComponent(text).replace(/['()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** What a server says after it has let someone in (§3.5). */
export type AuthenticationInfo = {
  readonly nextNonce: string | undefined
  readonly qop: DigestQop | undefined
  readonly rspauth: string | undefined
  readonly cnonce: string | undefined
  /** `nc`, as a number. */
  readonly count: number | undefined
}

/** Reads the parameters of Authentication-Info, which are written as those of a challenge. §3.5, RFC 9110 §11.6.3. */
export function authenticationInfoOf(params: Challenge['params']): AuthenticationInfo {
  const { nextnonce, qop, rspauth, cnonce, nc } = params
  return {
    nextNonce: nextnonce === '' ? undefined : nextnonce,
    qop: qop === 'auth' || qop === 'auth-int' ? qop : undefined,
    rspauth: rspauth?.toLowerCase(),
    cnonce,
    count: nc !== undefined && /^[0-9a-f]{8}$/i.test(nc) ? Number.parseInt(nc, 16) : undefined,
  }
}

/**
 * Whether a URL lies in the protection space of a challenge that came from `from`: below one of the URIs in `domain`, or
 * anywhere at the same origin where there is none. §3.3.
 */
export function isInProtectionSpace(domain: readonly string[], from: string, url: string): boolean {
  const at = new URL(url)
  if (domain.length === 0) return at.origin === new URL(from).origin
  return domain.some(uri => {
    if (!URL.canParse(uri, from)) return false
    const space = new URL(uri, from)
    if (space.origin !== at.origin) return false
    const path = `${at.pathname}${at.search}`
    const prefix = `${space.pathname}${space.search}`
    return path.startsWith(prefix)
  })
}

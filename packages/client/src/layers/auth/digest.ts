// RFC 7616: Digest, from the side of the client
import {
  type AuthenticationInfo,
  authenticationInfoOf,
  type DigestChallenge,
  type DigestQop,
  type DigestUse,
  digestCredentials,
  digestKey,
  digestResponse,
  formatCredentials,
  isInProtectionSpace,
  parseChallenges,
  strongestDigest,
} from '@comity/http'
import { AuthError } from '../../errors.ts'
import type { Outgoing } from '../../exchange/request.ts'
import type { Incoming } from '../../exchange/response.ts'
import { contentHash, type Hashes, platformHashes } from './hashes.ts'
import { checked } from './rspauth.ts'
import { type AuthScheme, type Secret, told, whoHas } from './scheme.ts'

export type DigestOptions = {
  readonly username: string
  readonly password: Secret
  /** `preferred`: `auth-int` where the server offers it, so that the content is covered too. */
  readonly integrity?: 'as-asked' | 'preferred'
  readonly hashes?: Hashes
}

/** Where the same credentials serve, and how often their nonce was used. */
type Space = {
  readonly from: string
  challenge: DigestChallenge
  /** The hash of A1, and the cnonce that a session keeps. */
  readonly key: string
  readonly cnonce: string
  count: number
}

/** One request that was signed: what rspauth has to be computed with. */
type Signed = { readonly space: Space; readonly challenge: DigestChallenge; readonly use: DigestUse }

const mostSpaces = 100

/** User and password, proved without being sent. Once a protection space is known, its requests carry them at once. */
export function digest(given: DigestOptions): AuthScheme {
  const hashes = given.hashes ?? platformHashes()
  const spaces: Space[] = []
  const signed = new WeakMap<Outgoing, Signed>()

  async function enter(challenge: DigestChallenge, from: string): Promise<Space> {
    const password = await told(given.password)
    const cnonce = newCnonce()
    const key = await digestKey(challenge, { username: given.username, password }, cnonce, hashes.text)
    const space = { from, challenge, key, cnonce, count: 0 }
    const known = spaces.findIndex(other => other.challenge.realm === challenge.realm && sameSpace(other, space))
    if (known !== -1) spaces.splice(known, 1)
    spaces.unshift(space)
    spaces.length = Math.min(spaces.length, mostSpaces)
    return space
  }

  async function sign(request: Outgoing, space: Space): Promise<Outgoing> {
    const { challenge } = space
    // Counted before anything is waited for, so that two requests at once have two counts (§3.4, nc).
    const count = ++space.count
    const body = await bodyFor(challenge, request)
    const { pathname, search } = new URL(request.url)
    const use: DigestUse = {
      method: request.method,
      uri: pathname + search,
      qop: body.qop,
      count,
      cnonce: challenge.key === 'session' ? space.cnonce : newCnonce(),
      ...(body.hash === undefined ? {} : { bodyHash: body.hash }),
    }
    const field = formatCredentials(await digestCredentials(challenge, given, space.key, use, hashes.text))
    const fields = { ...request.fields, authorization: field }
    // What is hashed is what is sent: a coding that is taken off on the way would change it.
    const sent = { ...request, fields: use.qop === 'auth-int' ? { ...fields, 'accept-encoding': 'identity' } : fields }
    signed.set(sent, { space, challenge, use })
    return sent
  }

  async function bodyFor(
    { qop, algorithm }: DigestChallenge,
    { content }: Outgoing,
  ): Promise<{ readonly qop: DigestQop | undefined; readonly hash?: string }> {
    if (qop.length === 0) return { qop: undefined }
    const wantsInt = qop.includes('auth-int') && (given.integrity === 'preferred' || !qop.includes('auth'))
    const hash = wantsInt ? await contentHash(content, algorithm, hashes) : undefined
    if (hash !== undefined) return { qop: 'auth-int', hash }
    if (qop.includes('auth')) return { qop: 'auth' }
    throw new AuthError(
      'the server wants the content covered (auth-int), and it is a stream that can be read only once',
    )
  }

  return {
    name: 'Digest',
    ...whoHas(given.password, given.username),
    sign(request) {
      const space = spaces.find(({ challenge, from }) => isInProtectionSpace(challenge.domain, from, request.url))
      return space === undefined ? request : sign(request, space)
    },
    async receive({ response, sent, request, tries }) {
      const was = signed.get(sent)
      if (response.status !== 401) {
        const looked = was && (await welcomed(was, response))
        return looked && { kind: 'stand', response: looked }
      }
      const challenges = parseChallenges(response.fields['www-authenticate'] ?? '')
      const challenge = strongestDigest(challenges, hashes.can)
      // §3.3, stale: only the nonce was too old. Credentials for a challenge of this very call that are refused are wrong.
      const isAnswered = was !== undefined && tries > 1
      if (challenge === undefined || (isAnswered && !challenge.isStale)) return undefined
      if (was !== undefined && challenge.nonce === was.challenge.nonce) return undefined
      return { kind: 'send', request: await sign(request, await enter(challenge, request.url)) }
    },
  }

  async function welcomed(was: Signed, response: Incoming): Promise<Incoming | undefined> {
    const field = response.fields['authentication-info']
    if (field === undefined) return undefined
    const info = authenticationInfoOf(parseChallenges(`x ${field}`)[0]?.params ?? {})
    // §3.5: the nonce to use from now on, counted anew
    if (info.nextNonce !== undefined && info.nextNonce !== was.space.challenge.nonce) {
      was.space.challenge = { ...was.space.challenge, nonce: info.nextNonce }
      was.space.count = 0
    }
    return info.rspauth === undefined ? undefined : prove(was, info, info.rspauth, response)
  }

  /** §3.5: that the server knows the password too. */
  async function prove(was: Signed, info: AuthenticationInfo, rspauth: string, response: Incoming) {
    const { challenge, space, use } = was
    const isOurs = (info.cnonce ?? use.cnonce) === use.cnonce && (info.count ?? use.count) === use.count
    const expect = (bodyHash: string | undefined) =>
      digestResponse(
        challenge,
        space.key,
        { ...use, method: '', qop: info.qop ?? use.qop, ...(bodyHash === undefined ? {} : { bodyHash }) },
        hashes.text,
      )
    const verdict = (expected: string): void => {
      if (!isOurs || expected !== rspauth)
        throw new AuthError('the server did not prove that it knows the password: rspauth is wrong (RFC 7616 §3.5)')
    }
    if ((info.qop ?? use.qop) !== 'auth-int') {
      try {
        verdict(await expect(undefined))
        return undefined
      } catch (error) {
        await response.body.discard()
        throw error
      }
    }
    const running = hashes.running?.(challenge.algorithm)
    return running && checked(response, running, async hash => verdict(await expect(hash)))
  }
}

function sameSpace(a: Space, b: Space): boolean {
  return new URL(a.from).origin === new URL(b.from).origin && a.challenge.domain.join() === b.challenge.domain.join()
}

function newCnonce(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18))))
}

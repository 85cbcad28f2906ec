// RFC 7616: Digest, from the side of the server. The password is proved and never sent.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import {
  type DigestAlgorithm,
  type DigestAnswer,
  digestAlgorithms,
  expectedDigest,
  formatAuthenticationInfo,
  formatChallenges,
  parseCredentials,
  parseDigestAnswer,
} from '@comity/http'
import type { Exchange } from '../exchange/exchange.ts'
import type { RecordReads } from '../store/records.ts'
import type { Later } from '../store/store.ts'
import { type Account, accountByHash, accountByLogin, callerOfAccount, type WholeAccount } from './accounts.ts'
import { usesScheme } from './basic.ts'
import type { Caller } from './caller.ts'
import { digestHash, nodeHash } from './digest-hashes.ts'
import { type Nonces, noncesOf } from './nonces.ts'
import { realmOf } from './realm.ts'
import type { Authenticated, Authentication, CredentialsRefused, SchemeContext } from './scheme.ts'
import { notAccepted, tooManyAttempts } from './sign-in.ts'

export type DigestDefinition = {
  /** Passwords are kept for it: with another, all have to be set anew. The API's title by default. */
  readonly realm?: string
  /** In the order of their challenges; SHA-256 and SHA-512-256 by default. MD5 only for clients that know nothing else. */
  readonly algorithms?: readonly DigestAlgorithm[]
  /** Seconds for which a nonce is good; 300 by default. */
  readonly nonceLife?: number
  /** Whether clients are asked to send a hash of their login in its stead; `asked` by default. */
  readonly userhash?: 'asked' | 'not-asked'
}

/** Most clients take the first that they know. */
const usualAlgorithms: readonly DigestAlgorithm[] = ['SHA-256', 'SHA-512-256']

/** Login and password of an account, proved for each request by a hash. */
export function digest(given: DigestDefinition = {}): Authentication {
  const { algorithms = usualAlgorithms, nonceLife = 300, userhash = 'asked' } = given
  const unknown = algorithms.filter(name => !digestAlgorithms.includes(name))
  if (algorithms.length === 0 || unknown.length > 0)
    throw new TypeError(`algorithms of digest() are ${digestAlgorithms.join(', ')}, and at least one of them`)
  const realmFor = (title: string) => realmOf(given.realm ?? title)
  return {
    kind: 'authentication',
    scheme: 'Digest',
    digestRealm: title => ({ realm: realmFor(title), algorithms }),
    open: context => {
      const realm = realmFor(context.title)
      const nonces = noncesOf(nonceLife * 1_000, context.now)
      const opaque = randomBytes(12).toString('base64url')
      const verify = verifierOf(context, { realm, algorithms, opaque, nonces })
      return {
        name: 'Digest',
        isUsed: x => usesScheme(x, 'digest'),
        authenticate: verify,
        challenges: (_x, refused) =>
          algorithms.map(algorithm =>
            formatChallenges([
              {
                scheme: 'digest',
                params: {
                  realm,
                  qop: 'auth, auth-int',
                  algorithm,
                  nonce: nonces.make(),
                  opaque,
                  charset: 'UTF-8',
                  ...(userhash === 'asked' && { userhash: 'true' }),
                  ...refused?.challenge,
                },
              },
            ]),
          ),
        described: { digest: { type: 'http', scheme: 'digest', description: 'Login and password of an account.' } },
      }
    },
  }
}

type Offer = {
  readonly realm: string
  readonly algorithms: readonly DigestAlgorithm[]
  readonly opaque: string
  readonly nonces: Nonces
}

function verifierOf({ store, signIns }: SchemeContext, { realm, algorithms, opaque, nonces }: Offer) {
  /** Compared with where there is no account: the work is the same. */
  const nobodys = randomBytes(32).toString('hex')

  async function verified(
    x: Exchange,
    answer: DigestAnswer,
    account: WholeAccount | undefined,
    bodyHash?: string,
  ): Promise<CredentialsRefused | Verified> {
    // A name is counted as it was sent, so that no other count tells whether it is somebody's.
    const attempt = await signIns.attempts.begin(answer.user.name, x.incoming.address())
    if (attempt.kind === 'limited') return tooManyAttempts(attempt.retryAfter)
    const kept = account?.digest?.realm === realm ? account.digest.keys[answer.algorithm] : undefined
    const request = { method: x.method, ...(bodyHash !== undefined && { bodyHash }) }
    const expected = await expectedDigest(answer, kept ?? nobodys, request, digestHash)
    const isRight = timingSafeEqual(Buffer.from(expected.response), Buffer.from(answer.response))
    if (!isRight || kept === undefined || account?.state !== 'active') return wrong
    await attempt.succeeded()
    const use = nonces.use(answer.nonce, answer.count)
    if (use.kind === 'stale') return stale
    const info = formatAuthenticationInfo(answer, expected.rspauth, use.next)
    const fields: Readonly<Record<string, string>> = { 'authentication-info': info }
    return { kind: 'verified', caller: callerOfAccount(account, 'Digest'), fields }
  }

  return async (x: Exchange): Promise<Authenticated> => {
    const credentials = parseCredentials(x.field('authorization') ?? '')
    const answer = credentials && parseDigestAnswer(credentials)
    if (answer === undefined || answer.key === 'session' || !algorithms.includes(answer.algorithm)) return malformed
    if (answer.realm !== realm || (answer.opaque ?? opaque) !== opaque) return ofAnother
    if (!isTarget(x, answer.uri)) return elsewhere
    const account = await accountOf(store, answer)
    if (answer.qop === 'auth') return outcomeOf(await verified(x, answer, account))
    if (!hasContent(x)) return outcomeOf(await verified(x, answer, account, digestHash(answer.algorithm, '')))
    // Who it is can be told once the content is here. Until then a login that is nobody's is treated as one that is.
    const hash = createHash(nodeHash(answer.algorithm))
    x.incoming.watchContent(piece => hash.update(piece))
    return {
      kind: 'caller',
      caller: callerOfAccount(account ?? nobody, 'Digest'),
      content: async how => {
        if (how === 'unread') return uncovered
        const found = await verified(x, answer, account, hash.digest('hex'))
        return found.kind === 'verified' ? { kind: 'signed', fields: found.fields } : found
      },
    }
  }
}

type Verified = {
  readonly kind: 'verified'
  readonly caller: Caller
  readonly fields: Readonly<Record<string, string>>
}

const outcomeOf = (found: CredentialsRefused | Verified): Authenticated =>
  found.kind === 'refused' ? found : { kind: 'caller', caller: found.caller, fields: found.fields }

const nobody: Account = { id: '', login: '', scopes: undefined, claims: {}, state: 'active' }

function accountOf(reads: RecordReads, { user, algorithm }: DigestAnswer): Later<WholeAccount | undefined> {
  return user.kind === 'plain' ? accountByLogin(reads, user.name) : accountByHash(reads, algorithm, user.name)
}

const hasContent = (x: Exchange): boolean =>
  x.fields['transfer-encoding'] !== undefined || (x.field('content-length') ?? '0') !== '0'

/** §3.4.6: the credentials are for this target, as the client wrote it. */
function isTarget(x: Exchange, uri: string): boolean {
  const target = x.incoming.prefix() + x.incoming.url
  return uri === target || uri === x.incoming.origin() + target
}

const refused = (detail: string, challenge?: Readonly<Record<string, string>>): CredentialsRefused => ({
  kind: 'refused',
  code: 'credentials-invalid',
  detail,
  ...(challenge && { challenge }),
})

const wrong = refused(notAccepted.detail)
const malformed = refused('The Digest credentials are not complete, or of an algorithm that is not offered.')
const ofAnother = refused('The Digest credentials are for another realm.')
const elsewhere = refused('The uri of the Digest credentials is not the target of the request.')
const uncovered = refused(
  'With qop=auth-int nothing is told before the content was checked, and here it was not: it comes in parts, is not read, or the request was refused before. Use qop=auth.',
)
const stale = refused('The nonce is too old, or was used with this nc before. Answer the new one.', { stale: 'true' })

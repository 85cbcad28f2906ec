// Signing in by login and password, whatever asks for them: a request field, or a form. Nothing that is answered tells
// an account that is there from one that is not, and both take the same work.
import { createHmac, randomBytes } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { RecordReads } from '../store/records.ts'
import { accountByLogin, type WholeAccount } from './accounts.ts'
import { type AttemptLimits, type Attempts, attemptsOf, usualAttemptLimits } from './attempts.ts'
import { isPassword, isPasswordOf, TooManyPasswords } from './password.ts'
import type { CredentialsRefused } from './scheme.ts'

export type SignedIn = { readonly kind: 'account'; readonly account: WholeAccount } | CredentialsRefused

export type SignIns = {
  /** `address`: where the attempt comes from. */
  readonly withPassword: (login: string, password: string, address: string) => Promise<SignedIn>
  /** For what is proved otherwise: counted together with passwords. */
  readonly attempts: Attempts
}

/** For which a password that was right is believed without being hashed again, in ms; while the account stays as it is. */
const believedFor = 5 * 60_000
const mostBelieved = 10_000

export function signInsOf(reads: RecordReads, limits?: Partial<AttemptLimits>): SignIns {
  const attempts = attemptsOf({ ...usualAttemptLimits, ...limits })
  const secret = randomBytes(32)
  const believed = new LRUCache<string, true>({ max: mostBelieved, ttl: believedFor })
  const running = new Map<string, Promise<SignedIn>>()

  async function compared(login: string, password: string, address: string, account: WholeAccount | undefined) {
    const attempt = await attempts.begin(login, address)
    if (attempt.kind === 'limited') return tooManyAttempts(attempt.retryAfter)
    try {
      const isRight = await isPasswordOf(account?.hash, password)
      if (!isRight || account === undefined || account.state === 'disabled') return notAccepted
    } catch (error) {
      if (error instanceof TooManyPasswords) return tooBusy
      throw error
    }
    await attempt.succeeded()
    return { kind: 'account', account } as const
  }

  return {
    attempts,
    async withPassword(given, password, address) {
      const login = given.normalize('NFC')
      if (login.length > 200 || !isPassword(password)) return notAccepted
      const account = await accountByLogin(reads, login)
      // With what is kept of the account: a new password makes the old one another proof.
      const said = JSON.stringify([login, password.normalize('NFC'), account?.id, account?.hash])
      const proof = createHmac('sha256', secret).update(said).digest('base64')
      if (believed.has(proof) && account?.state === 'active') return { kind: 'account', account }
      // The first requests of a client come together, with the same password: it is hashed, and counted, once.
      const name = `${proof} ${address}`
      const known = running.get(name)
      if (known) return known
      const comparing = compared(login, password, address, account).finally(() => running.delete(name))
      running.set(name, comparing)
      const outcome = await comparing
      if (outcome.kind === 'account') believed.set(proof, true)
      return outcome
    },
  }
}

/** One sentence for all that may be wrong. */
export const notAccepted: CredentialsRefused = {
  kind: 'refused',
  code: 'credentials-invalid',
  detail: 'There is no account with this login and this password, or it may not sign in.',
}

export const tooManyAttempts = (retryAfter: number): CredentialsRefused => ({
  kind: 'refused',
  code: 'too-many-sign-ins',
  detail: `Credentials were wrong too often for this account or from this address; none are looked at for ${retryAfter} seconds.`,
  fields: { 'retry-after': String(retryAfter) },
})

const tooBusy: CredentialsRefused = {
  kind: 'refused',
  code: 'overloaded',
  detail: 'More passwords wait to be compared than the server takes on at once.',
  fields: { 'retry-after': '2' },
}

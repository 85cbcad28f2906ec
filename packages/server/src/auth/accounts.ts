// Accounts: people, and whoever signs in as one.
import { randomBytes } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { common } from '../access/scope-extent.ts'
import type { RecordReads, StoredRecord } from '../store/records.ts'
import type { Later } from '../store/store.ts'
import { after } from '../store/store.ts'
import type { Caller } from './caller.ts'
import { type DigestHashes, type DigestRealm, digestHashesOf } from './digest-hashes.ts'
import { allRecords, CredentialsError, type Keeping, noted, type RecordTransaction } from './keeping.ts'
import { forgetSessionsOf } from './oauth2/server/records.ts'
import { hashPassword, isPassword, mostPasswordBytes } from './password.ts'

/** An account as it may be shown. */
export type Account = {
  readonly id: string
  /** The name to sign in by. Capitals count. */
  readonly login: string
  /** What it may do; undefined: all that its roles and policies let anybody do. */
  readonly scopes: readonly string[] | undefined
  readonly claims: Readonly<Record<string, unknown>>
  readonly state: 'active' | 'disabled'
}

export type NewAccount = {
  readonly login: string
  /** At least 8 characters. One is made where none is given. */
  readonly password?: string
  readonly scopes?: readonly string[]
  readonly claims?: Readonly<Record<string, unknown>>
  /** A UUIDv7 by default: what `caller.id` is. */
  readonly id?: string
}

/** An account with its secrets, which never leave the server. */
export type WholeAccount = Account & {
  /** argon2id. */
  readonly hash: string | undefined
  readonly digest: DigestHashes | undefined
}

export const accountKind = 'account'
/** So that no two accounts have one login. */
const loginKind = 'account-login'
/** By the hash of their login, where it is not to be sent (`userhash`). */
export const hashedLogin = (algorithm: string): string => `login-${algorithm}`

export async function addAccount(keeping: Keeping, realm: DigestRealm | undefined, given: NewAccount) {
  const login = loginOf(given.login)
  const password = given.password ?? newPassword()
  const secrets = await secretsOf(login, password, realm)
  const { id = uuidv7(), scopes, claims = {} } = given
  const whole: WholeAccount = { id, login, scopes, claims, state: 'active', ...secrets }
  await keeping.write(async tx => {
    if (!(await tx.addRecord(loginKind, login, { value: { account: id } })))
      throw new CredentialsError(`There is an account “${login}” already.`)
    if (!(await tx.addRecord(accountKind, id, recordOf(whole))))
      throw new CredentialsError(`There is an account with the id “${id}” already.`)
    await noted(tx, 'created', 'accounts', id)
  })
  return { account: shown(whole), password }
}

/** Gives an account a new password: the one given, or one that is made. */
export async function setPassword(keeping: Keeping, realm: DigestRealm | undefined, login: string, given?: string) {
  const password = given ?? newPassword()
  const known = await existing(keeping.reads, login)
  const secrets = await secretsOf(known.login, password, realm)
  await keeping.write(async tx => {
    await put(tx, { ...(await existing(tx, login)), ...secrets })
    await forgetSessionsOf(tx, known.id)
    await noted(tx, 'password-changed', 'accounts', known.id)
  })
  return { account: shown(known), password }
}

/** Lets an account in, or no more. */
export async function setState(keeping: Keeping, login: string, state: Account['state']): Promise<Account> {
  return keeping.write(async tx => {
    const whole = { ...(await existing(tx, login)), state }
    await put(tx, whole)
    if (state === 'disabled') await forgetSessionsOf(tx, whole.id)
    await noted(tx, state === 'active' ? 'enabled' : 'disabled', 'accounts', whole.id)
    return shown(whole)
  })
}

/** Changes what an account may do and what is known of it. */
export async function changeAccount(
  keeping: Keeping,
  login: string,
  changes: Partial<Pick<Account, 'scopes' | 'claims'>>,
): Promise<Account> {
  return keeping.write(async tx => {
    const whole = { ...(await existing(tx, login)), ...changes }
    await put(tx, whole)
    await noted(tx, 'changed', 'accounts', whole.id)
    return shown(whole)
  })
}

export const listAccounts = async (reads: RecordReads): Promise<readonly Account[]> =>
  (await allRecords(reads, accountKind)).map(record => shown(accountOf(record)))

/** The account of a login; undefined where there is none. */
export function accountByLogin(reads: RecordReads, login: string): Later<WholeAccount | undefined> {
  return after(reads.record(loginKind, login.normalize('NFC')), named =>
    named === undefined ? undefined : accountById(reads, String(named.value.account)),
  )
}

export function accountById(reads: RecordReads, id: string): Later<WholeAccount | undefined> {
  return after(reads.record(accountKind, id), record => record && accountOf(record))
}

/** The account whose login has this hash (RFC 7616 §3.4.4). */
export function accountByHash(reads: RecordReads, algorithm: string, hash: string): Later<WholeAccount | undefined> {
  return after(
    reads.recordsNamed(accountKind, hashedLogin(algorithm), hash, 1),
    ([record]) => record && accountOf(record),
  )
}

export const callerOfAccount = (
  { id, scopes, claims }: Account,
  scheme: string,
  by: {
    readonly scopes?: readonly string[] | undefined
    readonly via?: string
    readonly restsOn?: Caller['restsOn']
  } = {},
): Caller => ({
  kind: 'account',
  id,
  scheme,
  scopes: narrowed(scopes, by.scopes),
  claims,
  ...(by.via !== undefined && { via: by.via }),
  restsOn: [[accountKind, id], ...(by.restsOn ?? [])],
})

/** What is in both, where undefined is everything. */
export function narrowed(
  own: readonly string[] | undefined,
  asked: readonly string[] | undefined,
): readonly string[] | undefined {
  if (own === undefined || asked === undefined) return own ?? asked
  return common(own, asked)
}

export const shown = ({ id, login, scopes, claims, state }: Account): Account => ({ id, login, scopes, claims, state })

/** 144 bits. */
const newPassword = (): string => randomBytes(18).toString('base64url')

/** @throws CredentialsError */
export async function existing(reads: RecordReads, login: string): Promise<WholeAccount> {
  const known = await accountByLogin(reads, login)
  if (known === undefined) throw new CredentialsError(`There is no account “${login}”.`)
  return known
}

const put = (tx: RecordTransaction, whole: WholeAccount) => tx.putRecord(accountKind, whole.id, recordOf(whole))

function recordOf({ id: _id, digest, ...rest }: WholeAccount) {
  const names = Object.entries(digest?.users ?? {}).map(([algorithm, hash]) => [hashedLogin(algorithm), hash])
  return { value: { ...rest, digest }, names: Object.fromEntries(names) as Record<string, string> }
}

function accountOf({ id, value }: StoredRecord): WholeAccount {
  // What is undefined is not written.
  const { scopes, hash, digest, ...rest } = value as Omit<WholeAccount, 'id'>
  return { ...rest, scopes, hash, digest, id }
}

async function secretsOf(login: string, password: string, realm: DigestRealm | undefined) {
  if (!isPassword(password)) throw new CredentialsError(`A password has 1 to ${mostPasswordBytes} bytes of UTF-8.`)
  if ([...password].length < 8) throw new CredentialsError('A password has at least 8 characters.')
  return { hash: await hashPassword(password), digest: realm && digestHashesOf(realm, login, password) }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const unfit = /[:\x00-\x1f\x7f]/

/** RFC 7617 §2: what can be said in Basic is fit for every scheme. */
function loginOf(given: string): string {
  const login = given.normalize('NFC')
  if (login === '' || login.length > 200 || login.trim() !== login || unfit.test(login))
    throw new CredentialsError(
      `“${login.slice(0, 200)}” cannot be a login: it has 1 to 200 characters, without colons, control characters, or space at its ends.`,
    )
  return login
}

// API keys: 256 random bits, of which only a hash is kept. The key names its record, so that nothing secret is looked up.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { RecordReads, StoredRecord } from '../store/records.ts'
import { after, type Later } from '../store/store.ts'
import { accountById, accountByLogin, callerOfAccount } from './accounts.ts'
import type { Caller } from './caller.ts'
import { allRecords, CredentialsError, type Keeping, noted } from './keeping.ts'

/** A key as it may be shown. Times are in ms since the epoch. */
export type ApiKey = {
  /** Stands in the key itself, and is no secret. */
  readonly id: string
  readonly name: string
  /** Id of the account it acts for; undefined: it is a caller of its own. */
  readonly account: string | undefined
  readonly scopes: readonly string[] | undefined
  readonly claims: Readonly<Record<string, unknown>>
  readonly created: number
  readonly expires: number | undefined
  readonly revoked: number | undefined
  /** To the minute; undefined: never. */
  readonly lastUsed: number | undefined
}

export type NewApiKey = {
  /** What it is for: `nightly export`. */
  readonly name: string
  /** Login of the account it acts for. */
  readonly account?: string
  /** What it may do; all that its account may, when not given. */
  readonly scopes?: readonly string[]
  /** What policies know of it, where it acts for no account. */
  readonly claims?: Readonly<Record<string, unknown>>
  /** Ms since the epoch. Never, when not given. */
  readonly expires?: number
}

const kind = 'api-key'
const useKind = 'api-key-use'
const form = /^ck_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/

type Kept = Omit<ApiKey, 'id' | 'lastUsed'> & { readonly hash: string }

const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()

/** Whether a text has the form of a key. */
export const isApiKey = (text: string): boolean => form.test(text)

/** Makes a key. `secret` is the whole of it, and is told this once. */
export async function createKey(keeping: Keeping, given: NewApiKey) {
  const { name, scopes, claims = {}, expires } = given
  const created = keeping.now()
  if (name.trim() === '' || name.length > 200) throw new CredentialsError('A key has a name of 1 to 200 characters.')
  if (expires !== undefined && !(expires > created))
    throw new CredentialsError('A key cannot expire before it is made.')
  const id = randomBytes(8).toString('hex')
  const random = randomBytes(32).toString('base64url')
  const value: Kept = {
    name,
    account: await accountNamed(keeping.reads, given.account),
    scopes,
    claims,
    created,
    expires,
    revoked: undefined,
    hash: hashOf(random).toString('base64'),
  }
  await keeping.write(tx => after(tx.putRecord(kind, id, { value }), () => noted(tx, 'created', 'keys', id)))
  return { key: keyOf(id, value, undefined), secret: `ck_${id}_${random}` }
}

async function accountNamed(reads: RecordReads, login: string | undefined): Promise<string | undefined> {
  if (login === undefined) return undefined
  const account = await accountByLogin(reads, login)
  if (account === undefined) throw new CredentialsError(`There is no account “${login}”.`)
  return account.id
}

export async function listKeys(reads: RecordReads): Promise<readonly ApiKey[]> {
  const keys: ApiKey[] = []
  for (const { id, value } of await allRecords(reads, kind))
    keys.push(keyOf(id, value as Kept, await reads.record(useKind, id)))
  return keys
}

/** Revokes the key with this id, or the only one with this name. From then on it is refused. */
export async function revokeKey(keeping: Keeping, idOrName: string): Promise<ApiKey> {
  return keeping.write(async tx => {
    const all = await listKeys(tx)
    const byId = all.filter(({ id }) => id === idOrName)
    const found = byId.length > 0 ? byId : all.filter(({ name, revoked }) => name === idOrName && revoked === undefined)
    const [key] = found
    if (key === undefined) throw new CredentialsError(`There is no key “${idOrName}”.`)
    if (found.length > 1)
      throw new CredentialsError(
        `${found.length} keys are called “${idOrName}”: name one by its id (${found.map(({ id }) => id).join(', ')}).`,
      )
    if (key.revoked !== undefined) return key
    const value = (await tx.record(kind, key.id))?.value
    await tx.putRecord(kind, key.id, { value: { ...value, revoked: keeping.now() } })
    await noted(tx, 'revoked', 'keys', key.id)
    return { ...key, revoked: keeping.now() }
  })
}

/** What a key that was sent comes to; `expired` and `revoked` are told only to who has the whole of it. */
export type KeyFound =
  | { readonly kind: 'caller'; readonly id: string; readonly caller: Caller }
  | { readonly kind: 'unknown' | 'expired' | 'revoked' }

/** Asks the database each time, so that a key that is revoked is refused at once, whichever process revoked it. */
export function findKey(reads: RecordReads, sent: string, now: number): Later<KeyFound> {
  const [, id = '', random = ''] = form.exec(sent) ?? []
  return after(reads.record(kind, id), (record): Later<KeyFound> => {
    const kept = record?.value as Kept | undefined
    const hash = Buffer.from(kept?.hash ?? nobodys, 'base64')
    // The comparison is of hashes of one length, and is made whether there is such a key or not.
    if (!timingSafeEqual(hashOf(random), hash) || kept === undefined) return { kind: 'unknown' }
    if (kept.revoked !== undefined) return { kind: 'revoked' }
    if (kept.expires !== undefined && kept.expires <= now) return { kind: 'expired' }
    return callerOf(reads, id, kept)
  })
}

const nobodys = Buffer.alloc(32).toString('base64')

function callerOf(reads: RecordReads, id: string, { name, account, scopes, claims = {} }: Kept): Later<KeyFound> {
  const restsOn = [[kind, id]] as const
  if (account === undefined)
    return { kind: 'caller', id, caller: { kind: 'client', id, scheme: 'ApiKey', scopes, claims, via: name, restsOn } }
  return after(accountById(reads, account), (known): KeyFound => {
    if (known === undefined || known.state === 'disabled') return { kind: 'revoked' }
    return { kind: 'caller', id, caller: callerOfAccount(known, 'ApiKey', { scopes, via: name, restsOn }) }
  })
}

/** Notes that a key was used, unless another process did less than `every` ms before. */
export const noteUse = (keeping: Keeping, id: string, at: number, every: number): Later<void> =>
  keeping.write(tx =>
    after(tx.record(useKind, id), known => {
      if (known !== undefined && at - Number(known.value.at) < every) return
      return tx.putRecord(useKind, id, { value: { at } })
    }),
  )

const keyOf = (id: string, { hash: _hash, ...kept }: Kept, use: StoredRecord | undefined): ApiKey => ({
  id,
  name: kept.name,
  account: kept.account,
  scopes: kept.scopes,
  claims: kept.claims ?? {},
  created: kept.created,
  expires: kept.expires,
  revoked: kept.revoked,
  lastUsed: use && Number(use.value.at),
})

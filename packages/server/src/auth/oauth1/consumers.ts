// RFC 5849 §1.1: clients (“consumers”) and tokens. A signature by a shared secret can only be checked with the secret, so
// that those are kept as they are (§4.5); whoever reads the database can act as a consumer, but not learn a password.
import { createPublicKey, randomBytes } from 'node:crypto'
import type { RecordReads, StoredRecord } from '../../store/records.ts'
import type { Later } from '../../store/store.ts'
import { after } from '../../store/store.ts'
import { allRecords, CredentialsError, type Keeping, noted } from '../keeping.ts'

/** A consumer as it may be shown. */
export type OAuth1Consumer = {
  /** `oauth_consumer_key` */
  readonly key: string
  readonly name: string
  /** What it may do, for itself and for others; undefined: all that policies let anybody do. */
  readonly scopes: readonly string[] | undefined
  /** What policies know of it, where it asks for itself. */
  readonly claims: Readonly<Record<string, unknown>>
  /** Where people may be sent back to. Empty: nowhere, they copy the verifier (`oob`). */
  readonly callbacks: readonly string[]
  /** Whether it may ask for itself, without a token. */
  readonly twoLegged: 'allowed' | 'refused'
  /** What it signs with. */
  readonly signs: 'secret' | 'rsa'
  readonly created: number
  readonly revoked: number | undefined
}

export type NewOAuth1Consumer = {
  readonly name: string
  readonly scopes?: readonly string[]
  readonly claims?: Readonly<Record<string, unknown>>
  /** Absolute URLs, compared without their query. */
  readonly callbacks?: readonly string[]
  /** `refused` by default. */
  readonly twoLegged?: 'allowed' | 'refused'
  /** Of a consumer that signs with RSA-SHA1, in PEM; it has no secret then. */
  readonly publicKey?: string
}

export type WholeConsumer = OAuth1Consumer & { readonly secret: string; readonly publicKey: string | undefined }

export const consumerKind = 'oauth1-consumer'
export const tokenKind = 'oauth1-token'
// A word that no command line takes for a flag.
export const randomName = (): string => randomBytes(16).toString('hex')
export const randomSecret = (): string => randomBytes(32).toString('base64url')

/** `secret` is told once; undefined for one that signs with RSA. */
export async function addConsumer(keeping: Keeping, given: NewOAuth1Consumer) {
  const { name, scopes, claims = {}, callbacks = [], twoLegged = 'refused', publicKey } = given
  if (name.trim() === '' || name.length > 200)
    throw new CredentialsError('A consumer has a name of 1 to 200 characters.')
  for (const url of callbacks)
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
      throw new CredentialsError(`“${url}” is no absolute URL to send people back to.`)
  if (publicKey !== undefined) assertRsa(publicKey)
  const value = {
    name,
    scopes,
    claims,
    callbacks,
    twoLegged,
    signs: publicKey === undefined ? 'secret' : 'rsa',
    created: keeping.now(),
    revoked: undefined,
    publicKey,
    secret: randomSecret(),
  } as const
  const key = randomName()
  await keeping.write(tx =>
    after(tx.putRecord(consumerKind, key, { value }), () => noted(tx, 'created', 'consumers', key)),
  )
  return { consumer: shown({ key, ...value }), secret: publicKey === undefined ? value.secret : undefined }
}

function assertRsa(pem: string): void {
  try {
    if (createPublicKey(pem).asymmetricKeyType === 'rsa') return
  } catch {
    // Told below.
  }
  throw new CredentialsError('The public key of a consumer is an RSA key in PEM.')
}

export const listConsumers = async (reads: RecordReads): Promise<readonly OAuth1Consumer[]> =>
  (await allRecords(reads, consumerKind)).map(record => shown(consumerIn(record)))

/** It is refused from now on, and so are all its tokens. */
export async function revokeConsumer(keeping: Keeping, key: string): Promise<OAuth1Consumer> {
  return keeping.write(async tx => {
    const record = await tx.record(consumerKind, key)
    if (record === undefined) throw new CredentialsError(`There is no consumer “${key}”.`)
    const whole = consumerIn(record)
    const { revoked = keeping.now() } = whole
    await tx.putRecord(consumerKind, key, { value: { ...record.value, revoked } })
    await tx.removeRecordsNamed(tokenKind, 'consumer', key)
    await noted(tx, 'revoked', 'consumers', key)
    return shown({ ...whole, revoked })
  })
}

export const consumerOf = (reads: RecordReads, key: string): Later<WholeConsumer | undefined> =>
  after(reads.record(consumerKind, key), record => record && consumerIn(record))

function consumerIn({ id, value }: StoredRecord): WholeConsumer {
  const { scopes, revoked, publicKey, ...rest } = value as Omit<WholeConsumer, 'key'>
  return { ...rest, scopes, revoked, publicKey, key: id }
}

function shown({ key, name, scopes, claims, callbacks, twoLegged, signs, created, revoked }: OAuth1Consumer) {
  return { key, name, scopes, claims, callbacks, twoLegged, signs, created, revoked }
}

/** §2.3: what a person gave to a consumer. */
export type TokenCredentials = {
  readonly token: string
  readonly secret: string
  readonly consumer: string
  /** Id of the account. */
  readonly account: string
}

export const putToken = (
  tx: Parameters<Parameters<Keeping['write']>[0]>[0],
  { token, secret, consumer, account }: TokenCredentials,
): Later<void> => tx.putRecord(tokenKind, token, { value: { secret, consumer, account }, names: { consumer, account } })

export const tokenOf = (reads: RecordReads, token: string): Later<TokenCredentials | undefined> =>
  after(reads.record(tokenKind, token), record => record && ({ ...record.value, token } as TokenCredentials))

/** What an account gave to consumers is theirs no more; returns how much that was. */
export const revokeTokens = (keeping: Keeping, account: string): Later<number> =>
  keeping.write(async tx => {
    const count = await tx.removeRecordsNamed(tokenKind, 'account', account)
    // Whose they were: they have no names that could be told.
    await noted(tx, 'revoked', 'tokens', account)
    return count
  })

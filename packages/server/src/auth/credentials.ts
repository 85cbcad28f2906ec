// By which code makes and withdraws what callers sign in with: given to `seed`, and to whoever opens a database.
import type { Signature } from '../store/audit.ts'
import type { RecordReads } from '../store/records.ts'
import { after, type Later, type Store, type Transaction } from '../store/store.ts'
import {
  type Account,
  addAccount,
  changeAccount,
  existing,
  listAccounts,
  type NewAccount,
  setPassword,
  setState,
} from './accounts.ts'
import type { DigestRealm } from './digest-hashes.ts'
import type { Keeping } from './keeping.ts'
import { type ApiKey, createKey, listKeys, type NewApiKey, revokeKey } from './keys.ts'
import {
  addConsumer,
  listConsumers,
  type NewOAuth1Consumer,
  type OAuth1Consumer,
  revokeConsumer,
  revokeTokens,
} from './oauth1/consumers.ts'
import { addClient, type Client, listClients, type NewClient, revokeClient } from './oauth2/server/clients.ts'
import { rotateKeys } from './oauth2/server/signing-keys.ts'

/** Accounts and keys of an API. Each method throws CredentialsError, with a sentence for a person, where it cannot. */
export type Credentials = {
  /** `password` is the one given, or one that was made; it is not kept and cannot be read again. */
  addAccount(account: NewAccount): Promise<{ readonly account: Account; readonly password: string }>
  accounts(): Promise<readonly Account[]>
  /** A password is made where none is given. */
  setPassword(login: string, password?: string): Promise<{ readonly account: Account; readonly password: string }>
  changeAccount(login: string, changes: Partial<Pick<Account, 'scopes' | 'claims'>>): Promise<Account>
  /** Whoever signs in as it is refused from now on, and so are its keys. */
  disableAccount(login: string): Promise<Account>
  enableAccount(login: string): Promise<Account>
  /** `secret` is what callers send. It is not kept and cannot be read again. */
  createKey(key: NewApiKey): Promise<{ readonly key: ApiKey; readonly secret: string }>
  keys(): Promise<readonly ApiKey[]>
  /** By id, or by a name that is one key's alone. */
  revokeKey(idOrName: string): Promise<ApiKey>
  /** Registers a program with the authorization server. `secret` is not kept and cannot be read again; a public client has none. */
  addClient(client: NewClient): Promise<{ readonly client: Client; readonly secret?: string }>
  clients(): Promise<readonly Client[]>
  /** By id, or by a name that is one client's alone. Every token that it has is refused from then on. */
  revokeClient(idOrName: string): Promise<Client>
  /** Makes new keys, by which tokens are signed once every verifier has had time to fetch them. */
  rotateSigningKeys(): Promise<void>
  /** Of OAuth 1.0. `secret` is told this once; undefined for one that signs with RSA. */
  addConsumer(
    consumer: NewOAuth1Consumer,
  ): Promise<{ readonly consumer: OAuth1Consumer; readonly secret: string | undefined }>
  consumers(): Promise<readonly OAuth1Consumer[]>
  /** With all that people gave it. */
  revokeConsumer(key: string): Promise<OAuth1Consumer>
  /** What an account gave to consumers of OAuth 1.0 is theirs no more; returns how many tokens that were. */
  revokeTokens(login: string): Promise<number>
}

/** Over a store, or within a transaction. */
export function credentialsOf(keeping: Keeping): Credentials {
  const realm = () => digestRealmOf(keeping)
  return {
    addAccount: async account => addAccount(keeping, await realm(), account),
    accounts: () => listAccounts(keeping.reads),
    setPassword: async (login, password) => setPassword(keeping, await realm(), login, password),
    changeAccount: (login, changes) => changeAccount(keeping, login, changes),
    disableAccount: login => setState(keeping, login, 'disabled'),
    enableAccount: login => setState(keeping, login, 'active'),
    createKey: key => createKey(keeping, key),
    keys: () => listKeys(keeping.reads),
    revokeKey: idOrName => revokeKey(keeping, idOrName),
    addClient: client => addClient(keeping, client),
    clients: () => listClients(keeping.reads),
    revokeClient: idOrName => revokeClient(keeping, idOrName),
    rotateSigningKeys: () => rotateKeys(keeping),
    addConsumer: consumer => addConsumer(keeping, consumer),
    consumers: () => listConsumers(keeping.reads),
    revokeConsumer: key => revokeConsumer(keeping, key),
    revokeTokens: async login => revokeTokens(keeping, (await existing(keeping.reads, login)).id),
  }
}

/** `by`: in whose name the audit log tells of it; the server's own when not given. */
export const keepingIn = (store: Store, now: () => number, by?: Signature): Keeping => ({
  reads: store,
  write: work =>
    store.write(tx => {
      if (by) tx.signed(by)
      return work(tx)
    }),
  now,
})

/** What is done by it happens with the transaction, or not at all. */
export const keepingWithin = (tx: Transaction, now: () => number): Keeping => ({
  reads: tx,
  write: work => work(tx),
  now,
})

const settings = 'setting'
const digestSetting = 'digest'
const auditSetting = 'audit'

/** The realm for which passwords are also kept as Digest needs them; as the API said when it was last started. */
async function digestRealmOf({ reads }: Keeping): Promise<DigestRealm | undefined> {
  return (await reads.record(settings, digestSetting))?.value as DigestRealm | undefined
}

/** Notes what an API declares, so that whoever sets a password in its database knows it. */
export function noteDigestRealm(keeping: Keeping, realm: DigestRealm | undefined): Later<unknown> {
  return keeping.write(async tx => {
    const known = await digestRealmOf({ ...keeping, reads: tx })
    if (JSON.stringify(known) === JSON.stringify(realm)) return
    if (realm === undefined) await tx.removeRecord(settings, digestSetting)
    else await tx.putRecord(settings, digestSetting, { value: { ...realm } })
  })
}

/** Whether the API keeps an audit log; as it said when it was last started. */
export const keepsAudit = (reads: RecordReads): Later<boolean> =>
  after(reads.record(settings, auditSetting), known => known !== undefined)

/** Notes that it does, so that whoever changes credentials in its database writes it down there too. */
export function noteAudit({ reads, write }: Keeping, audit: 'kept' | 'none'): Later<unknown> {
  return after(keepsAudit(reads), (was): Later<unknown> => {
    if (was === (audit === 'kept')) return
    return write(tx =>
      was ? tx.removeRecord(settings, auditSetting) : tx.putRecord(settings, auditSetting, { value: {} }),
    )
  })
}

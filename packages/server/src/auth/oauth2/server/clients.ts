// RFC 6749 §2: the programs that may ask for tokens, as an operator registers them. Nobody registers by themselves.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { RecordReads, StoredRecord } from '../../../store/records.ts'
import type { Later } from '../../../store/store.ts'
import { after } from '../../../store/store.ts'
import { allRecords, CredentialsError, type Keeping, noted } from '../../keeping.ts'
import { isLoopback } from '../ask.ts'
import { forgetTokensOf } from './records.ts'

export const clientGrants = ['client_credentials', 'authorization_code', 'refresh_token'] as const
export type ClientGrant = (typeof clientGrants)[number]

/** A client as it may be shown. */
export type Client = {
  readonly id: string
  /** What people are asked about: “Ledger wants to …”. */
  readonly name: string
  /** `public`: a program on people's own machines, which can keep no secret (RFC 8252). */
  readonly kind: 'confidential' | 'public'
  readonly grants: readonly ClientGrant[]
  readonly redirectUris: readonly string[]
  /** What it may ask for; undefined: any scope that there is. */
  readonly scopes: readonly string[] | undefined
  /** What policies know of it when it acts for itself. */
  readonly claims: Readonly<Record<string, unknown>>
  /** `implied`: a part of the API's own; people are not asked whether it may act for them. */
  readonly consent: 'asked' | 'implied'
  /** Whether it may ask about tokens of others (RFC 7662), as a resource server does. */
  readonly introspection: 'own' | 'all'
  /** Ms since the epoch. */
  readonly created: number
}

export type NewClient = {
  readonly name: string
  /** Where people are sent back to, exactly; with one it may act for them (authorization code), else for itself. */
  readonly redirectUris?: readonly string[]
  readonly grants?: readonly ClientGrant[]
} & Partial<Pick<Client, 'kind' | 'scopes' | 'claims' | 'consent' | 'introspection'>>

export const clientKind = 'oauth-client'
/** Of a secret that is 256 random bits, a hash is enough: it cannot be guessed. */
const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64')

type Kept = Omit<Client, 'id'> & { readonly hash: string | undefined }

/** `secret` is told this once; undefined for a public client. */
export async function addClient(keeping: Keeping, given: NewClient) {
  const { name, redirectUris = [], kind: type = 'confidential', scopes, claims = {} } = given
  const grants =
    given.grants ?? (redirectUris.length > 0 ? ['authorization_code', 'refresh_token'] : ['client_credentials'])
  check({ ...given, redirectUris, grants, kind: type })
  const id = `app_${randomBytes(8).toString('hex')}`
  const secret = type === 'public' ? undefined : `cs_${randomBytes(32).toString('base64url')}`
  const value: Kept = {
    name: name.trim(),
    kind: type,
    grants,
    redirectUris,
    scopes,
    claims,
    consent: given.consent ?? 'asked',
    introspection: given.introspection ?? 'own',
    created: keeping.now(),
    hash: secret && hashOf(secret),
  }
  await keeping.write(tx =>
    after(tx.putRecord(clientKind, id, { value, names: { name: value.name } }), () =>
      noted(tx, 'created', 'clients', id),
    ),
  )
  return { client: shown({ id, ...value }), ...(secret !== undefined && { secret }) }
}

export const listClients = async (reads: RecordReads): Promise<readonly Client[]> =>
  (await allRecords(reads, clientKind)).map(record => shown(clientOf(record)))

export function clientById(reads: RecordReads, id: string): Later<WholeClient | undefined> {
  return after(reads.record(clientKind, id), record => record && clientOf(record))
}

export type WholeClient = Client & { readonly hash: string | undefined }

/** By id, or by a name that is one client's alone. Its tokens are of no use any more. */
export async function revokeClient(keeping: Keeping, idOrName: string): Promise<Client> {
  return keeping.write(async tx => {
    const byId = await clientById(tx, idOrName)
    const found = byId ? [byId] : (await tx.recordsNamed(clientKind, 'name', idOrName, 10)).map(clientOf)
    const [client] = found
    if (client === undefined) throw new CredentialsError(`There is no client “${idOrName}”.`)
    if (found.length > 1)
      throw new CredentialsError(
        `${found.length} clients are called “${idOrName}”: name one by its id (${found.map(({ id }) => id).join(', ')}).`,
      )
    await tx.removeRecord(clientKind, client.id)
    await forgetTokensOf(tx, client.id)
    await noted(tx, 'revoked', 'clients', client.id)
    return shown(client)
  })
}

/** In constant time. */
export function isSecretOf(hash: string, given: string): boolean {
  const [own, other] = [hash, hashOf(given)].map(text => Buffer.from(text, 'base64'))
  return own !== undefined && other !== undefined && own.length === other.length && timingSafeEqual(own, other)
}

const clientOf = ({ id, value }: StoredRecord): WholeClient => ({
  scopes: undefined,
  hash: undefined,
  ...(value as Omit<Kept, 'hash' | 'scopes'>),
  id,
})

const shown = ({ hash: _, ...client }: WholeClient): Client => client

function check({
  name,
  redirectUris,
  grants,
  kind,
}: NewClient & Pick<Client, 'redirectUris' | 'grants' | 'kind'>): void {
  const refuse = (why: string): never => {
    throw new CredentialsError(why)
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (name.trim() === '' || name.length > 100 || /[\x00-\x1f\x7f]/.test(name))
    refuse('A client has a name of 1 to 100 characters, which people are shown.')
  const odd = grants.find(grant => !clientGrants.includes(grant))
  if (odd !== undefined || grants.length === 0) refuse(`A grant is one of ${clientGrants.join(', ')}.`)
  if (kind === 'public' && grants.includes('client_credentials'))
    refuse('A public client has no secret, and cannot act for itself (client_credentials).')
  if (grants.includes('authorization_code') !== redirectUris.length > 0)
    refuse('A client with the grant authorization_code has redirect URIs, and no other has.')
  if (redirectUris.length > 20) refuse('A client has 20 redirect URIs at most.')
  for (const uri of redirectUris) {
    const fault = faultOfRedirect(uri)
    if (fault !== undefined) refuse(`The redirect URI “${uri.slice(0, 200)}” ${fault}.`)
  }
}

/** RFC 9700 §4.1.1, RFC 8252 §7: compared as they stand, so that nobody else can be meant by one. */
function faultOfRedirect(uri: string): string | undefined {
  const url = URL.parse(uri)
  if (url === null) return 'is no absolute URI'
  if (uri.includes('#')) return 'may have no fragment'
  if (uri.includes('*')) return 'is compared as it stands; it cannot hold a wildcard'
  if (url.username !== '' || url.password !== '') return 'may hold no credentials'
  if (url.protocol === 'https:' || isLoopback(url)) return
  if (url.protocol === 'http:') return 'must be https, except to the machine itself (http://127.0.0.1/…)'
  return url.protocol.includes('.')
    ? undefined
    : 'must be https, or of a scheme that is a domain in reverse (com.example.app:/…)'
}

// Tokens that this API has issued: read by its own keys, and good only while what they stand for is still there.
import { accountById, callerOfAccount } from '../../accounts.ts'
import type { Caller } from '../../caller.ts'
import type { SchemeContext } from '../../scheme.ts'
import { asymmetric, readJwt } from '../jwt.ts'
import { isJwt } from '../presented.ts'
import { remembering } from '../remembered.ts'
import { type AccessToken, invalid, type TokenRead, tokenOf } from '../token.ts'
import { clientById, clientKind } from './clients.ts'
import { isLetIn } from './configuration.ts'
import type { Keyring } from './keyring.ts'
import { recordKind } from './records.ts'

export type OwnTokens = { readonly issuer: () => string; readonly keyring: Keyring; readonly context: SchemeContext }

export function ownReader({ issuer, keyring, context }: OwnTokens) {
  const keys = async () => (await keyring()).verify
  const signed = remembering((token, now) => {
    const audience = [context.root()]
    const rules = { issuer: issuer(), audience, algorithms: asymmetric, profile: 'rfc9068', clockTolerance: 0 } as const
    return readJwt(token, keys, rules, now)
  })
  return (token: string, now: number): Promise<TokenRead> =>
    isJwt(token) ? signed(token, now) : readOpaque(token, now, [context.root()], context)
}

/** One that only the database knows. */
async function readOpaque(
  token: string,
  now: number,
  audience: readonly string[],
  { store }: SchemeContext,
): Promise<TokenRead> {
  for (const model of ['AccessToken', 'ClientCredentials']) {
    const value = (await store.record(recordKind(model), token))?.value
    if (value === undefined) continue
    const { aud, exp, accountId, clientId, scope, jkt, grantId } = value
    if (!(Number(exp) * 1000 > now)) return invalid('it has expired')
    if (![aud].flat().some(one => audience.includes(String(one)))) return invalid('it is for another audience')
    return tokenOf({
      sub: accountId ?? clientId,
      client_id: clientId,
      scope,
      exp,
      grant: grantId,
      ...(jkt !== undefined && { cnf: { jkt } }),
    })
  }
  return invalid('there is no such token')
}

/** Undefined where the client, the account or what it granted is gone. */
export async function callerOfOwn(
  token: AccessToken,
  scheme: string,
  { store }: SchemeContext,
): Promise<Caller | undefined> {
  const { subject, client: clientId = '', scopes, claims } = token
  const client = await clientById(store, clientId)
  if (client === undefined) return
  if (subject === client.id)
    return {
      kind: 'client',
      id: client.id,
      scheme,
      scopes,
      claims: client.claims,
      via: client.name,
      restsOn: [[clientKind, client.id]],
    }
  if (typeof claims.grant !== 'string' || (await store.record(recordKind('Grant'), claims.grant)) === undefined) return
  const account = await accountById(store, subject)
  const restsOn = [
    [clientKind, client.id],
    [recordKind('Grant'), claims.grant],
  ] as const
  return isLetIn(account) ? callerOfAccount(account, scheme, { scopes, via: client.name, restsOn }) : undefined
}

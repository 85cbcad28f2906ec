// What a person is asked to allow, and what comes of it when they do.
import { extendsTo } from '../../../access/scope-extent.ts'
import { accountById, type WholeAccount } from '../../accounts.ts'
import type { Interaction, Payload, Provider } from './provider-types.ts'
import type { SignInContext } from './sign-in.ts'

/** One line of what is asked for: the scope, and what it means. */
export type Wish = { readonly scope: string; readonly text: string }

/** Scopes by the resource that they are of. */
const scopesIn = (details: Payload): Readonly<Record<string, readonly string[]>> =>
  (details.missingResourceScopes as Readonly<Record<string, readonly string[]>> | undefined) ?? {}

export const mayGrant = (account: WholeAccount | undefined, scope: string): boolean =>
  account?.scopes === undefined || extendsTo(account.scopes, scope)

/** What the account could do itself; nobody can give away more. */
export function wishedBy(
  details: Payload,
  account: WholeAccount | undefined,
  texts: Readonly<Record<string, string>>,
): readonly Wish[] {
  const scopes = new Set(Object.values(scopesIn(details)).flat())
  return [...scopes]
    .filter(scope => mayGrant(account, scope))
    .map(scope => ({ scope, text: Object.hasOwn(texts, scope) ? (texts[scope] ?? scope) : scope }))
}

/** The grant with what was allowed now added to it. */
export async function grantFor(
  provider: Provider,
  { prompt, params, session, grantId }: Interaction,
  { store }: SignInContext,
): Promise<string> {
  const accountId = session?.accountId
  if (accountId === undefined) throw new TypeError('nobody is signed in')
  const account = await accountById(store, accountId)
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId)
  const grant = known ?? new provider.Grant({ clientId: String(params.client_id), accountId })
  const { missingOIDCScope } = prompt.details
  if (Array.isArray(missingOIDCScope)) grant.addOIDCScope(missingOIDCScope.join(' '))
  for (const [resource, scopes] of Object.entries(scopesIn(prompt.details)))
    for (const scope of scopes)
      if (mayGrant(account, scope)) grant.addResourceScope(resource, scope)
      else grant.rejectResourceScope(resource, scope)
  return grant.save()
}

// How oidc-provider is set up: what it does, and what it leaves.
import type { JWK } from 'jose'
import { accountById, type WholeAccount } from '../../accounts.ts'
import type { SchemeContext } from '../../scheme.ts'
import { mayGrant } from './consent.ts'
import { ownMetadata } from './metadata.ts'
import { type AuthorizationServerOptions, type Lifetimes, mountPath } from './options.ts'
import type { Context, OpaqueToken, Payload, Provider, ProviderClient, ProviderErrors } from './provider-types.ts'

export type Setup = {
  readonly options: AuthorizationServerOptions
  readonly lifetimes: Lifetimes
  /** The API's root: what tokens are for. */
  readonly root: string
  readonly keys: readonly JWK[]
  /** By which cookies are signed. */
  readonly cookieKey: string
  /** 32 bytes, by which the nonces of DPoP are made. */
  readonly nonceSecret: Buffer
  readonly context: SchemeContext
  readonly adapter: unknown
  readonly errors: ProviderErrors
  readonly provider: () => Provider
  readonly pages: {
    readonly error: (context: Context, out: { readonly error: string; readonly error_description?: string }) => void
    readonly logout: (context: Context, form: string) => void
    readonly loggedOut: (context: Context) => void
  }
}

export function configurationOf(setup: Setup): Payload {
  const { options, lifetimes, root, keys, cookieKey, context, pages } = setup
  const path = new URL(root).pathname.replace(/\/$/, '')
  // RFC 6265bis §4.1.2: nothing of another site goes along, except where it leads here.
  const cookie = { httpOnly: true, sameSite: 'lax', signed: true }
  return {
    adapter: setup.adapter,
    jwks: { keys },
    scopes: ['openid', 'offline_access'],
    claims: { openid: ['sub'] },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    clientDefaults: {
      id_token_signed_response_alg: 'ES256',
      ...(options.dpop === 'required' && { dpop_bound_access_tokens: true }),
    },
    extraClientMetadata: { properties: ownMetadata },
    responseTypes: ['code'],
    allowOmittingSingleRegisteredRedirectUri: false,
    // RFC 9700 §2.1.1: for every client.
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: (_: Context, client: ProviderClient) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: () => false,
    conformIdTokenClaims: true,
    cookies: {
      keys: [cookieKey],
      names: { session: 'comity_session', interaction: 'comity_sign_in', resume: 'comity_sign_in_resume' },
      long: { ...cookie, path: `${path}/${mountPath}` },
      short: cookie,
    },
    features: featuresOf(setup),
    routes: {
      authorization: '/authorize',
      token: '/token',
      jwks: '/jwks',
      revocation: '/revoke',
      introspection: '/introspect',
      end_session: '/sign-out',
    },
    interactions: { url: (_: Context, { uid }: { uid: string }) => `${path}/${mountPath}/sign-in/${uid}` },
    ttl: {
      AccessToken: lifetimes.accessToken,
      ClientCredentials: lifetimes.accessToken,
      AuthorizationCode: 60,
      IdToken: 3_600,
      RefreshToken: lifetimes.refreshToken,
      Session: lifetimes.session,
      Grant: lifetimes.grant,
      Interaction: 900,
    },
    findAccount: async (_: Context, id: string) => {
      const account = await accountById(context.store, id)
      return isLetIn(account) ? { accountId: id, claims: () => ({ sub: id }) } : undefined
    },
    loadExistingGrant: (asked: Context) => existingGrant(setup, asked),
    // What ends a grant ends its JWTs too: they name it.
    extraTokenClaims: (_: Context, token: OpaqueToken) =>
      typeof token.grantId === 'string' ? { grant: token.grantId } : undefined,
    // A public client in a browser asks from where its people are sent back to; nobody else's page asks at all.
    clientBasedCORS: (_: Context, origin: string, { clientAuthMethod, redirectUris }: ProviderClient) =>
      clientAuthMethod === 'none' &&
      Array.isArray(redirectUris) &&
      redirectUris.some(uri => new URL(uri).origin === origin),
    renderError: pages.error,
    discovery: { service_documentation: `${root}/docs` },
    // Nothing that a client names is fetched.
    fetch: () => Promise.reject(new Error('nothing is fetched')),
  }
}

export const isLetIn = (account: WholeAccount | undefined): account is WholeAccount => account?.state === 'active'

function featuresOf({ options, lifetimes, root, errors, pages, nonceSecret }: Setup): Payload {
  const { scopes = {}, accessTokens = 'jwt' } = options
  return {
    devInteractions: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    clientCredentials: { enabled: true },
    userinfo: { enabled: false },
    // RFC 7009 §2.1: tokens of others are not touched.
    revocation: {
      enabled: true,
      allowedPolicy(_: Context, client: ProviderClient, token: OpaqueToken) {
        if (token.clientId === client.clientId) return true
        throw new errors.InvalidRequest('the token is not of this client')
      },
    },
    introspection: {
      enabled: true,
      allowedPolicy: (_: Context, client: ProviderClient, token: OpaqueToken) =>
        client.comity_introspection === 'all' || token.clientId === client.clientId,
    },
    dPoP: {
      enabled: options.dpop !== 'off',
      nonceSecret,
      requireNonce: () => options.dpopNonce === 'required',
    },
    rpInitiatedLogout: { enabled: true, logoutSource: pages.logout, postLogoutSuccessSource: pages.loggedOut },
    // RFC 8707: every token is for this API, whether it is named or not.
    resourceIndicators: {
      enabled: true,
      defaultResource: (_: Context, _client: ProviderClient, oneOf?: readonly string[]) => oneOf?.[0] ?? root,
      useGrantedResource: () => true,
      getResourceServerInfo(_: Context, resource: string, client: ProviderClient) {
        if (!namesOf(root).includes(resource)) throw new errors.InvalidTarget()
        const allowed = typeof client.comity_scopes === 'string' ? client.comity_scopes.split(' ') : Object.keys(scopes)
        return {
          scope: allowed.filter(scope => Object.hasOwn(scopes, scope)).join(' '),
          audience: root,
          accessTokenTTL: lifetimes.accessToken,
          accessTokenFormat: accessTokens,
          ...(accessTokens === 'jwt' && { jwt: { sign: { alg: 'ES256' } } }),
        }
      },
    },
  }
}

/** What was granted before; of a part of the API's own, all that it asks for. */
async function existingGrant({ provider, root, context }: Setup, { oidc }: Context) {
  const { client, session, result } = oidc
  const { Grant } = provider()
  const known = result?.consent?.grantId ?? session.grantIdFor(client.clientId)
  const grant = known === undefined ? undefined : await Grant.find(known)
  if (client.comity_consent !== 'implied' || session.accountId === undefined) return grant
  const account = await accountById(context.store, session.accountId)
  const implied = grant ?? new Grant({ clientId: client.clientId, accountId: session.accountId })
  const asked = [...oidc.requestParamScopes].filter(scope => mayGrant(account, scope))
  if (oidc.requestParamOIDCScopes.size > 0) implied.addOIDCScope([...oidc.requestParamOIDCScopes].join(' '))
  for (const resource of namesOf(root)) implied.addResourceScope(resource, asked.join(' '))
  await implied.save()
  return implied
}

/** A URL without a path is written with a slash at its end by some, and without by others. */
const namesOf = (root: string): readonly string[] => [root, `${root}/`]

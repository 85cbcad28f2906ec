// The authorization server of one API, opened: the scheme of its own tokens, and the site that gives them out.
import type { Scheme, SchemeContext } from '../../scheme.ts'
import { secureUrl } from '../ask.ts'
import { tokenScheme } from '../token-scheme.ts'
import { keyringOf } from './keyring.ts'
import { type AuthorizationServerOptions, mountPath, usualLifetimes } from './options.ts'
import { callerOfOwn, ownReader } from './own-tokens.ts'
import { providers } from './provider.ts'
import { siteOf } from './site.ts'

/** @throws TypeError where the issuer can be none: it is not https, nor on this machine */
export async function openAuthorizationServer(
  options: AuthorizationServerOptions,
  context: SchemeContext,
): Promise<Scheme> {
  const { dpop = 'accepted' } = options
  const scopes = options.scopes ?? Object.fromEntries(context.scopes.map(scope => [scope, scope]))
  const lifetimes = { ...usualLifetimes, ...options.lifetimes }
  const issuer = () => options.issuer ?? `${context.root()}/${mountPath}`
  secureUrl('the issuer of the authorization server', issuer())
  const keyring = keyringOf(context, lifetimes.signingKey * 1000)
  // On the first start they are made, so that the first request does not wait for them.
  await keyring()
  const provider = providers({ options: { ...options, scopes }, lifetimes, context, issuer, keyring })
  return tokenScheme(
    {
      issuer: { issuer, opaque: 'yes', scopes: Object.keys(scopes), dpop },
      read: ownReader({ issuer, keyring, context }),
      callerOf: (token, scheme) => callerOfOwn(token, scheme, context),
      sites: [siteOf(provider, { ...context, texts: scopes })],
      get described() {
        return describedAt(issuer(), scopes)
      },
    },
    options,
    context,
  )
}

/** OpenAPI's words for it. */
function describedAt(issuer: string, scopes: Readonly<Record<string, string>>): Scheme['described'] {
  const tokenUrl = `${issuer}/token`
  return {
    oauth2: {
      type: 'oauth2',
      description: 'Tokens of the authorization server of this API.',
      flows: {
        clientCredentials: { tokenUrl, scopes },
        authorizationCode: { authorizationUrl: `${issuer}/authorize`, tokenUrl, refreshUrl: tokenUrl, scopes },
      },
    },
  }
}

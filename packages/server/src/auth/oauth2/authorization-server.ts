// The embedded authorization server, as a definition declares it. All of it is loaded when an API has one.
import type { Authentication } from '../scheme.ts'
import { secureUrl } from './ask.ts'
import type { AuthorizationServerOptions } from './server/options.ts'

export type { AuthorizationServerOptions } from './server/options.ts'

/**
 * OAuth 2 with the API's own accounts: it gives out tokens below `/oauth`, and takes them. Clients are registered by
 * `credentials.addClient` or `comity clients`.
 * @throws TypeError where a scope or the issuer cannot be one
 */
export function authorizationServer(options: AuthorizationServerOptions = {}): Authentication {
  if (options.issuer !== undefined) secureUrl('issuer', options.issuer)
  for (const scope of Object.keys(options.scopes ?? {}))
    if (!/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope) || scope === 'openid' || scope === 'offline_access')
      throw new TypeError(`“${scope}” cannot be a scope of the API (RFC 6749 §3.3)`)
  return {
    kind: 'authentication',
    scheme: 'Bearer',
    open: async context => (await import('./server/open.ts')).openAuthorizationServer(options, context),
  }
}

// RFC 7591 §2: a registered client in the words that oidc-provider has for it.
import { isLoopback } from '../ask.ts'
import type { WholeClient } from './clients.ts'
import type { Payload } from './provider-types.ts'

/** `client_secret` is the hash of it: the comparison knows (see `provider.ts`). */
export function metadataOf({
  id,
  name,
  kind,
  grants,
  redirectUris,
  hash,
  consent,
  introspection,
  scopes,
}: WholeClient): Payload {
  // RFC 8252 §7: apps on people's own machines listen on a port that is known only then.
  const isNative = redirectUris.some(uri => isLoopback(new URL(uri)) || !uri.startsWith('http'))
  return {
    client_id: id,
    client_name: name,
    ...(kind === 'confidential' && { client_secret: hash }),
    token_endpoint_auth_method: kind === 'public' ? 'none' : 'client_secret_basic',
    application_type: isNative ? 'native' : 'web',
    grant_types: grants,
    response_types: grants.includes('authorization_code') ? ['code'] : [],
    redirect_uris: redirectUris,
    comity_consent: consent,
    comity_introspection: introspection,
    ...(scopes && { comity_scopes: scopes.join(' ') }),
  }
}

export const ownMetadata: readonly string[] = ['comity_consent', 'comity_introspection', 'comity_scopes']

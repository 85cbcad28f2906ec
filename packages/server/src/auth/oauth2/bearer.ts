// The OAuth 2 resource server, as a definition declares it: tokens of an authorization server elsewhere.
import type { Caller } from '../caller.ts'
import type { Authentication } from '../scheme.ts'
import { secureUrl } from './ask.ts'
import type { Introspection } from './introspection.ts'
import { asymmetric, type JwtRules } from './jwt.ts'
import type { DpopOptions } from './token-scheme.ts'

export type BearerOptions = DpopOptions & {
  /** The authorization server, as its metadata and its tokens name it: `https://login.example.org`. */
  readonly issuer: string
  /** What its tokens for this API name as `aud`; the API's own URL by default. */
  readonly audience?: string | readonly string[]
  /** Where its keys are; found by its metadata unless given. */
  readonly jwksUri?: string
  /** Signatures that are taken; every asymmetric one by default. None can be added. */
  readonly algorithms?: readonly string[]
  /** `any`: JWTs of any type, from an issuer that does not keep RFC 9068. */
  readonly profile?: JwtRules['profile']
  /** Seconds by which clocks may differ; 5 by default. */
  readonly clockTolerance?: number
  /** For tokens that are no JWTs; they are refused where it is not given. */
  readonly introspection?: Introspection & {
    /** `all`: JWTs are asked about too, so that one that was revoked is refused. `opaque` by default. */
    readonly of?: 'opaque' | 'all'
  }
  /** Scopes that clients may ask for, for the metadata. */
  readonly scopes?: readonly string[]
  /** Who is meant by a token, where that is not `sub`; undefined: nobody who is let in. */
  readonly caller?: (claims: Readonly<Record<string, unknown>>) => Pick<Caller, 'kind' | 'id' | 'claims'> | undefined
}

/**
 * Access tokens of an authorization server, as Bearer (RFC 6750) or bound to a key (DPoP, RFC 9449).
 * @throws TypeError where an option cannot be kept: a URL that is not https, an algorithm that is not asymmetric
 */
export function bearer(options: BearerOptions): Authentication {
  const { issuer, algorithms = asymmetric } = options
  secureUrl('issuer', issuer)
  if (options.jwksUri !== undefined) secureUrl('jwksUri', options.jwksUri)
  if (options.introspection !== undefined) secureUrl('introspection.url', options.introspection.url)
  const odd = algorithms.find(name => !asymmetric.includes(name))
  if (odd !== undefined)
    throw new TypeError(`the algorithm “${odd}” is none that tokens may be signed by; ${asymmetric.join(', ')} are`)
  return {
    kind: 'authentication',
    scheme: 'Bearer',
    open: async context => (await import('./open-bearer.ts')).openBearer(options, algorithms, context),
  }
}

// RFC 5849 §3.1, §3.2: a signed request, as a server reads it.
import type { Credentials } from './challenge.ts'
import { type OAuth1Method, type OAuth1Parameter, oauth1Methods, oauth1Parameters } from './oauth1.ts'

/** What the Authorization field of a signed request says, decoded. */
export type OAuth1Request = {
  readonly consumerKey: string
  /** Undefined: the client asks for itself. */
  readonly token: string | undefined
  readonly method: OAuth1Method
  readonly signature: string
  /** Seconds since the epoch; undefined, as the nonce, where PLAINTEXT left it out. */
  readonly timestamp: number | undefined
  readonly nonce: string | undefined
  readonly callback: string | undefined
  readonly verifier: string | undefined
  /** All that is signed: every parameter but the signature. */
  readonly signed: readonly OAuth1Parameter[]
}

/** `missing` and `unsupported` name the parameter. */
export type OAuth1Read =
  | { readonly kind: 'request'; readonly request: OAuth1Request }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'missing' | 'unsupported'; readonly parameter: string }

/** Longest nonce, token or key that is looked at, in characters. */
const longest = 200

/**
 * Reads OAuth credentials. Against §3.5.2 and §3.5.3 they are read from the Authorization field alone: in a URL a token is seen by
 * whoever sees the URL.
 */
export function parseOAuth1Request({ scheme, params }: Credentials): OAuth1Read {
  const parameters = scheme === 'oauth' ? oauth1Parameters(params) : undefined
  if (parameters === undefined) return { kind: 'malformed' }
  const values = new Map(parameters)
  const given = (name: string): string | undefined => values.get(name) || undefined
  const consumerKey = given('oauth_consumer_key')
  const signature = given('oauth_signature')
  const named = given('oauth_signature_method')
  if (consumerKey === undefined) return { kind: 'missing', parameter: 'oauth_consumer_key' }
  if (named === undefined) return { kind: 'missing', parameter: 'oauth_signature_method' }
  if (signature === undefined) return { kind: 'missing', parameter: 'oauth_signature' }
  const method = oauth1Methods.find(name => name === named)
  if (method === undefined) return { kind: 'unsupported', parameter: 'oauth_signature_method' }
  // Against §3.1, because the package `oauth` and its like send what the protocol is called.
  if (!/^1\.0a?$/i.test(given('oauth_version') ?? '1.0')) return { kind: 'unsupported', parameter: 'oauth_version' }
  const nonce = given('oauth_nonce')
  const time = given('oauth_timestamp')
  // §3.1: both may be left out with PLAINTEXT, which signs nothing.
  if (method !== 'PLAINTEXT' && nonce === undefined) return { kind: 'missing', parameter: 'oauth_nonce' }
  if (method !== 'PLAINTEXT' && time === undefined) return { kind: 'missing', parameter: 'oauth_timestamp' }
  // §3.3: a positive integer
  if (time !== undefined && !/^[1-9][0-9]{0,14}$/.test(time)) return { kind: 'malformed' }
  const token = given('oauth_token')
  if ([consumerKey, nonce, token].some(value => value !== undefined && value.length > longest))
    return { kind: 'malformed' }
  const request: OAuth1Request = {
    consumerKey,
    token,
    method,
    signature,
    timestamp: time === undefined ? undefined : Number(time),
    nonce,
    callback: given('oauth_callback'),
    verifier: given('oauth_verifier'),
    signed: parameters.filter(([name]) => name !== 'oauth_signature'),
  }
  return { kind: 'request', request }
}

// RFC 6750 §3, RFC 9449 §7.1, RFC 9728 §5.1: what a caller is told who has no token, or one that will not do.
import { formatChallenges } from '@comity/http'
import type { Exchange } from '../../exchange/exchange.ts'
import { proofAlgorithms } from './dpop.ts'
import { wellKnown } from './resource-metadata.ts'

export type TokenError =
  | 'invalid_request'
  | 'invalid_token'
  | 'insufficient_scope'
  | 'invalid_dpop_proof'
  | 'use_dpop_nonce'

export type Told = {
  readonly error: TokenError
  readonly description: string
  /** What would suffice. */
  readonly scopes?: readonly string[]
}

/** One challenge; `told` where it is about credentials that were sent. */
export function challengeOf(x: Exchange, scheme: 'Bearer' | 'DPoP', told: Told | undefined): string {
  const params: Record<string, string> = {}
  if (told !== undefined) {
    params.error = told.error
    params.error_description = described(told.description)
    if (told.scopes !== undefined) params.scope = told.scopes.join(' ')
  }
  if (scheme === 'DPoP') params.algs = proofAlgorithms.join(' ')
  const metadata = metadataUrl(x)
  if (metadata !== undefined) params.resource_metadata = metadata
  return formatChallenges([{ scheme, params }])
}

/** RFC 6750 §3: printable ASCII without quotes and backslashes. */
const described = (text: string): string =>
  text
    .replace(/[“”"]/g, "'")
    .replace(/’/g, "'")
    .replace(/[^\x20-\x5b\x5d-\x7e]/g, '?')

/** Undefined where it is not known under which host this is served. */
function metadataUrl(x: Exchange): string | undefined {
  const origin = x.incoming.origin()
  return origin === '' ? undefined : `${origin}${x.incoming.prefix()}/${wellKnown}`
}

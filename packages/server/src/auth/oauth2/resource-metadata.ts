// RFC 9728: what a client needs to know of this API before it can ask anybody for a token.
import { refuse } from '../../exchange/answer.ts'
import type { Exchange } from '../../exchange/exchange.ts'
import { refusedAnswer } from '../../exchange/problem-answer.ts'
import type { Site, TokenIssuer } from '../scheme.ts'
import { proofAlgorithms } from './dpop.ts'
import { jsonAnswer } from './json-answer.ts'

export const wellKnown = '.well-known/oauth-protected-resource'

/** §3.1: where the API has a path of its own, that follows the well-known one. */
export const resourceMetadata: Site = {
  paths: [wellKnown],
  answer(x, path) {
    const below = path.slice(wellKnown.length)
    if (below === '' || below === x.incoming.prefix()) return jsonAnswer(x, document(x))
    return refusedAnswer(
      x,
      refuse('not-found', `The resource that asks for tokens here is “${resourceOf(x)}”, as a whole.`),
    )
  },
}

/** What tokens are for: the API as its client sees it, without a slash at the end. */
const resourceOf = (x: Exchange): string => x.incoming.origin() + x.incoming.prefix()

function document(x: Exchange): Readonly<Record<string, unknown>> {
  const issuers = x.runtime.schemes.flatMap(({ tokensOf }) => tokensOf ?? [])
  const scopes = [...new Set(issuers.flatMap(issuer => issuer.scopes))]
  const some = (test: (issuer: TokenIssuer) => boolean) => issuers.some(test)
  const root = x.incoming.origin() + x.incoming.prefix()
  return {
    resource: resourceOf(x),
    resource_name: x.runtime.model.title,
    authorization_servers: issuers.map(({ issuer }) => issuer()),
    bearer_methods_supported: ['header'],
    ...(scopes.length > 0 && { scopes_supported: scopes }),
    resource_documentation: `${root}/docs`,
    ...(some(({ dpop }) => dpop !== 'off') && { dpop_signing_alg_values_supported: proofAlgorithms }),
    ...(issuers.every(({ dpop }) => dpop === 'required') && { dpop_bound_access_tokens_required: true }),
  }
}

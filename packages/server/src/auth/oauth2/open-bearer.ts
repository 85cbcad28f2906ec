// The resource server of tokens from elsewhere, opened; loaded when an API declares it.
import type { Caller } from '../caller.ts'
import type { Scheme, SchemeContext } from '../scheme.ts'
import type { BearerOptions } from './bearer.ts'
import { callerOfToken } from './caller-of-token.ts'
import { introspecting } from './introspection.ts'
import { keysOf } from './issuer.ts'
import { readJwt } from './jwt.ts'
import { isJwt } from './presented.ts'
import { remembering } from './remembered.ts'
import type { AccessToken, TokenRead } from './token.ts'
import { tokenScheme } from './token-scheme.ts'

/** @throws TypeError where a URL is not https */
export function openBearer(options: BearerOptions, algorithms: readonly string[], context: SchemeContext): Scheme {
  const { issuer, introspection, scopes = [], dpop = 'accepted' } = options
  const audience = () => [options.audience ?? context.root()].flat()
  const keys = keysOf({ issuer, jwksUri: options.jwksUri })
  const { profile = 'rfc9068', clockTolerance = 5 } = options
  const signed = remembering((token, now) =>
    readJwt(token, keys, { issuer, audience: audience(), algorithms, profile, clockTolerance }, now),
  )
  let asks: ReturnType<typeof introspecting> | undefined

  const read = async (token: string, now: number): Promise<TokenRead> => {
    if (introspection && (introspection.of === 'all' || !isJwt(token))) {
      asks ??= introspecting(introspection, { issuer, audience: audience() })
      return asks(token, now)
    }
    if (!isJwt(token)) return { kind: 'invalid', detail: 'it is not a JWT' }
    return signed(token, now)
  }

  return tokenScheme(
    {
      issuer: { issuer: () => issuer, opaque: introspection === undefined ? 'no' : 'yes', scopes, dpop },
      read,
      callerOf: (token, scheme) => callerOf(options, token, scheme),
      described: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: `An access token of ${issuer}.`,
        },
      },
    },
    options,
    context,
  )
}

function callerOf({ caller }: BearerOptions, token: AccessToken, scheme: string): Caller | undefined {
  const known = callerOfToken(token, scheme)
  if (caller === undefined) return known
  const meant = caller(token.claims)
  return meant && { ...known, ...meant }
}

// RFC 6750 §2.1, RFC 9449 §7.1: the token that a request carries. In a form or a query it is not looked for: there it ends
// up in logs and caches (RFC 9700 §4.3.2).
import type { Exchange } from '../../exchange/exchange.ts'

export type Presented =
  | { readonly kind: 'token'; readonly scheme: 'Bearer' | 'DPoP'; readonly token: string }
  | { readonly kind: 'malformed'; readonly scheme: 'Bearer' | 'DPoP' }

const form = /^(bearer|dpop)(?: +([A-Za-z0-9\-._~+/]+=*))?$/i

/** Undefined where the credentials are of another scheme, or none are there. */
export function presentedBy(x: Exchange): Presented | undefined {
  const field = x.field('authorization')
  if (field === undefined || !/^(?:bearer|dpop)(?:$|[ ,])/i.test(field)) return
  const [, name = field, token] = form.exec(field) ?? []
  const scheme = name.toLowerCase().startsWith('bearer') ? 'Bearer' : 'DPoP'
  return token === undefined ? { kind: 'malformed', scheme } : { kind: 'token', scheme, token }
}

/** Three parts of base64url: a JWT, as far as one can see. */
export const isJwt = (token: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)

/** Who a JWT says that it is of. Nothing of it is proven. */
export function claimedIssuer(token: string): string | undefined {
  if (!isJwt(token)) return
  try {
    const { iss } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
    return typeof iss === 'string' ? iss : undefined
  } catch {
    return
  }
}

// What an access token says, once it was found to be good: whatever form it came in.

/** The claims of RFC 9068 §2.2 and of RFC 7662 §2.2, as far as they are looked at. */
export type AccessToken = {
  /** Who is meant: an account, or the client itself. */
  readonly subject: string
  readonly client: string | undefined
  readonly scopes: readonly string[]
  /** Ms since the epoch; undefined where it does not say. */
  readonly expires: number | undefined
  /** RFC 9449 §6: the thumbprint of the key that it is bound to. */
  readonly key: string | undefined
  readonly claims: Readonly<Record<string, unknown>>
}

/** `unavailable`: whoever could tell does not answer; that is no fault of the token (503, not 401). */
export type TokenRead =
  | { readonly kind: 'token'; readonly token: AccessToken }
  | { readonly kind: 'invalid'; readonly detail: string }
  | { readonly kind: 'unavailable'; readonly cause: unknown }

export const invalid = (detail: string): TokenRead => ({ kind: 'invalid', detail })

/** Claims that are valid in time, issuer and audience, as a token; or why they are none. */
export function tokenOf(claims: Readonly<Record<string, unknown>>): TokenRead {
  const { sub, client_id, azp, scope, scp, exp, cnf } = claims
  const client = textOf(client_id) ?? textOf(azp)
  const subject = textOf(sub) ?? client
  if (subject === undefined) return invalid('it says neither whose it is (sub) nor who asked for it (client_id)')
  const confirmation = typeof cnf === 'object' && cnf !== null ? (cnf as Readonly<Record<string, unknown>>) : undefined
  const key = textOf(confirmation?.jkt)
  // Against a sender whose constraint cannot be checked here, such as a certificate (RFC 8705), nothing would be proved.
  if (cnf !== undefined && key === undefined) return invalid('it is bound to something other than a DPoP key')
  return {
    kind: 'token',
    token: {
      subject,
      client,
      scopes: scopesOf(scope ?? scp),
      expires: typeof exp === 'number' ? exp * 1000 : undefined,
      key,
      claims,
    },
  }
}

/** RFC 6749 §3.3; some issuers write a list. */
const scopesOf = (scope: unknown): readonly string[] =>
  typeof scope === 'string'
    ? scope.split(' ').filter(Boolean)
    : Array.isArray(scope)
      ? scope.filter(one => typeof one === 'string')
      : []

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

// Whom a good token stands for, as far as the token itself says.
import type { Caller } from '../caller.ts'
import type { AccessToken } from './token.ts'

/** RFC 9068 §2.2: without an account, the subject is the client. */
export function callerOfToken({ subject, client, scopes, claims }: AccessToken, scheme: string): Caller {
  return {
    kind: subject === client ? 'client' : 'account',
    id: subject,
    scheme,
    scopes,
    claims: claimsOf(claims),
    ...(client !== undefined && { via: client }),
  }
}

/** What the token is about itself, and what a policy reads under these names already. */
const notTold: ReadonlySet<string> = new Set([
  ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'client_id', 'azp', 'scope', 'scp', 'cnf', 'typ'],
  ...['active', 'token_type', 'auth_time', 'acr', 'amr', 'sid', 'nonce', 'authorization_details', 'act', 'may_act'],
  ...['id', 'kind', 'scheme', 'scopes', 'claims', 'via'],
])

const claimsOf = (claims: AccessToken['claims']): Caller['claims'] =>
  Object.fromEntries(Object.entries(claims).filter(([name, value]) => !notTold.has(name) && isPlain(value)))

const isPlain = (value: unknown): boolean =>
  ['string', 'number', 'boolean'].includes(typeof value) ||
  (Array.isArray(value) && value.every(one => typeof one === 'string'))

// What a definition says of its authorization server.
import type { DpopOptions } from '../token-scheme.ts'

export type AuthorizationServerOptions = DpopOptions & {
  /** What clients may ask for, each with a line for the person who is asked: `{ 'accounts:read': 'See your accounts' }`. */
  readonly scopes?: Readonly<Record<string, string>>
  /** As tokens name it: an https URL that leads to `/oauth` of this API. `publicUrl` and `/oauth`, when not given. */
  readonly issuer?: string
  /** `jwt` (RFC 9068; the default), or `opaque`: tokens that only introspection can read. */
  readonly accessTokens?: 'jwt' | 'opaque'
  readonly lifetimes?: Partial<Lifetimes>
}

/** Seconds. */
export type Lifetimes = {
  /** Access tokens; 600 (ten minutes) by default. */
  readonly accessToken: number
  /** Refresh tokens, each; 14 days by default. */
  readonly refreshToken: number
  /** How long somebody stays signed in on the sign-in page; 8 hours by default. */
  readonly session: number
  /** How long a grant lasts at most, however often it is refreshed; 180 days by default. */
  readonly grant: number
  /** After which new tokens are signed by a new key; 90 days by default. */
  readonly signingKey: number
}

const day = 86_400

export const usualLifetimes: Lifetimes = {
  accessToken: 600,
  refreshToken: 14 * day,
  session: 8 * 3_600,
  grant: 180 * day,
  signingKey: 90 * day,
}

/** Below the API's root. */
export const mountPath = 'oauth'

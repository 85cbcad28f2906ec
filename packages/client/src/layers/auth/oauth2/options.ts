// RFC 6749: what a client of OAuth 2 is told
import type { Secret } from '../scheme.ts'

export type OAuth2Options = {
  /** The authorization server, which says the rest (RFC 8414, OpenID Connect Discovery). */
  readonly issuer: string
  /** Its endpoints, where it has no metadata. */
  readonly endpoints?: {
    readonly token: string
    readonly authorization?: string
    readonly deviceAuthorization?: string
  }
  readonly clientId: string
  readonly clientSecret?: Secret
  /** How the secret is sent; `basic` by default, `none` without one. */
  readonly clientAuthentication?: 'basic' | 'post' | 'none'
  readonly scope?: string
  /** RFC 8707: whom the tokens are for. */
  readonly resource?: string
  /** More parameters of the grant: `audience`. */
  readonly parameters?: Readonly<Record<string, string>>
  /** RFC 9449: tokens that are of no use without a key that never leaves this client. */
  readonly dpop?: 'required' | 'off'
  /** Where tokens are kept beyond this process; in Node `tokenFile(path)`. */
  readonly store?: TokenStore
}

/** RFC 7517: a key as JSON. */
export type Jwk = Readonly<Record<string, unknown>>

export type KeyPair = { readonly privateKey: CryptoKey; readonly publicKey: CryptoKey }

/** What is kept of a grant. It is all secret. */
export type Tokens = {
  readonly access: string
  readonly type: 'Bearer' | 'DPoP'
  /** Ms since the epoch; undefined: nobody said. */
  readonly expires: number | undefined
  readonly refresh: string | undefined
  /** The DPoP key that they are bound to. */
  readonly key?: { readonly privateKey: Jwk; readonly publicKey: Jwk }
}

export type TokenStore = {
  readonly load: (name: string) => Promise<Tokens | undefined>
  readonly save: (name: string, tokens: Tokens | undefined) => Promise<void>
}

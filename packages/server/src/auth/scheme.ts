// RFC 9110 §11: an authentication scheme, as the gate of authentication asks it.
import type { Answer } from '../exchange/answer.ts'
import type { Exchange } from '../exchange/exchange.ts'
import type { Later, Store } from '../store/store.ts'
import type { Caller } from './caller.ts'
import type { Credentials } from './credentials.ts'
import type { DigestRealm } from './digest-hashes.ts'
import type { SignIns } from './sign-in.ts'

/** What became of the credentials that a request carries. */
export type Authenticated =
  | {
      readonly kind: 'caller'
      readonly caller: Caller
      /** Fields of whatever is answered: Authentication-Info. */
      readonly fields?: Readonly<Record<string, string>>
      /**
       * Of a scheme that signs the content, asked once it is here; nothing was done for the caller before. `unread`: it is
       * not read, or not all at once, so that nothing can be told of it.
       */
      readonly content?: (how: 'read' | 'unread') => Later<CredentialsRefused | ContentSigned>
    }
  | CredentialsRefused

/** The content is what was signed. */
export type ContentSigned = {
  readonly kind: 'signed'
  /** As above, where it had to be waited for. */
  readonly fields?: Readonly<Record<string, string>>
}

/** Credentials that are not accepted. `detail` does not tell which part of them is at fault, where that would help to guess. */
export type CredentialsRefused = {
  readonly kind: 'refused'
  /** Of the problem registry: `credentials-invalid` in most cases; a status other than 401 gets no challenges. */
  readonly code: string
  readonly detail: string
  /** For the challenge of the scheme itself: `stale=true`, `error="invalid_token"`. */
  readonly challenge?: Readonly<Record<string, string>>
  /** Fields the status calls for: Retry-After. */
  readonly fields?: Readonly<Record<string, string>>
}

/** What a scheme works with, as long as the server lives. */
export type SchemeContext = {
  readonly store: Store
  readonly credentials: Credentials
  /** Login and password, with the limits on attempts that all schemes share. */
  readonly signIns: SignIns
  /** Of the API: what a realm is called, unless it has a name of its own. */
  readonly title: string
  /** Every scope that the API's resources know, the broadest among them. */
  readonly scopes: readonly string[]
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** For what fails inside. */
  readonly report: (error: unknown) => void
  /** The API's root as its clients see it, without a slash at its end; known once it listens, or by `publicUrl`. */
  readonly root: () => string
}

/**
 * What a scheme answers by itself: metadata, endpoints, pages on which people sign in. Nobody needs credentials for that.
 */
export type Site = {
  /** Below the API's root, without slashes at either end (`oauth`): these, and what is below them. */
  readonly paths: readonly string[]
  /** `path` is without slashes at either end. A content is `x.content`. Methods other than GET and POST are its to refuse. */
  readonly answer: (x: Exchange, path: string) => Later<Answer>
}

/** An authorization server whose access tokens are taken. */
export type TokenIssuer = {
  readonly issuer: () => string
  /** Whether it has tokens that are no JWTs, so that they do not say whose they are. */
  readonly opaque: 'yes' | 'no'
  /** What callers may ask for, where it is known. */
  readonly scopes: readonly string[]
  readonly dpop: 'off' | 'accepted' | 'required'
}

export type Scheme = {
  /** As in WWW-Authenticate: `Basic`. */
  readonly name: string
  /** Request fields that credentials of this scheme may come in, in lower case; `authorization` when not given. */
  readonly fields?: readonly string[]
  /** Whether the request carries credentials of this scheme. Looks nothing up. */
  readonly isUsed: (x: Exchange) => boolean
  readonly authenticate: (x: Exchange) => Later<Authenticated>
  /** Challenges for a 401, without joining; `refused` where credentials of this very scheme were. */
  readonly challenges: (x: Exchange, refused: CredentialsRefused | undefined) => Later<readonly string[]>
  /** RFC 6750 §3.1: the challenge of a 403 for a caller that came by this scheme and whose scopes do not suffice. */
  readonly insufficientScope?: (x: Exchange, needed: readonly string[]) => string
  /** Whose tokens it takes. */
  readonly tokensOf?: TokenIssuer
  /** OpenAPI's security scheme objects, by name. */
  readonly described: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** The first segments of its paths must be reserved (`define/names.ts`). */
  readonly sites?: readonly Site[]
  /** Of a scheme whose credentials may come in the query, or be put there by mistake; see `withoutKey`. */
  readonly queryKeys?: 'allowed' | 'refused'
  readonly close?: () => Later<void>
}

/** A scheme as a definition declares it. */
export type Authentication = {
  readonly kind: 'authentication'
  /** As in WWW-Authenticate: `Basic`. */
  readonly scheme: string
  /** What it needs kept of every password, beside its hash; `title` is the API's. */
  readonly digestRealm?: (title: string) => DigestRealm
  readonly open: (context: SchemeContext) => Later<Scheme>
}

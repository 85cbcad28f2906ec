// RFC 6750 and RFC 9449: the scheme of a resource server, whoever issues its tokens and however they are read.
import { refuse } from '../../exchange/answer.ts'
import type { Exchange } from '../../exchange/exchange.ts'
import type { Later } from '../../store/store.ts'
import type { Caller } from '../caller.ts'
import type { Authenticated, CredentialsRefused, Scheme, SchemeContext, Site, TokenIssuer } from '../scheme.ts'
import { challengeOf, type TokenError, type Told } from './challenge.ts'
import { type Proof, proofOf } from './dpop.ts'
import { type Nonces, noncesOf } from './nonces.ts'
import { claimedIssuer, isJwt, type Presented, presentedBy } from './presented.ts'
import { resourceMetadata } from './resource-metadata.ts'
import type { AccessToken, TokenRead } from './token.ts'

export type DpopOptions = {
  /** `required`: every token must be bound to a key. `accepted` (the default): those that are, must be sent with a proof. */
  readonly dpop?: 'off' | 'accepted' | 'required'
  /** Whether a proof must hold a nonce of this server, so that none can be made beforehand; `off` by default. */
  readonly dpopNonce?: 'required' | 'off'
  /** Ms for which a proof is good after it was made; 60,000 by default. */
  readonly dpopProofAge?: number
}

export type TokenSource = {
  readonly issuer: TokenIssuer
  readonly read: (token: string, now: number) => Later<TokenRead>
  /** Whom a good token stands for; undefined: nobody any more. */
  readonly callerOf: (token: AccessToken, scheme: 'Bearer' | 'DPoP') => Later<Caller | undefined>
  readonly sites?: readonly Site[]
  readonly described: Scheme['described']
  readonly close?: () => Later<void>
}

export function tokenScheme(source: TokenSource, options: DpopOptions, context: SchemeContext): Scheme {
  const { dpop = 'accepted', dpopNonce = 'off', dpopProofAge = 60_000 } = options
  const nonces = dpopNonce === 'required' ? noncesOf(context.store, context.now) : undefined
  const proofs = { store: context.store, now: context.now, nonces, age: dpopProofAge }

  const authenticate = async (x: Exchange, presented: Presented): Promise<Authenticated> => {
    if (presented.kind === 'malformed') return malformed(x, presented.scheme)
    const { scheme, token } = presented
    if (scheme === 'DPoP' && dpop === 'off')
      return refused('invalid_token', 'tokens that are bound to keys are not taken')
    const read = await source.read(token, context.now())
    if (read.kind === 'unavailable') {
      context.report(read.cause)
      return unavailable
    }
    if (read.kind === 'invalid') return refused('invalid_token', read.detail)
    // §7.2: what is bound to a key is worth nothing to a thief, unless somebody takes it without a proof.
    if (read.token.key !== undefined && scheme === 'Bearer')
      return refused('invalid_token', 'it is bound to a key, and must be sent as DPoP with a proof')
    if (read.token.key === undefined && (scheme === 'DPoP' || dpop === 'required'))
      return refused('invalid_token', 'it is not bound to a key, and only tokens that are can be sent so')
    let fields: Readonly<Record<string, string>> = {}
    if (read.token.key !== undefined) {
      const proof = await proofOf(provedBy(x, token, read.token.key), proofs)
      fields = nonces === undefined ? {} : await nonceFields(nonces)
      if (proof.kind === 'refused') return refusedProof(proof, fields)
    }
    const caller = await source.callerOf(read.token, scheme)
    return caller === undefined
      ? refused('invalid_token', 'whoever it stands for is let in no more')
      : { kind: 'caller', caller, ...(nonces && { fields }) }
  }

  const offered =
    dpop === 'off' ? (['Bearer'] as const) : dpop === 'required' ? (['DPoP'] as const) : (['Bearer', 'DPoP'] as const)
  const scheme: Scheme = {
    name: offered.join(', '),
    tokensOf: source.issuer,
    isUsed(x) {
      const presented = presentedBy(x)
      return presented !== undefined && (presented.kind === 'malformed' || isMine(x, scheme, presented.token))
    },
    authenticate(x) {
      const presented = presentedBy(x)
      if (presented === undefined) throw new TypeError('there is no token')
      return authenticate(x, presented)
    },
    challenges(x, refused) {
      const used = presentedBy(x)?.scheme
      return offered.map(each =>
        challengeOf(x, each, refused && (each === used || offered.length === 1) ? toldBy(refused) : undefined),
      )
    },
    insufficientScope: (x, needed) =>
      challengeOf(x, presentedBy(x)?.scheme ?? 'Bearer', {
        error: 'insufficient_scope',
        description: 'The token does not allow this.',
        scopes: needed,
      }),
    // Where things are is known once the server listens.
    get described() {
      return source.described
    },
    sites: [resourceMetadata, ...(source.sites ?? [])],
    ...(source.close && { close: source.close }),
  }
  return scheme
}

/** Of several issuers the one that a token names is asked; what names none of them is refused by the first. */
function isMine(x: Exchange, scheme: Scheme, token: string): boolean {
  const others = x.runtime.schemes.filter(({ tokensOf }) => tokensOf !== undefined)
  if (others.length < 2) return true
  const issuer = claimedIssuer(token)
  const fitting = others.filter(({ tokensOf }) =>
    isJwt(token) ? tokensOf?.issuer() === issuer : tokensOf?.opaque === 'yes',
  )
  return (fitting.length > 0 ? fitting : others)[0] === scheme
}

const provedBy = (x: Exchange, token: string, key: string) => ({
  field: x.field('dpop'),
  method: x.method,
  url: x.incoming.origin() + x.incoming.prefix() + x.incoming.url,
  token,
  key,
})

const nonceFields = async (nonces: Nonces) => ({ 'dpop-nonce': await nonces.current() })

function refused(error: TokenError, detail: string): CredentialsRefused {
  return {
    kind: 'refused',
    code: 'credentials-invalid',
    detail: `The token is not accepted: ${detail}.`,
    challenge: { error },
  }
}

const refusedProof = (proof: Extract<Proof, { kind: 'refused' }>, fields: Readonly<Record<string, string>>) => ({
  kind: 'refused' as const,
  code: 'credentials-invalid',
  detail: `The token is not accepted: ${proof.detail}.`,
  challenge: { error: proof.error },
  fields,
})

const toldBy = ({ challenge, detail }: CredentialsRefused): Told => ({
  error: (challenge?.error ?? 'invalid_token') as TokenError,
  description: detail,
})

/** RFC 6750 §3.1: 400, since another token would not help. */
function malformed(x: Exchange, scheme: 'Bearer' | 'DPoP'): CredentialsRefused {
  const detail = `Authorization is not “${scheme} ” and one token (RFC 6750 §2.1).`
  const challenge = challengeOf(x, scheme, { error: 'invalid_request', description: detail })
  return {
    ...refuse('credentials-malformed', detail, { fields: { 'www-authenticate': challenge } }),
  } as CredentialsRefused
}

const unavailable: CredentialsRefused = {
  kind: 'refused',
  code: 'service-unavailable',
  detail: 'Whether the token is good cannot be told at the moment, as its issuer does not answer.',
  fields: { 'retry-after': '5' },
}

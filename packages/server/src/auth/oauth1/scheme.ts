// RFC 5849: OAuth 1.0, from the side of the server.
import { formatChallenges, formParameters, type OAuth1Method, oauth1Methods } from '@comity/http'
import type { Exchange } from '../../exchange/exchange.ts'
import { accountById, callerOfAccount } from '../accounts.ts'
import { usesScheme } from '../basic.ts'
import type { Caller } from '../caller.ts'
import { realmOf } from '../realm.ts'
import type { Authenticated, Authentication, ContentSigned, CredentialsRefused } from '../scheme.ts'
import { consumerKind, tokenKind, tokenOf } from './consumers.ts'
import { danceOf } from './dance.ts'
import { usesOf } from './uses.ts'
import { faultOf, notSigned, type Presented, presentedBy, refused, type VerifyOptions } from './verify.ts'

export type OAuth1Definition = {
  readonly realm?: string
  /** HMAC-SHA256, HMAC-SHA1, RSA-SHA1 and PLAINTEXT (over TLS only) when not given. */
  readonly methods?: readonly OAuth1Method[]
  /** Seconds by which a timestamp may differ from the time here; 300 by default. */
  readonly window?: number
}

/**
 * Programs that sign each request, for themselves (two-legged) or for a person who let them (three-legged). The dance is at
 * `/oauth/1/temporary-credentials`, `/oauth/1/authorize` and `/oauth/1/token`.
 */
export function oauth1({ realm, methods = oauth1Methods, window = 300 }: OAuth1Definition = {}): Authentication {
  return {
    kind: 'authentication',
    scheme: 'OAuth',
    open: context => {
      const { store, now, title } = context
      const options: VerifyOptions = { reads: store, uses: usesOf(window, now), methods, window }
      const challenge = formatChallenges([{ scheme: 'oauth', params: { realm: realmOf(realm ?? title) } }])
      return {
        name: 'OAuth',
        isUsed: x => usesScheme(x, 'oauth'),
        authenticate: x => verified(x, options),
        challenges: () => [challenge],
        described: { oauth1: { type: 'http', scheme: 'oauth', description: 'OAuth 1.0 (RFC 5849): signed requests.' } },
        sites: [danceOf(context, options, challenge)],
      }
    },
  }
}

async function verified(x: Exchange, options: VerifyOptions): Promise<Authenticated> {
  const presented = await presentedBy(x, options)
  if ('kind' in presented) return presented
  const found = await callerOf(presented, options)
  if (found.kind === 'refused') return found
  const { caller, secret } = found
  // §3.4.1.3.1: a form is signed too, so that it has to be here.
  if (isForm(x))
    return {
      kind: 'caller',
      caller,
      content: (how): CredentialsRefused | ContentSigned => {
        if (how === 'unread' || x.contentKind !== 'form') return uncovered
        const form = formParameters(Buffer.from(x.content ?? []).toString())
        return faultOf(x, presented, secret, form, options) ?? { kind: 'signed' }
      },
    }
  return faultOf(x, presented, secret, [], options) ?? { kind: 'caller', caller }
}

type Found = { readonly kind: 'found'; readonly caller: Caller; readonly secret: string } | CredentialsRefused

async function callerOf({ request, consumer }: Presented, { reads }: VerifyOptions): Promise<Found> {
  const { key, name, scopes, claims, twoLegged } = consumer
  if (request.token === undefined) {
    if (twoLegged === 'refused') return refused('This consumer may not ask for itself: oauth_token is missing.')
    return {
      kind: 'found',
      secret: '',
      caller: { kind: 'client', id: key, scheme: 'OAuth', scopes, claims, via: name, restsOn: [[consumerKind, key]] },
    }
  }
  const token = await tokenOf(reads, request.token)
  const account = token?.consumer === key ? await accountById(reads, token.account) : undefined
  if (token === undefined || account?.state !== 'active') return notSigned
  const restsOn = [
    [consumerKind, key],
    [tokenKind, token.token],
  ] as const
  return {
    kind: 'found',
    secret: token.secret,
    caller: callerOfAccount(account, 'OAuth', { scopes, via: name, restsOn }),
  }
}

const isForm = (x: Exchange): boolean =>
  /^application\/x-www-form-urlencoded *(?:;|$)/i.test(x.field('content-type') ?? '') &&
  (x.fields['transfer-encoding'] !== undefined || (x.field('content-length') ?? '0') !== '0')

const uncovered = refused('A form is signed with its request, and here none is read: nothing else was looked at.')

// RFC 5849 §3.2: the steps by which a signed request is verified, in order.
import {
  type OAuth1Method,
  type OAuth1Parameter,
  type OAuth1Request,
  parseCredentials,
  parseOAuth1Request,
} from '@comity/http'
import type { Exchange } from '../../exchange/exchange.ts'
import type { RecordReads } from '../../store/records.ts'
import type { CredentialsRefused } from '../scheme.ts'
import { consumerOf, type WholeConsumer } from './consumers.ts'
import { isSignatureOf } from './signature.ts'
import type { Uses } from './uses.ts'

export type VerifyOptions = {
  readonly reads: RecordReads
  readonly uses: Uses
  readonly methods: readonly OAuth1Method[]
  /** Seconds. */
  readonly window: number
}

/** A request whose parameters were read, and whose consumer is known; nothing of it is believed yet. */
export type Presented = { readonly request: OAuth1Request; readonly consumer: WholeConsumer }

export async function presentedBy(
  x: Exchange,
  { reads, methods }: VerifyOptions,
): Promise<Presented | CredentialsRefused> {
  const credentials = parseCredentials(x.field('authorization') ?? '')
  const read = credentials === undefined ? ({ kind: 'malformed' } as const) : parseOAuth1Request(credentials)
  if (read.kind === 'malformed') return refused('The OAuth parameters are not well-formed.')
  if (read.kind !== 'request')
    return refused(`${read.parameter} is ${read.kind === 'missing' ? 'missing' : 'not one that is taken'}.`)
  const { request } = read
  if (!methods.includes(request.method)) return refused(`Signatures by ${methods.join(', ')} are taken.`)
  // §3.4.4: it shows the secrets.
  if (request.method === 'PLAINTEXT' && !isProtected(x)) return refused('PLAINTEXT is taken over TLS only.')
  const consumer = await consumerOf(reads, request.consumerKey)
  if (consumer === undefined || consumer.revoked !== undefined) return notSigned
  return { request, consumer }
}

/** Whether it was signed, and not before; `tokenSecret` is empty where there is no token. */
export function faultOf(
  x: Exchange,
  { request, consumer }: Presented,
  tokenSecret: string,
  form: readonly OAuth1Parameter[],
  { uses, window }: VerifyOptions,
): CredentialsRefused | undefined {
  const url = x.incoming.origin() + x.incoming.prefix() + x.incoming.url
  if (!URL.canParse(url)) return notSigned
  if (!isSignatureOf(request, { method: x.method, url, form }, consumer, tokenSecret)) return notSigned
  const { timestamp, nonce, token = '' } = request
  if (timestamp === undefined || nonce === undefined) return undefined
  // Only what was signed is remembered.
  switch (uses.take(timestamp, JSON.stringify([consumer.key, token, nonce]))) {
    case 'used':
      return refused('The oauth_nonce was used before with this oauth_timestamp.')
    case 'late':
    case 'early':
      return refused(
        `The oauth_timestamp is more than ${window} seconds from the time here, or from before the server was started.`,
      )
    case 'taken':
      return undefined
  }
}

/** Over TLS, or within one machine. */
export function isProtected(x: Exchange): boolean {
  const origin = x.incoming.origin()
  return origin.startsWith('https:') || /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/.test(origin)
}

export const refused = (detail: string): CredentialsRefused => ({
  kind: 'refused',
  code: 'credentials-invalid',
  detail,
})

/** One sentence for all that may be wrong. */
export const notSigned = refused(
  'The consumer or the token is not known, or the signature is not that of this request: of its method, of its URL as the server is reached, and of all parameters.',
)

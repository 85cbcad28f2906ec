// RFC 5849 §2: how a person lets a consumer act for them. The consumer gets temporary credentials, sends the person here to
// authorize it, and changes both for a token.
import { formParameters, type OAuth1Parameter } from '@comity/http'
import { type Answer, refuse } from '../../exchange/answer.ts'
import type { Exchange } from '../../exchange/exchange.ts'
import { refusedAnswer } from '../../exchange/problem-answer.ts'
import { keepingIn } from '../credentials.ts'
import type { CredentialsRefused, SchemeContext, Site } from '../scheme.ts'
import { authorizing } from './authorize.ts'
import { type OAuth1Consumer, putToken, randomName, randomSecret } from './consumers.ts'
import { isSame } from './signature.ts'
import { readTemporary, type Temporary, temporaryKind, temporaryLife } from './temporary.ts'
import { faultOf, isProtected, type Presented, presentedBy, refused, type VerifyOptions } from './verify.ts'

const root = 'oauth/1'

/** The endpoints and the page, in one site. */
export function danceOf(context: SchemeContext, options: VerifyOptions, challenge: string): Site {
  const { store, now } = context
  const keeping = keepingIn(store, now)
  const authorize = authorizing(context)

  /** §2.1 */
  async function temporaryCredentials(x: Exchange, presented: Presented): Promise<Answer | CredentialsRefused> {
    const { request, consumer } = presented
    const fault = faultOf(x, presented, '', formOf(x), options)
    if (fault) return fault
    const { callback } = request
    if (callback === undefined) return refused('oauth_callback is missing: an URL, or “oob”.')
    if (callback !== 'oob' && !mayReturnTo(consumer, callback))
      return refused('The oauth_callback is not one that the consumer was registered with.')
    const token = randomName()
    const value: Temporary = { consumer: consumer.key, secret: randomSecret(), callback }
    await store.write(tx => tx.putRecord(temporaryKind, token, { value, expires: now() + temporaryLife }))
    return form({ oauth_token: token, oauth_token_secret: value.secret, oauth_callback_confirmed: 'true' })
  }

  /** §2.3 */
  async function tokenCredentials(x: Exchange, presented: Presented): Promise<Answer | CredentialsRefused> {
    const { request, consumer } = presented
    const temporary = await readTemporary(store, request.token)
    if (temporary?.consumer !== consumer.key) return notExchanged
    const fault = faultOf(x, presented, temporary.secret, formOf(x), options)
    if (fault) return fault
    const { account, verifier } = temporary
    if (account === undefined || verifier === undefined || !isSame(request.verifier ?? '', verifier))
      return notExchanged
    const credentials = { token: randomName(), secret: randomSecret(), consumer: consumer.key, account }
    const isFirst = await keeping.write(async tx => {
      // §2.3: temporary credentials are used once, whoever comes at the same time.
      const isThere = await tx.removeRecord(temporaryKind, request.token ?? '')
      if (isThere) await putToken(tx, credentials)
      return isThere
    })
    if (!isFirst) return notExchanged
    return form({ oauth_token: credentials.token, oauth_token_secret: credentials.secret })
  }

  async function endpoint(x: Exchange, act: typeof temporaryCredentials): Promise<Answer> {
    if (x.method !== 'POST') return notAllowed(x, 'POST')
    // §2.1, §2.3: secrets are in the answer.
    if (!isProtected(x))
      return refusedAnswer(
        x,
        refuse('upgrade-required', 'Credentials are handed out over TLS only.', {
          fields: { upgrade: 'TLS/1.3', connection: 'upgrade' },
        }),
      )
    const presented = await presentedBy(x, options)
    const outcome = 'kind' in presented ? presented : await act(x, presented)
    if (!('kind' in outcome)) return outcome
    const { code, detail, fields } = outcome
    return refusedAnswer(x, refuse(code, detail, { fields: { ...fields, 'www-authenticate': challenge } }))
  }

  return {
    paths: ['temporary-credentials', 'authorize', 'token'].map(name => `${root}/${name}`),
    answer(x, path) {
      switch (path) {
        case `${root}/temporary-credentials`:
          return endpoint(x, temporaryCredentials)
        case `${root}/token`:
          return endpoint(x, tokenCredentials)
        case `${root}/authorize`:
          return x.method === 'GET' || x.method === 'HEAD' || x.method === 'POST'
            ? authorize(x)
            : notAllowed(x, 'GET, HEAD, POST')
        default:
          return refusedAnswer(x, refuse('no-such-resource', `Nothing is served at “/${path}”.`))
      }
    },
  }
}

const notExchanged = refused('The temporary credentials are not known, were not authorized, or the verifier is wrong.')

/** §2.1: where a person may be sent back to, whatever the query. */
function mayReturnTo({ callbacks }: OAuth1Consumer, callback: string): boolean {
  const place = placeOf(callback)
  return place !== undefined && callbacks.some(known => placeOf(known) === place)
}

/** RFC 3986 §2: no URI has them, and what reads URLs of browsers mends them silently. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const inNoUri = /[\x00-\x20\x7f\\<>"^`{|}]/

function placeOf(url: string): string | undefined {
  const read = inNoUri.test(url) ? null : URL.parse(url)
  return read === null || read.username !== '' || read.password !== '' || read.hash !== ''
    ? undefined
    : read.origin + read.pathname
}

const formOf = (x: Exchange): readonly OAuth1Parameter[] =>
  x.contentKind === 'form' ? formParameters(Buffer.from(x.content ?? []).toString()) : []

function form(values: Readonly<Record<string, string>>): Answer {
  const body = Buffer.from(new URLSearchParams(values).toString())
  return {
    status: 200,
    fields: {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(body.length),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
    body,
  }
}

function notAllowed(x: Exchange, methods: string): Answer {
  const fields = { allow: `${methods}, OPTIONS` }
  if (x.method === 'OPTIONS') return { status: 204, fields, body: undefined }
  return refusedAnswer(x, refuse('method-not-allowed', `${x.method} is not allowed here.`, { fields }))
}

// RFC 9110 §11: credentials with each request that may carry them, and the answer to a challenge. It stands inside
// redirections and retries: each attempt is signed for where it goes, with a nonce of its own, and no layer around it
// ever sees a credential.
import type { Outgoing } from '../exchange/request.ts'
import type { Incoming } from '../exchange/response.ts'
import { originOf } from '../exchange/target.ts'
import type { AuthScheme } from './auth/scheme.ts'
import type { Call } from './call.ts'
import type { Layer, Send } from './layer.ts'

export type AuthOptions = {
  readonly scheme: AuthScheme
  /** Where credentials go, and nowhere else: `https://api.example`. */
  readonly origins: readonly string[]
}

declare module './call.ts' {
  interface CallOptions {
    /**
     * Given to a client, for the origin of its `baseUrl`; given to a call, for the origin that it asks first, instead of
     * the client's. With `origins` for those. False adds nothing.
     */
    readonly auth?: AuthScheme | AuthOptions | false
  }
}

const mostTries = 4
const drained = 64 * 1024

/**
 * `base` is the origin that a scheme is for where it does not say.
 * @throws TypeError where there is neither, or an origin is none.
 */
export function auth(given?: AuthScheme | AuthOptions | false, base?: string): Layer {
  const options = given === undefined || given === false ? undefined : withOrigins(given, base)
  const origins = new Set(options?.origins.map(origin => new URL(origin).origin))
  const first = new WeakMap<Call, string>()

  function schemeFor(request: Outgoing, call: Call): AuthScheme | undefined {
    const own = call.options.auth
    if (own === false) return undefined
    if (own !== undefined && 'origins' in own)
      return own.origins.some(origin => new URL(origin).origin === originOf(request.url)) ? own.scheme : undefined
    if (own !== undefined) {
      const origin = originOf(request.url)
      const asked = first.get(call) ?? origin
      first.set(call, asked)
      return asked === origin ? own : undefined
    }
    return options && origins.has(originOf(request.url)) ? options.scheme : undefined
  }

  return {
    name: 'auth',
    adds(request, call) {
      const scheme = request.fields.authorization === undefined ? schemeFor(request, call) : undefined
      return scheme === undefined ? undefined : { authorization: whoIs(scheme) }
    },
    around: next => (request, call) => {
      const scheme = schemeFor(request, call)
      // What the caller wrote goes before what the client would.
      if (scheme === undefined || request.fields.authorization !== undefined) return next(request, call)
      return exchange(scheme, request, call, next)
    },
  }
}

const others = new WeakMap<AuthScheme, string>()

function whoIs(scheme: AuthScheme): string {
  if (scheme.who !== undefined) return `${scheme.name} ${scheme.who()}`
  let other = others.get(scheme)
  if (other === undefined) {
    // Random, since a cache may outlive this process.
    other = `${scheme.name} ${Math.random()} ${Math.random()}`
    others.set(scheme, other)
  }
  return other
}

function withOrigins(given: AuthScheme | AuthOptions, base: string | undefined): AuthOptions {
  if ('origins' in given) return given
  if (base === undefined)
    throw new TypeError('credentials need a baseUrl, or the origins they are for: auth: { scheme, origins: [… ] }')
  return { scheme: given, origins: [base] }
}

async function exchange(scheme: AuthScheme, request: Outgoing, call: Call, next: Send): Promise<Incoming> {
  const given = { call, send: next }
  const signed = scheme.sign(request, given)
  let sent = signed instanceof Promise ? await signed : signed
  let response = await next(sent, call)
  if (scheme.receive === undefined) return withoutSecrets(response, request, sent)
  for (let tries = 1; tries < mostTries; tries++) {
    const then = await scheme.receive({ response, sent, request, tries }, given)
    if (then === undefined) break
    if (then.kind === 'stand') return withoutSecrets(then.response, request, sent)
    if (sent.content?.kind === 'source' && sent.content.reading === 'once') {
      call.note('auth', 'a challenge could not be answered: the content is a stream that is spent')
      break
    }
    call.note('auth', `answered a challenge with ${scheme.name}`, { status: response.status })
    await done(response)
    sent = then.request
    response = await next(sent, call)
  }
  return withoutSecrets(response, request, sent)
}

// A short content is read, so that the connection can be used again.
async function done({ body, fields }: Incoming): Promise<void> {
  if (Number(fields['content-length'] ?? Number.POSITIVE_INFINITY) > drained) return body.discard()
  await body.bytes().catch(() => {})
}

/** Where the target itself carries the secret, what comes back must not. */
function withoutSecrets(response: Incoming, request: Outgoing, sent: Outgoing): Incoming {
  if (sent.url === request.url) return response
  const secret = sent.url.slice(request.url.length + 1)
  const fields = { ...response.fields }
  for (const name of ['location', 'content-location', 'link']) {
    const value = fields[name]
    if (value?.includes(secret)) fields[name] = withoutParameter(value, secret)
  }
  return { ...response, url: response.url === sent.url ? request.url : response.url, fields }
}

function withoutParameter(text: string, parameter: string): string {
  return text.replaceAll(`?${parameter}&`, '?').replaceAll(`&${parameter}`, '').replaceAll(`?${parameter}`, '')
}

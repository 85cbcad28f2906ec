// RFC 9110 §15.4: redirection

import { type Fields, fieldNames, fieldValue } from './fields.ts'
import { isSecretField } from './secret-fields.ts'

/**
 * A request that may be redirected. `url` is absolute. `contentReplayable` is false where the content was a stream that
 * is spent; left out, it can be sent again.
 */
export type RedirectableRequest = {
  readonly method: string
  readonly url: string
  readonly fields: Fields
  readonly hasContent: boolean
  readonly contentReplayable?: boolean
}

/** Why a redirection is not followed; the response is then the answer, or the call's error. */
export type RedirectStop =
  | 'not-a-redirect'
  | 'location-absent'
  | 'location-invalid'
  | 'scheme-refused'
  | 'too-many'
  | 'loop'
  | 'downgrade-refused'
  | 'content-spent'
  | 'content-to-other-origin'

/**
 * The request to send next, or why there is none. `hops` is to be given to the next call. `dropped` names the fields
 * that were left behind, and `'content'` where the content was. `permanent` is true for 301 and 308.
 */
export type Redirection =
  | {
      readonly kind: 'follow'
      readonly request: RedirectableRequest
      readonly hops: readonly string[]
      readonly dropped: readonly string[]
      readonly permanent: boolean
    }
  | { readonly kind: 'stop'; readonly why: RedirectStop }

/** What a caller may change: more fields (lower-case names) that must not leave the origin, and content that may. */
export type RedirectOptions = {
  readonly secretFields?: readonly string[]
  readonly contentToOtherOrigin?: 'refuse' | 'send'
}

/** §15.4 step 2: made for one connection or one target; the transport makes its own. */
const perHop: ReadonlySet<string> = new Set([
  'connection',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
])

/** §15.4 step 5: about content that is no longer there, and promises that were about the method given up. */
const ofContent: ReadonlySet<string> = new Set([
  'content-digest',
  'content-encoding',
  'content-language',
  'content-length',
  'content-location',
  'content-range',
  'content-type',
  'digest',
  'expect',
  'idempotency-key',
  'last-modified',
  'repr-digest',
  'trailer',
])

/** Conditions and ranges: about the representation that was asked for first. */
const ofRepresentation: ReadonlySet<string> = new Set([
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'range',
])

/**
 * Decides where a redirecting response leads. `hops` are those of the earlier redirections of the same call, `[]` at
 * first; at most `limit` are followed. Content does not go to another origin unless told, since a request without its
 * content would be another request. From https to http nothing goes that carries credentials or content.
 * RFC 9110 §15.4, §10.2.2; RFC 10008 §2.5.
 */
export function nextRequest(
  request: RedirectableRequest,
  response: { readonly status: number; readonly location: string | undefined },
  hops: readonly string[],
  limit = 5,
  options: RedirectOptions = {},
): Redirection {
  const method = nextMethod(request.method, response.status)
  if (method === undefined) return stop('not-a-redirect')
  if (response.location === undefined) return stop('location-absent')
  if (!URL.canParse(response.location, request.url)) return stop('location-invalid')
  const from = new URL(request.url)
  // §15.4 step 1
  const to = new URL(response.location, from)
  if (to.protocol !== 'http:' && to.protocol !== 'https:') return stop('scheme-refused')
  // §10.2.2: without a fragment of its own, the target inherits the one of the request.
  if (to.hash === '') to.hash = from.hash
  // RFC 9110 §4.2.4: user information in a URL of a peer is not to be trusted.
  to.username = ''
  to.password = ''

  if (hops.length >= limit) return stop('too-many')
  const visited = [...hops, hop(request.method, from)]
  if (visited.includes(hop(method, to))) return stop('loop')

  const sameOrigin = to.origin === from.origin
  const isSecret = (name: string): boolean => isSecretField(name) || options.secretFields?.includes(name) === true
  // §9.3.1 and RFC 10008: a GET has no content; where the method stays, so does the content.
  const hasContent = request.hasContent && method === request.method
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    const carriesSecret = Object.entries(request.fields).some(([name, value]) => value !== undefined && isSecret(name))
    if (hasContent || carriesSecret) return stop('downgrade-refused')
  }
  if (hasContent && request.contentReplayable === false) return stop('content-spent')
  if (hasContent && !sameOrigin && options.contentToOtherOrigin !== 'send') return stop('content-to-other-origin')

  const dropped: string[] = request.hasContent && !hasContent ? ['content'] : []
  const kept: [string, string][] = []
  const connection = new Set(fieldNames(fieldValue(request.fields, 'connection')))
  for (const [name, value] of Object.entries(request.fields)) {
    if (value === undefined) continue
    const leave =
      // §15.4 step 2
      perHop.has(name) ||
      connection.has(name) ||
      // §15.4 step 3
      (!sameOrigin && isSecret(name)) ||
      // §15.4 step 5
      (method !== request.method && ofContent.has(name)) ||
      // §15.4.4: what 303 points to is another resource.
      (ofRepresentation.has(name) && (response.status === 303 || method !== request.method))
    if (leave) dropped.push(name)
    else kept.push([name, value])
  }
  return {
    kind: 'follow',
    request: { ...request, method, url: to.href, fields: Object.fromEntries(kept), hasContent },
    hops: visited,
    dropped,
    permanent: response.status === 301 || response.status === 308,
  }
}

/** §15.4 step 4: the method after a redirection; `undefined` where the status is none that is followed by itself. */
function nextMethod(method: string, status: number): string | undefined {
  switch (status) {
    case 301:
    case 302:
      // §15.4.2, §15.4.3: for historical reasons POST becomes GET; every other method stays.
      return method === 'POST' ? 'GET' : method
    case 303:
      return method === 'HEAD' ? 'HEAD' : 'GET'
    case 307:
    case 308:
      return method
    default:
      return undefined
  }
}

function hop(method: string, url: URL): string {
  const bare = new URL(url)
  bare.hash = ''
  return `${method} ${bare.href}`
}

function stop(why: RedirectStop): Redirection {
  return { kind: 'stop', why }
}

// The authorization server, asked over the client's own transport by oauth4webapi, which is loaded when it is needed.
import type * as OAuth from 'oauth4webapi'
import { AuthError, ComityError } from '../../../errors.ts'
import { gathered } from '../../../exchange/gather.ts'
import type { Content } from '../../../exchange/request.ts'
import type { Call } from '../../call.ts'
import { ownCall } from '../../common-wait.ts'
import type { Send } from '../../layer.ts'
import { type Exchange, told } from '../scheme.ts'
import type { KeyPair, OAuth2Options } from './options.ts'

/** Ms that one request of the authorization server may take, and bytes that its answer may have. */
const patience = 30_000
const mostSaid = 1024 * 1024

/** What a grant needs: the library, the server's metadata, who asks, and how. */
export type Authority = {
  readonly oauth: typeof OAuth
  readonly server: OAuth.AuthorizationServer
  readonly client: OAuth.Client
  readonly authentication: OAuth.ClientAuth
  /** For each request of the library. */
  readonly options: OAuth.TokenEndpointRequestOptions
  readonly call: Call
}

/** Asks it for its metadata, where they are not given. */
export async function authorityFor(
  given: OAuth2Options,
  keys: KeyPair | undefined,
  { call, send }: Exchange,
): Promise<Authority> {
  const oauth = await import('oauth4webapi')
  const issuer = new URL(given.issuer)
  const client: OAuth.Client = { client_id: given.clientId }
  const own = ownCall(call, undefined, { auth: false })
  const options = {
    [oauth.customFetch]: fetchOver(send, own),
    // RFC 8252 §8.3: plain http never leaves the machine when it goes to itself.
    [oauth.allowInsecureRequests]: isLoopback(issuer),
    ...(keys === undefined ? {} : { DPoP: oauth.DPoP(client, keys) }),
  }
  const { endpoints } = given
  const server =
    endpoints === undefined
      ? await discovered(oauth, issuer, options)
      : {
          issuer: given.issuer,
          token_endpoint: endpoints.token,
          ...(endpoints.authorization === undefined ? {} : { authorization_endpoint: endpoints.authorization }),
          ...(endpoints.deviceAuthorization === undefined
            ? {}
            : { device_authorization_endpoint: endpoints.deviceAuthorization }),
        }
  return { oauth, server, client, authentication: await authenticationOf(oauth, given), options, call: own }
}

async function discovered(oauth: typeof OAuth, issuer: URL, options: object): Promise<OAuth.AuthorizationServer> {
  const response = await oauth.discoveryRequest(issuer, { ...options, algorithm: 'oidc' })
  if (response.status === 200) return oauth.processDiscoveryResponse(issuer, response)
  // RFC 8414 §5: others put it elsewhere.
  return oauth.processDiscoveryResponse(
    issuer,
    await oauth.discoveryRequest(issuer, { ...options, algorithm: 'oauth2' }),
  )
}

async function authenticationOf(oauth: typeof OAuth, given: OAuth2Options): Promise<OAuth.ClientAuth> {
  if (given.clientSecret === undefined || given.clientAuthentication === 'none') return oauth.None()
  const secret = await told(given.clientSecret)
  return given.clientAuthentication === 'post' ? oauth.ClientSecretPost(secret) : oauth.ClientSecretBasic(secret)
}

type Asked = { readonly method: string; readonly headers: Record<string, string>; readonly body?: unknown }

function fetchOver(send: Send, call: Call) {
  return async (url: string, { method, headers, body }: Asked): Promise<Response> => {
    const fields = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
    const content: Content | undefined =
      body === undefined || body === null ? undefined : { kind: 'bytes', bytes: new TextEncoder().encode(String(body)) }
    if (body instanceof URLSearchParams) fields['content-type'] ??= 'application/x-www-form-urlencoded;charset=UTF-8'
    const incoming = await send({ method, url, fields, content }, ownCall(call, patience, call.options))
    const said = await gathered(incoming.body, mostSaid)
    if (!said.complete) {
      await said.discard()
      throw new AuthError(`the authorization server said more than ${mostSaid} bytes`)
    }
    const bytes = await said.bytes()
    const answered = Object.entries(incoming.fields).filter((row): row is [string, string] => row[1] !== undefined)
    const { status } = incoming
    return new Response(bytes.length === 0 ? null : (bytes as Uint8Array<ArrayBuffer>), { status, headers: answered })
  }
}

export function isLoopback({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)
}

/** What the library or the server says, without what it was said about. */
export function refusal(error: unknown): unknown {
  if (error instanceof ComityError || !(error instanceof Error)) return error
  const said = saidBy(error)
  if (said === undefined) return new AuthError(`the authorization server could not be used: ${error.message}`)
  const because = said.why === undefined ? '' : `: ${said.why.slice(0, 200)}`
  return new AuthError(`the authorization server refused: ${said.code}${because}`)
}

/** RFC 6749 §5.2: in the content, or in the challenge of a 401. */
function saidBy(error: Error): { readonly code: string; readonly why: string | undefined } | undefined {
  const { cause } = error
  const challenge = Array.isArray(cause)
    ? cause.map(({ parameters }) => parameters).find(given => given?.error)
    : undefined
  const { error: code, error_description: why } =
    challenge ?? (error as { error?: unknown; error_description?: unknown })
  return typeof code === 'string' ? { code, why: typeof why === 'string' ? why : undefined } : undefined
}

/** Does the error say that what was sent is of no use any more? */
export function isInvalidGrant(error: unknown): boolean {
  return error instanceof Error && (error as { error?: unknown }).error === 'invalid_grant'
}

// A real authorization server (oidc-provider), a resource that takes its tokens, and a browser that consents to all.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

export type AuthorizationServer = {
  readonly issuer: string
  /** Takes GET / with a token; `resource.seen` are the statuses it gave. */
  readonly resource: { readonly url: string; readonly seen: number[] }
  /** Requests of the token endpoint, by grant type; errors are not counted. */
  readonly grants: string[]
  /** The next so many tokens that the resource sees are refused. */
  refuse: number
  /** The resource wants this nonce in a DPoP proof. */
  nonce: string | undefined
  readonly close: () => Promise<void>
}

export const secretText = 'a-cl1ent-s3cret'

export async function startAuthorizationServer(): Promise<AuthorizationServer> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const grants: string[] = []
  const client = (id: string, more: object) => ({
    client_id: id,
    client_secret: secretText,
    redirect_uris: [],
    response_types: [],
    ...more,
  })
  const provider = new Provider(issuer, {
    clients: [
      client('machine', { grant_types: ['client_credentials'] }),
      client('post', { grant_types: ['client_credentials'], token_endpoint_auth_method: 'client_secret_post' }),
      {
        client_id: 'app',
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        redirect_uris: ['http://127.0.0.1/callback'],
        response_types: ['code'],
        grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
      },
    ],
    scopes: ['openid', 'offline_access', 'read'],
    features: {
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true },
      devInteractions: { enabled: false },
      dPoP: { enabled: true },
    },
    ttl: { AccessToken: () => 3600, ClientCredentials: () => 3600 },
    pkce: { required: () => true },
    issueRefreshToken: () => true,
    findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    async loadExistingGrant(context: { oidc: { client: { clientId: string }; session: { accountId: string } } }) {
      const { client, session } = context.oidc
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
      grant.addOIDCScope('openid offline_access read')
      await grant.save()
      return grant
    },
  })
  const handle = provider.callback()
  server.on('request', (request: IncomingMessage, response) => {
    if (request.url?.startsWith('/interaction/'))
      return void provider.interactionFinished(request, response, { login: { accountId: 'me' }, consent: {} })
    if (request.url === '/token') {
      let body = ''
      request.on('data', piece => {
        body += piece
      })
      response.on('finish', () => {
        if (response.statusCode === 200)
          grants.push(new URLSearchParams(body).get('grant_type')?.split(':').at(-1) ?? '')
      })
    }
    void handle(request, response)
  })

  const resource = createServer(async (request, response) => {
    const [scheme, token = ''] = (request.headers.authorization ?? '').split(' ')
    const found = (await provider.AccessToken.find(token)) ?? (await clientToken(token))
    const refused = found === undefined || it.refuse > 0
    if (it.refuse > 0 && found !== undefined) it.refuse--
    const proof = refused ? undefined : proofOf(request, token)
    const isBound = found?.jkt !== undefined
    let status = refused || (isBound ? scheme !== 'DPoP' || proof?.jkt !== found?.jkt : scheme !== 'Bearer') ? 401 : 200
    const fields: Record<string, string> = {}
    if (status === 200 && isBound && it.nonce !== undefined && proof?.nonce !== it.nonce) {
      status = 401
      fields['dpop-nonce'] = it.nonce
      fields['www-authenticate'] = 'DPoP error="use_dpop_nonce"'
    } else if (status === 401) fields['www-authenticate'] = `${isBound ? 'DPoP' : 'Bearer'} error="invalid_token"`
    it.resource.seen.push(status)
    response.writeHead(status, fields).end('content')
  })
  const clientToken = (token: string) =>
    (provider as unknown as { ClientCredentials: typeof provider.AccessToken }).ClientCredentials.find(token)
  resource.listen(0, '127.0.0.1')
  await new Promise(resolve => resource.once('listening', resolve))

  const it: AuthorizationServer = {
    issuer,
    resource: { url: `http://127.0.0.1:${(resource.address() as AddressInfo).port}`, seen: [] },
    grants,
    refuse: 0,
    nonce: undefined,
    async close() {
      for (const one of [server, resource]) {
        one.closeAllConnections()
        await new Promise(resolve => one.close(resolve))
      }
    },
  }
  return it
}

/** RFC 9449 §4.3, as far as a test needs it; undefined where any of it is wrong. */
function proofOf(request: IncomingMessage, token: string): { jkt: string; nonce: string | undefined } | undefined {
  const text = request.headers.dpop
  if (typeof text !== 'string') return undefined
  const [head = '', payload = '', signature = ''] = text.split('.')
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
  const { jwk, alg, typ } = read(head) as { jwk: Record<string, string>; alg: string; typ: string }
  const { htm, htu, ath, nonce } = read(payload) as Record<string, string>
  const key = createPublicKey({ key: jwk as never, format: 'jwk' })
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${payload}`),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  const { crv, kty, x, y } = jwk
  const hash = (given: string) => createHash('sha256').update(given).digest('base64url')
  const isRight =
    isSigned &&
    alg === 'ES256' &&
    typ === 'dpop+jwt' &&
    htm === request.method &&
    ath === hash(token) &&
    jwk.d === undefined
  const target = `http://${request.headers.host}${new URL(request.url ?? '', 'http://x').pathname}`
  return isRight && htu === target ? { jkt: hash(JSON.stringify({ crv, kty, x, y })), nonce } : undefined
}

/** Goes to the address, follows redirections with cookies, and sends each form that it meets. */
export async function consent(address: string): Promise<string> {
  const cookies = new Map<string, string>()
  let url = address
  let form: URLSearchParams | undefined
  for (let step = 0; step < 20; step++) {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { method: 'POST', body: form }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    const location = response.headers.get('location')
    const text = await response.text()
    form = undefined
    if (location !== null) url = new URL(location, url).href
    else {
      const action = /<form[^>]*action="([^"]+)"/.exec(text)?.[1]
      if (action === undefined || response.status !== 200) return text
      form = new URLSearchParams()
      for (const [input] of text.matchAll(/<input[^>]*>/g)) {
        const name = /name="([^"]*)"/.exec(input)?.[1]
        if (name !== undefined) form.set(name, /value="([^"]*)"/.exec(input)?.[1] ?? '')
      }
      if (text.includes('name="confirm"') || text.includes('user_code')) form.set('confirm', 'yes')
      url = new URL(action, url).href
    }
  }
  throw new Error(`it did not come to an end: ${url}`)
}

// OAuth 2 against a real authorization server.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, it } from 'node:test'
import { inspect } from 'node:util'
import {
  AuthError,
  type AuthScheme,
  authorizationCode,
  type Client,
  clientCredentials,
  createClient,
  deviceCode,
  tokenFile,
} from '@comity/client'
import {
  type AuthorizationServer,
  consent,
  secretText,
  startAuthorizationServer,
} from './support/authorization-server.ts'
import { fakeClock } from './support/clock.ts'

let server: AuthorizationServer
const folder = mkdtempSync(join(tmpdir(), 'comity-oauth-'))

before(async () => {
  server = await startAuthorizationServer()
})
after(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})
beforeEach(() => {
  server.grants.length = 0
  server.resource.seen.length = 0
  server.refuse = 0
  server.nonce = undefined
})

async function using(auth: AuthScheme, act: (client: Client) => Promise<unknown>, more: object = {}): Promise<void> {
  const client = createClient({ baseUrl: server.resource.url, auth, ...more })
  try {
    await act(client)
  } finally {
    await client.close()
  }
}
const machine = () => ({ issuer: server.issuer, clientId: 'machine', clientSecret: secretText, scope: 'read' })

it('client credentials: one token for all, also for those that ask at once', () =>
  using(clientCredentials(machine()), async client => {
    await Promise.all(Array.from({ length: 5 }, (_, n) => client.get(`/${n}`)))
    await client.get('/')
    assert.deepEqual(server.grants, ['client_credentials'])
    assert.deepEqual(server.resource.seen, Array(6).fill(200))
  }))

it('the secret in the content, and endpoints that are told', async () => {
  const given = { ...machine(), clientId: 'post', clientAuthentication: 'post' as const }
  await using(clientCredentials({ ...given, endpoints: { token: `${server.issuer}/token` } }), client =>
    client.get('/'),
  )
  assert.deepEqual(server.grants, ['client_credentials'])
})

it('a token that is refused is replaced once, for all that it was refused for', () =>
  using(clientCredentials(machine()), async client => {
    await client.get('/')
    server.refuse = 3
    await Promise.all([client.get('/1'), client.get('/2'), client.get('/3')])
    assert.equal(server.grants.length, 2)
    server.refuse = 2
    await assert.rejects(client.get('/'), /401/)
    assert.equal(server.grants.length, 3)
  }))

it('a token is replaced before it ends', async () => {
  const clock = fakeClock('standing')
  await using(
    clientCredentials(machine()),
    async client => {
      await client.get('/')
      clock.advance(3_500_000)
      await client.get('/')
      assert.equal(server.grants.length, 1)
      clock.advance(80_000)
      await client.get('/')
      assert.equal(server.grants.length, 2)
    },
    { clock },
  )
})

it('a client that is not known is told so, and its secret is not', async () => {
  const planted = 'wr0ng-s3cret'
  await using(clientCredentials({ ...machine(), clientSecret: planted }), client =>
    assert.rejects(client.get('/'), (error: unknown) => {
      assert.ok(error instanceof AuthError)
      assert.match(error.message, /invalid_client/)
      for (const text of [planted, btoa(`machine:${planted}`)]) assert.ok(!inspect(error, { depth: 9 }).includes(text))
      return true
    }),
  )
})

it('DPoP: tokens are bound to a key, and a nonce is added where it is asked for', () =>
  using(clientCredentials({ ...machine(), dpop: 'required' }), async client => {
    await client.get('/?query=1')
    server.nonce = 'n-1'
    await client.get('/')
    await client.get('/')
    assert.deepEqual(server.resource.seen, [200, 401, 200, 200])
    assert.equal(server.grants.length, 1)
  }))

it('authorization code with PKCE through the loopback listener, kept in a file, and refreshed', async () => {
  const path = join(folder, 'deep', 'tokens.json')
  const opened: string[] = []
  const given = {
    issuer: server.issuer,
    clientId: 'app',
    scope: 'openid offline_access read',
    parameters: { prompt: 'consent' },
    dpop: 'required' as const,
    store: tokenFile(path),
    open: async (url: string) => {
      opened.push(url)
      // Others may knock too.
      const redirect = new URL(url).searchParams.get('redirect_uri') ?? ''
      assert.equal((await fetch(`${redirect}?code=forged&state=x`)).status, 404)
      assert.match(await consent(url), /You are signed in/)
    },
  }
  await using(authorizationCode(given), client => client.get('/'))
  assert.equal(statSync(path).mode & 0o777, 0o600)
  // Another process: nobody is asked again, and the key is the same.
  await using(authorizationCode(given), async client => {
    await client.get('/')
    server.refuse = 1
    await client.get('/')
  })
  assert.equal(opened.length, 1)
  assert.match(opened[0] ?? '', /code_challenge_method=S256/)
  assert.deepEqual(server.grants, ['authorization_code', 'refresh_token'])
  assert.ok(readFileSync(path, 'utf8').includes('"refresh"'))
})

it('nobody consents in time', () =>
  using(authorizationCode({ issuer: server.issuer, clientId: 'app', scope: 'read', open() {}, patience: 20 }), client =>
    assert.rejects(client.get('/'), /nobody consented in time/),
  ))

it('device code: asks again until the person has consented', async () => {
  const clock = fakeClock('leaping')
  let polls = 0
  const auth = deviceCode({
    issuer: server.issuer,
    clientId: 'app',
    scope: 'openid offline_access read',
    show: ({ userCode, verificationUri, verificationUriComplete }) => {
      assert.ok(userCode.length > 4 && verificationUri.startsWith(server.issuer))
      // The first question comes before the answer.
      const { sleep } = clock
      Object.assign(clock, {
        async sleep(ms: number, signal?: AbortSignal) {
          if (++polls === 2) await consent(verificationUriComplete ?? '')
          return sleep(ms, signal)
        },
      })
    },
  })
  await using(auth, client => client.get('/'), { clock })
  assert.ok(polls >= 2)
  assert.deepEqual(server.grants, ['device_code'])
})

// The embedded authorization server behind a proxy that ends TLS, with tokens that only it can read.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { clientCredentials, createClient } from '@comity/client'
import { bearer } from '@comity/server'
import { agent, call, type Fields } from '../support/call.ts'
import { type Issuer, startIssuer } from './support/issuer.ts'
import { callback, type Ledger, startLedger } from './support/ledger.ts'

let ledger: Ledger
/** Takes bound tokens of its own, and others of an issuer elsewhere. */
let strict: Ledger
let issuer: Issuer
const outside = 'https://ledger.example/api'

before(async () => {
  ledger = await startLedger({ accessTokens: 'opaque', dpop: 'off' }, { publicUrl: outside })
  issuer = await startIssuer('https://api.example.org')
  const elsewhere = bearer({ issuer: issuer.url, audience: 'https://api.example.org' })
  strict = await startLedger({ dpop: 'required', dpopNonce: 'required' }, {}, [elsewhere])
})
after(async () => {
  agent.destroy()
  await Promise.all([ledger.close(), strict.close(), issuer.close()])
})

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const basic = ({ id, secret }: { id: string; secret: string }) => ({
  authorization: `Basic ${btoa(`${id}:${secret}`)}`,
})
const post = (path: string, fields: Fields, body: Record<string, string>) =>
  call('POST', `${ledger.url}${path}`, { ...form, ...fields }, new URLSearchParams(body).toString())

test('it is where its clients see it', async () => {
  for (const path of [
    '/oauth/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server/oauth',
    '/.well-known/oauth-authorization-server/api/oauth',
  ]) {
    const { json } = await call('GET', ledger.url + path)
    assert.deepEqual([json().issuer, json().token_endpoint], [`${outside}/oauth`, `${outside}/oauth/token`], path)
  }
  assert.equal((await call('GET', `${ledger.url}/.well-known/oauth-authorization-server`)).status, 404)
  for (const path of ['', '/api']) {
    const { json } = await call('GET', `${ledger.url}/.well-known/oauth-protected-resource${path}`)
    assert.deepEqual([json().resource, json().authorization_servers], [outside, [`${outside}/oauth`]])
  }
})

test('its cookies go over TLS alone, and to it alone', async () => {
  const query = new URLSearchParams({
    client_id: ledger.clients.web.id,
    response_type: 'code',
    redirect_uri: callback,
    scope: 'read',
    code_challenge: 'x'.repeat(43),
    code_challenge_method: 'S256',
  })
  const response = await fetch(`${ledger.url}/oauth/authorize?${query}`, { redirect: 'manual' })
  const lines = response.headers.getSetCookie()
  assert.ok(lines.length >= 4)
  for (const line of lines) assert.match(line, /; path=\/api\/oauth\/.*; secure; httponly/i)
  for (const line of lines) assert.match(line, /samesite=lax/i)
  assert.match(response.headers.get('location') ?? '', /^\/api\/oauth\/sign-in\//)
})

test('an opaque token is let in, asked about, and refused once it is revoked', async () => {
  const { machine, resource } = ledger.clients
  const asked = await post('/oauth/token', basic(machine), { grant_type: 'client_credentials', scope: 'read' })
  const { access_token: token } = asked.json()
  assert.doesNotMatch(token, /\./)
  const ask = () => call('GET', `${ledger.url}/ask`, { authorization: `Bearer ${token}` })
  assert.equal((await ask()).status, 200)
  const told = await post('/oauth/introspect', basic(resource), { token })
  const { active, aud, client_id, scope } = told.json()
  assert.deepEqual([active, aud, client_id, scope], [true, outside, machine.id, 'read'])
  assert.equal((await post('/oauth/revoke', basic(machine), { token })).status, 200)
  assert.equal((await ask()).status, 401)
  assert.deepEqual((await post('/oauth/introspect', basic(resource), { token })).json(), { active: false })
})

test('a scheme that is off is not offered', async () => {
  const { fields } = await call('GET', `${ledger.url}/ask`)
  assert.equal(fields['www-authenticate'], `Bearer resource_metadata="${outside}/.well-known/oauth-protected-resource"`)
  const dpop = await call('GET', `${ledger.url}/ask`, { authorization: 'DPoP abc' })
  assert.equal(dpop.status, 401)
})

test('of two issuers each reads its own tokens; where a key is asked for, no token is given without', async () => {
  const ask = (token: string) => call('GET', `${strict.url}/ask`, { authorization: `Bearer ${token}` })
  assert.equal((await ask(await issuer.sign({ scope: 'read' }))).status, 200)
  assert.equal((await ask(await issuer.sign({ iss: strict.issuer }))).status, 401)
  const { json } = await call('GET', `${strict.url}/.well-known/oauth-protected-resource`)
  assert.deepEqual(json().authorization_servers, [strict.issuer, issuer.url])
  const { id, secret } = strict.clients.machine
  const bare = await call(
    'POST',
    `${strict.issuer}/token`,
    { ...form, ...basic({ id, secret }) },
    'grant_type=client_credentials&scope=read',
  )
  assert.equal(bare.status, 400)
  // Our own client has a key, and learns the nonces of both ends.
  const auth = clientCredentials({
    issuer: strict.issuer,
    clientId: id,
    clientSecret: secret,
    scope: 'read',
    dpop: 'required',
  })
  const client = createClient({ baseUrl: strict.url, auth })
  try {
    assert.equal((await client.get('/ask')).status, 200)
  } finally {
    await client.close()
  }
})

test('a token without the scope is told which one it lacks', async () => {
  const { status, fields, json } = await call('GET', `${strict.url}/ask`, {
    authorization: `Bearer ${await issuer.sign({ scope: 'write' })}`,
  })
  assert.deepEqual([status, json().code, json().scope], [403, 'insufficient-scope', 'ask:call'])
  assert.match(fields['www-authenticate'] ?? '', /error="insufficient_scope".*scope="ask:call"/)
})

test('the description of the API says where tokens are had', async () => {
  const { json } = await call('GET', `${strict.url}/openapi.json`)
  const { oauth2 } = json().components.securitySchemes
  assert.equal(oauth2.flows.clientCredentials.tokenUrl, `${strict.issuer}/token`)
})

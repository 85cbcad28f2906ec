// The embedded authorization server behind a proxy that ends TLS, with tokens that only it can read.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { agent, call, type Fields } from '../support/call.ts'
import { callback, type Ledger, startLedger } from './support/ledger.ts'

let ledger: Ledger
const outside = 'https://ledger.example/api'

before(async () => {
  ledger = await startLedger({ accessTokens: 'opaque', dpop: 'off' }, { publicUrl: outside })
})
after(async () => {
  agent.destroy()
  await ledger.close()
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

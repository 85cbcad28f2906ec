// The embedded authorization server, through real sockets, by clients that others wrote: oauth4webapi and openid-client.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { authorizationCode, clientCredentials, createClient } from '@comity/client'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import { agent, call } from '../support/call.ts'
import { callback, type Ledger, startLedger } from './support/ledger.ts'
import { person } from './support/person.ts'

let ledger: Ledger
let server: oauth.AuthorizationServer

const insecure = { [oauth.allowInsecureRequests]: true }

before(async () => {
  ledger = await startLedger()
  const issuer = new URL(ledger.issuer)
  server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure))
})
after(async () => {
  agent.destroy()
  await ledger.close()
})

type Name = keyof Ledger['clients']

const configurationOf = (name: Name, authentication?: openid.ClientAuth) =>
  openid.discovery(
    new URL(ledger.issuer),
    ledger.clients[name].id,
    ledger.clients[name].secret || undefined,
    authentication,
    {
      execute: [openid.allowInsecureRequests],
    },
  )

const ask = (token: string) => call('GET', `${ledger.url}/ask`, { authorization: `Bearer ${token}` })

/** The whole way of a person: sign in, allow, and back at the app with a code. */
async function codeFor(name: Name, parameters: Record<string, string> = {}, redirect = callback) {
  const configuration = await configurationOf(name)
  const verifier = openid.randomPKCECodeVerifier()
  const state = openid.randomState()
  const url = openid.buildAuthorizationUrl(configuration, {
    redirect_uri: redirect,
    scope: 'read write',
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    ...parameters,
  })
  const ann = person(redirect)
  let page = await ann.open(url.href)
  if (!page.url.startsWith(redirect)) page = await ann.send(page, { login: ledger.login, password: ledger.password })
  if (!page.url.startsWith(redirect)) page = await ann.send(page, { decision: 'allow' })
  const grant = () =>
    openid.authorizationCodeGrant(configuration, new URL(page.url), {
      pkceCodeVerifier: verifier,
      expectedState: state,
    })
  return { configuration, ann, back: new URL(page.url), verifier, grant }
}

const tokenError = (code: string) => (error: unknown) => {
  assert.equal((error as { error?: string }).error, code)
  return true
}

test('its metadata is where RFC 8414 and OpenID Connect look for it, and names no host but its own', async () => {
  const issuer = new URL(ledger.issuer)
  const response = await oauth.discoveryRequest(issuer, { ...insecure, algorithm: 'oauth2' })
  assert.deepEqual(await oauth.processDiscoveryResponse(issuer, response), server)
  const told = await call('GET', `${ledger.issuer}/.well-known/openid-configuration`, {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    forwarded: 'host=evil.example',
  })
  assert.deepEqual(told.json(), server)
  assert.deepEqual(server.code_challenge_methods_supported, ['S256'])
  assert.deepEqual(server.response_types_supported, ['code'])
  const { json } = await call('GET', `${ledger.url}/.well-known/oauth-protected-resource`)
  assert.deepEqual(json().authorization_servers, [ledger.issuer])
  const keys = (await call('GET', server.jwks_uri ?? '')).json().keys as Record<string, string>[]
  assert.deepEqual(
    keys.map(({ alg }) => alg),
    ['ES256', 'RS256'],
  )
  assert.ok(keys.every(key => key.d === undefined && key.p === undefined))
})

test('client credentials: a JWT of RFC 9068 for this API, with what the client may have', async () => {
  const { id, secret } = ledger.clients.machine
  for (const authentication of [oauth.ClientSecretBasic(secret), oauth.ClientSecretPost(secret)]) {
    const client = { client_id: id }
    const asked = { scope: 'read write', resource: ledger.url }
    const response = await oauth.clientCredentialsGrantRequest(server, client, authentication, asked, insecure)
    assert.match(response.headers.get('cache-control') ?? '', /no-store/)
    const { access_token, scope, expires_in } = await oauth.processClientCredentialsResponse(server, client, response)
    assert.deepEqual([scope, expires_in], ['read', 600])
    const request = new Request(`${ledger.url}/ask`, { headers: { authorization: `Bearer ${access_token}` } })
    const claims = await oauth.validateJwtAccessToken(server, request, ledger.url, insecure)
    assert.deepEqual([claims.sub, claims.client_id], [id, id])
    assert.equal((await ask(access_token)).status, 200)
  }
})

test('a client with a wrong secret, or that is none, is told the same', async () => {
  const { id, secret } = ledger.clients.machine
  for (const [user, password] of [
    [id, `${secret}x`],
    [id, 'x'],
    ['app_none', secret],
    [ledger.clients.app.id, secret],
  ]) {
    const { status, json, fields } = await call(
      'POST',
      `${ledger.issuer}/token`,
      { authorization: `Basic ${btoa(`${user}:${password}`)}`, 'content-type': 'application/x-www-form-urlencoded' },
      'grant_type=client_credentials',
    )
    assert.deepEqual(
      [status, json().error, json().error_description],
      [401, 'invalid_client', 'client authentication failed'],
    )
    assert.match(fields['www-authenticate'] ?? '', /^Basic /)
  }
})

test('code and PKCE: openid-client completes the flow, and the token is the account’s', async () => {
  const { grant, back } = await codeFor('web', { scope: 'openid read write admin' })
  assert.equal(back.searchParams.get('iss'), ledger.issuer)
  const tokens = await grant()
  const account = (await ledger.credentials.accounts()).find(({ login }) => login === 'ann')
  // Nobody can give away more than they have.
  assert.deepEqual([tokens.scope, tokens.claims()?.sub], ['read write', account?.id])
  const claims = decodeJwt(tokens.access_token)
  assert.deepEqual(
    [claims.aud, claims.sub, decodeProtectedHeader(tokens.access_token).typ],
    [ledger.url, account?.id, 'at+jwt'],
  )
  assert.equal((await ask(tokens.access_token)).status, 200)
})

test('a public client on the person’s own machine listens at any port', async () => {
  const { grant } = await codeFor('app', {}, 'http://127.0.0.1:49152/callback')
  const tokens = await grant()
  assert.equal((await ask(tokens.access_token)).status, 200)
})

test('a part of the API’s own asks nobody; who is signed in is not asked again', async () => {
  const { ann, grant } = await codeFor('own')
  assert.equal((await ask((await grant()).access_token)).status, 200)
  const again = await configurationOf('own')
  const url = openid.buildAuthorizationUrl(again, {
    redirect_uri: callback,
    scope: 'read',
    code_challenge: await openid.calculatePKCECodeChallenge('x'.repeat(43)),
    code_challenge_method: 'S256',
  })
  assert.match((await ann.open(url.href)).url, /callback\?code=/)
})

test('refresh tokens turn over, and one that is used twice ends everything that came of the grant', async () => {
  const { configuration, grant } = await codeFor('web')
  const first = await grant()
  const second = await openid.refreshTokenGrant(configuration, first.refresh_token ?? '')
  assert.notEqual(second.refresh_token, first.refresh_token)
  assert.equal((await ask(second.access_token)).status, 200)
  await assert.rejects(openid.refreshTokenGrant(configuration, first.refresh_token ?? ''), tokenError('invalid_grant'))
  await assert.rejects(openid.refreshTokenGrant(configuration, second.refresh_token ?? ''), tokenError('invalid_grant'))
  const after = await ask(second.access_token)
  assert.deepEqual([after.status, after.json().code], [401, 'credentials-invalid'])
})

test('a code is good once, also for two who come at the same moment', async () => {
  const { grant } = await codeFor('web')
  const [one, two] = await Promise.allSettled([grant(), grant()])
  const granted = [one, two].filter(({ status }) => status === 'fulfilled')
  assert.equal(granted.length, 1)
  await assert.rejects(grant(), tokenError('invalid_grant'))
})

test('revocation ends the grant, introspection tells, and only to whom it concerns', async () => {
  const { configuration, grant } = await codeFor('web')
  const { access_token, refresh_token = '' } = await grant()
  const about = async (name: Name) => openid.tokenIntrospection(await configurationOf(name), refresh_token)
  const told = await about('resource')
  assert.deepEqual([told.active, told.client_id, told.scope], [true, ledger.clients.web.id, 'read write'])
  assert.equal((await about('web')).active, true)
  assert.equal((await about('machine')).active, false)
  await assert.rejects(openid.tokenRevocation(await configurationOf('machine'), refresh_token))
  assert.equal((await about('web')).active, true)
  await openid.tokenRevocation(configuration, refresh_token)
  assert.equal((await about('resource')).active, false)
  assert.equal((await ask(access_token)).status, 401)
})

test('DPoP: what is bound to a key is of use with the key alone', async () => {
  const { id, secret } = ledger.clients.machine
  const client: oauth.Client = { client_id: id }
  const handle = oauth.DPoP(client, await oauth.generateKeyPair('ES256'))
  const response = await oauth.clientCredentialsGrantRequest(
    server,
    client,
    oauth.ClientSecretBasic(secret),
    { scope: 'read' },
    { ...insecure, DPoP: handle },
  )
  const { access_token, token_type } = await oauth.processClientCredentialsResponse(server, client, response)
  assert.equal(token_type, 'dpop')
  const at = new URL(`${ledger.url}/ask`)
  const asked = (DPoP?: oauth.DPoPHandle) =>
    oauth.protectedResourceRequest(access_token, 'GET', at, undefined, undefined, {
      ...insecure,
      ...(DPoP && { DPoP }),
    })
  assert.equal((await asked(handle)).status, 200)
  await assert.rejects(asked(), /WWW-Authenticate/)
  await assert.rejects(asked(oauth.DPoP(client, await oauth.generateKeyPair('ES256'))), /WWW-Authenticate/)
})

test('what an authorization request lacks is told to the app, and never to an address that only the request names', async () => {
  const good = {
    client_id: ledger.clients.web.id,
    response_type: 'code',
    redirect_uri: callback,
    scope: 'read',
    state: 's',
  }
  const pkce = { code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' }
  const at = async (parameters: Record<string, string>) => {
    const response = await fetch(`${ledger.issuer}/authorize?${new URLSearchParams(parameters)}`, {
      redirect: 'manual',
    })
    const location = response.headers.get('location')
    const error = location?.startsWith(callback)
      ? new URLSearchParams(location.slice(callback.length + 1)).get('error')
      : undefined
    return { status: response.status, location, error, text: await response.text(), headers: response.headers }
  }
  assert.equal((await at(good)).error, 'invalid_request')
  assert.equal((await at({ ...good, ...pkce, code_challenge_method: 'plain' })).error, 'invalid_request')
  assert.equal((await at({ ...good, ...pkce, response_type: 'token' })).error, 'unsupported_response_type')
  assert.equal((await at({ ...good, ...pkce, resource: 'https://other.example' })).error, 'invalid_target')
  for (const [name, value] of Object.entries({
    redirect_uri: 'https://evil.example/callback',
    client_id: 'app_none',
  }))
    for (const odd of [
      value,
      `${value}"><script>alert(1)</script>`,
      'javascript:alert(1)',
      `${callback}/../x`,
      `${callback}?x`,
      `${callback}@evil.example`,
    ]) {
      const { status, location, text, headers } = await at({ ...good, ...pkce, [name]: odd })
      assert.deepEqual([name, odd, status, location], [name, odd, 400, null])
      assert.ok(!text.includes('<script'))
      assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'.*frame-ancestors 'none'/)
    }
})

test('the sign-in page is framed by nobody, kept by nobody, and has no script', async () => {
  const configuration = await configurationOf('web')
  const url = openid.buildAuthorizationUrl(configuration, {
    redirect_uri: callback,
    scope: 'read',
    ui_locales: 'vi',
    code_challenge: 'x'.repeat(43),
    code_challenge_method: 'S256',
  })
  const ann = person(callback)
  const page = await ann.open(url.href)
  assert.equal(
    page.headers.get('content-security-policy'),
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'self' https://app.example; frame-ancestors 'none'",
  )
  assert.deepEqual([page.headers.get('cache-control'), page.headers.get('x-frame-options')], ['no-store', 'DENY'])
  assert.match(page.text, /<html lang="vi">[\s\S]*Đăng nhập/)
  for (const { line } of ann.cookies.values()) assert.match(line, /samesite=lax; httponly/i)
})

test('the form is taken from the page of this sign-in in this browser alone', async () => {
  const start = async () => {
    const ann = person(callback)
    const configuration = await configurationOf('web')
    const url = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: callback,
      scope: 'read',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    })
    const page = await ann.open(url.href)
    const csrf = /name="csrf" value="([^"]*)"/.exec(page.text)?.[1] ?? ''
    const cookie = [...ann.cookies].map(([name, { value }]) => `${name.split(' ')[0]}=${value}`).join('; ')
    return { ann, page, csrf, cookie }
  }
  const mine = await start()
  const other = await start()
  const send = async (fields: Record<string, string>, csrf: string | undefined) => {
    const body = new URLSearchParams({
      login: ledger.login,
      password: ledger.password,
      ...(csrf !== undefined && { csrf }),
    })
    const response = await fetch(mine.page.url, { method: 'POST', body, headers: fields, redirect: 'manual' })
    return [response.status, /\/problems\/([a-z-]+)/.exec(await response.text())?.[1]]
  }
  const { cookie, csrf } = mine
  assert.deepEqual(await send({ cookie }, undefined), [403, 'cross-origin-refused'])
  assert.deepEqual(await send({ cookie }, other.csrf), [403, 'cross-origin-refused'])
  assert.deepEqual(await send({ cookie, origin: 'https://evil.example' }, csrf), [403, 'cross-origin-refused'])
  assert.deepEqual(await send({ cookie, 'sec-fetch-site': 'cross-site' }, csrf), [403, 'cross-origin-refused'])
  assert.deepEqual(await send({ cookie: other.cookie }, csrf), [403, 'cross-origin-refused'])
  assert.deepEqual(await send({}, csrf), [400, 'sign-in-expired'])
  // The right form still works after all of that.
  const next = await mine.ann.send(mine.page, { login: ledger.login, password: ledger.password })
  assert.match(next.text, /value="allow"/)
  const denied = await mine.ann.send(next, { decision: 'deny' })
  assert.equal(new URL(denied.url).searchParams.get('error'), 'access_denied')
})

test('a wrong password and an unknown login are told the same, and both are counted', async () => {
  const tried = async (login: string) => {
    const configuration = await configurationOf('web')
    const url = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: callback,
      scope: 'read',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    })
    const somebody = person(callback)
    let page = await somebody.open(url.href)
    const seen: string[] = []
    for (let n = 0; n < 4; n++) {
      page = await somebody.send(page, { login, password: 'wrong password' })
      seen.push(`${page.status} ${/role="alert">([^<]*)/.exec(page.text)?.[1]}`)
    }
    assert.ok(!page.text.includes('wrong password') && !page.text.includes(`value="${login}"`))
    return { seen, retry: Number(page.headers.get('retry-after')) }
  }
  const nobody = await tried('nobody')
  assert.equal(nobody.seen[0], '403 The login or the password is not right.')
  assert.equal(nobody.seen.at(-1), '429 Too many failed attempts. Please wait a while, then try again.')
  assert.ok(nobody.retry > 0)
})

test('what is no form, or too large, is not read', async () => {
  const post = (type: string, body: string) => call('POST', `${ledger.issuer}/token`, { 'content-type': type }, body)
  const json = await post('application/json', '{}')
  const large = await post('application/x-www-form-urlencoded', `a=${'x'.repeat(40_000)}`)
  const other = await call('DELETE', `${ledger.issuer}/token`)
  assert.deepEqual([json.status, large.status, other.status], [415, 413, 405])
  const nowhere = await call('GET', `${ledger.issuer}/register`)
  assert.deepEqual([nowhere.status, nowhere.json().code], [404, 'no-such-resource'])
})

test('a client that is revoked, and an account that is disabled, are let in no more, nor are their tokens', async () => {
  const { client, secret = '' } = await ledger.credentials.addClient({ name: 'short-lived' })
  const configuration = await openid.discovery(new URL(ledger.issuer), client.id, secret, undefined, {
    execute: [openid.allowInsecureRequests],
  })
  const { access_token } = await openid.clientCredentialsGrant(configuration, { scope: 'read' })
  assert.equal((await ask(access_token)).status, 200)
  await ledger.credentials.revokeClient('short-lived')
  assert.equal((await ask(access_token)).status, 401)
  await assert.rejects(openid.clientCredentialsGrant(configuration, { scope: 'read' }), tokenError('invalid_client'))
  const { configuration: web, grant } = await codeFor('web')
  const tokens = await grant()
  await ledger.credentials.disableAccount('ann')
  try {
    assert.equal((await ask(tokens.access_token)).status, 401)
    await assert.rejects(openid.refreshTokenGrant(web, tokens.refresh_token ?? ''), tokenError('invalid_grant'))
  } finally {
    await ledger.credentials.enableAccount('ann')
  }
})

test('a new password ends what was begun with the old one: who is signed in anywhere is asked again', async () => {
  const { ann, configuration } = await codeFor('own')
  const url = openid.buildAuthorizationUrl(configuration, {
    redirect_uri: callback,
    scope: 'read',
    code_challenge: 'x'.repeat(43),
    code_challenge_method: 'S256',
  })
  assert.ok((await ann.open(url.href)).url.startsWith(callback))
  await ledger.credentials.setPassword(ledger.login, ledger.password)
  const page = await ann.open(url.href)
  assert.match(page.text, /name="password"/)
})

test('our own client signs in for itself, and for a person, with a key of its own', async () => {
  const { id, secret } = ledger.clients.machine
  const given = { issuer: ledger.issuer, clientId: id, clientSecret: secret, scope: 'read' }
  const open = async (url: string) => {
    const ann = person('http://127.0.0.1:1/')
    const page = await ann.open(url)
    const next = await ann.send(page, { login: ledger.login, password: ledger.password })
    await ann.send(next, { decision: 'allow' })
  }
  for (const auth of [
    clientCredentials(given),
    clientCredentials({ ...given, dpop: 'required' }),
    authorizationCode({
      issuer: ledger.issuer,
      clientId: ledger.clients.app.id,
      scope: 'read',
      open,
      dpop: 'required',
    }),
  ]) {
    const client = createClient({ baseUrl: ledger.url, auth })
    try {
      assert.equal((await client.get('/ask')).status, 200)
    } finally {
      await client.close()
    }
  }
})

test('a restart keeps keys, sessions and tokens; new keys follow the old', async () => {
  const { ann, grant, configuration } = await codeFor('own')
  const tokens = await grant()
  const keys = async () => (await call('GET', server.jwks_uri ?? '')).json()
  const before = await keys()
  agent.destroy()
  await ledger.restart()
  assert.deepEqual(await keys(), before)
  assert.equal((await ask(tokens.access_token)).status, 200)
  assert.ok((await openid.refreshTokenGrant(configuration, tokens.refresh_token ?? '')).access_token)
  assert.ok(ann.cookies.size > 0)
  await ledger.credentials.rotateSigningKeys()
  agent.destroy()
  await ledger.restart()
  const both = await keys()
  assert.equal(both.keys.length, 4)
  // It is published first, and signs later.
  await jwtVerify(tokens.access_token, createLocalJWKSet(both))
  assert.equal(both.keys[0].kid, before.keys[0].kid)
  assert.equal((await ask(tokens.access_token)).status, 200)
  assert.deepEqual(ledger.errors, [])
})

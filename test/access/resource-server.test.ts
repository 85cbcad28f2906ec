// RFC 6750, RFC 9068, RFC 7662, RFC 9449, RFC 9728: an API that takes the tokens of an authorization server elsewhere.
import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { after, before, test } from 'node:test'
import { parseChallenges } from '@comity/http'
import { bearer, defineApi, type Serving, serve, service, text } from '@comity/server'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { agent, call } from '../support/call.ts'
import { discoverAuthorizationServer } from './support/discover.ts'
import { type Issuer, startIssuer } from './support/issuer.ts'

const audience = 'https://api.example.org'
let issuer: Issuer
let serving: Serving
/** The same API, where each proof must have a nonce and every token a key. */
let strict: Serving
let now = () => Date.now()

before(async () => {
  issuer = await startIssuer(audience)
  const apiWith = (options: object) =>
    defineApi({
      title: 'Who',
      resources: {
        ask: service({ input: {}, output: { id: text() }, handle: () => ({ id: 'here' }) }),
      },
      authentication: [
        bearer({
          issuer: issuer.url,
          audience,
          scopes: ['read', 'write'],
          introspection: { url: `${issuer.url}/introspect`, clientId: 'api', clientSecret: 's:cret', timeout: 300 },
          ...options,
        }),
      ],
    })
  serving = await serve(apiWith({}), { port: 0, now: () => now(), onError: () => {} })
  strict = await serve(apiWith({ dpop: 'required', dpopNonce: 'required' }), { port: 0, onError: () => {} })
})
after(async () => {
  agent.destroy()
  await Promise.all([serving.close(), strict.close(), issuer.close()])
})

const ask = (token: string, fields: Record<string, string> = {}, scheme = 'Bearer') =>
  call('GET', `${serving.url}/ask`, { authorization: `${scheme} ${token}`, ...fields })
const challengeIn = (fields: Readonly<Record<string, string | undefined>>, scheme = 'bearer') =>
  parseChallenges(fields['www-authenticate'] ?? '').find(challenge => challenge.scheme === scheme)?.params
const b64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

test('who has no token is told of both schemes, where the metadata is, and of no error', async () => {
  const { status, fields, json } = await call('GET', `${serving.url}/ask`)
  assert.deepEqual([status, json().code], [401, 'authentication-required'])
  const { error, resource_metadata } = challengeIn(fields) ?? {}
  assert.deepEqual([error, resource_metadata], [undefined, `${serving.url}/.well-known/oauth-protected-resource`])
  assert.match(challengeIn(fields, 'dpop')?.algs ?? '', /ES256/)
})

test('the metadata leads a client from the API to the server that has tokens for it', async () => {
  const { json, fields } = await call('GET', `${serving.url}/.well-known/oauth-protected-resource`)
  assert.deepEqual(
    [json().resource, json().authorization_servers, json().scopes_supported],
    [serving.url, [issuer.url], ['read', 'write']],
  )
  assert.equal(fields['content-type'], 'application/json')
  assert.equal(await discoverAuthorizationServer(serving.url), issuer.url)
  const below = await call('GET', `${serving.url}/.well-known/oauth-protected-resource/ask`)
  const elsewhere = await call('GET', `${serving.url}/.well-known/nothing`)
  const posted = await call(
    'POST',
    `${serving.url}/.well-known/oauth-protected-resource`,
    { 'content-type': 'application/x-www-form-urlencoded' },
    '',
  )
  assert.deepEqual(
    [below.status, elsewhere.status, posted.status, posted.fields.allow],
    [404, 404, 405, 'GET, HEAD, OPTIONS'],
  )
})

test('a token of RFC 9068 lets in whoever it names', async () => {
  assert.equal((await ask(await issuer.sign())).status, 200)
  assert.equal((await ask(await issuer.sign({ aud: ['https://other', audience] }))).status, 200)
  assert.equal((await ask(await issuer.sign({}, { typ: 'application/at+jwt' }), {}, 'bearer')).status, 200)
})

test('what is wrong with a token in any one way is 401 invalid_token', async () => {
  const seconds = Math.floor(Date.now() / 1000)
  const good = await issuer.sign()
  const [header = '', payload = '', signature = ''] = good.split('.')
  const published = JSON.stringify(issuer.published[0])
  const hs256 = (key: string) => {
    const signed = `${b64({ alg: 'HS256', typ: 'at+jwt', kid: 'first' })}.${payload}`
    return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`
  }
  const stranger = await generateKeyPair('ES256')
  const strangerJwk = await exportJWK(stranger.publicKey)
  const byStranger = (more: object) =>
    new SignJWT(JSON.parse(Buffer.from(payload, 'base64url').toString()))
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', ...more })
      .sign(stranger.privateKey)
  const rows: readonly (readonly [name: string, token: string])[] = [
    ['no signature', `${header}.${payload}.`.replace(/\.$/, '.AA')],
    ['alg none', `${b64({ alg: 'none', typ: 'at+jwt' })}.${payload}.${signature}`],
    ['alg None', `${b64({ alg: 'nOnE', typ: 'at+jwt' })}.${payload}.${signature}`],
    ['alg HS256 with the public key as secret', hs256(published)],
    ['alg HS256 with an empty secret', hs256('')],
    ['another alg for the same key', `${b64({ alg: 'ES384', typ: 'at+jwt', kid: 'first' })}.${payload}.${signature}`],
    [
      'a changed payload',
      `${header}.${b64({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), sub: 'eve' })}.${signature}`,
    ],
    ['a key of its own', await byStranger({ jwk: strangerJwk, kid: 'first' })],
    ['a key that it brings', await byStranger({ jwk: strangerJwk })],
    ['keys at a URL that it names', await byStranger({ jku: `${issuer.url}/keys`, kid: 'first' })],
    [
      'a critical extension',
      await byStranger({ kid: 'first', crit: ['exp'], exp: 1 }).catch(
        () => `${b64({ alg: 'ES256', crit: ['x'], x: 1 })}.${payload}.${signature}`,
      ),
    ],
    ['another issuer', await issuer.sign({ iss: 'https://evil.example' })],
    ['another audience', await issuer.sign({ aud: 'https://other' })],
    ['no audience', await issuer.sign({ aud: undefined })],
    ['expired', await issuer.sign({ exp: seconds - 60 })],
    ['no end', await issuer.sign({ exp: undefined })],
    ['not yet', await issuer.sign({ nbf: seconds + 600 })],
    ['an ID token', await issuer.sign({}, { typ: 'JWT' })],
    ['no type', await issuer.sign({}, { typ: undefined })],
    ['nobody asked for it', await issuer.sign({ client_id: undefined })],
    ['bound to a certificate', await issuer.sign({ cnf: { 'x5t#S256': 'abc' } })],
    ['no JSON', 'e30.e30.e30'],
    ['opaque, and nobody’s', 'abc'],
  ]
  for (const [name, token] of rows) {
    const { status, fields, json } = await ask(token)
    assert.deepEqual([name, status, json().code], [name, 401, 'credentials-invalid'], `${name}: ${json().detail}`)
    assert.equal(challengeIn(fields)?.error, 'invalid_token', name)
    assert.match(challengeIn(fields)?.error_description ?? '', /^[\x20-\x7e]+$/, name)
    assert.equal(challengeIn(fields, 'dpop')?.error, undefined, name)
  }
})

test('what is no token at all is 400 invalid_request', async () => {
  for (const authorization of [
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer a,b',
    'Bearer "a"',
    'bearer é',
    'Bearer a, Bearer b',
  ]) {
    const { status, fields, json } = await call('GET', `${serving.url}/ask`, { authorization })
    assert.deepEqual([authorization, status, json().code], [authorization, 400, 'credentials-malformed'])
    assert.equal(challengeIn(fields)?.error, 'invalid_request')
  }
})

test('a token elsewhere than in Authorization is none', async () => {
  const token = await issuer.sign()
  const inQuery = await call('GET', `${serving.url}/ask?access_token=${token}`)
  const unknown = await call('GET', `${serving.url}/ask`, { authorization: `Bearerx ${token}` })
  assert.deepEqual([inQuery.status, unknown.status], [401, 401])
})

test('keys are fetched once, and again for one that is new, but not for every name that is made up', async () => {
  const fetches = () => issuer.asked.filter(path => path === '/keys').length
  const before = fetches()
  for (let n = 0; n < 5; n++) assert.equal((await ask(await issuer.sign({}, { kid: `made-up-${n}` }))).status, 401)
  assert.equal(fetches(), before)
  // jose counts from the last fetch, by the clock of the process.
  const real = Date.now
  const old = await issuer.sign()
  try {
    await issuer.rotate('second', 'with-the-old')
    Date.now = () => real() + 31_000
    assert.equal((await ask(await issuer.sign())).status, 200)
    assert.equal((await ask(old)).status, 200)
    assert.equal(fetches(), before + 1)
    await issuer.rotate('third', 'alone')
    // What was verified is believed for a minute.
    Date.now = () => real() + 100_000
    assert.equal((await ask(await issuer.sign())).status, 200)
    assert.equal((await ask(old)).status, 401)
    assert.equal(fetches(), before + 2)
  } finally {
    Date.now = real
  }
})

test('an opaque token is asked about, and for a while not again; never past its end', async () => {
  const end = Math.floor(Date.now() / 1000) + 3
  issuer.opaque.set('good', { active: true, sub: 'ann', client_id: 'app', scope: 'read', exp: end })
  issuer.opaque.set('foreign', { active: true, sub: 'ann', aud: 'https://other' })
  issuer.opaque.set('refresh', { active: true, sub: 'ann', token_type: 'refresh_token' })
  const questions = () => issuer.asked.filter(path => path === '/introspect').length
  const before = questions()
  const [one, two] = await Promise.all([ask('good'), ask('good')])
  assert.deepEqual([one.status, two.status, (await ask('good')).status, questions() - before], [200, 200, 200, 1])
  for (const token of ['foreign', 'refresh', 'unknown']) assert.equal((await ask(token)).status, 401, token)
  const real = Date.now
  now = () => real() + 4_000
  const late = await ask('good')
  now = () => Date.now()
  assert.deepEqual([late.status, challengeIn(late.fields)?.error], [401, 'invalid_token'])
})

test('an issuer that does not answer is 503, not 401, and is let rest', async () => {
  for (const manner of ['error', 'hang', 'endless'] as const) {
    issuer.manner = manner
    const { status, fields, json } = await ask(`opaque-${manner}`)
    issuer.manner = 'well'
    assert.deepEqual([manner, status, json().code, fields['retry-after']], [manner, 503, 'service-unavailable', '5'])
    const asked = issuer.asked.length
    assert.equal((await ask('another')).status, 503)
    assert.equal(issuer.asked.length, asked)
    await new Promise(resolve => setTimeout(resolve, 1_050))
  }
})

async function holder(alg: 'ES256' | 'EdDSA' = 'ES256') {
  const { privateKey, publicKey } = await generateKeyPair(alg)
  const jwk = await exportJWK(publicKey)
  const token = await issuer.sign({ cnf: { jkt: await calculateJwkThumbprint(jwk) } })
  let count = 0
  const proof = (claims: object = {}, header: object = {}, key = privateKey) =>
    new SignJWT({
      jti: `${token.slice(-20)}-${count++}`,
      htm: 'GET',
      htu: `${serving.url}/ask`,
      iat: Math.floor(Date.now() / 1000),
      ath: createHash('sha256').update(token).digest('base64url'),
      ...claims,
    })
      .setProtectedHeader({ alg, typ: 'dpop+jwt', jwk, ...header })
      .sign(key)
  return { token, proof, privateKey, jwk }
}

test('a token that is bound to a key goes with a proof of it, and only once with each', async () => {
  const { token, proof } = await holder()
  const dpop = await proof()
  assert.equal((await ask(token, { dpop }, 'DPoP')).status, 200)
  const again = await ask(token, { dpop }, 'DPoP')
  assert.deepEqual([again.status, challengeIn(again.fields, 'dpop')?.error], [401, 'invalid_dpop_proof'])
  assert.equal((await ask(token, { dpop: await proof({ htu: `${serving.url}/%61sk?x=1#y` }) }, 'dpop')).status, 200)
  const other = await holder('EdDSA')
  assert.equal((await ask(other.token, { dpop: await other.proof() }, 'DPoP')).status, 200)
})

test('a bound token without its scheme, or another with it, is refused', async () => {
  const { token, proof } = await holder()
  const asBearer = await ask(token, { dpop: await proof() })
  assert.deepEqual([asBearer.status, challengeIn(asBearer.fields)?.error], [401, 'invalid_token'])
  const unbound = await issuer.sign()
  const asDpop = await ask(unbound, { dpop: await proof() }, 'DPoP')
  assert.deepEqual([asDpop.status, challengeIn(asDpop.fields, 'dpop')?.error], [401, 'invalid_token'])
})

test('a proof that is wrong in any one way is refused', async () => {
  const { token, proof, jwk } = await holder()
  const other = await holder()
  const seconds = Math.floor(Date.now() / 1000)
  const rows: readonly (readonly [name: string, dpop: string | undefined])[] = [
    ['none', undefined],
    ['two', `${await proof()}, ${await proof()}`],
    ['no JWT', 'abc'],
    ['another method', await proof({ htm: 'POST' })],
    ['another path', await proof({ htu: `${serving.url}/other` })],
    ['another host', await proof({ htu: 'https://evil.example/ask' })],
    ['another scheme', await proof({ htu: `${serving.url}/ask`.replace('http:', 'https:') })],
    ['another token', await proof({ ath: createHash('sha256').update('x').digest('base64url') })],
    ['no token', await proof({ ath: undefined })],
    ['old', await proof({ iat: seconds - 120 })],
    ['of tomorrow', await proof({ iat: seconds + 86_400 })],
    ['no time', await proof({ iat: undefined })],
    ['no name', await proof({ jti: undefined })],
    ['an endless name', await proof({ jti: 'x'.repeat(2_000) })],
    ['another type', await proof({}, { typ: 'JWT' })],
    ['another key', await other.proof({ ath: createHash('sha256').update(token).digest('base64url') })],
    ['a key that did not sign', await proof({}, { jwk: other.jwk })],
    ['a private key', await proof({}, { jwk: { ...jwk, d: 'AAAA' } })],
    ['no algorithm', `${b64({ alg: 'none', typ: 'dpop+jwt', jwk })}.${(await proof()).split('.')[1]}.`],
  ]
  for (const [name, dpop] of rows) {
    const { status, fields } = await ask(token, dpop === undefined ? {} : { dpop }, 'DPoP')
    assert.deepEqual([name, status, challengeIn(fields, 'dpop')?.error], [name, 401, 'invalid_dpop_proof'])
  }
})

test('where a nonce is asked for, it is told, and proofs without it are refused', async () => {
  const { token, proof } = await holder()
  const at = (dpop: string) => call('GET', `${strict.url}/ask`, { authorization: `DPoP ${token}`, dpop })
  const htu = `${strict.url}/ask`
  const first = await at(await proof({ htu }))
  const nonce = first.fields['dpop-nonce']
  assert.deepEqual([first.status, challengeIn(first.fields, 'dpop')?.error], [401, 'use_dpop_nonce'])
  const second = await at(await proof({ htu, nonce }))
  assert.deepEqual([second.status, second.fields['dpop-nonce']], [200, nonce])
  assert.equal((await at(await proof({ htu, nonce: 'x' }))).status, 401)
  const unbound = await call('GET', `${strict.url}/ask`, { authorization: `Bearer ${await issuer.sign()}` })
  assert.deepEqual([unbound.status, challengeIn(unbound.fields)], [401, undefined])
})

test('what cannot be kept is said when it is declared', () => {
  assert.throws(() => bearer({ issuer: 'http://login.example.org' }), /must be an https URL/)
  assert.throws(() => bearer({ issuer: 'https://a.example', algorithms: ['HS256'] }), /HS256/)
  assert.throws(() => bearer({ issuer: 'https://a.example', algorithms: ['none'] }), /none/)
})

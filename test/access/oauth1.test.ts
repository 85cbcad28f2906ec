// RFC 5849: programs that sign their requests, written by others, for themselves and for a person who let them.
import assert from 'node:assert/strict'
import { createHmac, createSign, generateKeyPairSync } from 'node:crypto'
import { after, before, test } from 'node:test'
import { oauth1 as asOAuth1, createClient } from '@comity/client'
import { collection, defineApi, type OAuth1Consumer, oauth1, type Serving, serve, text } from '@comity/server'
import { OAuth } from 'oauth'
import OAuth10a from 'oauth-1.0a'
import { agent, call, type Fields } from '../support/call.ts'
import { planting } from '../support/planted.ts'

type Known = { readonly consumer: OAuth1Consumer; readonly secret: string | undefined }
const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})
const callback = 'https://app.example/back?from=bank'

let serving: Serving
const known: Record<string, Known> = {}
/** How far the server's clock is ahead, in ms. */
let ahead = 0

before(async () => {
  const api = defineApi({
    title: 'Notes',
    resources: { notes: collection({ fields: { text: text({ max: 100 }) } }) },
    authentication: [oauth1()],
    async seed(_tx, given) {
      const credentials = planting(given)
      await credentials.addAccount({ login: 'ann', password: 'tea for two' })
      known.app = await credentials.addConsumer({ name: 'App & Co', callbacks: [callback], scopes: ['notes:read'] })
      known.robot = await credentials.addConsumer({ name: 'Robot', twoLegged: 'allowed' })
      known.rsa = await credentials.addConsumer({ name: 'Signer', twoLegged: 'allowed', publicKey })
      known.gone = await credentials.addConsumer({ name: 'Gone', twoLegged: 'allowed' })
      await credentials.revokeConsumer(known.gone.consumer.key)
    },
  })
  serving = await serve(api, { port: 0, now: () => Date.now() + ahead })
})
after(async () => {
  agent.destroy()
  await serving.close()
})

type Signer = { readonly key: string; readonly secret: string }
const signerOf = (name: string): Signer => ({
  key: known[name]?.consumer.key ?? '',
  secret: known[name]?.secret ?? '',
})

/** As the package oauth-1.0a signs. */
const theirs = (consumer: Signer, method: 'HMAC-SHA1' | 'HMAC-SHA256' | 'PLAINTEXT' = 'HMAC-SHA1') =>
  new OAuth10a({
    consumer,
    signature_method: method,
    hash_function: (base, key) =>
      method === 'PLAINTEXT'
        ? key
        : createHmac(method === 'HMAC-SHA1' ? 'sha1' : 'sha256', key)
            .update(base)
            .digest('base64'),
  })

const signed = (consumer: Signer, url: string, token?: Signer, how?: 'HMAC-SHA1' | 'HMAC-SHA256' | 'PLAINTEXT') => {
  const client = theirs(consumer, how)
  return { ...client.toHeader(client.authorize({ url, method: 'GET' }, token)) }
}

const notes = () => `${serving.url}/notes?limit=2&sort=-id`
const read = (fields: Fields, url = notes()) => call('GET', url, fields)
const dance = (name: string) => `${serving.url}/oauth/1/${name}`

/** Signs by hand a request whose parameters are all chosen. */
function byHand(consumer: Signer, given: Record<string, string> = {}, url = notes(), method = 'GET'): Fields {
  const oauth: Record<string, string> = {
    oauth_consumer_key: consumer.key,
    oauth_nonce: `n${Math.random()}`,
    oauth_signature_method: 'HMAC-SHA256',
    oauth_timestamp: String(Math.floor(Date.now() / 1000)),
    oauth_version: '1.0',
    ...given,
  }
  const { origin, pathname, searchParams } = new URL(url)
  const pairs = [...Object.entries(oauth), ...searchParams].map(pair => pair.map(encodeURIComponent).join('='))
  const base = [method, origin + pathname, pairs.sort().join('&')].map(encodeURIComponent).join('&')
  const signature =
    oauth.oauth_signature_method === 'RSA-SHA1'
      ? createSign('RSA-SHA1').update(base).sign(privateKey, 'base64')
      : createHmac('sha256', `${consumer.secret}&`).update(base).digest('base64')
  const all = Object.entries({ ...oauth, oauth_signature: signature })
  return { authorization: `OAuth ${all.map(([name, value]) => `${name}="${encodeURIComponent(value)}"`).join(', ')}` }
}

test('two-legged: oauth-1.0a, by each method', async () => {
  for (const how of ['HMAC-SHA1', 'HMAC-SHA256'] as const)
    assert.equal((await read(signed(signerOf('robot'), notes(), undefined, how))).status, 200, how)
  assert.equal((await read(byHand(signerOf('rsa'), { oauth_signature_method: 'RSA-SHA1' }))).status, 200)
  // Within one machine PLAINTEXT shows its secrets to nobody; elsewhere it is taken over TLS only.
  assert.equal((await read(signed(signerOf('robot'), notes(), undefined, 'PLAINTEXT'))).status, 200)
  const elsewhere = { ...signed(signerOf('robot'), notes(), undefined, 'PLAINTEXT'), host: 'api.example' }
  const { status, json } = await read(elsewhere)
  assert.deepEqual([status, json().detail], [401, 'PLAINTEXT is taken over TLS only.'])
})

test('our own client', async () => {
  const { key, secret } = signerOf('robot')
  for (const method of ['HMAC-SHA1', 'HMAC-SHA256'] as const) {
    const auth = asOAuth1({ consumerKey: key, consumerSecret: secret, method })
    const client = createClient({ baseUrl: serving.url, auth })
    assert.equal((await client.post('/notes', { body: { text: 'signed' } })).status, 201)
    await client.close()
  }
  const rsa = asOAuth1({ consumerKey: signerOf('rsa').key, consumerSecret: privateKey, method: 'RSA-SHA1' })
  const client = createClient({ baseUrl: serving.url, auth: rsa })
  assert.equal((await client.get('/notes', { params: { limit: '2' } })).status, 200)
  await client.close()
})

test('what is not signed so is refused, in the same words whatever is wrong', async () => {
  const robot = signerOf('robot')
  const details = new Set<string>()
  const rows: readonly (readonly [string, Fields, string?])[] = [
    ['another secret', signed({ ...robot, secret: 'x' }, notes())],
    ['nobody', signed({ key: 'nobody', secret: 'x' }, notes())],
    ['revoked', signed(signerOf('gone'), notes())],
    ['another query', signed(robot, notes()), `${serving.url}/notes?limit=3&sort=-id`],
    ['a token of nobody', signed(robot, notes(), { key: 'none', secret: '' })],
    // A public key is no secret: what is signed with it is not taken.
    ['key confusion', signed({ key: signerOf('rsa').key, secret: publicKey }, notes())],
    ['key confusion, empty', signed({ key: signerOf('rsa').key, secret: '' }, notes(), undefined, 'PLAINTEXT')],
    ['RSA by who has a secret', byHand(robot, { oauth_signature_method: 'RSA-SHA1' })],
  ]
  for (const [name, fields, url] of rows) {
    const { status, json, fields: answered } = await read(fields, url)
    assert.deepEqual([name, status, json().code], [name, 401, 'credentials-invalid'])
    assert.equal(answered['www-authenticate'], 'OAuth realm="Notes"')
    details.add(json().detail)
  }
  assert.equal(details.size, 1)
  const alone = await read(signed(signerOf('app'), notes()))
  assert.match(alone.json().detail, /may not ask for itself/)
  const other = await call('DELETE', notes(), signed(robot, notes()))
  assert.equal(other.status, 401)
})

test('what was sent once is not taken again, nor what is too old or from the future', async t => {
  t.after(() => {
    ahead = 0
  })
  const robot = signerOf('robot')
  const once = signed(robot, notes())
  assert.equal((await read(once)).status, 200)
  assert.match((await read(once)).json().detail, /oauth_nonce was used before/)
  const at = (seconds: number) => byHand(robot, { oauth_timestamp: String(Math.floor(Date.now() / 1000) + seconds) })
  ahead = 3_600_000
  const rows = [
    [3_600, 200],
    [3_600 - 290, 200],
    [3_600 - 310, 401],
    [3_600 + 290, 200],
    [3_600 + 310, 401],
  ] as const
  for (const [seconds, status] of rows) assert.deepEqual([seconds, (await read(at(seconds))).status], [seconds, status])
  ahead = 0
  // Signed before this server was there to remember it.
  assert.match((await read(at(-200))).json().detail, /before the server was started/)
})

test('a form is signed with its request', async () => {
  const robot = signerOf('robot')
  const url = `${serving.url}/notes`
  const client = theirs(robot)
  const form = (data: Record<string, string>) => client.authorize({ url, method: 'QUERY', data })
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  const query = (data: Record<string, string>, body: string) =>
    call('QUERY', url, { ...client.toHeader(form(data)), ...type }, body)
  assert.equal((await query({ limit: '1', sort: '-id' }, 'limit=1&sort=-id')).status, 200)
  assert.equal((await query({ limit: '1', sort: '-id' }, 'limit=2&sort=-id')).status, 401)
  assert.equal((await query({}, 'limit=1')).status, 401)
  // Nothing else is told before.
  const posted = await call(
    'POST',
    url,
    { ...client.toHeader(client.authorize({ url, method: 'POST' })), ...type },
    'a=1',
  )
  assert.equal(posted.status, 401)
})

/** The page, and what its form sends. */
async function shown(token: string, fields: Fields = {}) {
  const page = await call('GET', `${dance('authorize')}?oauth_token=${token}`, fields)
  const cookie = String(page.fields['set-cookie'] ?? '')
  const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  return { page, cookie, csrf }
}
const type = { 'content-type': 'application/x-www-form-urlencoded' }
const decide = (values: Record<string, string>, cookie: string, more: Fields = {}) =>
  call(
    'POST',
    dance('authorize'),
    { ...type, cookie: cookie.split(';')[0], ...more },
    new URLSearchParams(values).toString(),
  )

const asked = (client: OAuth) =>
  new Promise<Signer>((resolve, reject) =>
    client.getOAuthRequestToken((error, key, secret) => (error ? reject(error) : resolve({ key, secret }))),
  )
const exchanged = (client: OAuth, { key, secret }: Signer, verifier: string) =>
  new Promise<Signer>((resolve, reject) =>
    client.getOAuthAccessToken(key, secret, verifier, (error, token, tokenSecret) =>
      error ? reject(error) : resolve({ key: token, secret: tokenSecret }),
    ),
  )
const oauthFor = (back: string, { key, secret } = signerOf('app')) =>
  new OAuth(dance('temporary-credentials'), dance('token'), key, secret, '1.0A', back, 'HMAC-SHA1')

test('three-legged: the package oauth is let in by a person, and told so once', async () => {
  const client = oauthFor(callback)
  const temporary = await asked(client)
  const { page, cookie, csrf } = await shown(temporary.key, { 'accept-language': 'ru' })
  assert.equal(page.status, 200)
  assert.match(page.text, /App &amp; Co.*Войти и разрешить/s)
  assert.match(cookie, /; HttpOnly; Secure; SameSite=Strict$/)
  assert.match(
    page.fields['content-security-policy'] ?? '',
    /form-action 'self' https:\/\/app\.example;.*frame-ancestors 'none'/,
  )
  assert.deepEqual([page.fields['cache-control'], page.fields['x-frame-options']], ['no-store', 'DENY'])
  // Not authorized yet.
  await assert.rejects(exchanged(client, temporary, 'guess'), { statusCode: 401 })
  const form = { oauth_token: temporary.key, csrf, login: 'ann', password: 'tea for two', decision: 'allow' }
  const wrong = await decide({ ...form, password: 'wrong' }, cookie)
  assert.deepEqual([wrong.status, wrong.text.includes('login or the password is not right')], [403, true])
  assert.ok(!wrong.text.includes('"ann"'), 'what was entered is not shown again')
  const allowed = await decide(form, cookie)
  assert.equal(allowed.status, 303)
  const back = new URL(allowed.fields.location ?? '')
  assert.deepEqual(
    [back.origin, back.pathname, back.searchParams.get('from')],
    ['https://app.example', '/back', 'bank'],
  )
  assert.equal(back.searchParams.get('oauth_token'), temporary.key)
  const verifier = back.searchParams.get('oauth_verifier') ?? ''
  await assert.rejects(exchanged(client, temporary, `${verifier}x`), { statusCode: 401 })
  const token = await exchanged(client, temporary, verifier)
  // Once.
  await assert.rejects(exchanged(client, temporary, verifier), { statusCode: 401 })
  assert.equal((await shown(temporary.key)).page.status, 404)
  const body = await new Promise<string>((resolve, reject) =>
    client.get(notes(), token.key, token.secret, (error, data) => (error ? reject(error) : resolve(String(data)))),
  )
  assert.ok(Array.isArray(JSON.parse(body)))
  assert.equal((await read(signed(signerOf('app'), notes(), token))).status, 200)
  // A token is its consumer's alone.
  assert.equal((await read(signed(signerOf('robot'), notes(), token))).status, 401)
  const ours = asOAuth1({
    consumerKey: signerOf('app').key,
    consumerSecret: signerOf('app').secret,
    token: token.key,
    tokenSecret: token.secret,
  })
  const own = createClient({ baseUrl: serving.url, auth: ours })
  assert.equal((await own.get('/notes')).status, 200)
  await own.close()
})

test('out of band the person copies the verifier; who does not consent gives nothing', async () => {
  const client = oauthFor('oob')
  const temporary = await asked(client)
  const { cookie, csrf } = await shown(temporary.key)
  const form = { oauth_token: temporary.key, csrf, login: 'ann', password: 'tea for two', decision: 'allow' }
  const { status, text: page } = await decide(form, cookie)
  const verifier = /id="verifier">([^<]+)</.exec(page)?.[1] ?? ''
  assert.equal(status, 200)
  assert.ok((await exchanged(client, temporary, verifier)).secret.length > 40)

  const other = oauthFor(callback)
  const second = await asked(other)
  const shownAgain = await shown(second.key)
  const denied = await decide({ oauth_token: second.key, csrf: shownAgain.csrf, decision: 'deny' }, shownAgain.cookie)
  assert.equal(new URL(denied.fields.location ?? '').searchParams.get('oauth_problem'), 'permission_denied')
  await assert.rejects(exchanged(other, second, ''), { statusCode: 401 })
})

test('the form of another page, browser or sign-in is not believed', async () => {
  const temporary = await asked(oauthFor(callback))
  const [mine, other] = [await shown(temporary.key), await shown(temporary.key)]
  const form = { oauth_token: temporary.key, csrf: mine.csrf, login: 'ann', password: 'tea for two', decision: 'allow' }
  const rows: readonly (readonly [string, Record<string, string>, string, Fields?])[] = [
    ['no cookie', form, ''],
    ['another browser', form, other.cookie],
    ['no token', { ...form, csrf: '' }, mine.cookie],
    ['another site', form, mine.cookie, { 'sec-fetch-site': 'cross-site' }],
    ['another origin', form, mine.cookie, { origin: 'https://evil.example' }],
  ]
  for (const [name, values, cookie, more] of rows) {
    const { status, json } = await decide(values, cookie, more)
    assert.deepEqual([name, status, json().code], [name, 403, 'cross-origin-refused'])
  }
  const good = { 'sec-fetch-site': 'same-origin', origin: serving.url }
  assert.equal((await decide(form, mine.cookie, good)).status, 303)
})

test('people are sent back only to where the consumer was registered with', async () => {
  for (const back of [
    'https://evil.example/back',
    'https://app.example/other',
    'javascript:alert(1)',
    'https://app.example@evil.example/back',
  ])
    await assert.rejects(asked(oauthFor(back)), { statusCode: 401 }, back)
  await assert.rejects(asked(oauthFor('oob', { key: 'nobody', secret: 'x' })), { statusCode: 401 })
  const insecure = await call('POST', dance('token'), { host: 'api.example', 'content-length': '0' })
  assert.deepEqual([insecure.status, insecure.json().code], [426, 'upgrade-required'])
  assert.equal((await call('GET', dance('token'))).status, 405)
})

// Attacks on what hands out tokens, and on the pages where people sign in: requests that want another way, addresses of others,
// codes and tokens that are nobody's, forms of other pages.
import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import OAuth10a from 'oauth-1.0a'
import type { Answered, Fields } from '../support/call.ts'
import type { Attack } from './attack.ts'
import { callback } from './places.ts'
import type { Chance } from './random.ts'
import type { Under } from './under.ts'

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const script = '"><script>alert(1)</script>'

/** Where a browser may be sent: on to the page of this server, or back to where the client was registered with. */
function leadsNowhereElse({ fields, text }: Answered, { url }: Under): void {
  const { location, 'content-type': type = '', 'content-security-policy': policy = '' } = fields
  if (location !== undefined) {
    const { origin, pathname, protocol } = new URL(location, url)
    const isOwn = origin === url && pathname.startsWith('/oauth/')
    assert.ok(isOwn || (protocol === 'https:' && origin + pathname === callback), `it leads to ${location}`)
  }
  assert.ok(!text.includes('<script>alert'), 'it has the script of the request')
  if (type.startsWith('text/html')) assert.match(policy, /default-src 'none'.*frame-ancestors 'none'/)
}

const elsewhere = ({ one }: Chance): string =>
  one([
    'https://evil.example/',
    'https://app.example.evil.example/back',
    'https://app.example@evil.example/back',
    'https://evil.example#https://app.example/back',
    '//evil.example/back',
    'javascript:alert(1)//https://app.example/back',
    'data:text/html,<script>alert(1)</script>',
    `${callback}/../../evil`,
    `${callback}?next=https://evil.example`,
    `${callback}%2f..%2f`,
    'https://app.example:8443/back',
    'http://app.example/back',
    'https://APP.example/back/',
    'https://app.example\\@evil.example/back',
    `${callback}\r\nLocation: https://evil.example`,
    `${callback}\0`,
    `${callback}${script}`,
    '',
  ])

const good = ({ client }: Under): Record<string, string> => ({
  client_id: client.id,
  response_type: 'code',
  redirect_uri: callback,
  scope: 'read',
  state: 's',
  code_challenge: 'x'.repeat(43),
  code_challenge_method: 'S256',
})

const requests: Attack = {
  family: 'authorization requests',
  share: 2,
  async run(under, chance) {
    const { one } = chance
    const asked = good(under)
    const odd = one<() => Record<string, string | undefined>>([
      () => ({ redirect_uri: elsewhere(chance) }),
      () => ({ redirect_uri: elsewhere(chance), response_mode: one(['form_post', 'fragment', 'web_message', 'jwt']) }),
      () => ({ redirect_uri: undefined }),
      () => ({ code_challenge: undefined, code_challenge_method: undefined }),
      () => ({ code_challenge_method: one(['plain', 's256', 'none', '']) }),
      () => ({ code_challenge: one(['', 'x', 'y'.repeat(500), script]) }),
      () => ({ response_type: one(['token', 'id_token', 'code token', 'none', 'code code', script]) }),
      () => ({ request: `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.` }),
      () => ({ request_uri: one(['http://169.254.169.254/', 'http://127.0.0.1:1/', 'file:///etc/passwd']) }),
      () => ({ client_id: one(['app_none', '', script, '__proto__', "' OR 1=1 --", '../../etc']) }),
      () => ({ resource: one(['https://other.example', 'urn:x', '', script]) }),
      () => ({ scope: one(['admin', script, 'read '.repeat(400), 'openid offline_access email', '__proto__']) }),
      () => ({ prompt: one(['none', 'create', script]), max_age: one(['-1', 'x', '0']) }),
      () => ({ state: one([script, 'z'.repeat(3_000), 'a\r\nSet-Cookie: a=b']), ui_locales: one([script, '../../x']) }),
      () => ({ claims: one(['{', '{"id_token":{"__proto__":{"essential":true}}}', '[]']) }),
      () => ({ id_token_hint: 'e30.e30.e30', login_hint: script }),
    ])()
    const words = new URLSearchParams()
    for (const [name, value] of Object.entries({ ...asked, ...odd })) if (value !== undefined) words.set(name, value)
    if (one([true, false, false])) words.append(one(Object.keys(asked)), 'https://evil.example')
    const answer = await under.ask('GET', `/oauth/authorize?${words}`, [303, 302, 400], { fields: {} })
    leadsNowhereElse(answer, under)
    // RFC 9207: who answers is said, so that a client is not led to take it for another.
    const { location = '' } = answer.fields
    if (!location.startsWith(callback)) return
    const { search, hash } = new URL(location)
    const told = new URLSearchParams(search || hash.slice(1))
    assert.equal(told.get('iss'), `${under.url}/oauth`, location)
    assert.equal(told.get('code'), null)
  },
}

const exchanges: Attack = {
  family: 'tokens for nothing',
  share: 2,
  async run(under, chance) {
    const { one, some } = chance
    const { client, url } = under
    const basic = (id: string, secret: string): Fields => ({
      ...form,
      authorization: `Basic ${btoa(`${id}:${secret}`)}`,
    })
    const random = randomBytes(some(1, 64)).toString('base64url')
    const own = basic(client.id, client.secret)
    const wrong = one([
      basic(client.id, random),
      basic(client.id, ''),
      basic('app_none', client.secret),
      basic(`${client.id} `, client.secret),
      basic(client.id, client.secret.toUpperCase()),
      { ...form, authorization: `Bearer ${client.secret}` },
    ])
    const code = { grant_type: 'authorization_code', code: random, redirect_uri: callback }
    const [path, allowed, fields, asked] = one<
      readonly [string, readonly number[], Fields, Record<string, string> | string]
    >([
      ['token', [400], own, code],
      ['token', [400], own, { ...code, code_verifier: 'x'.repeat(43) }],
      ['token', [400], own, { grant_type: 'refresh_token', refresh_token: random }],
      ['token', [400], own, { grant_type: one(['password', 'implicit', '', script, '__proto__']), username: 'victim' }],
      ['token', [400], own, { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: 'e30.e30.' }],
      ['token', [400], own, { grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange', subject_token: random }],
      ['token', [400], own, { grant_type: 'client_credentials', scope: 'read write' }],
      ['token', [400], own, `grant_type=authorization_code&grant_type=client_credentials&code=${random}`],
      ['token', [400, 401], wrong, code],
      ['token', [400, 401], form, { ...code, client_id: client.id }],
      ['token', [400, 401], form, { ...code, client_id: client.id, client_assertion: 'e30.e30.' }],
      ['token', [400, 401], { ...own, dpop: random }, code],
      ['token', [400, 415], { ...own, 'content-type': 'application/json' }, JSON.stringify(code)],
      ['token', [400, 413], own, { ...code, code: 'x'.repeat(some(1, 90_000)) }],
      ['introspect', [200], own, { token: random }],
      ['introspect', [400, 401], wrong, { token: random }],
      ['revoke', [200], own, { token: random }],
      ['revoke', [400, 401], wrong, { token: under.key }],
    ])
    const content = typeof asked === 'string' ? asked : new URLSearchParams(asked).toString()
    const answer = await under.ask('POST', `/oauth/${path}`, allowed, { fields, body: content })
    if (path === 'introspect' && answer.status === 200) assert.deepEqual(answer.json(), { active: false })
    assert.doesNotMatch(answer.text, /access_token|refresh_token"/)
    // A client that is there and one that is none are told the same.
    if (answer.status === 401) assert.equal(answer.json().error ?? answer.json().code, 'invalid_client')
    if (one([true, false])) return
    const signer = new OAuth10a({
      consumer: under.consumer,
      signature_method: 'HMAC-SHA256',
      hash_function: (base, key) => createHmac('sha256', key).update(base).digest('base64'),
    })
    const target = { url: `${url}/oauth/1/${one(['temporary-credentials', 'token'])}`, method: 'POST' }
    // Those are compared without their query.
    const place = elsewhere(chance)
    const data = { oauth_callback: place.includes('?') ? '' : place, oauth_verifier: random }
    const { Authorization: authorization } = signer.toHeader(signer.authorize({ ...target, data }))
    await under.ask('POST', target.url.slice(url.length), [400, 401], { fields: { authorization } })
  },
}

/** A sign-in as a browser begins it: its page, its cookies and the token of its form. */
async function begun(under: Under) {
  const { fields } = await under.ask('GET', `/oauth/authorize?${new URLSearchParams(good(under))}`, [303], {
    fields: {},
  })
  const lines = [fields['set-cookie'] ?? []].flat() as readonly string[]
  for (const line of lines) assert.match(line, /; ?httponly/i)
  for (const line of lines) assert.match(line, /; ?samesite=lax/i)
  const cookie = lines.map(line => line.split(';')[0]).join('; ')
  const path = new URL(fields.location ?? '', under.url).pathname
  const page = await under.ask('GET', path, [200], { fields: { cookie } })
  const csrf = /name="csrf" value="([^"]*)"/.exec(page.text)?.[1] ?? ''
  assert.ok(csrf.length > 20)
  return { path, cookie, csrf }
}

const forms: Attack = {
  family: 'forms of other pages',
  share: 4,
  async run(under, { one, some }) {
    const [mine, other] = [await begun(under), await begun(under)]
    const filled = { login: 'mallory', password: under.password, csrf: mine.csrf }
    const wrong = { ...filled, password: 'not the password' }
    const cookie = { ...form, cookie: mine.cookie }
    const [path, allowed, fields, sent] = one<
      readonly [string, readonly number[], Fields, Readonly<Record<string, string>>]
    >([
      [mine.path, [403], cookie, { ...filled, csrf: '' }],
      [mine.path, [403], cookie, { ...filled, csrf: other.csrf }],
      [mine.path, [403], cookie, { ...filled, csrf: mine.csrf.slice(1) }],
      [
        mine.path,
        [403],
        { ...cookie, origin: one(['https://evil.example', 'null', `${under.url}.evil.example`]) },
        filled,
      ],
      [mine.path, [403], { ...cookie, 'sec-fetch-site': one(['cross-site', 'same-site', 'none']) }, filled],
      [mine.path, [400], form, filled],
      [mine.path, [400, 403], { ...form, cookie: other.cookie }, filled],
      [other.path, [400, 403], cookie, filled],
      [`${mine.path}x`, [400, 403, 404], cookie, filled],
      [`/oauth/sign-in/${'a'.repeat(some(1, 80))}`, [400, 403, 404], cookie, filled],
      [mine.path, [200], cookie, { csrf: mine.csrf, decision: 'allow', login: '', password: '' }],
      [mine.path, [400, 415], { ...cookie, 'content-type': 'text/plain' }, filled],
      [mine.path, [403], cookie, { ...wrong, login: one(['victim', 'nobody', script, "' OR 1=1 --", '\0']) }],
      [mine.path, [403], cookie, { ...wrong, login: 'x'.repeat(some(201, 5_000)) }],
    ])
    const body = new URLSearchParams(sent).toString()
    const answer = await under.ask('POST', path, sent.decision ? [...allowed, 403] : allowed, { fields, body })
    leadsNowhereElse(answer, under)
    assert.equal(answer.fields['set-cookie']?.toString().includes('comity_session') ?? false, false)
  },
}

export const signInAttacks: readonly Attack[] = [requests, exchanges, forms]

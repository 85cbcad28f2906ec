// RFC 7616: who signs in with Digest, by clients that others wrote, and what is refused.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { digest as asDigest, createClient } from '@comity/client'
import { type DigestAlgorithm, digestAlgorithms, parseChallenges } from '@comity/http'
import { collection, defineApi, digest, type Serving, serve, text } from '@comity/server'
import { DigestClient } from 'digest-fetch'
import { agent, call, type Fields } from '../support/call.ts'
import { planting } from '../support/planted.ts'

let serving: Serving
/** How far the server's clock is ahead, in ms. */
let ahead = 0

const define = (algorithms: readonly DigestAlgorithm[] | undefined) =>
  defineApi({
    title: 'Notes',
    resources: { notes: collection({ fields: { text: text({ max: 100 }) } }) },
    authentication: [digest(algorithms && { algorithms })],
    async seed(_tx, given) {
      const credentials = planting(given)
      await credentials.addAccount({ login: 'ann', password: 'tea for two' })
      await credentials.addAccount({ login: 'жанна', password: 'кофе на двоих' })
      await credentials.addAccount({ login: 'eve', password: 'tea for two' })
      await credentials.disableAccount('eve')
    },
  })

before(async () => {
  serving = await serve(define(digestAlgorithms.toReversed()), { port: 0, now: () => Date.now() + ahead })
})
after(async () => {
  agent.destroy()
  await serving.close()
})

const names = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' } as const

type Wish = {
  readonly method?: string
  readonly login?: string
  readonly password?: string
  readonly algorithm?: DigestAlgorithm
  readonly nonce?: string
  readonly opaque?: string
  readonly count?: number
  readonly uri?: string
  readonly qop?: 'auth' | 'auth-int'
  readonly content?: string
  readonly edit?: (field: string) => string
}

/** The parameters of the challenges that the server has now. */
async function challenged(): Promise<Readonly<Record<string, string>>> {
  const { fields } = await call('GET', `${serving.url}/notes`)
  return parseChallenges(fields['www-authenticate'] ?? '')[0]?.params ?? {}
}

/** Authorization, worked out beside the code that is tested. */
function authorization(wish: Wish & { nonce: string; opaque: string }): string {
  const { method = 'GET', login = 'ann', password = 'tea for two', algorithm = 'SHA-256', count = 1 } = wish
  const { uri = '/notes', qop = 'auth', content = '', nonce, opaque, edit = field => field } = wish
  const hash = (data: string) => createHash(names[algorithm]).update(data).digest('hex')
  const nc = count.toString(16).padStart(8, '0')
  const a2 = qop === 'auth' ? `${method}:${uri}` : `${method}:${uri}:${hash(content)}`
  const response = hash(`${hash(`${login}:Notes:${password}`)}:${nonce}:${nc}:c:${qop}:${hash(a2)}`)
  return edit(
    `Digest username="${login}", realm="Notes", nonce="${nonce}", uri="${uri}", algorithm=${algorithm}, ` +
      `response="${response}", qop=${qop}, nc=${nc}, cnonce="c", opaque="${opaque}"`,
  )
}

async function ask(wish: Wish = {}, fields: Fields = {}) {
  const fresh = await challenged()
  const field = authorization({ nonce: fresh.nonce ?? '', opaque: fresh.opaque ?? '', ...wish })
  const { method = 'GET', uri = '/notes', content } = wish
  return call(method, `${serving.url}${uri}`, { ...fields, authorization: field }, content)
}

test('a challenge for each algorithm, in the order declared, each on a line of its own', async () => {
  const lines = await new Promise<readonly string[]>((resolve, reject) => {
    const outgoing = request(`${serving.url}/notes`, { agent }, answer => {
      answer.resume()
      resolve(answer.headersDistinct['www-authenticate'] ?? [])
    })
    outgoing.on('error', reject).end()
  })
  assert.equal(lines.length, 3)
  const read = lines.map(line => parseChallenges(line)[0]?.params)
  assert.deepEqual(
    read.map(params => params?.algorithm),
    ['SHA-512-256', 'SHA-256', 'MD5'],
  )
  for (const params of read) {
    assert.deepEqual([params?.realm, params?.qop, params?.userhash], ['Notes', 'auth, auth-int', 'true'])
    assert.equal(params?.stale, undefined)
  }
})

test('each algorithm is let in, and the server proves that it knows the password too', async () => {
  for (const algorithm of digestAlgorithms) {
    const { status, fields } = await ask({ algorithm })
    assert.equal(status, 200, algorithm)
    assert.match(fields['authentication-info'] ?? '', /^qop=auth, rspauth="[0-9a-f]+", cnonce="c", nc=00000001$/)
  }
})

test('curl signs in, also one that hashes SHA-512-256 wrongly, as it comes second by default', async t => {
  const usual = await serve(define(undefined), { port: 0 })
  t.after(() => usual.close())
  const curl = promisify(execFile)
  for (const how of ['--digest', '--anyauth']) {
    const words = ['-sS', how, '-u', 'ann:tea for two', '-w', '\n%{http_code}']
    const [read, written] = [
      await curl('curl', [...words, `${usual.url}/notes?limit=1`]),
      await curl('curl', [
        ...words,
        '-H',
        'Content-Type: application/json',
        '-d',
        '{"text":"a"}',
        `${usual.url}/notes`,
      ]),
    ]
    assert.deepEqual([how, read.stdout.split('\n').at(-1)], [how, '200'])
    assert.deepEqual([how, written.stdout.split('\n').at(-1)], [how, '201'])
  }
})

test('digest-fetch signs in, many times with one nonce', async () => {
  for (const algorithm of digestAlgorithms) {
    const client = new DigestClient('ann', 'tea for two', { algorithm })
    for (let n = 0; n < 12; n++) assert.equal((await client.fetch(`${serving.url}/notes`)).status, 200)
    const wrong = new DigestClient('ann', 'tea for three', { algorithm })
    assert.equal((await wrong.fetch(`${serving.url}/notes`)).status, 401)
  }
})

test('our own client signs in, at once and with its content covered', async () => {
  for (const [username, password] of [
    ['ann', 'tea for two'],
    ['жанна', 'кофе на двоих'],
  ] as const) {
    const auth = asDigest({ username, password, integrity: 'preferred' })
    const client = createClient({ baseUrl: serving.url, auth })
    const posted = await client.post('/notes', { body: { text: 'covered' } })
    assert.equal(posted.status, 201)
    const all = await Promise.all(Array.from({ length: 12 }, () => client.get('/notes')))
    assert.deepEqual(new Set(all.map(({ status }) => status)), new Set([200]))
    await client.close()
  }
})

test('wrong credentials are refused, in the same words whatever is wrong about them', async () => {
  const details = new Set<string>()
  for (const wish of [
    { password: 'wrong' },
    { login: 'nobody' },
    { login: 'eve' },
    { edit: (field: string) => field.replace('"ann"', `"${'0'.repeat(64)}"`).concat(', userhash=true') },
    { method: 'PUT', edit: (field: string) => field.replace(/response="./, 'response="g') },
  ]) {
    const { status, json, fields } = await ask({ ...wish, method: 'GET' })
    assert.deepEqual([status, json().code], [401, 'credentials-invalid'], JSON.stringify(wish))
    assert.ok(!fields['www-authenticate']?.includes('stale'))
    if (!wish.method) details.add(json().detail)
  }
  assert.equal(details.size, 1)
})

test('credentials for another target, method, realm, opaque or form are refused', async () => {
  const edits = [
    (field: string) => field.replace('uri="/notes"', 'uri="/notes?limit=1"'),
    (field: string) => field.replace('realm="Notes"', 'realm="Other"'),
    (field: string) => field.replace(/opaque="[^"]*"/, 'opaque="x"'),
    (field: string) => field.replace('qop=auth, ', ''),
    (field: string) => field.replace('SHA-256', 'SHA-256-sess'),
    (field: string) => field.replace('cnonce="c"', 'cnonce="d"'),
    (field: string) => field.replace('nc=00000001', 'nc=00000002'),
  ]
  for (const edit of edits) assert.equal((await ask({ edit })).status, 401, String(edit))
  const fresh = await challenged()
  const field = authorization({ nonce: fresh.nonce ?? '', opaque: fresh.opaque ?? '' })
  assert.equal((await call('DELETE', `${serving.url}/notes`, { authorization: field })).status, 401)
})

test('what was sent once is not taken again: stale=true, with a new nonce', async () => {
  const fresh = await challenged()
  const said = { nonce: fresh.nonce ?? '', opaque: fresh.opaque ?? '' }
  const send = (count: number) =>
    call('GET', `${serving.url}/notes`, { authorization: authorization({ ...said, count }) })
  assert.deepEqual([(await send(1)).status, (await send(3)).status, (await send(2)).status], [200, 200, 200])
  for (const count of [1, 2, 3]) {
    const { status, fields, json } = await send(count)
    const { stale, nonce } = parseChallenges(fields['www-authenticate'] ?? '')[0]?.params ?? {}
    assert.deepEqual([status, json().code, stale], [401, 'credentials-invalid', 'true'])
    assert.notEqual(nonce, said.nonce)
  }
})

test('a nonce ends: the next is told in time, later it is stale', async t => {
  t.after(() => {
    ahead = 0
  })
  const fresh = await challenged()
  const opaque = fresh.opaque ?? ''
  const send = (nonce: string, count: number, password?: string) =>
    call('GET', `${serving.url}/notes`, {
      authorization: authorization({ nonce, opaque, count, ...(password && { password }) }),
    })
  ahead = 160_000
  const info = (await send(fresh.nonce ?? '', 1)).fields['authentication-info'] ?? ''
  const next = /^nextnonce="([\w-]+)", /.exec(info)?.[1] ?? ''
  assert.equal((await send(next, 1)).status, 200)
  ahead = 301_000
  const late = await send(fresh.nonce ?? '', 2)
  assert.deepEqual([late.status, late.fields['www-authenticate']?.includes('stale=true')], [401, true])
  assert.equal((await send(next, 2)).status, 200)
  // Only who knows the password is told that it is the nonce.
  assert.ok(!(await send(fresh.nonce ?? '', 3, 'wrong')).fields['www-authenticate']?.includes('stale'))
  assert.ok((await send('made-elsewhere', 1)).fields['www-authenticate']?.includes('stale=true'))
})

test('auth-int covers the content: another is refused, and nothing of it is done', async () => {
  const content = '{"text":"as signed"}'
  const json = { 'content-type': 'application/json' }
  const total = async () => Number((await ask({}, { prefer: 'count=exact' })).fields['x-total-count'])
  const before = await total()
  const changed = await ask({ method: 'POST', qop: 'auth-int', content: '{"text":"not so"}' }, json)
  assert.equal(changed.status, 201)
  const fresh = await challenged()
  const said = { nonce: fresh.nonce ?? '', opaque: fresh.opaque ?? '' }
  const field = authorization({ ...said, method: 'POST', qop: 'auth-int', content })
  const posted = await call('POST', `${serving.url}/notes`, { ...json, authorization: field }, '{"text":"changed!!"}')
  assert.equal(posted.status, 401)
  assert.equal(posted.fields['authentication-info'], undefined)
  assert.equal(await total(), before + 1)
  const whole = await call('POST', `${serving.url}/notes`, { ...json, authorization: field }, content)
  assert.equal(whole.status, 201)
  assert.match(whole.fields['authentication-info'] ?? '', /rspauth="/)
  assert.equal((await ask({ qop: 'auth-int' })).status, 200)
})

test('with auth-int nobody is told more before the content was checked', async () => {
  const seen = []
  for (const login of ['ann', 'nobody']) {
    const wish = { method: 'POST', qop: 'auth-int', login, password: 'wrong', content: 'x' } as const
    const { status, json } = await ask(wish, { 'content-type': 'image/png' })
    seen.push([status, json().code, json().detail])
  }
  assert.equal(seen[0]?.[0], 401)
  assert.deepEqual(seen[1], seen[0])
})

test('MD5 only where it is allowed', async t => {
  const strict = await serve(define(['SHA-256']), { port: 0 })
  t.after(() => strict.close())
  const { fields } = await call('GET', `${strict.url}/notes`)
  const { nonce = '', opaque = '', algorithm } = parseChallenges(fields['www-authenticate'] ?? '')[0]?.params ?? {}
  assert.equal(algorithm, 'SHA-256')
  for (const [used, status] of [
    ['MD5', 401],
    ['SHA-256', 200],
  ] as const) {
    const field = authorization({ nonce, opaque, algorithm: used })
    assert.equal((await call('GET', `${strict.url}/notes`, { authorization: field })).status, status, used)
  }
  assert.throws(() => digest({ algorithms: [] }), /at least one/)
})

test('failures are counted as those of any scheme', async () => {
  const statuses = []
  for (let n = 0; n < 11; n++) statuses.push((await ask({ login: 'bob', password: `guess ${n}` })).status)
  assert.deepEqual(statuses.slice(-2), [401, 429])
})

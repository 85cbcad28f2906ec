// What browsers are told: whose pages may read answers, and what an answer is not for. And whom the server believes.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { collection, DefinitionError, defineApi, type Serving, serve, type Trace, text } from '@comity/server'
import { agent, call, type Fields } from '../support/call.ts'
import { as, named } from '../support/named.ts'

let traced: Trace | undefined
const note = (trace: Trace): void => {
  traced = trace
}

const notes = { notes: collection({ fields: { text: text({ max: 100 }) } }) }
const cors = { origins: ['https://app.example', 'https://*.example.org'], expose: ['X-Own'] }
const api = defineApi({ title: 'Notes', resources: notes, authentication: [named()], cors })

let serving: Serving
before(async () => {
  serving = await serve(api, { port: 0, trace: note })
})
after(async () => {
  agent.destroy()
  await serving.close()
})
const send = (method: string, path: string, fields: Fields = {}, body?: unknown) =>
  call(method, serving.url + path, fields, body)
const told = (fields: Readonly<Record<string, string | undefined>>) =>
  Object.keys(fields).filter(name => name.startsWith('access-control-'))

const origin = 'https://app.example'
const preflight = {
  origin,
  'access-control-request-method': 'PATCH',
  'access-control-request-headers': 'Authorization, If-Match',
}

describe('pages of other origins', () => {
  test('a browser that asks beforehand is answered before anybody has to sign in', async () => {
    const { status, fields } = await send('OPTIONS', '/notes/1', preflight)
    assert.equal(status, 204)
    assert.equal(fields['access-control-allow-origin'], origin)
    assert.equal(fields['access-control-allow-methods'], 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS')
    assert.equal(fields['access-control-allow-headers'], 'authorization, if-match')
    assert.equal(fields['access-control-max-age'], '600')
    assert.equal(fields['access-control-allow-credentials'], undefined)
    assert.match(fields.vary ?? '', /origin/)
    assert.equal(traced?.steps.at(-1)?.gate, 'not a preflight')
  })
  test('answers may be read by the origins declared, refusals too', async () => {
    for (const from of [origin, 'https://a.example.org', 'https://a.b.example.org']) {
      const refused = await send('GET', '/notes', { origin: from })
      assert.deepEqual([refused.status, refused.fields['access-control-allow-origin']], [401, from])
      const { status, fields } = await send('GET', '/notes', { ...as('ann'), origin: from })
      assert.deepEqual([status, fields['access-control-allow-origin']], [200, from])
      for (const name of ['ETag', 'Link', 'RateLimit', 'X-Own'])
        assert.ok(fields['access-control-expose-headers']?.split(', ').includes(name), name)
    }
  })
  test('others are told nothing, and every answer says that it depends on who asks', async () => {
    for (const from of [
      undefined,
      'null',
      'https://app.example.evil.example',
      'https://evilapp.example',
      'http://app.example',
      'https://example.org',
      'https://evil.example/.example.org',
      'https://app.example:444',
    ]) {
      const { status, fields } = await send('OPTIONS', '/notes/1', { ...preflight, origin: from })
      assert.deepEqual([from, status, told(fields), fields.allow?.includes('PATCH')], [from, 204, [], true])
      const read = await send('GET', '/notes', { ...as('ann'), origin: from })
      assert.deepEqual([from, read.status, told(read.fields)], [from, 200, []])
      assert.match(read.fields.vary ?? '', /(^|, )origin($|,)/)
    }
  })
  test('an OPTIONS that is none of a browser’s is answered as ever', async () => {
    const { fields } = await send('OPTIONS', '/notes', { origin })
    assert.ok(fields['accept-post'] && fields.allow)
    assert.equal(fields['access-control-allow-methods'], undefined)
  })
  test('without a word of it, nothing is said of it', async () => {
    const other = await serve(defineApi({ title: 'Notes', resources: notes }), { port: 0 })
    const { fields } = await call('GET', `${other.url}/notes`, { origin })
    assert.deepEqual(told(fields), [])
    assert.ok(!fields.vary?.includes('origin'))
    await other.close()
  })
  test('any origin, by an option; with cookies only those that are named', async () => {
    const any = await serve(api, { port: 0, cors: { origins: ['*'] } })
    const { fields } = await call('GET', `${any.url}/notes`, { origin: 'null' })
    assert.equal(fields['access-control-allow-origin'], '*')
    assert.ok(!fields.vary?.includes('origin'))
    await any.close()
    const cookies = await serve(api, { port: 0, cors: { origins: [origin], credentials: 'allowed' } })
    const answer = await call('GET', `${cookies.url}/notes`, { origin })
    assert.equal(answer.fields['access-control-allow-credentials'], 'true')
    await cookies.close()
    for (const wrong of [
      { origins: ['*'], credentials: 'allowed' },
      { origins: ['app.example'] },
      { origins: ['https://app.example/'] },
      { origins: [] },
    ] as const) {
      assert.throws(() => defineApi({ title: 'Notes', resources: notes, cors: wrong }), DefinitionError)
      await assert.rejects(serve(api, { port: 0, cors: wrong }), DefinitionError)
    }
  })
})

describe('what keeps browsers from more', () => {
  const policy = "default-src 'none';frame-ancestors 'none'"
  test('is in every answer that is no document, and a document says what it needs itself', async () => {
    for (const [path, status] of [
      ['/notes', 401],
      ['/livez', 200],
      ['/nothing', 404],
    ] as const) {
      const answer = await send('GET', path)
      assert.equal(answer.status, status)
      assert.deepEqual(
        ['content-security-policy', 'x-content-type-options', 'x-frame-options', 'referrer-policy'].map(
          name => answer.fields[name],
        ),
        [policy, 'nosniff', undefined, undefined],
      )
      assert.equal(answer.fields['cross-origin-resource-policy'], 'cross-origin')
      assert.equal(answer.fields['strict-transport-security'], undefined)
    }
    const page = await send('GET', '/docs', { accept: 'text/html' })
    assert.match(page.fields['content-security-policy'] ?? '', /style-src 'self'/)
    assert.deepEqual([page.fields['x-frame-options'], page.fields['referrer-policy']], ['DENY', 'no-referrer'])
    const same = await send('GET', '/docs', { accept: 'text/html', 'if-none-match': page.fields.etag })
    assert.deepEqual([same.status, same.fields['content-security-policy'] === policy], [304, false])
  })
  test('an API that is reached by TLS says so for a year', async () => {
    const secure = await serve(defineApi({ title: 'Notes', resources: notes }), {
      port: 0,
      publicUrl: 'https://api.example',
    })
    const { fields } = await call('GET', `${secure.url}/livez`)
    assert.match(fields['strict-transport-security'] ?? '', /max-age=31536000/)
    assert.equal(fields['cross-origin-resource-policy'], 'same-origin')
    await secure.close()
    const bare = await serve(defineApi({ title: 'Notes', resources: notes }), { port: 0, securityFields: 'left-out' })
    assert.equal((await call('GET', `${bare.url}/livez`)).fields['cross-origin-resource-policy'], undefined)
    await bare.close()
  })
})

describe('proxies', () => {
  /** Whom the server takes for the client, and what for its own origin. */
  async function seen(options: Parameters<typeof serve>[1], fields: Fields) {
    const definition = {
      title: 'Notes',
      resources: notes,
      rates: { front: { per: 'address', requests: 1, window: 60 } },
    } as const
    const one = await serve(defineApi(definition), { port: 0, ...options })
    const first = await call('GET', `${one.url}/notes?nothing=1`, { host: 'own.example', ...fields })
    const second = await call('GET', `${one.url}/notes`, { host: 'own.example' })
    await one.close()
    const [, at] = /^(.*)\/problems/.exec(first.json().type) ?? []
    return [at, second.status === 429 ? 'the peer' : 'another']
  }
  const x = { 'x-forwarded-for': '198.51.100.9', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'public.example' }
  const standard = { forwarded: 'for=198.51.100.9;proto=https;host=public.example' }
  const both = { ...x, forwarded: 'for=203.0.113.1;proto=http;host=evil.example' }
  for (const [name, options, fields, expected] of [
    ['nobody is believed by default', {}, both, ['http://own.example', 'the peer']],
    ['a proxy that is named', { proxy: ['127.0.0.0/8'] }, x, ['https://public.example', 'another']],
    ['another one is not', { proxy: ['10.0.0.0/8'] }, x, ['http://own.example', 'the peer']],
    ['the nearest', { proxy: 'trusted' }, x, ['https://public.example', 'another']],
    ['Forwarded is not believed beside it', { proxy: ['loopback'] }, standard, ['http://own.example', 'the peer']],
    [
      'Forwarded of a proxy that is named',
      { forwarded: ['loopback'] },
      standard,
      ['https://public.example', 'another'],
    ],
    ['X-Forwarded is not believed beside it', { forwarded: ['loopback'] }, x, ['http://own.example', 'the peer']],
    ['Forwarded of another one is not', { forwarded: ['10.0.0.0/8'] }, standard, ['http://own.example', 'the peer']],
    [
      'what a client wrote before its proxy did is not',
      { forwarded: ['loopback'] },
      { forwarded: 'for=203.0.113.1;host=evil.example, for=127.0.0.1;host=a, for=198.51.100.9;host=public.example' },
      ['http://public.example', 'another'],
    ],
    [
      'a host with a path is none',
      { forwarded: ['loopback'] },
      { forwarded: 'for=198.51.100.9;host="public.example/x"' },
      ['', 'another'],
    ],
  ] as const)
    test(name, async () => {
      assert.deepEqual(await seen(options, fields), expected)
    })
  test('a prefix is believed of who is named alone', async () => {
    const prefix = { 'x-forwarded-prefix': '/moved' }
    for (const [proxy, path] of [
      [['127.0.0.1'], '/moved/'],
      [['10.0.0.1'], '/'],
    ] as const) {
      const one = await serve(defineApi({ title: 'Notes', resources: notes }), {
        port: 0,
        proxy,
        forwardedPrefix: 'trusted',
      })
      const { text } = await call('GET', `${one.url}/nothing`, prefix)
      assert.match(text, new RegExp(`"instance":"${path}nothing"`))
      await one.close()
    }
  })
})

// The API as a plugin: beside the host's own routes and plugins, under a prefix, behind a proxy.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type ComityOptions, comity } from '@comity/server'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import bank from '../../examples/bank/api.ts'
import { openAccount, type Served, serving } from '../support/bank.ts'
import { call } from '../support/call.ts'
import { idsOf, linksOf } from '../support/read-list.ts'

type Mount = {
  readonly prefix?: string
  readonly options?: ComityOptions
  readonly server?: FastifyServerOptions
  readonly around?: (app: FastifyInstance) => void
}

/** A Fastify app with the bank in it. Paths of `call` are those of the app. */
async function mount({ prefix, options, server, around }: Mount): Promise<Served> {
  const app = Fastify(server)
  around?.(app)
  await app.register(comity(bank, options), prefix === undefined ? {} : { prefix })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  return { url, call: (method, path, fields, body) => call(method, url + path, fields, body), close: () => app.close() }
}

const account = { type: 'current', name: 'Mounted', currency: 'EUR' }

/** Everything in which an answer says where something is. */
async function places(app: Served, prefix: string, fields: Readonly<Record<string, string>> = {}) {
  const list = await app.call('GET', `${prefix}/accounts?limit=1`, fields)
  const item = await app.call('GET', `${prefix}/rates/EUR-CNY`, fields)
  const made = await app.call('POST', `${prefix}/accounts`, fields, account)
  const moved = await app.call('GET', `${prefix}/accounts/?limit=1`, fields)
  const problem = (await app.call('GET', `${prefix}/accounts/none?fields=id`, fields)).json()
  const refused = (await app.call('GET', `${prefix}/accounts`, { ...fields, accept: 'image/png' })).json()
  const entry = await app.call('GET', prefix || '/', fields)
  const { resources, versions } = entry.json()
  const openapi = (await app.call('GET', `${prefix}/openapi.json`, fields)).json()
  return {
    first: linksOf(list).first,
    next: linksOf(list).next?.replace(/after=.*/, 'after='),
    collection: linksOf(item).collection,
    location: made.fields.location?.replace(/[^/]*$/, ''),
    contentLocation: made.fields['content-location']?.replace(/[^/]*$/, ''),
    moved: moved.fields.location,
    type: problem.type,
    instance: problem.instance,
    alternative: refused.available[0].href,
    serviceDesc: linksOf(entry)['service-desc'],
    resource: resources[0].href,
    version: versions[0].href,
    server: openapi.servers[0].url,
  }
}

const expected = (origin: string, path: string) => ({
  first: `${path}/accounts?limit=1`,
  next: `${path}/accounts?limit=1&after=`,
  collection: `${path}/rates`,
  location: `${path}/accounts/`,
  contentLocation: `${path}/accounts/`,
  moved: `${path}/accounts?limit=1`,
  type: `${origin}${path}/problems/not-found`,
  instance: `${path}/accounts/none?fields=id`,
  alternative: `${path}/accounts.json`,
  serviceDesc: `${path}/openapi.json`,
  resource: `${origin}${path}/accounts`,
  version: `${origin}${path}/v2`,
  server: path || '/',
})

describe('under a prefix, beside the host’s own', () => {
  const seen: string[] = []
  const app = serving(() =>
    mount({
      prefix: '/bank',
      around(host) {
        host.get('/own', () => ({ mine: true }))
        host.post('/own', request => ({ got: request.body }))
        host.get('/bank-notes', () => 'not the bank')
        host.addHook('onRequest', async ({ url }) => void seen.push(url))
        host.addHook('onSend', async (_request, reply) => void reply.header('x-host', 'yes'))
        host.setErrorHandler((_error, _request, reply) => reply.code(418).send('mine'))
        host.get('/throws', () => {
          throw new Error('mine')
        })
        host.setNotFoundHandler((_request, reply) => reply.code(404).send('nothing of mine'))
        host.register(async inner => void inner.get('/inner', () => 'inner'), { prefix: '/deep' })
      },
    }),
  )

  test('every place is under the prefix', async () =>
    assert.deepEqual(await places(app, '/bank'), expected(app.url, '/bank')))

  test('the host’s routes, bodies, errors and hooks are as they were', async () => {
    assert.deepEqual((await app.call('GET', '/own')).json(), { mine: true })
    assert.deepEqual((await app.call('POST', '/own', {}, { a: 1 })).json(), { got: { a: 1 } })
    assert.equal((await app.call('GET', '/bank-notes')).text, 'not the bank')
    assert.equal((await app.call('GET', '/deep/inner')).text, 'inner')
    assert.deepEqual(
      [(await app.call('GET', '/throws')).status, (await app.call('GET', '/throws')).text],
      [418, 'mine'],
    )
    assert.equal((await app.call('GET', '/accounts')).text, 'nothing of mine')
    assert.equal((await app.call('GET', '/')).text, 'nothing of mine')
    const { fields } = await app.call('GET', '/bank/accounts')
    assert.equal(fields['x-host'], 'yes')
    assert.ok(seen.includes('/bank/accounts'))
  })

  test('the API’s problems are its own, not the host’s', async () => {
    const rows = [
      ['GET', '/bank/nothing', 404, undefined],
      ['POST', '/bank/rates', 405, undefined],
      ['PROPFIND', '/bank/accounts', 501, undefined],
      ['POST', '/bank/accounts', 400, '{'],
      ['POST', '/bank/accounts', 400, {}],
    ] as const
    for (const [method, path, status, body] of rows) {
      const answer = await app.call(method, path, {}, body)
      assert.deepEqual([answer.status, answer.fields['content-type']], [status, 'application/problem+json'], path)
    }
    const yaml = await app.call('POST', '/bank/accounts', { 'content-type': 'application/yaml' }, 'a: 1')
    assert.deepEqual([yaml.status, yaml.json().code], [415, 'unsupported-media-type'])
    const bad = await app.call('POST', '/bank/accounts', { 'content-type': 'no media type' }, 'a: 1')
    assert.deepEqual([bad.status, bad.json().code], [415, 'unsupported-media-type'])
  })

  test('the whole exchange works under the prefix', async () => {
    const root: Served = { ...app, call: (method, path, ...rest) => app.call(method, `/bank${path}`, ...rest) }
    const { status, fields } = await root.call('POST', '/accounts', {}, account)
    assert.equal(status, 201)
    const path = fields.location ?? ''
    assert.equal((await app.call('GET', path, { 'if-none-match': fields.etag })).status, 304)
    assert.equal((await app.call('PATCH', path, { 'if-match': '"x"' }, { name: 'No' })).status, 412)
    assert.equal((await app.call('PATCH', path, { 'if-match': fields.etag }, { name: 'Yes' })).status, 200)
    assert.equal((await app.call('DELETE', path)).status, 204)
    assert.equal((await app.call('GET', path)).status, 410)
    const met: string[] = []
    for (let target: string | undefined = '/bank/accounts.csv?limit=20'; target; ) {
      const page = await app.call('GET', target)
      met.push(...idsOf(page))
      target = linksOf(page).next
    }
    assert.equal(new Set(met).size, met.length)
    assert.ok(met.length >= 50)
  })

  test('the prefix itself is the entry point, with and without a slash', async () => {
    for (const path of ['/bank', '/bank/', '/bank?v=2', '/bank/v2'])
      assert.equal((await app.call('GET', path)).json().title, 'Bank', path)
  })

  test('pages lead to places under the prefix only', async () => {
    for (const path of ['/bank/', '/bank/docs', '/bank/problems', '/bank/problems/gone']) {
      const { status, text } = await app.call('GET', path, { accept: 'text/html' })
      assert.equal(status, 200)
      for (const [, target = ''] of text.matchAll(/(?:href|src|action)="(\/[^"]*)"/g))
        assert.match(target, /^\/bank(?:$|[/#?])/, path)
    }
  })
})

test('two APIs stand in one app, and share nothing', async () => {
  const app = Fastify()
  await app.register(comity(bank), { prefix: '/one' })
  await app.register(comity(bank), { prefix: '/other' })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  try {
    const made = await call('POST', `${url}/one/accounts`, {}, account)
    assert.equal((await call('GET', url + made.fields.location)).status, 200)
    assert.equal((await call('GET', url + made.fields.location?.replace('/one', '/other'))).status, 404)
  } finally {
    await app.close()
  }
})

const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'api.example.org' }

type ProxyRow = readonly [
  name: string,
  mount: Mount,
  fields: Readonly<Record<string, string>>,
  origin: string | undefined,
  path: string,
]

const proxied: readonly ProxyRow[] = [
  ['X-Forwarded-* of nobody trusted', {}, forwarded, undefined, ''],
  ['X-Forwarded-* of a trusted proxy', { server: { trustProxy: true } }, forwarded, 'https://api.example.org', ''],
  [
    'X-Forwarded-* of a trusted proxy, under a prefix',
    { server: { trustProxy: true }, prefix: '/bank' },
    forwarded,
    'https://api.example.org',
    '/bank',
  ],
  ['a public URL', { options: { publicUrl: 'https://api.example.org' } }, {}, 'https://api.example.org', ''],
  [
    'a public URL with a path',
    { options: { publicUrl: 'https://api.example.org/money/' }, prefix: '/bank' },
    {},
    'https://api.example.org',
    '/money',
  ],
  [
    'a public URL whatever is forwarded',
    { options: { publicUrl: 'https://api.example.org' }, server: { trustProxy: true } },
    { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' },
    'https://api.example.org',
    '',
  ],
  [
    'X-Forwarded-Prefix trusted',
    { options: { forwardedPrefix: 'trusted' }, prefix: '/bank' },
    { 'x-forwarded-prefix': '/gateway/' },
    undefined,
    '/gateway/bank',
  ],
  [
    'X-Forwarded-Prefix trusted and not sent',
    { options: { forwardedPrefix: 'trusted' }, prefix: '/bank' },
    {},
    undefined,
    '/bank',
  ],
  ['X-Forwarded-Prefix not trusted', { prefix: '/bank' }, { 'x-forwarded-prefix': '/gateway' }, undefined, '/bank'],
  ...['//evil.example', 'https://evil.example', '/a"><script>', '/a\\b', '/..;/', 'a', '/a>; rel="next', '/a b'].map(
    (prefix): ProxyRow => [
      `X-Forwarded-Prefix: ${prefix}`,
      { options: { forwardedPrefix: 'trusted' }, prefix: '/bank' },
      { 'x-forwarded-prefix': prefix },
      undefined,
      '/bank',
    ],
  ),
]

for (const [name, how, fields, origin, path] of proxied)
  test(`behind a proxy: ${name}`, async () => {
    const app = await mount(how)
    try {
      // Twice, with a request of another kind between: what is kept must not carry the prefix of somebody else.
      for (let round = 0; round < 2; round++) {
        assert.deepEqual(await places(app, how.prefix ?? '', fields), expected(origin ?? app.url, path))
        await places(app, how.prefix ?? '')
      }
    } finally {
      await app.close()
    }
  })

test('a problem’s type follows the Host that was asked', async () => {
  const app = await mount({ prefix: '/bank' })
  try {
    for (const host of ['one.example', 'two.example:8080'])
      for (let round = 0; round < 2; round++) {
        const { type } = (await app.call('GET', '/bank/accounts/none', { host })).json()
        assert.equal(type, `http://${host}/bank/problems/not-found`)
        const document = (await app.call('GET', '/bank/problems/gone', { host })).json()
        assert.equal(document.type, `http://${host}/bank/problems/gone`)
      }
  } finally {
    await app.close()
  }
})

test('only the hosts that are served are answered', async () => {
  const app = await mount({ options: { hosts: ['api.example.org'] } })
  try {
    const statuses = []
    for (const host of ['api.example.org', 'API.example.org:8080', 'evil.example', 'api.example.org.evil.example'])
      statuses.push((await app.call('GET', '/rates', { host })).status)
    assert.deepEqual(statuses, [200, 200, 421, 421])
  } finally {
    await app.close()
  }
})

test('the app closes while the API is in it, and its database with it', async () => {
  const app = await mount({ prefix: '/bank' })
  await openAccount({ ...app, call: (method, path, ...rest) => app.call(method, `/bank${path}`, ...rest) })
  await app.close()
  await assert.rejects(app.call('GET', '/bank/accounts'))
})

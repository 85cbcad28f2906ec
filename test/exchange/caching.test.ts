// RFC 9111 from the origin's side: what caches are told, and that the cache of representations here is never stale.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type CacheControlDefinition, collection, defineApi, service, text } from '@comity/server'
import fc from 'fast-check'
import { type Served, serving, startApi } from '../support/bank.ts'
import type { Fields } from '../support/call.ts'

const things = (cacheControl?: CacheControlDefinition) =>
  collection({ fields: { name: text({ max: 5_000 }) }, ...(cacheControl && { cacheControl }) })

const policies = serving(() =>
  startApi(
    defineApi({
      title: 'Policies',
      resources: {
        ordinaries: things(),
        publics: things({ visibility: 'public', maxAge: 60, staleWhileRevalidate: 30, staleIfError: 600 }),
        fresh: collection({ singular: 'fresh-one', fields: { name: text() }, cacheControl: { maxAge: 60 } }),
        shareds: things({ maxAge: 10, sharedMaxAge: 300 }),
        privates: things({ visibility: 'private', maxAge: 5 }),
        secrets: things('no-store'),
        plains: things('max-age=7'),
        echo: service({
          input: { said: text() },
          output: { said: text() },
          cacheControl: { visibility: 'public', maxAge: 86_400 },
          handle: ({ said }) => ({ said }),
        }),
      },
    }),
  ),
)

const controls: readonly (readonly [path: string, toAnyone: string, withCredentials: string])[] = [
  ['/ordinaries', 'no-cache', 'no-cache, private'],
  [
    '/publics',
    'public, max-age=60, stale-while-revalidate=30, stale-if-error=600',
    'public, max-age=60, stale-while-revalidate=30, stale-if-error=600',
  ],
  ['/fresh', 'max-age=60', 'private, max-age=60'],
  ['/shareds', 'max-age=10, s-maxage=300', 'private, max-age=10'],
  ['/privates', 'private, max-age=5', 'private, max-age=5'],
  ['/secrets', 'no-store', 'no-store'],
  ['/plains', 'max-age=7', 'private, max-age=7'],
  ['/echo?said=x', 'public, max-age=86400', 'public, max-age=86400'],
  ['/docs', 'public, no-cache', 'public, no-cache'],
  ['/livez', 'no-store', 'no-store'],
  ['/nothing', 'no-store', 'no-store'],
]

for (const [path, toAnyone, withCredentials] of controls)
  test(`Cache-Control of ${path}`, async () => {
    const told = async (fields: Fields) => (await policies.call('GET', path, fields)).fields['cache-control']
    assert.equal(await told({}), toAnyone)
    assert.equal(await told({ authorization: 'Bearer x' }), withCredentials)
    assert.equal(await told({ cookie: 'session=x' }), withCredentials)
    assert.equal(await told({}), toAnyone, 'what is kept stays as it is')
  })

test('Cache-Control of a 304, a part and a write is that of the whole', async () => {
  const made = await policies.call('POST', '/fresh', { cookie: 'session=x' }, { name: 'x' })
  assert.equal(made.fields['cache-control'], 'private, max-age=60')
  const { location: path = '', etag } = made.fields
  for (const fields of [{ 'if-none-match': etag }, { range: 'bytes=0-3' }]) {
    assert.equal((await policies.call('GET', path, fields)).fields['cache-control'], 'max-age=60')
    const theirs = await policies.call('GET', path, { ...fields, authorization: 'Bearer x' })
    assert.equal(theirs.fields['cache-control'], 'private, max-age=60')
  }
})

test('Vary names what was looked at, and no more', async () => {
  const varies = async (path: string) => (await policies.call('GET', path)).fields.vary
  const { location } = (await policies.call('POST', '/fresh', {}, { name: 'x' })).fields
  const names = async (path: string) => (await varies(path))?.split(', ').sort() ?? []
  assert.ok((await names(`${location}`)).includes('accept'))
  assert.ok(!(await names(`${location}.json`)).includes('accept'), 'the extension decides')
  assert.ok((await names('/fresh')).includes('prefer'))
  for (const path of ['/fresh', `${location}`, '/docs', '/'])
    for (const name of await names(path)) assert.notEqual(name, 'authorization')
})

const shelves = collection({
  fields: { name: text({ max: 4_000 }) },
  nested: { books: collection({ fields: { title: text({ max: 40 }) } }) },
})
const library = (cache: number) => defineApi({ title: 'Library', limits: { cache }, resources: { shelves } })

let folder = ''
let cached: Served
let uncached: Served
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comity-caching-'))
  const database = `sqlite:${join(folder, 'library.db')}`
  cached = await startApi(library(2 ** 22), { database, cacheStatus: 'sent' })
  uncached = await startApi(library(0), { database })
})
after(async () => {
  await cached.close()
  await uncached.close()
  await rm(folder, { recursive: true })
})

test('Cache-Status says what the cache had', async () => {
  const { location: path = '' } = (await cached.call('POST', '/shelves', {}, { name: 'a' })).fields
  const status = async (target: string, method = 'GET', fields: Fields = {}, body?: unknown) =>
    (await cached.call(method, target, fields, body)).fields['cache-status']
  assert.equal(await status(path), 'comity; fwd=miss; stored')
  assert.equal(await status(path), 'comity; hit')
  assert.equal(await status(path, 'HEAD'), 'comity; hit')
  assert.equal(await status(path, 'GET', { range: 'bytes=0-1' }), 'comity; hit')
  const { etag } = (await cached.call('GET', path)).fields
  assert.equal(await status(path, 'GET', { 'if-none-match': etag }), 'comity; hit')
  await cached.call('POST', '/shelves', {}, { name: 'b' })
  assert.equal(await status(path), 'comity; fwd=stale; fwd-status=304; stored', 'another item changed')
  assert.equal(await status(path, 'PATCH', {}, { name: 'c' }), undefined)
  assert.equal(await status(path), 'comity; fwd=stale; stored')
  assert.equal(await status('/shelves?limit=all'), 'comity; fwd=bypass')
  assert.equal(await status('/shelves', 'QUERY', {}, {}), 'comity; fwd=method')
  assert.equal(await status('/shelves/none'), undefined)
  assert.equal((await uncached.call('GET', path)).fields['cache-status'], undefined, 'only where it is asked for')
})

test('what the cache answers is what there is, whoever wrote it', async () => {
  const ids: string[] = []
  const pick = (at: number) => ids[at % Math.max(ids.length, 1)] ?? 'none'
  const act = fc.record({
    through: fc.constantFrom('cached', 'uncached'),
    what: fc.constantFrom('add', 'rename', 'rename', 'delete', 'add book', 'nothing', 'import'),
    at: fc.nat(30),
    name: fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom(...'abc') }),
    look: fc.array(fc.tuple(fc.nat(30), fc.constantFrom('', '.xml', '/books', '.csv', '?fields=name')), {
      maxLength: 4,
    }),
    accept: fc.constantFrom('application/json', 'application/xml', 'text/csv'),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 8 }), async acts => {
      for (const { through, what, at, name, look, accept } of acts) {
        const server = through === 'cached' ? cached : uncached
        if (what === 'add') {
          const { location = '' } = (await server.call('POST', '/shelves', {}, { name })).fields
          ids.push(location.split('/').at(-1) ?? '')
        } else if (what === 'rename') await server.call('PATCH', `/shelves/${pick(at)}`, {}, { name })
        else if (what === 'delete') await server.call('DELETE', `/shelves/${pick(at)}`)
        else if (what === 'add book') await server.call('POST', `/shelves/${pick(at)}/books`, {}, { title: name })
        else if (what === 'import')
          await server.call('POST', '/shelves', { 'content-type': 'text/csv' }, `name\r\n${name}\r\n`)
        const targets = look.map(([which, view]) => `/shelves/${pick(which)}${view}`)
        for (const target of [...targets, '/shelves?limit=5&sort=-id', '/shelves.json?limit=3']) {
          const [here, there] = [
            await cached.call('GET', target, { accept }),
            await uncached.call('GET', target, { accept }),
          ]
          if (here.status >= 400) assert.equal(here.status, there.status, target)
          else {
            const { 'cache-status': _, date: __, ...fields } = here.fields
            const { date: ___, ...expected } = there.fields
            assert.deepEqual({ text: here.text, ...fields }, { text: there.text, ...expected }, target)
          }
        }
      }
    }),
    { numRuns: process.env.COMITY_LONG ? 1_000 : 20 },
  )
})

test('the cache is bounded: what was not asked for lately makes room', async () => {
  // Of each 5 KB and more are kept; of 4 MiB, fewer than 900.
  const many = Array.from({ length: 200 }, () => ({ name: 'x'.repeat(4_000) }))
  const paths: string[] = []
  for (let batch = 0; batch < 5; batch++) {
    const made = (await cached.call('POST', '/shelves', {}, many)).json()
    paths.push(...made.map(({ id }: { id: string }) => `/shelves/${id}`))
  }
  const status = async (path: string) => (await cached.call('GET', path)).fields['cache-status']
  for (const path of paths) assert.equal(await status(path), 'comity; fwd=miss; stored')
  for (const path of paths.slice(-20)) assert.equal(await status(path), 'comity; hit')
  for (const path of paths.slice(0, 20)) assert.equal(await status(path), 'comity; fwd=miss; stored')
})

// The cache in a client: what rows of one resource and one reader at a time cannot show.
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import {
  basic,
  bearer,
  type CacheOptions,
  cache,
  createClient,
  type Layer,
  memoryStore,
  sqliteStore,
} from '@comity/client'
import type { Fields } from '@comity/http'
import { type Asked, type Reply, scriptedServer, standingClock } from './scripted.ts'

const server = scriptedServer()
const directory = mkdtempSync(join(tmpdir(), 'comity-cache-'))
after(() => rmSync(directory, { recursive: true, force: true }))

const reply = (fields: Fields = {}, body = 'x', status = 200): Reply => ({ status, fields, body })
const fresh = { 'cache-control': 'max-age=60' }

/** A client with a cache, and what its server sees at each path. */
function caching(options: CacheOptions = {}, more: readonly Layer[] = []) {
  const clock = standingClock()
  const layer = cache(options)
  const client = createClient({ baseUrl: server.url, clock, dedupe: false, layers: [layer, ...more] })
  after(() => client.close())
  return { clock, layer, client }
}

let paths = 0
/** A path that answers this, and what was asked there. */
function resource(answer: (asked: Asked, index: number) => Reply | Promise<Reply>) {
  const path = `/cache/${paths++}`
  const seen: Asked[] = []
  server.script(path, asked => {
    seen.push(asked)
    return answer(asked, seen.length)
  })
  return { path, seen }
}

test('a client reads through its cache, and says how', async () => {
  const { client, clock } = caching()
  const { path, seen } = resource(() => reply({ ...fresh, 'content-type': 'application/json' }, '{"a":1}'))
  assert.deepEqual(await client.get(path).json(), { a: 1 })
  clock.move(3000)
  const response = await client.get(path)
  assert.deepEqual(await response.json(), { a: 1 })
  assert.equal(response.cached, 'fresh')
  assert.equal(response.field('age'), '3')
  assert.deepEqual(
    response.trace.map(({ layer, text, values }) => ({ layer, text, values })),
    [{ layer: 'cache', text: 'served fresh (age 3 s of 60 s)', values: { age: 3000, lifetime: 60_000 } }],
  )
  assert.equal(seen.length, 1)
})

test('what a reader does with its bytes does not reach the store', async () => {
  const { client } = caching()
  const { path } = resource(() => reply(fresh, 'abc'))
  for (let round = 0; round < 3; round++) {
    const bytes = await client.get(path).bytes()
    assert.equal(new TextDecoder().decode(bytes), 'abc')
    bytes.fill(0)
    for await (const piece of await client.get(path)) piece.fill(0)
  }
})

test('a 304 about something else is not taken for an answer', async () => {
  const { client, clock } = caching()
  const { path, seen } = resource((_, index) =>
    index === 2 ? reply({ etag: '"b"' }, '', 304) : reply({ ...fresh, etag: '"a"' }, `${index}`),
  )
  await client.get(path).text()
  clock.move(60_000)
  const response = await client.get(path)
  assert.equal(await response.text(), '3')
  assert.deepEqual(
    seen.map(({ fields }) => fields['if-none-match']),
    [undefined, '"a"', undefined],
  )
  assert.match(response.trace.map(({ text }) => text).join(), /about nothing that is stored/)
})

test('a write makes invalid what its answer names on the same origin', async () => {
  const { client } = caching()
  const [list, item, other] = [resource(() => reply(fresh)), resource(() => reply(fresh)), resource(() => reply(fresh))]
  const elsewhere = `http://other.example${other.path}`
  for (const { path } of [list, item, other]) await client.get(path).text()
  server.script(list.path, asked => {
    list.seen.push(asked)
    return reply({ location: item.path, 'content-location': elsewhere }, '', 201)
  })
  await client.post(list.path, { body: {} }).text()
  server.script(list.path, asked => {
    list.seen.push(asked)
    return reply(fresh)
  })
  for (const { path } of [list, item, other]) await client.get(path).text()
  assert.deepEqual(
    [list, item, other].map(({ seen }) => seen.length),
    [3, 2, 1],
  )
})

test('what was read before a write is not fresh after it', async () => {
  const { client } = caching()
  const read = Promise.withResolvers<void>()
  const { path, seen } = resource(async ({ method }, index) => {
    if (method === 'GET' && index === 1) await read.promise
    return method === 'GET' ? reply({ ...fresh, etag: '"a"' }, `${index}`) : reply({}, 'done')
  })
  const early = client.get(path).text()
  while (seen.length === 0) await new Promise(setImmediate)
  await client.put(path, { body: {} }).text()
  read.resolve()
  assert.equal(await early, '1')
  assert.equal(await client.get(path).text(), '3')
})

test('the later of two that were on their way stays', async () => {
  const { client, clock } = caching()
  const first = Promise.withResolvers<void>()
  const { path, seen } = resource(async (_, index) => {
    const date = clock.date(index)
    if (index === 1) await first.promise
    return reply({ ...fresh, date }, `${index}`)
  })
  const early = client.get(path).text()
  while (seen.length === 0) await new Promise(setImmediate)
  await client.get(path).text()
  first.resolve()
  await early
  assert.equal(await client.get(path).text(), '2')
})

test('many who are served stale are one revalidation', async () => {
  const { client, clock, layer } = caching()
  const { path, seen } = resource((_, index) =>
    index === 1 ? reply({ 'cache-control': 'max-age=60, stale-while-revalidate=60', etag: '"a"' }) : reply({}, '', 304),
  )
  await client.get(path).text()
  clock.move(61_000)
  await Promise.all(Array.from({ length: 10 }, () => client.get(path).text()))
  await layer.idle()
  assert.equal(seen.length, 2)
  assert.equal((await client.get(path)).cached, 'fresh')
})

test('a caller that gives up is not served stale, and does not stop a revalidation in the background', async () => {
  const { client, clock, layer } = caching({ disconnected: 'serve-stale' })
  const hold = Promise.withResolvers<void>()
  const { path, seen } = resource(async (_, index) => {
    if (index > 1) await hold.promise
    return reply({ 'cache-control': 'max-age=60, stale-while-revalidate=10', etag: '"a"' }, `${index}`)
  })
  await client.get(path).text()
  clock.move(100_000)
  const stop = new AbortController()
  const waiting = client.get(path, { signal: stop.signal }).text()
  while (seen.length < 2) await new Promise(setImmediate)
  stop.abort()
  await assert.rejects(waiting, { kind: 'aborted' })
  hold.resolve()
  await client.get(path).text()
  clock.move(65_000)
  const leaving = new AbortController()
  assert.equal(await client.get(path, { signal: leaving.signal }).text(), '3')
  leaving.abort()
  await layer.idle()
  assert.equal(await client.get(path).text(), '4')
})

test('what layers further in put on a request counts for Vary', async () => {
  let cookie = 'user=ann'
  const jar: Layer = {
    name: 'cookies',
    around: next => (request, call) => next({ ...request, fields: { ...request.fields, cookie } }, call),
    adds: () => ({ cookie }),
  }
  const { client } = caching({}, [jar])
  const varying = resource(({ fields }) => reply({ ...fresh, vary: 'cookie' }, fields.cookie))
  const plain = resource(() => reply(fresh))
  for (const user of ['ann', 'bob', 'ann', 'bob']) {
    cookie = `user=${user}`
    assert.equal(await client.get(varying.path).text(), cookie)
    await client.get(plain.path).text()
  }
  assert.equal(varying.seen.length, 2)
  assert.equal(plain.seen.length, 1)
})

test('what one who is authorized was told is not told to another', async () => {
  let user = 'ann'
  const auth: Layer = { name: 'auth', around: next => next, adds: () => ({ authorization: user }) }
  const { client } = caching({}, [auth])
  const { path, seen } = resource(() => reply(fresh, user))
  assert.equal(await client.get(path).text(), 'ann')
  user = 'bob'
  assert.equal(await client.get(path).text(), 'bob')
  assert.equal(seen.length, 2)
})

test('an answer after redirections is kept for the target that gave it', async () => {
  const follow: Layer = {
    name: 'redirect',
    around: next => async (request, call) => {
      const url = request.url.replace(/from$/, '')
      const answer = await next({ ...request, url }, call)
      if (url === request.url) return answer
      return { ...answer, url, hops: [{ status: 302, method: request.method, url: request.url, location: url }] }
    },
  }
  const { client } = caching({}, [follow])
  const { path, seen } = resource(() => reply(fresh))
  await client.get(`${path}from`).text()
  await client.get(path).text()
  assert.equal(seen.length, 1)
  await client.get(`${path}from`).text()
  assert.equal(seen.length, 2)
})

test('a redirected write makes invalid where it led', async () => {
  const { path, seen } = resource(() => reply(fresh))
  const follow: Layer = {
    name: 'redirect',
    around: next => async (request, call) =>
      request.method === 'GET'
        ? next(request, call)
        : {
            ...(await next({ ...request, method: 'HEAD', url: server.url + path }, call)),
            hops: [{ status: 303, method: 'POST', url: request.url, location: path }],
          },
  }
  const { client } = caching({}, [follow])
  await client.get(path).text()
  await client.post('/cache/elsewhere', { body: {} })
  await client.get(path).text()
  assert.deepEqual(
    seen.map(({ method }) => method),
    ['GET', 'HEAD', 'GET'],
  )
})

test('clients share a store, and partitions do not', async () => {
  const store = memoryStore()
  const { path, seen } = resource(() => reply(fresh))
  for (const partition of ['', '', 'ann', 'bob', 'ann']) {
    const { client } = caching({ store, partition })
    await client.get(path).text()
  }
  assert.equal(seen.length, 3)
})

test('a file serves the next process, and holds no secret', async () => {
  const file = join(directory, 'cache.db')
  const { path, seen } = resource(({ fields }) =>
    reply({ ...fresh, vary: 'authorization, cookie' }, `hello ${fields.a}`),
  )
  const fields = { authorization: 'Bearer top-secret-token', cookie: 'sid=top-secret-cookie', a: '1' }
  for (let round = 0; round < 2; round++) {
    const store = sqliteStore(file)
    const { client } = caching({ store })
    const response = await client.get(path, { fields })
    assert.equal(await response.text(), 'hello 1')
    assert.equal(response.cached, round === 0 ? undefined : 'fresh')
    await store.close()
  }
  assert.equal(seen.length, 1)
  for (const name of readdirSync(directory))
    assert.doesNotMatch(readFileSync(join(directory, name), 'latin1'), /top-secret/)
})

test('an error that was stored is thrown again, with its problem', async () => {
  const { client } = caching()
  const problem = JSON.stringify({ title: 'Gone', detail: 'It was closed.' })
  const { path, seen } = resource(() => reply({ ...fresh, 'content-type': 'application/problem+json' }, problem, 410))
  for (let round = 0; round < 2; round++)
    await assert.rejects(client.get(path), { status: 410, message: /It was closed\.$/ })
  assert.equal(seen.length, 1)
})

test('calls of several users through one client are kept apart', async () => {
  const { client } = caching()
  const { path, seen } = resource(({ fields }) => reply({ ...fresh, vary: 'accept' }, fields.authorization))
  const users = [bearer('a'), bearer('b'), basic({ username: 'c', password: 'd' }), bearer('a'), 'none' as const]
  const told: string[] = []
  for (const auth of users) told.push(await client.get(path, auth === 'none' ? {} : { auth }).text())
  assert.deepEqual(told, ['Bearer a', 'Bearer b', `Basic ${btoa('c:d')}`, 'Bearer a', 'x'])
  assert.equal(seen.length, 4)
})

test('a redirection is asked for each time, and what it leads to is served', async () => {
  const { client } = caching()
  const { path, seen } = resource(() => reply(fresh))
  const moved = resource(() => reply({ location: path }, '', 302))
  await client.get(path).text()
  await client.get(moved.path).text()
  await client.get(moved.path).text()
  await client.get(path).text()
  assert.deepEqual([moved.seen.length, seen.length], [2, 3])
})

test('a stale answer stands in once the retries are over', async () => {
  const { client, clock } = caching()
  const { path, seen } = resource((_, index) =>
    index === 1 ? reply({ 'cache-control': 'max-age=60, stale-if-error=600' }) : reply({}, '', 503),
  )
  await client.get(path).text()
  clock.move(61_000)
  const response = await client.get(path)
  assert.equal(response.cached, 'stale')
  assert.equal(await response.text(), 'x')
  assert.equal(seen.length, 4)
})

// Equal requests that are under way at once are one exchange.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createClient, dedupe, type RequestOptions } from '@comity/client'
import type { Fields } from '@comity/http'
import { type Asked, type Reply, scriptedServer } from './scripted.ts'

const server = scriptedServer()
const client = () => {
  const made = createClient({ baseUrl: server.url, layers: [dedupe({ bytes: 100_000 })], retry: false, cache: false })
  after(() => made.close())
  return made
}

let paths = 0
/** A path that answers once `open` is called. */
function gate(answer: (asked: Asked, index: number) => Reply | 'cut' = (_, index) => reply(`answer ${index}`)) {
  const path = `/dedupe/${paths++}`
  const seen: Asked[] = []
  const gate = Promise.withResolvers<void>()
  server.script(path, async asked => {
    seen.push(asked)
    const index = seen.length
    await gate.promise
    return answer(asked, index)
  })
  const arrived = async (count = 1) => {
    while (seen.length < count) await new Promise(setImmediate)
    // And those that would follow it.
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
  }
  return { path, seen, open: gate.resolve, arrived }
}
const reply = (body: string, fields: Fields = {}, status = 200): Reply => ({ status, fields, body })

test('ten at once are one, and each has its own copy', async () => {
  const [api, { path, seen, open, arrived }] = [client(), gate()]
  const all = Array.from({ length: 10 }, () => api.get(path).bytes())
  await arrived()
  open()
  const contents = await Promise.all(all)
  assert.equal(seen.length, 1)
  contents[0]?.fill(0)
  for (const content of contents.slice(1)) assert.equal(new TextDecoder().decode(content), 'answer 1')
})

test('one after the other are two', async () => {
  const [api, { path, seen, open }] = [client(), gate()]
  open()
  assert.equal(await api.get(path).text(), 'answer 1')
  assert.equal(await api.get(path).text(), 'answer 2')
  assert.equal(seen.length, 2)
})

test('QUERY with the same content is one', async () => {
  const [api, { path, seen, open, arrived }] = [client(), gate()]
  const all = [{ a: 1 }, { a: 1 }, { a: 2 }].map(body => api.query(path, { body }).text())
  await arrived(2)
  open()
  await Promise.all(all)
  assert.equal(seen.length, 2)
})

const apart: readonly (readonly [name: string, one: RequestOptions, other: RequestOptions | undefined])[] = [
  ['another field', { fields: { accept: 'text/csv' } }, undefined],
  ['another authorization', { fields: { authorization: 'a' } }, { fields: { authorization: 'b' } }],
  ['Range', { fields: { range: 'bytes=0-1' } }, { fields: { range: 'bytes=0-1' } }],
  ['no-store', { fields: { 'cache-control': 'no-store' } }, { fields: { 'cache-control': 'no-store' } }],
  ['another wish of a layer', { cache: 'reload' }, undefined],
  ['told not to', { dedupe: false }, { dedupe: false }],
]
for (const [name, one, other] of apart)
  test(`not shared: ${name}`, async () => {
    const [api, { path, seen, open, arrived }] = [client(), gate()]
    const all = [api.get(path, one).text(), api.get(path, other ?? {}).text()]
    await arrived(2)
    open()
    await Promise.all(all)
    assert.equal(seen.length, 2)
  })

test('not shared: POST', async () => {
  const [api, { path, seen, open, arrived }] = [client(), gate()]
  const all = [api.post(path, { body: 1 }).text(), api.post(path, { body: 1 }).text()]
  await arrived(2)
  open()
  await Promise.all(all)
  assert.equal(seen.length, 2)
})

test('one that gives up before the answer does not take it from the others', async () => {
  const [api, { path, seen, open, arrived }] = [client(), gate()]
  const stop = new AbortController()
  const first = api.get(path, { signal: stop.signal }).text()
  await arrived()
  const others = [api.get(path).text(), api.get(path).text()]
  await arrived()
  stop.abort()
  await assert.rejects(first, { kind: 'aborted' })
  await arrived(2)
  open()
  assert.deepEqual(await Promise.all(others), ['answer 2', 'answer 2'])
  assert.equal(seen.length, 2)
})

test('one that joined may give up too', async () => {
  const [api, { path, seen, open, arrived }] = [client(), gate()]
  const first = api.get(path).text()
  await arrived()
  const stop = new AbortController()
  const second = api.get(path, { signal: stop.signal }).text()
  await arrived()
  stop.abort()
  await assert.rejects(second, { kind: 'aborted' })
  open()
  assert.equal(await first, 'answer 1')
  assert.equal(seen.length, 1)
})

test('one that leaves the content, or reads it slowly, keeps nobody waiting', async () => {
  const [api, { path, seen, open, arrived }] = [client(), gate()]
  const first = api.get(path)
  const second = api.get(path)
  await arrived()
  open()
  const response = await first
  assert.equal(await (await second).text(), 'answer 1')
  await response.discard()
  assert.equal(seen.length, 1)
})

test('a large content is not shared', async () => {
  const large = 'x'.repeat(300_000)
  const [api, { path, seen, open, arrived }] = [client(), gate(() => reply(large))]
  const all = [api.get(path).text(), api.get(path).text()]
  await arrived()
  open()
  assert.deepEqual(await Promise.all(all), [large, large])
  assert.equal(seen.length, 2)
})

test('a failure is shared', async () => {
  const [api, { path, seen, open, arrived }] = [client(), gate(() => 'cut')]
  const all = [api.get(path), api.get(path)]
  await arrived()
  open()
  for (const one of await Promise.allSettled(all)) assert.equal(one.status, 'rejected')
  assert.equal(seen.length, 1)
})

test('an error status is shared, with its content', async () => {
  const [api, { path, seen, open, arrived }] = [client(), gate(() => reply('no', {}, 404))]
  const all = [api.get(path), api.get(path)]
  await arrived()
  open()
  for (const one of all) await assert.rejects(one, { status: 404 })
  assert.equal(seen.length, 1)
})

test('the trace tells who shared', async () => {
  const [api, { path, open, arrived }] = [client(), gate()]
  const all = [api.get(path), api.get(path)]
  await arrived()
  open()
  const traces = (await Promise.all(all)).map(({ trace }) => trace.filter(({ layer }) => layer === 'dedupe').length)
  assert.deepEqual(traces, [0, 2])
})

// Lists in pages: by links, envelopes, cursors and offsets, ahead of the reader, and never round and round.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type ClientOptions, ComityError, createClient, type PagesOptions } from '@comity/client'
import type { Fields } from '@comity/http'
import { openAccount, serving, startBank } from '../support/bank.ts'
import { type Reply, scriptedServer } from './scripted.ts'

let account = ''
const bank = serving(async () => {
  const served = await startBank()
  account = (await openAccount(served)).path
  const rows = Array.from({ length: 57 }, (_, n) => ({ type: 'credit', amount: `${n + 1}.00`, date: '2014-12-31' }))
  await served.call('POST', `${account}/transactions`, {}, rows)
  return served
})
const server = scriptedServer()
const client = (options: ClientOptions = {}) => {
  const made = createClient({ baseUrl: server.url, cache: false, ...options })
  after(() => made.close())
  return made
}
const json = (body: unknown, fields: Fields = {}): Reply => ({
  status: 200,
  fields: { 'content-type': 'application/json', ...fields },
  body: JSON.stringify(body),
})
let lists = 0
/** A list of `count` numbers in pages of `size`: `page` tells what page `n` (from 0) is answered. */
function list(page: (n: number, path: (n: number) => string) => Reply | Promise<Reply>, count = 4) {
  const name = `/list/${lists++}`
  const asked: number[] = []
  const path = (n: number) => `${name}?page=${n}`
  for (let n = 0; n < count; n++)
    server.script(path(n), () => {
      asked.push(n)
      return page(n, path)
    })
  server.script(name, () => {
    asked.push(0)
    return page(0, path)
  })
  return { path: name, asked }
}
const numbers = (n: number) => [3 * n, 3 * n + 1, 3 * n + 2]
const linked = (last = 3) =>
  list((n, path) => json(numbers(n), n < last ? { link: `<${path(n + 1)}>; rel="next"` } : {}))
const twelve = Array.from({ length: 12 }, (_, n) => n)

test('the bank, by its links', async () => {
  const api = client({ baseUrl: bank.url })
  const amounts: string[] = []
  const params = { limit: 10, sort: 'amount' }
  for await (const { amount } of api.pages<{ amount: string }>(`${account}/transactions`, { params }))
    amounts.push(amount)
  assert.deepEqual(
    amounts,
    Array.from({ length: 57 }, (_, n) => `${n + 1}.00`),
  )
  let pages = 0
  for await (const { items } of api.pages(`${account}/transactions`, { params }).byPage()) {
    pages++
    assert.ok(items.length <= 10)
  }
  assert.equal(pages, 6)
})

test('the bank, in CSV and NDJSON', async () => {
  for (const accept of ['text/csv', 'application/x-ndjson']) {
    const rows = await client({ baseUrl: bank.url })
      .pages<{ amount: string }>(`${account}/transactions`, {
        params: { limit: 20, sort: 'amount' },
        fields: { accept },
      })
      .all()
    assert.equal(rows.length, 57)
    assert.equal(rows[56]?.amount, '57.00')
  }
})

type Form = readonly [name: string, page: Parameters<typeof list>[0], options?: PagesOptions]
const last = 3
const forms: readonly Form[] = [
  ['Link', (n, path) => json(numbers(n), n < last ? { link: `<${path(n + 1)}>; rel="next"` } : {})],
  [
    'Link among others',
    (n, path) =>
      json(numbers(n), { link: `<${path(0)}>; rel="first"${n < last ? `, <${path(n + 1)}>; rel="next last"` : ''}` }),
  ],
  ['a member with the items in another', (n, path) => json({ items: numbers(n), next: n < last ? path(n + 1) : null })],
  ['HAL', (n, path) => json({ results: numbers(n), _links: n < last ? { next: { href: path(n + 1) } } : {} })],
  [
    'OData',
    (n, path) => json({ value: numbers(n), ...(n < last ? { '@odata.nextLink': `${server.url}${path(n + 1)}` } : {}) }),
  ],
  [
    'items told',
    (n, path) => json({ a: { b: numbers(n) }, c: [], next: n < last ? path(n + 1) : '' }),
    { items: '/a/b' },
  ],
  [
    'items found by a function',
    (n, path) => json({ a: numbers(n).map(x => [x]), c: [], next: n < last ? path(n + 1) : '' }),
    { items: body => (body as { a: number[][] }).a.map(([x]) => x) },
  ],
  [
    'a cursor',
    n => json({ data: numbers(n), meta: { cursor: n < last ? `${n + 1}` : null } }),
    { next: { by: 'member', pointer: '/meta/cursor', word: 'page' } },
  ],
  [
    'a member told',
    (n, path) => json({ data: numbers(n), more: n < last ? path(n + 1) : null }),
    { next: { by: 'member', pointer: '/more' } },
  ],
  ['page numbers', n => json(n > last ? [] : numbers(n)), { next: { by: 'page' }, params: { page: 0 }, maxPages: 4 }],
]
for (const [name, page, options] of forms)
  test(`pages by ${name}`, async () => {
    const { path, asked } = list(page)
    assert.deepEqual(await client().pages(path, options).all(), twelve)
    assert.deepEqual(asked, [0, 1, 2, 3])
  })

for (const [name, next] of [
  ['found out', undefined],
  ['told', { by: 'offset' } as const],
] as const)
  test(`pages by offset, ${name}`, async () => {
    for (const offset of ['', '&offset=5', '&offset=10'])
      server.script(`/offset?limit=5${offset}`, () => {
        const at = Number(offset.split('=')[1] ?? 0)
        return json(twelve.slice(at, at + 5))
      })
    const options = { params: { limit: 5 }, ...(next === undefined ? {} : { next }) }
    assert.deepEqual(await client().pages('/offset', options).all(), twelve)
  })

test('a server that does not know the offset is found out', async () => {
  const same = () => json([1, 2])
  for (const offset of ['', '&offset=2', '&offset=4']) server.script(`/deaf?limit=2${offset}`, same)
  const read: unknown[] = []
  await assert.rejects(async () => {
    for await (const item of client().pages('/deaf', { params: { limit: 2 } })) read.push(item)
  }, /circle/)
  assert.deepEqual(read, [1, 2])
})

for (const [name, to] of [
  ['to itself', (n: number) => n],
  ['back', (n: number) => (n + 1) % 3],
] as const)
  test(`links that lead ${name} are found out`, async () => {
    const { path } = list((n, path) => json(numbers(n), { link: `<${path(to(n))}>; rel=next` }))
    await assert.rejects(
      client().pages(path).all(),
      (error: unknown) => error instanceof ComityError && /circle/.test(error.message),
    )
  })

test('another origin is refused, unless told', async () => {
  const { path, asked } = list((n, path) =>
    json(
      numbers(n),
      n < 1 ? { link: `<${server.url.replace('127.0.0.1', 'localhost')}${path(n + 1)}>; rel=next` } : {},
    ),
  )
  await assert.rejects(client().pages(path).all(), /another origin/)
  assert.deepEqual(asked, [0])
  assert.equal((await client().pages(path, { otherOrigins: 'follow' }).all()).length, 6)
})

test('no more than asked for', async () => {
  const { path, asked } = linked()
  assert.deepEqual(await client().pages(path, { maxItems: 4 }).all(), [0, 1, 2, 3])
  assert.deepEqual(await client().pages(path, { maxPages: 2 }).all(), [0, 1, 2, 3, 4, 5])
  assert.deepEqual(await client().pages(path, { maxItems: 0 }).all(), [])
  assert.ok(Math.max(...asked) <= 2)
})

test('the next page is asked for ahead, one and no more; or not', async () => {
  for (const prefetch of [true, false]) {
    const { path, asked } = linked()
    const pages = client().pages(path, { prefetch })[Symbol.asyncIterator]()
    await pages.next()
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate)
    assert.deepEqual(asked, prefetch ? [0, 1] : [0])
    await pages.return()
  }
})

test('who leaves lets go of what was asked ahead', async () => {
  const hold = Promise.withResolvers<void>()
  const { path, asked } = list(async (n, path) => {
    if (n > 0) await hold.promise
    return json(numbers(n), { link: `<${path(n + 1)}>; rel=next` })
  })
  const api = client()
  for await (const _ of api.pages(path)) break
  // Nothing is under way any more, or this would wait for it.
  await api.close()
  hold.resolve()
  assert.ok(asked.length <= 2)
})

test('a token goes on behind what was used', async () => {
  const { path, asked } = linked()
  for (const used of [1, 2, 3, 4, 11]) {
    const pages = client().pages<number>(path)
    assert.equal(pages.token, undefined)
    let count = 0
    for await (const _ of pages) if (++count === used) break
    const from = pages.token
    assert.ok(from !== undefined)
    assert.deepEqual(await client().pages(path, { from }).all(), twelve.slice(used), `after ${used}`)
  }
  const pages = client().pages(path)
  await pages.all()
  assert.equal(pages.token, undefined)
  asked.length = 0
  const tokens: (string | undefined)[] = []
  for await (const { token } of client().pages(path).byPage()) tokens.push(token)
  assert.equal(tokens[3], undefined)
  asked.length = 0
  assert.deepEqual(
    await client()
      .pages(path, { from: tokens[1] ?? '' })
      .all(),
    twelve.slice(6),
  )
  assert.deepEqual(asked, [2, 3])
  assert.throws(() => client().pages(path, { from: 'nonsense' }), TypeError)
})

test('what is no list is said to be none', async () => {
  server.script('/no-list', () => json({ a: 1 }))
  await assert.rejects(client().pages('/no-list').all(), /no page of a list/)
})

test('a failure comes when its page does', async () => {
  const { path } = list((n, path) =>
    n === 1 ? { status: 404, fields: {}, body: '' } : json(numbers(n), { link: `<${path(n + 1)}>; rel=next` }),
  )
  const read: unknown[] = []
  await assert.rejects(
    async () => {
      for await (const item of client().pages(path)) read.push(item)
    },
    { status: 404 },
  )
  assert.deepEqual(read, [0, 1, 2])
})

// RFC 9110 §9.3.2: HEAD is GET without the content. RFC 10008: QUERY is GET with the question in the content.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openAccount, serving, startBank } from '../support/bank.ts'
import type { Fields } from '../support/call.ts'
import { idsOf, linksOf } from '../support/read-list.ts'
import { answerTo, requestText } from '../support/wire.ts'

const bank = serving(startBank)

/** Of the connection, or of the moment. */
const hopByHop = new Set(['date', 'connection', 'keep-alive'])

const about = (fields: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !hopByHop.has(name)))

const targets: readonly (readonly [path: string, fields?: Fields])[] = [
  ['/accounts'],
  ['/accounts.csv?limit=3&sort=-balance'],
  ['/accounts', { accept: 'application/xml' }],
  ['/accounts', { prefer: 'count=exact' }],
  ['/accounts', { 'if-none-match': '*' }],
  ['/accounts', { 'if-match': '"x"' }],
  ['/accounts', { accept: 'image/png' }],
  ['/accounts?what=1'],
  ['/accounts/'],
  ['/accounts/none'],
  ['/accounts/none.xml', { 'accept-language': 'ru' }],
  ['/accounts?what=1&always_success_code=true'],
  ['/rates/EUR-CNY'],
  ['/rates/EUR-CNY.xml?fields=rate'],
  ['/rates/EUR-CNY', { 'if-modified-since': 'Fri, 01 Jan 2100 00:00:00 GMT' }],
  ['/convert?from=EUR&to=CNY&amount=3'],
  ['/convert?from=EUR&to=XXX&amount=3'],
  ['/convert'],
  ['/'],
  ['/', { accept: 'text/html' }],
  ['/jobs'],
  ['/jobs.xml'],
  ['/jobs/none'],
  ['/jobs/none/result'],
  ['/transfers'],
  ['/accounts.ndjson?limit=2'],
  ['/accounts.cbor?limit=2'],
  ['/openapi.json'],
  ['/docs'],
  ['/problems'],
  ['/problems/gone', { accept: 'text/html', 'accept-language': 'vi' }],
  ['/livez'],
  ['/readyz'],
  ['/nothing'],
]

for (const [path, fields] of targets)
  test(`HEAD ${path} ${JSON.stringify(fields ?? {})}`, async () => {
    const head = await bank.call('HEAD', path, fields)
    const get = await bank.call('GET', path, fields)
    assert.equal(head.text, '')
    assert.deepEqual({ status: head.status, ...about(head.fields) }, { status: get.status, ...about(get.fields) })
  })

test('HEAD of a whole list says what GET says, but how the content is framed', async () => {
  for (const path of [
    '/accounts?limit=all',
    '/accounts.csv?limit=all',
    '/accounts.xml?limit=all&fields=id',
    '/accounts.ndjson?limit=all',
    '/accounts.cbor?limit=all',
  ]) {
    const head = about((await bank.call('HEAD', path)).fields)
    const { 'transfer-encoding': framing, ...get } = about((await bank.call('GET', path)).fields)
    assert.equal(framing, 'chunked')
    const { 'transfer-encoding': _, ...said } = head
    assert.deepEqual(said, get)
  }
})

test('HEAD before GET and after it, of what nobody has asked for before', async () => {
  const { path } = await openAccount(bank)
  const first = await bank.call('HEAD', path)
  const get = await bank.call('GET', path)
  const second = await bank.call('HEAD', path)
  assert.deepEqual([about(first.fields), about(second.fields)], [about(get.fields), about(get.fields)])
  assert.equal(Number(first.fields['content-length']), Buffer.byteLength(get.text))
})

const questions: readonly (readonly [words: string, json: unknown])[] = [
  ['', {}],
  ['limit=5', { limit: 5 }],
  ['type=savings', { type: 'savings' }],
  ['type=savings,credit&limit=4', { type: ['savings', 'credit'], limit: 4 }],
  ['fields=id,name&sort=-name,currency', { fields: ['id', 'name'], sort: ['-name', 'currency'] }],
  ['balance.gte=100.00&currency=EUR', { 'balance.gte': '100.00', currency: 'EUR' }],
  ['balance.gte=100&balance.lt=2000.5', { 'balance.gte': 100, 'balance.lt': 2000.5 }],
  ['name.like=House*&limit=2&offset=1', { 'name.like': 'House*', limit: 2, offset: 1 }],
  ['limit=all&type=current', { limit: 'all', type: 'current' }],
]

const form = { 'content-type': 'application/x-www-form-urlencoded' }

for (const [words, json] of questions)
  for (const accept of ['application/json', 'application/xml', 'text/csv', 'application/x-ndjson', 'application/cbor'])
    test(`QUERY ${words} as ${accept}`, async () => {
      const get = await bank.call('GET', `/accounts?${words}`, { accept })
      const asked = [
        await bank.call('QUERY', '/accounts', { accept }, json),
        await bank.call('QUERY', '/accounts', { accept, ...form }, words || '&'),
      ]
      for (const answer of asked) {
        const { etag, ...fields } = about(answer.fields)
        const { etag: _, ...expected } = about(get.fields)
        assert.equal(answer.text, get.text)
        assert.ok(etag)
        assert.deepEqual(Object.keys(fields).sort(), Object.keys(expected).sort())
        assert.equal(fields.vary, 'accept, prefer, api-version, accept-encoding')
        for (const [rel, target] of Object.entries(linksOf(answer))) {
          const page = await bank.call('GET', target, { accept })
          const same = await bank.call('GET', linksOf(get)[rel] ?? '', { accept })
          assert.deepEqual(idsOf(page), idsOf(same), rel)
        }
      }
      assert.equal(asked[0]?.fields.etag, asked[1]?.fields.etag, 'one question, one tag')
    })

test('a QUERY is conditional, and its tag is that of the question', async () => {
  const ask = (body: unknown, fields: Fields = {}) => bank.call('QUERY', '/accounts', fields, body)
  const { etag } = (await ask({ type: 'savings' })).fields
  assert.equal((await ask({ type: 'savings' }, { 'if-none-match': etag })).status, 304)
  assert.equal((await ask({ type: 'credit' }, { 'if-none-match': etag })).status, 200)
  assert.equal((await ask({ type: 'savings' }, { 'if-match': '"x"' })).status, 412)
  await openAccount(bank)
  assert.equal((await ask({ type: 'savings' }, { 'if-none-match': etag })).status, 200)
})

test('the query of the URL and that of the content are asked together', async () => {
  const both = await bank.call('QUERY', '/accounts?type=savings&limit=3', {}, { currency: 'EUR' })
  const get = await bank.call('GET', '/accounts?type=savings&limit=3&currency=EUR')
  assert.equal(both.text, get.text)
})

test('what is wrong with a QUERY is told by pointer', async () => {
  const answer = await bank.call('QUERY', '/accounts', {}, { curency: 'EUR', limit: [5, {}] })
  assert.equal(answer.status, 400)
  assert.deepEqual(
    answer.json().errors.map((error: { pointer: string }) => error.pointer),
    ['/limit/1'],
  )
  const unknown = await bank.call('QUERY', '/accounts', {}, { curency: 'EUR' })
  assert.equal(unknown.json().errors[0].pointer, '/curency')
  assert.equal((await bank.call('QUERY', '/accounts', {}, '{')).json().code, 'malformed-content')
  assert.equal((await answerTo(bank.url, requestText('QUERY /accounts')))?.status, 411)
})

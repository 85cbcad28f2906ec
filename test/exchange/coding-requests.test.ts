// Contents of requests in content codings: every coding, method and format; what is cut, damaged, unknown or a bomb.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import zlib from 'node:zlib'
import { encode as toCbor } from 'cborg'
import { serving, startApi } from '../support/bank.ts'
import { codings, encode, exchange } from '../support/coded.ts'
import { codingApi, long } from '../support/coding-api.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'
import { answerTo, openWire, requestText } from '../support/wire.ts'

const api = serving(() => startApi(codingApi()))
const ask = (method: string, path: string, fields = {}, body?: string | Uint8Array) =>
  exchange(method, api.url + path, fields, body)

let made = 0
const fresh = () => `r${++made}`

for (const coding of codings)
  test(`${coding}: every method and format`, async () => {
    const coded = { 'content-encoding': coding }
    const id = fresh()
    const path = `/notes/${id}`
    const item = (title: string) => ({ title, body: long })
    const put = await ask('PUT', path, { ...coded, 'if-none-match': '*' }, encode[coding](JSON.stringify(item('Put'))))
    assert.deepEqual([put.status, JSON.parse(put.text).body], [201, long])
    const merged = await ask('PATCH', path, coded, encode[coding]('{"title":"Merged"}'))
    assert.equal(JSON.parse(merged.text).title, 'Merged')
    const patch = '[{"op":"replace","path":"/title","value":"Patched"}]'
    const type = { 'content-type': 'application/json-patch+json' }
    const patched = await ask('PATCH', path, { ...coded, ...type }, encode[coding](patch))
    assert.equal(JSON.parse(patched.text).title, 'Patched')
    const many = await ask('PATCH', '/notes', coded, encode[coding](JSON.stringify([{ id, title: 'Many' }])))
    assert.equal(JSON.parse(many.text)[0].title, 'Many')
    const found = await ask('QUERY', '/notes', coded, encode[coding](JSON.stringify({ id })))
    assert.deepEqual([found.status, JSON.parse(found.text).length], [200, 1])
    const told = await ask('POST', '/tell', coded, encode[coding]('{"word":"a"}'))
    assert.equal(JSON.parse(told.text).text, 'a'.repeat(400))
    const row = { id: fresh(), title: 'Row', body: null }
    const contents = {
      'application/json': JSON.stringify(row),
      'application/xml': `<note><id>${row.id}</id><title>Row</title></note>`,
      'text/csv': `id,title\r\n${row.id},Row\r\n`,
      'application/x-ndjson': `${JSON.stringify(row)}\n`,
      'application/cbor': toCbor(row),
    }
    for (const [mediaType, content] of Object.entries(contents)) {
      const fields = { ...coded, 'content-type': mediaType, prefer: 'return=minimal' }
      const created = await ask('POST', '/notes', fields, encode[coding](content))
      assert.equal(created.status, 201, `${mediaType} ${created.text}`)
      const read = await ask('GET', `/notes/${row.id}`)
      assert.equal(JSON.parse(read.text).title, 'Row')
      await ask('DELETE', `/notes/${row.id}`)
    }
  })

test('lists of codings, other names, none', async () => {
  const content = '{"word":"a"}'
  const rows = [
    ['x-gzip', encode.gzip(content)],
    ['GZIP', encode.gzip(content)],
    ['identity', content],
    ['', content],
    ['gzip, identity', encode.gzip(content)],
    ['gzip, br', encode.br(encode.gzip(content))],
    ['zstd, deflate', encode.deflate(encode.zstd(content))],
  ] as const
  for (const [field, body] of rows)
    assert.equal((await ask('POST', '/tell', { 'content-encoding': field }, body)).status, 200, field)
})

test('415 says which codings are read; a 415 for the media type does not', async () => {
  for (const field of ['compress', 'gzip, compress', 'gzip;q=1', 'gzip, gzip, gzip']) {
    const answer = await ask('POST', '/notes', { 'content-encoding': field }, '{}')
    assert.deepEqual(
      [answer.status, JSON.parse(answer.text).code, answer.fields['accept-encoding']],
      [415, 'unsupported-content-coding', 'gzip, deflate, br, zstd'],
      field,
    )
  }
  const type = await ask('POST', '/notes', { 'content-type': 'application/yaml', 'content-encoding': 'gzip' }, 'a: 1')
  assert.deepEqual([type.status, type.fields['accept-encoding']], [415, undefined])
  for (const [path, offered] of [
    ['/notes', 'gzip, deflate, br, zstd'],
    ['/notes/long', 'gzip, deflate, br, zstd'],
    ['/tell', 'gzip, deflate, br, zstd'],
    ['/echo', undefined],
    ['/docs', undefined],
  ] as const)
    assert.equal((await ask('OPTIONS', path)).fields['accept-encoding'], offered, path)
})

test('what is cut, damaged, followed by something else or not coded at all is 400, and nothing is done', async () => {
  for (const coding of codings) {
    const id = fresh()
    const whole = encode[coding](JSON.stringify({ id, title: 'Whole', body: long }))
    const damaged = Buffer.from(whole)
    damaged.fill(0xff, 4, 24)
    const spoiled: Readonly<Record<string, Uint8Array>> = {
      cut: whole.subarray(0, whole.length - 6),
      damaged,
      plain: Buffer.from(JSON.stringify({ id, title: 'Plain' })),
      followed: Buffer.concat([whole, Buffer.from('{"and":"more"}')]),
    }
    for (const [how, body] of Object.entries(spoiled)) {
      const { status, text } = await ask('POST', '/notes', { 'content-encoding': coding }, body)
      const { code, detail } = JSON.parse(text)
      assert.deepEqual([status, code], [400, 'undecodable-content'], `${coding} ${how}: ${text}`)
      assert.match(detail, new RegExp(`^The content is not what ${coding} makes: .+\\.$`))
      if (how === 'cut') assert.match(detail, /it ends before it is whole/)
    }
    assert.equal((await ask('GET', `/notes/${id}`)).status, 404)
    const empty = await ask('POST', '/notes', { 'content-encoding': coding }, '')
    assert.equal(empty.status, 400)
  }
})

test('a repeat with its key is the same request in whatever coding it comes', async () => {
  const content = JSON.stringify({ id: fresh(), title: 'Once' })
  const key = { 'idempotency-key': '"coded-repeat"' }
  const first = await ask('POST', '/notes', key, content)
  assert.equal(first.status, 201)
  for (const coding of codings) {
    const again = await ask('POST', '/notes', { ...key, 'content-encoding': coding }, encode[coding](content))
    assert.deepEqual([again.status, again.fields['idempotency-replayed']], [201, 'true'])
  }
  const other = await ask('POST', '/notes', { ...key, 'content-encoding': 'gzip' }, encode.gzip(`[${content}]`))
  assert.equal(other.status, 422)
})

test('the limit is of what is decoded; an import streams, and repeats the same in every coding', async () => {
  const rows = Array.from({ length: 60_000 }, (_, n) => `${fresh()},${n * 7919} and ${(n * 31) % 1009} of something`)
  const csv = `id,title\r\n${rows.join('\r\n')}\r\n`
  const fields = { 'content-type': 'text/csv', 'idempotency-key': '"coded-import"' }
  const small = await startApi(codingApi({ limits: { body: 65_536 } }))
  try {
    const first = await exchange(
      'POST',
      `${small.url}/notes`,
      { ...fields, 'content-encoding': 'zstd' },
      encode.zstd(csv),
    )
    assert.deepEqual([first.status, first.fields['x-total-count']], [201, '60000'])
    const again = await exchange('POST', `${small.url}/notes`, fields, csv)
    assert.deepEqual([again.status, again.fields['idempotency-replayed']], [201, 'true'])
    const large = encode.gzip(JSON.stringify({ title: 'Large', body: long.repeat(20) }))
    assert.ok(large.length < 65_536)
    const refused = await exchange('POST', `${small.url}/notes`, { 'content-encoding': 'gzip' }, large)
    assert.deepEqual([refused.status, JSON.parse(refused.text).limit], [413, 65_536])
  } finally {
    await small.close()
  }
})

test('deferred, it is decoded once', async () => {
  const body = encode.br(JSON.stringify({ id: fresh(), title: 'Later' }))
  const fields = { 'content-encoding': 'br', prefer: 'respond-async, wait=10' }
  const answer = await ask('POST', '/notes', fields, body)
  assert.deepEqual([answer.status, JSON.parse(answer.text).title], [201, 'Later'])
})

test('it comes in pieces of any size, and in chunks', async () => {
  for (const coding of codings) {
    const bytes = encode[coding](JSON.stringify({ id: fresh(), title: 'Pieces', body: long }))
    const wire = await openWire(api.url)
    wire.send(
      `POST /notes HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-encoding: ${coding}\r\ntransfer-encoding: chunked\r\n\r\n`,
    )
    for (const byte of bytes) wire.send(Buffer.concat([Buffer.from('1\r\n'), Buffer.of(byte), Buffer.from('\r\n')]))
    wire.send('0\r\n\r\n')
    assert.equal((await wire.next())?.status, 201, coding)
    wire.close()
  }
})

let server: ServerProcess
before(async () => {
  server = await startServer(new URL('../support/failing-api.ts', import.meta.url))
})
after(() => server.stop())

/** In bytes. */
const memoryOf = ({ child: { pid } }: ServerProcess): number =>
  1024 * Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1])

/** Ten million bytes of gzip members, each of which unfolds to ten million zeros: ten billion in all. */
function bomb(): Buffer {
  const member = zlib.gzipSync(Buffer.alloc(10_000_000), { level: 9 })
  return Buffer.concat(Array.from({ length: Math.floor(10_000_000 / member.length) }, () => member))
}

test('bombs are refused early, in flat memory', { skip: process.platform !== 'linux' && 'reads /proc' }, async t => {
  const flat = bomb()
  const nested = zlib.gzipSync(flat, { level: 9 })
  const chunked = (bytes: Buffer) =>
    Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n0\r\n\r\n')])
  const json = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }
  const csv = { 'content-type': 'text/csv' }
  const rows: readonly (readonly [what: string, fields: Readonly<Record<string, string>>, body: Buffer])[] = [
    ['an item', { ...json, 'content-encoding': 'gzip' }, chunked(flat)],
    ['an item in two codings', { ...json, 'content-encoding': 'gzip, gzip' }, chunked(nested)],
    ['an import', { ...csv, 'content-encoding': 'gzip' }, flat],
    ['an import in two codings', { ...csv, 'content-encoding': 'gzip, gzip' }, nested],
  ]
  // What the first request costs any process is no part of it.
  await answerTo(
    server.url,
    requestText('POST /notes', { ...csv, 'content-encoding': 'gzip' }, encode.gzip('title\r\na\r\n')),
  )
  for (const [what, fields, body] of rows) {
    const [before, began] = [memoryOf(server), performance.now()]
    let most = before
    const watch = setInterval(() => {
      most = Math.max(most, memoryOf(server))
    }, 5)
    const text = requestText('POST /notes', fields, fields['transfer-encoding'] ? '' : body)
    const answer = await answerTo(server.url, fields['transfer-encoding'] ? Buffer.concat([text, body]) : text)
    clearInterval(watch)
    assert.equal(answer?.status, 413, what)
    t.diagnostic(
      `${what}: ${body.length} bytes sent, ${Math.round(performance.now() - began)} ms, ${Math.round((most - before) / 1e6)} MB more at most`,
    )
    assert.ok(most - before < 64_000_000, `${what}: ${most - before} bytes more`)
  }
})

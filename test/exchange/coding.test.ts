// Answers in the content coding that Accept-Encoding asks for: every coding, method, format and kind of answer.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serving, startApi } from '../support/bank.ts'
import { type CodedAnswer, codings, exchange } from '../support/coded.ts'
import { codingApi, long } from '../support/coding-api.ts'

const api = serving(() => startApi(codingApi()))
const ask = (method: string, path: string, fields = {}, body?: string | Uint8Array) =>
  exchange(method, api.url + path, fields, body)

const targets = [
  '/notes/long',
  '/notes/long.xml',
  '/notes/long.csv',
  '/notes/long.ndjson',
  '/notes/longest',
  '/notes',
  '/notes.csv?limit=2',
  '/notes.xml?limit=all',
  '/notes?limit=all',
  `/echo?word=${'abc'.repeat(20)}`,
  '/openapi.json',
  '/docs',
  '/problems',
  '/',
]

for (const coding of codings)
  test(`${coding}: GET and HEAD of everything, whole and conditional`, async () => {
    const asked = { 'accept-encoding': coding }
    for (const path of targets) {
      const plain = await ask('GET', path)
      const coded = await ask('GET', path, asked)
      const about = `${coding} ${path}`
      assert.equal(plain.fields['content-encoding'], undefined, about)
      if (plain.bytes.length < 1_024) {
        assert.deepEqual(coded.bytes, plain.bytes, about)
        continue
      }
      assert.deepEqual([coded.status, coded.fields['content-encoding']], [200, coding], about)
      assert.equal(coded.text, plain.text, about)
      assert.ok(coded.bytes.length < plain.bytes.length / 2, about)
      assert.match(plain.fields.vary ?? '', /accept-encoding/, about)
      assert.equal(coded.fields.vary, plain.fields.vary, about)
      assert.equal(coded.fields.etag, `${plain.fields.etag?.slice(0, -1)}.${coding}"`, about)
      if (!path.includes('limit=all')) assert.equal(coded.fields['content-length'], String(coded.bytes.length), about)

      const again = await ask('GET', path, asked)
      assert.deepEqual([again.bytes, without(again.fields)], [coded.bytes, without(coded.fields)], about)
      const head = await ask('HEAD', path, asked)
      assert.equal(head.bytes.length, 0)
      assert.deepEqual([head.status, without(head.fields)], [200, without(coded.fields)], about)

      for (const method of ['GET', 'HEAD'])
        for (const [tag, status] of [
          [coded.fields.etag, 304],
          [plain.fields.etag, 304],
          [`W/${coded.fields.etag}`, 304],
          [coded.fields.etag?.replace(/\.\w+"$/, coding === 'br' ? '.gzip"' : '.br"'), 200],
          ['*', 304],
        ] as const) {
          const known = await ask(method, path, { ...asked, 'if-none-match': tag })
          assert.equal(known.status, status, `${about} ${method} ${tag}`)
          assert.equal(known.fields.vary, coded.fields.vary, `${about} ${tag}`)
          const named: string | undefined = tag === '*' || status === 200 ? coded.fields.etag : tag?.replace('W/', '')
          assert.equal(known.fields.etag, named, `${about} ${tag}`)
          if (status === 304) assert.equal(known.fields['content-encoding'], undefined)
        }
      const strict = { 'accept-encoding': `${coding}, identity;q=0` }
      const forced = await ask('GET', path, { ...strict, 'if-none-match': plain.fields.etag })
      assert.deepEqual([forced.status, forced.fields.etag], [200, coded.fields.etag], about)
    }
  })

/** All but the time at which it was said, and how it was framed. */
function without(all: CodedAnswer['fields']): CodedAnswer['fields'] {
  const { date: _, 'keep-alive': __, 'transfer-encoding': ___, ...fields } = all
  return fields
}

test('what is short is not compressed, unless it must be', async () => {
  const path = '/notes/short'
  const plain = await ask('GET', path)
  const small = await ask('GET', path, { 'accept-encoding': 'gzip, br' })
  assert.deepEqual([small.bytes, without(small.fields)], [plain.bytes, without(plain.fields)])
  for (const coding of codings) {
    const fields = { 'accept-encoding': `${coding}, *;q=0` }
    const forced = await ask('GET', path, fields)
    assert.deepEqual([forced.fields['content-encoding'], forced.text], [coding, plain.text])
    assert.deepEqual(without((await ask('HEAD', path, fields)).fields), without(forced.fields))
    // What was kept for one client is not what another gets.
    const other = await ask('GET', path, { 'accept-encoding': coding })
    assert.deepEqual([other.fields['content-encoding'], other.fields.etag], [undefined, plain.fields.etag])
  }
})

test('a write answers in a coding, and any of the tags guards the next write', async () => {
  for (const coding of codings)
    for (const method of ['PUT', 'PATCH'] as const) {
      const asked = { 'accept-encoding': coding }
      const content = (title: string) => JSON.stringify({ title, body: long })
      const path = `/notes/${method.toLowerCase()}-${coding}`
      const made = await ask('PUT', path, { ...asked, 'if-none-match': '*' }, content('First'))
      assert.deepEqual([made.status, made.fields['content-encoding']], [201, coding])
      const read = await ask('GET', path, asked)
      assert.deepEqual([read.fields.etag, read.text], [made.fields.etag, made.text])
      let etag = made.fields.etag
      for (const other of [...codings, 'identity']) {
        const guard = etag?.replace(/\.\w+"$/, other === 'identity' ? '"' : `.${other}"`)
        const written = await ask(method, path, { ...asked, 'if-match': guard }, content(other))
        assert.deepEqual([written.status, written.fields['content-encoding']], [200, coding], `${coding} ${other}`)
        const late = await ask(method, path, { 'if-match': guard }, content('late'))
        assert.equal(late.status, 412)
        etag = written.fields.etag
      }
      const deleted = await ask('DELETE', path, { ...asked, 'if-match': etag })
      assert.deepEqual([deleted.status, deleted.fields['content-encoding']], [204, undefined])
    }
})

test('POST, QUERY, lists, a repeat with a key, a dry run', async () => {
  const body = JSON.stringify([{ id: 'p1', title: 'Many', body: long }])
  const key = { 'idempotency-key': '"coding-1"' }
  const made = await ask('POST', '/notes', { ...key, 'accept-encoding': 'gzip' }, body)
  assert.deepEqual([made.status, made.fields['content-encoding']], [201, 'gzip'])
  const again = await ask('POST', '/notes', { ...key, 'accept-encoding': 'br' }, body)
  assert.deepEqual([again.status, again.fields['content-encoding'], again.text], [201, 'br', made.text])
  const plain = await ask('POST', '/notes', key, body)
  assert.deepEqual([plain.fields['content-encoding'], plain.text], [undefined, made.text])
  const dry = await ask('PATCH', '/notes/long', { prefer: 'dry-run', 'accept-encoding': 'zstd' }, '{"title":"Dry"}')
  assert.deepEqual([dry.status, dry.fields['content-encoding'], dry.fields.etag], [200, 'zstd', undefined])
  const told = await ask('POST', '/tell', { 'accept-encoding': 'zstd' }, '{"word":"abc"}')
  assert.deepEqual([told.status, told.fields['content-encoding']], [200, 'zstd'])
  const found = await ask('QUERY', '/notes', { 'accept-encoding': 'deflate' }, '{}')
  assert.deepEqual([found.status, found.fields['content-encoding']], [200, 'deflate'])
  const known = { 'accept-encoding': 'deflate', 'if-none-match': found.fields.etag }
  assert.equal((await ask('QUERY', '/notes', known, '{}')).status, 304)
})

test('problems are compressed where they are long, and never 406 for their coding', async () => {
  const words = Array.from({ length: 40 }, (_, n) => `unknown${n}=1`).join('&')
  const path = `/notes?${words}`
  for (const coding of codings) {
    const answer = await ask('GET', path, { 'accept-encoding': coding })
    assert.deepEqual([answer.status, answer.fields['content-encoding']], [400, coding])
    assert.equal(JSON.parse(answer.text).code, 'invalid-query')
  }
  const none = await ask('GET', '/nothing', { 'accept-encoding': 'identity;q=0' })
  assert.deepEqual([none.status, none.fields['content-encoding']], [404, undefined])
})

test('406 lists the codings that are offered', async () => {
  for (const [path, offered] of [
    ['/notes/long', ['zstd', 'br', 'gzip', 'deflate', 'identity']],
    ['/docs', ['zstd', 'br', 'gzip', 'deflate', 'identity']],
    ['/secrets/long', ['identity']],
  ] as const) {
    const answer = await ask('GET', path, { 'accept-encoding': 'compress, *;q=0' })
    const { code, available } = JSON.parse(answer.text)
    assert.deepEqual([answer.status, code], [406, 'coding-not-acceptable'])
    assert.deepEqual(
      available,
      offered.map(coding => ({ coding })),
    )
  }
})

test('what is sensitive is never compressed, nor what is not to be transformed', async () => {
  const words = Array.from({ length: 40 }, (_, n) => `unknown${n}=1`).join('&')
  for (const path of [
    '/secrets/long',
    '/secrets',
    '/secrets?limit=all',
    '/secrets/long/remarks',
    `/secrets?${words}`,
    '/whisper?word=abc',
    '/proofs/long',
    '/proofs?limit=all',
  ]) {
    const answer = await ask('GET', path, { 'accept-encoding': 'gzip, br, zstd' })
    assert.equal(answer.fields['content-encoding'], undefined, path)
    assert.doesNotMatch(answer.fields.vary ?? '', /accept-encoding/, path)
    assert.ok(answer.bytes.length > 1_024, path)
  }
})

test('a range is of the identity, unless If-Range says what was begun with', async () => {
  const plain = await ask('GET', '/notes/long')
  for (const coding of codings) {
    const whole = await ask('GET', '/notes/long', { 'accept-encoding': coding })
    const range = { 'accept-encoding': `${coding}, br;q=0.5`, range: 'bytes=10-' }
    const part = await ask('GET', '/notes/long', range)
    assert.deepEqual([part.status, part.fields['content-encoding']], [206, undefined])
    assert.deepEqual(part.bytes, plain.bytes.subarray(10))
    // A download that was cut goes on with the bytes it has begun with.
    const rest = await ask('GET', '/notes/long', { ...range, 'if-range': whole.fields.etag })
    assert.deepEqual([rest.status, rest.fields['content-encoding'], rest.fields.etag], [206, coding, whole.fields.etag])
    assert.deepEqual(rest.bytes, whole.bytes.subarray(10))
    const other = await ask('GET', '/notes/long', { ...range, 'if-range': '"other.gzip"' })
    assert.equal(other.status, 200)
  }
})

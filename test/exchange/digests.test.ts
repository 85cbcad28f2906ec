// RFC 9530 over a socket: what is sent is checked, and what is answered is told by its digest.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { serving, startApi } from '../support/bank.ts'
import { notesApi } from '../support/notes.ts'
import { answerTo, requestText } from '../support/wire.ts'

const notes = serving(() => startApi(notesApi({ body: 10_000, import: 10_000_000 })))

type Algorithm = 'sha-256' | 'sha-512'

const digest = (content: string | Uint8Array, algorithm: Algorithm = 'sha-256') =>
  `${algorithm}=:${createHash(algorithm).update(content).digest('base64')}:`

const note = JSON.stringify({ title: 'a note' })
const count = async (): Promise<number> => {
  const answer = await notes.call('HEAD', '/notes', { prefer: 'count=exact' })
  return Number(answer.fields['x-total-count'])
}

const rows: readonly (readonly [name: string, fields: Readonly<Record<string, string>>, code: string | undefined])[] = [
  ['sha-256', { 'content-digest': digest(note) }, undefined],
  ['sha-512', { 'content-digest': digest(note, 'sha-512') }, undefined],
  ['both', { 'content-digest': `${digest(note)}, ${digest(note, 'sha-512')}` }, undefined],
  ['Repr-Digest', { 'repr-digest': digest(note) }, undefined],
  ['both fields', { 'repr-digest': digest(note), 'content-digest': digest(note, 'sha-512') }, undefined],
  ['an algorithm that is not known', { 'content-digest': 'md5=:AAAA:' }, undefined],
  ['another content', { 'content-digest': digest('another') }, 'digest-mismatch'],
  ['another representation', { 'repr-digest': digest('another') }, 'digest-mismatch'],
  ['one of two', { 'content-digest': `${digest(note)}, ${digest('another', 'sha-512')}` }, 'digest-mismatch'],
  ['one of two fields', { 'content-digest': digest(note), 'repr-digest': digest('another') }, 'digest-mismatch'],
  ['malformed', { 'content-digest': 'sha-256=abc' }, 'invalid-digest'],
  ['too short', { 'repr-digest': 'sha-256=:AAAA:' }, 'invalid-digest'],
  [
    'as RFC 3230 had it',
    { 'content-digest': 'SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=' },
    'invalid-digest',
  ],
]

for (const [name, fields, code] of rows)
  test(`the digest of a request: ${name}`, async () => {
    const before = await count()
    const answer = await notes.call('POST', '/notes', fields, note)
    assert.deepEqual([answer.status, code && answer.json().code], code ? [400, code] : [201, undefined])
    assert.equal(await count(), before + (code ? 0 : 1))
    if (code !== 'digest-mismatch') return
    const { expected, received, detail } = answer.json()
    assert.equal(received, expected.startsWith('sha-256') ? digest(note) : digest(note, 'sha-512'))
    assert.ok(detail.includes(expected) && detail.includes(received))
  })

test('the digest of an import that does not fit in memory, and comes in chunks', async () => {
  const csv = `title\r\n${'imported\r\n'.repeat(5_000)}`
  const chunks = csv.match(/[\s\S]{1,4000}/g) ?? []
  const chunked = chunks.map(chunk => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('')
  const send = (content: string) =>
    answerTo(
      notes.url,
      `POST /notes HTTP/1.1\r\nhost: x\r\ncontent-type: text/csv\r\ntransfer-encoding: chunked\r\nconnection: close\r\ncontent-digest: ${digest(content, 'sha-512')}\r\n\r\n${chunked}0\r\n\r\n`,
    )
  const before = await count()
  const refused = await send(`${csv}x`)
  assert.deepEqual([refused?.status, JSON.parse(refused?.body.toString() ?? '').code], [400, 'digest-mismatch'])
  assert.equal(await count(), before, 'nothing of it is written')
  assert.equal((await send(csv))?.status, 201)
  assert.equal(await count(), before + 5_000)
})

test('a key is not spent on what was damaged', async () => {
  const key = { 'idempotency-key': '"damaged"' }
  assert.equal((await notes.call('POST', '/notes', { ...key, 'content-digest': digest('x') }, note)).status, 400)
  assert.equal((await notes.call('POST', '/notes', { ...key, 'content-digest': digest(note) }, note)).status, 201)
})

test('what was put off was checked when it was accepted', async () => {
  const fields = { prefer: 'respond-async, wait=10', 'content-digest': digest(note) }
  assert.equal((await notes.call('POST', '/notes', fields, note)).status, 201)
  const wrong = { ...fields, 'content-digest': digest('x') }
  assert.equal((await notes.call('POST', '/notes', wrong, note)).status, 400)
})

test('the digest of an answer: of the whole, of what is sent, and as preferred', async () => {
  const { location: path = '' } = (await notes.call('POST', '/notes', {}, note)).fields
  for (const target of [path, `${path}.xml`, '/notes?limit=2', '/wait?ms=0', '/problems', '/docs']) {
    const get = await notes.call('GET', target, { 'want-repr-digest': 'sha-256=1', 'want-content-digest': 'sha-512=1' })
    assert.equal(get.fields['repr-digest'], digest(get.text), target)
    assert.equal(get.fields['content-digest'], digest(get.text, 'sha-512'), target)
    const head = await notes.call('HEAD', target, {
      'want-repr-digest': 'sha-256=1',
      'want-content-digest': 'sha-512=1',
    })
    assert.equal(head.fields['repr-digest'], digest(get.text), target)
    const part = await notes.call('GET', target, {
      range: 'bytes=3-7',
      'want-repr-digest': 'sha-512=9, sha-256=3',
      'want-content-digest': 'sha-256=1',
    })
    assert.equal(part.status, 206)
    assert.equal(part.fields['repr-digest'], digest(get.text, 'sha-512'))
    assert.equal(part.fields['content-digest'], digest(part.text))
    const unwanted = await notes.call('GET', target, { 'want-repr-digest': 'sha-256=0, md5=10' })
    assert.equal(unwanted.fields['repr-digest'], undefined)
  }
  const query = await notes.call('QUERY', '/notes', { 'want-repr-digest': 'sha-256=1' }, { limit: 1 })
  assert.equal(query.fields['repr-digest'], digest(query.text))
})

test('a digest that is not known before it is sent is left out', async () => {
  const all = await notes.call('GET', '/notes?limit=all&fields=id', { 'want-repr-digest': 'sha-256=1' })
  assert.deepEqual([all.status, all.fields['repr-digest']], [200, undefined])
})

test('a resumed download is checked as a whole', async () => {
  const whole = await notes.call('GET', '/notes?limit=50', { 'want-repr-digest': 'sha-256=1' })
  const etag = whole.fields.etag ?? ''
  const parts: string[] = []
  for (let at = 0; at < whole.text.length; at += 1_000) {
    const fields = { range: `bytes=${at}-${at + 999}`, 'if-range': etag, 'want-repr-digest': 'sha-256=1' }
    const part = await notes.call('GET', '/notes?limit=50', fields)
    assert.deepEqual([part.status, part.fields['repr-digest']], [206, whole.fields['repr-digest']])
    parts.push(part.text)
  }
  assert.equal(digest(parts.join('')), whole.fields['repr-digest'])
})

test('the digest of a coded content is that of the coded bytes', async () => {
  const coded = gzipSync(note)
  const fields = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
  const wrong = await answerTo(
    notes.url,
    requestText('POST /notes', { ...fields, 'content-digest': digest(note), connection: 'close' }, coded),
  )
  const right = await answerTo(
    notes.url,
    requestText('POST /notes', { ...fields, 'content-digest': digest(coded), connection: 'close' }, coded),
  )
  assert.deepEqual([wrong?.status, right?.status], [400, 201])
})

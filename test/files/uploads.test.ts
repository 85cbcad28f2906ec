// Uploads that are cut off and taken up again (draft-ietf-httpbis-resumable-upload-12, interop version 8).
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { serving, startApi } from '../support/bank.ts'
import { call } from '../support/call.ts'
import { startServer } from '../support/server-process.ts'
import { answerTo, openWire, requestText, type WireAnswer } from '../support/wire.ts'
import { drawers } from './drawers.ts'

const server = serving(() => startApi(drawers))
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const part = { 'content-type': 'application/partial-upload' }
type Fields = Readonly<Record<string, string>>

async function send(line: string, fields: Fields, body: string | Uint8Array = '', url = server.url) {
  const about = { 'content-length': String(Buffer.byteLength(body)), ...fields }
  const answer = (await answerTo(url, requestText(line, about, body))) as WireAnswer
  return { ...answer, text: answer.body.toString(), json: () => JSON.parse(answer.body.toString()) }
}

const begin = (name: string, fields: Fields = {}, body: string | Uint8Array = '') =>
  send(`PUT /brochures/${name}`, { 'content-type': 'text/plain', 'upload-complete': '?0', ...fields }, body)

const append = (path: string, offset: number, complete: '?0' | '?1', body: string | Uint8Array, fields: Fields = {}) =>
  send(`PATCH ${path}`, { ...part, 'upload-offset': String(offset), 'upload-complete': complete, ...fields }, body)

const stateOf = async (path: string, url = server.url) => (await call('HEAD', url + path)).fields

test('an upload in three requests is answered as one', async () => {
  const begun = await begin('three.txt', { 'upload-length': '11' }, 'Tea ')
  assert.equal(begun.status, 201)
  const path = begun.fields.location ?? ''
  assert.match(path, /^\/uploads\/[0-9a-f-]{36}$/)
  assert.equal(begun.fields['upload-complete'], '?0')
  assert.match(begun.fields['upload-limit'] ?? '', /^max-size=67108864, max-age=\d+$/)
  assert.equal((await call('GET', `${server.url}/brochures/three.txt`)).status, 404)

  const more = await append(path, 4, '?0', 'for ')
  assert.deepEqual([more.status, more.fields['upload-offset'], more.fields['upload-complete']], [204, '8', '?0'])
  const state = await call('HEAD', server.url + path)
  assert.equal(state.status, 204)
  const { 'upload-offset': offset, 'upload-complete': complete, 'upload-length': length } = state.fields
  assert.deepEqual([offset, complete, length, state.fields['cache-control']], ['8', '?0', '11', 'no-store'])

  const last = await append(path, 8, '?1', 'two')
  assert.deepEqual([last.status, last.fields.location], [201, '/brochures/three.txt'], last.text)
  assert.equal(last.fields['upload-complete'], '?1')
  assert.equal(last.json().size, 11)
  assert.equal((await call('GET', `${server.url}/brochures/three.txt`)).text, 'Tea for two')

  const ended = await stateOf(path)
  assert.deepEqual([ended['upload-offset'], ended['upload-complete']], ['11', '?1'])
  assert.equal(ended['content-location'], '/brochures/three.txt')
  const again = await append(path, 11, '?1', '')
  assert.deepEqual([again.status, again.json().code], [400, 'completed-upload'])
  const beyond = await append(path, 11, '?1', 'x')
  assert.deepEqual([beyond.status, beyond.json().code], [400, 'inconsistent-upload-length'])
})

test('an upload in one request is an upload like any other', async () => {
  const whole = await begin('one.txt', { 'upload-complete': '?1' }, 'one')
  assert.deepEqual(
    [whole.status, whole.fields['upload-complete'], whole.fields.location],
    [201, '?1', '/brochures/one.txt'],
  )
  const posted = await send('POST /brochures', { slug: 'posted.txt', 'upload-complete': '?0' })
  const done = await append(posted.fields.location ?? '', 0, '?1', 'posted')
  assert.deepEqual([done.status, done.fields.location], [201, '/brochures/posted.txt'])
  const taken = await send('POST /brochures', { slug: 'posted.txt', 'upload-complete': '?1' }, 'again')
  assert.deepEqual([taken.status, taken.fields['upload-complete']], [409, '?1'])
})

describe('104', () => {
  const interim = async (fields: Fields, version = '1.1') => {
    const wire = await openWire(server.url)
    const all = { 'content-length': '3', 'upload-complete': '?1', ...fields }
    wire.send(requestText('PUT /brochures/104.txt', all, 'abc').toString().replace('HTTP/1.1', `HTTP/${version}`))
    const first = await wire.next()
    wire.close()
    return first
  }

  test('comes first, to those who speak the same revision of the draft', async () => {
    const first = await interim({ 'upload-draft-interop-version': '8' })
    assert.equal(first?.status, 104)
    assert.match(first?.fields.location ?? '', /^\/uploads\//)
    assert.match(first?.fields['upload-limit'] ?? '', /max-size=/)
    assert.equal(first?.fields['upload-draft-interop-version'], '8')
  })

  test('does not come to others', async () => {
    assert.equal((await interim({}))?.status, 200)
    assert.equal((await interim({ 'upload-draft-interop-version': '6' }))?.status, 200)
  })

  test('goes with 100 where that is waited for', async () => {
    const wire = await openWire(server.url)
    const expecting = { expect: '100-continue', 'upload-draft-interop-version': '8' }
    wire.send(requestText('PUT /brochures/100.txt', { 'content-length': '3', 'upload-complete': '?1', ...expecting }))
    assert.equal((await wire.next())?.status, 104)
    assert.equal((await wire.next())?.status, 100)
    wire.send('abc')
    assert.equal((await wire.next())?.status, 201)
    wire.close()
  })
})

describe('what does not fit is refused', () => {
  test('another offset is 409, with the one expected', async () => {
    const path = (await begin('offset.txt', {}, 'abc')).fields.location ?? ''
    const wrong = await append(path, 2, '?0', 'c')
    assert.deepEqual([wrong.status, wrong.fields['upload-offset']], [409, '3'])
    const problem = wrong.json()
    assert.equal(problem.type, 'https://iana.org/assignments/http-problem-types#mismatching-upload-offset')
    assert.deepEqual([problem['expected-offset'], problem['provided-offset']], [3, 2])
    assert.equal((await append(path, 3, '?1', 'd')).status, 201)
    assert.equal((await call('GET', `${server.url}/brochures/offset.txt`)).text, 'abcd')
  })

  test('content that is no part of an upload is 415', async () => {
    const path = (await begin('type.txt')).fields.location ?? ''
    for (const type of ['text/plain', 'application/json']) {
      const refused = await append(path, 0, '?0', 'x', { 'content-type': type })
      assert.deepEqual([refused.status, refused.fields['accept-patch']], [415, 'application/partial-upload'])
    }
    const bare = await send(`PATCH ${path}`, { 'upload-offset': '0', 'upload-complete': '?0' }, 'x')
    assert.equal(bare.status, 415)
    assert.equal((await send(`PATCH ${path}`, part, 'x')).status, 400, 'no offset')
  })

  test('lengths that differ are 400, and more than there was to be ends the upload', async () => {
    const path = (await begin('length.txt', { 'upload-length': '5' }, 'abc')).fields.location ?? ''
    const other = await append(path, 3, '?0', 'd', { 'upload-length': '6' })
    assert.deepEqual([other.status, other.json().code], [400, 'inconsistent-upload-length'])
    assert.equal((await append(path, 3, '?1', 'd')).status, 400, 'complete, and too short')
    const over = await append(path, 3, '?0', 'defgh')
    assert.equal(over.status, 400)
    assert.equal((await call('HEAD', server.url + path)).status, 404)
    const large = await begin('large.txt', { 'upload-length': '99999999999' })
    assert.equal(large.status, 413)
    assert.match(large.fields['upload-limit'] ?? '', /max-size=67108864/)
  })

  test('digests are checked: of a part at once, of the whole at its end', async () => {
    const digest = (text: string) => `sha-256=:${createHash('sha256').update(text).digest('base64')}:`
    const path = (await begin('digest.txt', { 'repr-digest': digest('abcdef') }, 'abc')).fields.location ?? ''
    assert.equal((await append(path, 3, '?0', 'dex', { 'content-digest': digest('def') })).status, 400)
    assert.equal((await stateOf(path))['upload-offset'], '3', 'what came was not appended')
    assert.equal((await append(path, 3, '?1', 'def', { 'content-digest': digest('def') })).status, 201)
    const wrong = await begin('wrong.txt', { 'repr-digest': digest('other'), 'upload-complete': '?1' }, 'abc')
    assert.deepEqual([wrong.status, wrong.json().code, wrong.fields['upload-complete']], [400, 'digest-mismatch', '?1'])
    assert.equal((await call('GET', `${server.url}/brochures/wrong.txt`)).status, 404)
  })

  test('a type that the bytes belie, and preconditions, are told at the end', async () => {
    const path = (await begin('a.png', { 'content-type': 'image/png' }, '<script>')).fields.location ?? ''
    const belied = await append(path, 8, '?1', 'x')
    assert.deepEqual([belied.status, belied.json().code], [415, 'media-type-mismatch'])
    const guarded = (await begin('guarded.txt', { 'if-none-match': '*' }, 'abc')).fields.location ?? ''
    await call('PUT', `${server.url}/brochures/guarded.txt`, { 'content-type': 'text/plain' }, 'first')
    assert.equal((await append(guarded, 3, '?1', 'd')).status, 412)
    assert.equal((await call('GET', `${server.url}/brochures/guarded.txt`)).text, 'first')
  })

  test('what is no upload, or none any more', async () => {
    const path = (await begin('cancelled.txt', {}, 'abc')).fields.location ?? ''
    assert.equal((await call('DELETE', server.url + path)).status, 204)
    for (const gone of [path, '/uploads/x', '/uploads/..%2F..%2Fetc'])
      assert.equal((await call('HEAD', server.url + gone)).status, 404, gone)
    const { status, fields } = await call('GET', server.url + path)
    assert.deepEqual([status, fields.allow], [405, 'HEAD, PATCH, DELETE, OPTIONS'])
  })
})

test('OPTIONS says that uploads can be begun, and how large they may be', async () => {
  for (const path of ['/brochures', '/brochures/a']) {
    const { fields } = await call('OPTIONS', server.url + path)
    assert.deepEqual(
      [fields['accept-patch'], fields['upload-limit']],
      ['application/partial-upload', 'max-size=67108864'],
    )
  }
  assert.equal((await call('OPTIONS', `${server.url}/notices`)).fields['accept-patch'], undefined)
})

test('a newer request ends one that its client has given up', async () => {
  const path = (await begin('newer.txt')).fields.location ?? ''
  const hanging = await openWire(server.url)
  const fields = { ...part, 'upload-offset': '0', 'upload-complete': '?0', 'content-length': '100' }
  hanging.send(requestText(`PATCH ${path}`, fields))
  hanging.send('abc')
  while ((await stateOf(path))['upload-offset'] !== '3') {
    // HEAD breaks the older one off: what came before is kept, what had not come by then is not.
    const again = await append(path, 0, '?0', 'abc')
    if (again.status === 204 || again.status === 409) break
  }
  await hanging.closed
  hanging.close()
  assert.equal((await append(path, 3, '?1', 'def')).status, 201)
  assert.equal((await call('GET', `${server.url}/brochures/newer.txt`)).text, 'abcdef')
})

test('too many uploads, or more than there is room for, are 507', async () => {
  const api = {
    ...drawers,
    model: { ...drawers.model, limits: { ...drawers.model.limits, uploads: 2, uploadBytes: 100 } },
  }
  const small = await startApi(api)
  const one = (length: string) =>
    send('PUT /brochures/x', { 'upload-complete': '?0', 'upload-length': length }, '', small.url)
  assert.equal((await one('60')).status, 201)
  assert.equal((await one('60')).status, 507)
  assert.equal((await one('40')).status, 201)
  assert.equal((await one('0')).status, 507)
  await small.close()
})

const long = process.env.COMITY_LONG !== undefined
const size = (long ? 200 : 5) * 1_000_000

test(`${size / 1e6} MB with 20 cuts${long ? ', the server killed on the way' : ''}, and the digest matches`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'comity-uploads-'))
  const definition = new URL('./drawers-large.ts', import.meta.url)
  const database = `sqlite:${join(folder, 'drawers.sqlite')}`
  let running = long ? await startServer(definition, database) : undefined
  const url = () => running?.url ?? server.url
  try {
    const bytes = randomBytes(size)
    const fields = { 'upload-complete': '?0', 'upload-length': String(size) }
    const begun = await send('PUT /brochures/cuts.bin', fields, '', url())
    const path = begun.fields.location ?? ''
    let cuts = 0
    let offset = 0
    for (; cuts < 20; cuts++) {
      const wire = await openWire(url())
      const about = {
        ...part,
        'upload-offset': String(offset),
        'upload-complete': '?1',
        'content-length': String(size - offset),
      }
      wire.send(requestText(`PATCH ${path}`, about))
      wire.send(bytes.subarray(offset, offset + Math.floor(size / 21)))
      // Cut once a part of it has been taken; how much is the server's to say.
      await new Promise<void>(resolve => wire.socket.end(() => resolve()))
      await wire.closed
      wire.close()
      if (running && cuts % 7 === 3) {
        await running.stop('SIGKILL')
        running = await startServer(definition, database)
      }
      const state = await stateOf(path, url())
      const now = Number(state['upload-offset'])
      assert.ok(now >= offset, 'an offset does not decrease')
      offset = now
    }
    assert.ok(offset > 0)
    const last = await append2(url(), path, offset, bytes.subarray(offset))
    assert.equal(last.status, 201, last.text)
    assert.equal(JSON.parse(last.text).sha256, sha256(bytes))
    const read = await fetch(`${url()}/brochures/cuts.bin`)
    assert.equal(sha256(new Uint8Array(await read.arrayBuffer())), sha256(bytes))
  } finally {
    await running?.stop()
    await rm(folder, { recursive: true, force: true })
  }
})

async function append2(url: string, path: string, offset: number, body: Uint8Array) {
  const answer = await fetch(url + path, {
    method: 'PATCH',
    headers: { ...part, 'upload-offset': String(offset), 'upload-complete': '?1' },
    body: Buffer.from(body),
  })
  return { status: answer.status, text: await answer.text() }
}

// `limit=all` in a content coding: whole, slow to be read, left in the middle, broken on the way.
import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { type Serving, serve } from '@comity/server'
import { type Coding, codings, decode, exchange } from '../support/coded.ts'
import { notesApi } from '../support/notes.ts'
import { answerTo, openWire, requestText } from '../support/wire.ts'

const count = 4_000
/** Nothing that compresses well, so that the sockets between fill up: some 10 MB. */
const noise = () => Array.from({ length: 300 }, () => Math.random().toString(36).slice(2, 10)).join('')

const api = notesApi({}, async tx => {
  for (let n = 0; n < count; n++) await tx.notes?.add({ title: String(n), body: noise(), data: n })
})

let folder: string
let serving: Serving
const reported: unknown[] = []
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'comity-coding-'))
  const database = `sqlite:${join(folder, 'notes.sqlite')}`
  serving = await serve(api, { port: 0, database, onError: error => reported.push(error), drainTimeout: 2_000 })
})
after(async () => {
  await serving.close()
  rmSync(folder, { recursive: true })
})

test('whole, in every coding and format', async () => {
  for (const extension of ['json', 'csv', 'ndjson', 'xml', 'cbor']) {
    const path = `${serving.url}/notes.${extension}?limit=all&title.like=12*`
    const plain = await exchange('GET', path)
    for (const coding of codings) {
      const coded = await exchange('GET', path, { 'accept-encoding': coding })
      assert.deepEqual([coded.fields['content-encoding'], coded.fields['content-length']], [coding, undefined])
      assert.equal(coded.text, plain.text, `${extension} ${coding}`)
      assert.equal(coded.fields['accept-ranges'], 'none')
    }
  }
})

for (const coding of codings)
  test(`${coding}: a reader that stalls holds little, and gets all once it goes on; one that leaves is nobody's error`, async () => {
    reported.length = 0
    const request = requestText('GET /notes?limit=all', { 'accept-encoding': coding })
    const begun = async () => {
      const wire = await openWire(serving.url)
      const first = new Promise(resolve => wire.socket.once('data', resolve))
      wire.send(request)
      await first
      wire.socket.pause()
      return wire
    }
    const [stays, ...leaves] = await Promise.all([begun(), begun(), begun()])
    for (const wire of leaves) wire.socket.resetAndDestroy()
    const written = await exchange('POST', `${serving.url}/notes`, {}, JSON.stringify({ title: 'meanwhile' }))
    assert.equal(written.status, 201)
    stays.socket.resume()
    const answer = await stays.next()
    stays.close()
    assert.equal(answer?.end, 'whole')
    assert.ok(JSON.parse(decode[coding](answer?.body ?? Buffer.alloc(0)).toString()).length >= count)
    assert.deepEqual(reported, [])
  })

test('one that breaks is cut, within the compressed stream, and on record once', async () => {
  const db = new DatabaseSync(join(folder, 'notes.sqlite'))
  db.prepare("UPDATE notes SET data = '{' WHERE title = ?").run('1500')
  db.close()
  for (const coding of codings)
    for (const extension of coding === 'gzip' ? ['json', 'xml', 'csv', 'ndjson', 'cbor'] : ['json']) {
      reported.length = 0
      const request = requestText(`GET /notes.${extension}?limit=all`, { 'accept-encoding': coding })
      const answer = await answerTo(serving.url, request)
      assert.deepEqual([answer?.status, answer?.fields['content-encoding'], answer?.end], [200, coding, 'cut'])
      assert.throws(() => decode[coding](answer?.body ?? Buffer.alloc(0)))
      assert.equal(reported.length, 1)
    }
  assert.equal((await exchange('GET', `${serving.url}/notes?limit=1`)).status, 200)
})

const run = promisify(execFile)

/** Whether the command is there, and what it says of its features. */
function curlFeatures(): string {
  try {
    return execFileSync('curl', ['--version'], { encoding: 'utf8' })
  } catch {
    return ''
  }
}

test('curl --compressed', { skip: curlFeatures() === '' && 'no curl here' }, async () => {
  const path = `${serving.url}/notes.json?title.like=2*&limit=100`
  const { text } = await exchange('GET', path)
  const features = curlFeatures()
  const known: Coding[] = ['deflate', 'gzip']
  if (/\bbrotli\b/.test(features)) known.push('br')
  if (/\bzstd\b/.test(features)) known.push('zstd')
  for (const coding of [undefined, ...known]) {
    const fields = coding === undefined ? [] : ['-H', `Accept-Encoding: ${coding}`]
    const { stdout } = await run('curl', ['-sS', '--fail', '--compressed', '--max-time', '20', ...fields, path])
    assert.equal(stdout, text)
  }
})

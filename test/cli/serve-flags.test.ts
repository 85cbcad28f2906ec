// comity serve with each flag, of files, databases and documents alike: what a client sees of it.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Readable, Writable } from 'node:stream'
import { after, describe, it } from 'node:test'
import { run } from 'comity'

const folder = mkdtempSync(join(tmpdir(), 'comity-flags-'))
after(() => rmSync(folder, { recursive: true }))

const document = {
  openapi: '3.1.0',
  info: { title: 'Pets', version: '1' },
  paths: {
    '/notes': {
      get: { responses: { 200: { description: 'all', content: { 'application/json': { example: [{ id: 1 }] } } } } },
      post: {
        requestBody: { content: { 'application/json': { schema: { type: 'object' } } } },
        responses: { 201: { description: 'made', content: { 'application/json': { example: { id: 2 } } } } },
      },
    },
  },
}
const sources = { file: 'notes.json', database: 'notes.sqlite', mock: 'openapi.json' } as const
const path = (name: string): string => join(folder, name)
writeFileSync(path(sources.file), JSON.stringify({ notes: [{ id: 1, text: 'first' }] }))
writeFileSync(path(sources.mock), JSON.stringify(document))
const before = new DatabaseSync(path(sources.database))
before.exec(
  "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL); INSERT INTO notes (text) VALUES ('first')",
)
before.close()

type Told = { readonly code: number; readonly err: string }

/** What `use` sees at the address that is printed, and how the command ends when it is interrupted. */
async function served(words: readonly string[], use: (url: string) => Promise<void>): Promise<Told> {
  const stop = new AbortController()
  const told = { out: '', err: '' }
  const address = Promise.withResolvers<string>()
  const sink = (name: 'out' | 'err') =>
    new Writable({
      write(piece, _encoding, done) {
        told[name] += piece
        const [, url] = / at (http\S+)\n/.exec(told.out) ?? []
        if (url !== undefined) address.resolve(url)
        done()
      },
    })
  const io = { stdin: Readable.from([]), stdout: sink('out'), stderr: sink('err'), env: {}, cwd: folder }
  const ended = run(['serve', ...words, '--port', '0'], { ...io, interrupted: stop.signal })
  ended.then(() => address.reject(new Error(told.err)))
  try {
    await use(await address.promise)
  } finally {
    stop.abort()
  }
  return { code: await ended, err: told.err }
}

const post = (url: string) =>
  fetch(`${url}/notes`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text: 'second' }),
  })

describe('comity serve', () => {
  for (const [kind, file] of Object.entries(sources)) {
    const source = path(file)
    it(`${kind}: --cors lets a page of that origin call it, of no other`, async () => {
      await served([source, '--cors', 'http://a.example'], async url => {
        const ask = (origin: string, more = {}) =>
          fetch(`${url}/notes`, { ...more, headers: { origin, 'access-control-request-method': 'POST' } })
        const mine = await ask('http://a.example')
        assert.equal(mine.headers.get('access-control-allow-origin'), 'http://a.example')
        assert.match(mine.headers.get('vary') ?? '', /origin/)
        assert.equal((await ask('http://b.example')).headers.get('access-control-allow-origin'), null)
        const asked = await ask('http://a.example', { method: 'OPTIONS' })
        assert.equal(asked.status, 204)
        assert.match(asked.headers.get('access-control-allow-methods') ?? '', /POST/)
      })
    })
    it(`${kind}: --faults are met, and told`, async () => {
      const { code, err } = await served([source, '--faults', '100%', '--faults-seed', '3'], async url => {
        assert.equal((await fetch(`${url}/notes`)).status, 502)
      })
      assert.equal(code, 0)
      assert.match(err, /^Fault: GET \/notes is answered with a failure\.$/m)
    })
    it(`${kind}: --delay lets each wait`, async () => {
      await served([source, '--delay', '120ms'], async url => {
        const begin = performance.now()
        assert.equal((await fetch(`${url}/notes`)).status, 200)
        assert.ok(performance.now() - begin >= 119)
      })
    })
  }

  for (const kind of ['file', 'database'] as const) {
    const source = path(sources[kind])
    it(`${kind}: --read-only refuses what writes`, async () => {
      const kept = readFileSync(source)
      await served([source, '--read-only'], async url => {
        assert.equal((await post(url)).status, 405)
        assert.equal((await fetch(`${url}/notes/1`)).status, 200)
      })
      assert.deepEqual(readFileSync(source), kept)
    })
    it(`${kind}: --memory takes it, and leaves the source as it was`, async () => {
      const kept = readFileSync(source)
      await served([source, '--memory'], async url => {
        assert.equal((await post(url)).status, 201)
        assert.equal(((await (await fetch(`${url}/notes`)).json()) as unknown[]).length, 2)
      })
      assert.deepEqual(readFileSync(source), kept)
    })
  }

  it('says what a mock has nothing for', async () => {
    const { err } = await served([path(sources.mock), '--read-only', '--trace'], async url => {
      assert.equal((await post(url)).status, 201)
    })
    assert.match(err, /^A mock has nothing for --read-only and --trace: /m)
  })
})

// `limit=all`: whoever reads slowly, leaves, or gets half of it harms neither the server nor the other clients.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import { type Serving, serve } from '@comity/server'
import api, { exportedCount } from '../support/exporting-api.ts'
import { startServer } from '../support/server-process.ts'
import { answerTo, openWire, requestText, type Wire } from '../support/wire.ts'

let folder: string
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'comity-exports-'))
  const seeding = await serve(api, { port: 0, database: `sqlite:${join(folder, 'seeded.sqlite')}` })
  await seeding.close()
})
after(() => rmSync(folder, { recursive: true }))

/** A database of its own for one test, seeded. */
function copyOf(name: string): string {
  const path = join(folder, `${name}.sqlite`)
  copyFileSync(join(folder, 'seeded.sqlite'), path)
  return path
}

const json = { 'content-type': 'application/json' }
const all = requestText('GET /notes?limit=all')
const post = (title: string) => requestText('POST /notes', json, JSON.stringify({ title }))

/** A client that asks for everything and, after the first bytes, reads nothing more. */
async function stalled(url: string): Promise<Wire> {
  const wire = await openWire(url)
  const begun = new Promise(resolve => wire.socket.once('data', resolve))
  wire.send(all)
  await begun
  wire.socket.pause()
  return wire
}

/** Resident memory of a process, in MiB. */
function memoryOf(pid: number | undefined): number {
  const kibibytes = execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })
  return Number(kibibytes) / 1024
}

const readAll = async (url: string) => (await (await fetch(`${url}/notes?limit=all`)).json()) as { title: string }[]

for (const kind of ['a file', 'memory'] as const)
  it(`with the data in ${kind}, stalled readers hold no lock and little memory, and get one state`, async t => {
    const database = kind === 'memory' ? 'sqlite::memory:' : `sqlite:${copyOf('stalled')}`
    const server = await startServer(new URL('../support/exporting-api.ts', import.meta.url), database)
    t.after(() => server.stop('SIGKILL'))
    assert.equal((await readAll(server.url)).length, exportedCount)
    const start = memoryOf(server.child.pid)
    const readers = await Promise.all(Array.from({ length: 8 }, () => stalled(server.url)))
    assert.equal((await answerTo(server.url, post('written while others read')))?.status, 201)
    // As many rows as before the stalled ones, and the new one.
    assert.equal((await readAll(server.url)).length, exportedCount + 1)
    const most = memoryOf(server.child.pid) - start
    assert.ok(most < 150, `${Math.round(most)} MiB more; all at once would be some 200`)
    const [one, ...others] = readers as [Wire, ...Wire[]]
    one.socket.resume()
    const answer = await one.next()
    assert.equal(answer?.end, 'whole')
    assert.equal(JSON.parse(String(answer?.body)).length, exportedCount)
    for (const wire of others) wire.close()
    assert.equal((await server.stop()).code, 0)
  })

it('readers that leave in the middle leave nothing open: the log is gone with the server', async () => {
  const path = copyOf('left')
  const serving = await serve(api, { port: 0, database: `sqlite:${path}`, drainTimeout: 60_000 })
  const wires = await Promise.all(Array.from({ length: 20 }, () => stalled(serving.url)))
  for (const wire of wires) wire.socket.resetAndDestroy()
  assert.equal((await answerTo(serving.url, post('goes on')))?.status, 201)
  await serving.close()
  const left = readdirSync(folder).filter(name => name.startsWith('left.'))
  assert.deepEqual(left, ['left.sqlite'])
})

it('a server that closes waits for no stalled reader beyond its time, and tells it that there was more', async () => {
  const path = copyOf('closed')
  const serving = await serve(api, { port: 0, database: `sqlite:${path}`, drainTimeout: 100 })
  const wire = await stalled(serving.url)
  await serving.close()
  wire.socket.resume()
  assert.notEqual((await wire.next())?.end, 'whole')
  wire.close()
  const left = readdirSync(folder).filter(name => name.startsWith('closed.'))
  assert.deepEqual(left, ['closed.sqlite'])
})

describe('an export that breaks', () => {
  let serving: Serving
  const reported: unknown[] = []
  before(async () => {
    const path = copyOf('broken')
    serving = await serve(api, { port: 0, database: `sqlite:${path}`, onError: error => reported.push(error) })
    const db = new DatabaseSync(path)
    const broken = db.prepare("UPDATE notes SET data = '{' WHERE title = ?").run(String(exportedCount - 10))
    assert.equal(broken.changes, 1)
    db.close()
  })
  after(() => serving.close())

  for (const [extension, close] of [
    ['json', ']'],
    ['xml', '</notes>\n'],
    ['csv', undefined],
    ['ndjson', undefined],
    ['cbor', '\xff'],
    ['html', '</html>\n'],
  ] as const)
    it(`as ${extension}: is cut short, so that the client can tell, and is on record`, async () => {
      reported.length = 0
      const answer = await answerTo(serving.url, requestText(`GET /notes.${extension}?limit=all`))
      assert.equal(answer?.status, 200)
      assert.equal(answer?.end, 'cut')
      if (close) assert.ok(!answer?.body.toString('latin1').endsWith(close))
      assert.equal(reported.length, 1)
      if (extension === 'json' || extension === 'cbor')
        await assert.rejects(async () => (await fetch(`${serving.url}/notes.${extension}?limit=all`)).arrayBuffer())
    })

  it('harms nothing else', async () => {
    assert.equal((await answerTo(serving.url, requestText('GET /notes?limit=1')))?.status, 200)
    assert.equal((await answerTo(serving.url, post('after')))?.status, 201)
  })
})

// The whole of a large list in every format: the server's memory does not grow with it. Part of the long tests.
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { type ServerProcess, startServer } from '../support/server-process.ts'

const million = 1_000_000
const copiesInSql = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${million})`
/** What the process may take more at its most than after an export of a tenth, in MiB: the heap has settled by then. */
const mostGrowth = 64

const isLong = process.env.COMITY_LONG === '1' && process.platform === 'linux'
const ends: Readonly<Record<string, string>> = { json: ']', xml: '</notes>', html: '</html>\n', cbor: '\xff' }

describe('a million rows', { skip: isLong ? false : 'COMITY_LONG=1 is not set, or memory cannot be looked at' }, () => {
  let folder = ''
  let server: ServerProcess
  const api = new URL('../support/failing-api.ts', import.meta.url)

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'exports-'))
    const path = join(folder, 'db')
    const seeding = await startServer(api, `sqlite:${path}`)
    const made = await fetch(`${seeding.url}/notes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'a, "note"', body: '=1+1 <b>', rank: 7, data: { a: [1, null] } }),
    })
    assert.equal(made.status, 201)
    await seeding.stop()
    const db = new DatabaseSync(path)
    const columns = (db.prepare("SELECT name FROM pragma_table_info('notes')").all() as { name: string }[])
      .map(({ name }) => name)
      .filter(name => name !== 'id')
    db.exec(`${copiesInSql} INSERT INTO notes (id, ${columns.join(', ')})
      SELECT printf('00000000-0000-7000-8000-%012d', i), ${columns.join(', ')} FROM n, (SELECT * FROM notes LIMIT 1)`)
    db.close()
    server = await startServer(api, `sqlite:${path}`)
  })
  after(async () => {
    await server.stop('SIGKILL')
    await rm(folder, { recursive: true })
  })

  const resident = async (): Promise<number> => {
    const status = await readFile(`/proc/${server.child.pid}/status`, 'utf8')
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024
  }

  /** The most memory that was taken meanwhile, and the last bytes. */
  async function exported(extension: string, words: string): Promise<{ most: number; end: string; seconds: number }> {
    const started = performance.now()
    const { status, body } = await fetch(`${server.url}/notes.${extension}?limit=all${words}`)
    assert.equal(status, 200)
    let [most, end, pieces] = [0, Buffer.alloc(0), 0]
    for await (const piece of body as unknown as AsyncIterable<Uint8Array>) {
      end = Buffer.from(piece.subarray(-20))
      if (pieces++ % 200 === 0) most = Math.max(most, await resident())
    }
    return { most, end: end.toString('latin1'), seconds: (performance.now() - started) / 1000 }
  }

  for (const extension of ['csv', 'ndjson', 'json', 'xml', 'cbor', 'html'])
    test(`as ${extension}, in constant memory`, async t => {
      const first = await exported(extension, '&id.lt=00000000-0000-7000-8000-000000100000')
      const { most, end, seconds } = await exported(extension, '')
      t.diagnostic(`${Math.round(most - first.most)} MiB more; ${Math.round(million / seconds / 1000)}k rows/s`)
      assert.ok(end.endsWith(ends[extension] ?? '\n'), end)
      assert.ok(most - first.most <= mostGrowth, `it took ${most - first.most} MiB more`)
    })
})

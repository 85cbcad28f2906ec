// A million rows through a process of its own, whose memory does not grow with them. Part of the long tests.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { streamOf } from './lines.ts'
import { askingAt } from './many.ts'

const million = 1_000_000
/** What the process may take more at its most than in an import half as large, in MiB: the heap has settled by then. */
const mostGrowth = 64

const isLong = process.env.COMITY_LONG === '1' && process.platform === 'linux'

describe('a million rows', { skip: isLong ? false : 'COMITY_LONG=1 is not set, or memory cannot be looked at' }, () => {
  let [url, folder] = ['', '']
  let child: ReturnType<typeof spawn> | undefined
  const { ask, count } = askingAt(() => url)

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'million-'))
    const script = fileURLToPath(new URL('serve-things.ts', import.meta.url))
    const stdio = ['pipe', 'pipe', 'inherit'] as const
    const started = spawn(process.execPath, ['--conditions=@comity/source', script, join(folder, 'db')], {
      stdio: [...stdio],
    })
    child = started
    const [line] = await once(started.stdout, 'data')
    url = String(line).trim()
  })
  after(async () => {
    child?.kill('SIGKILL')
    if (child) await once(child, 'close')
    await rm(folder, { recursive: true })
  })

  /** Resident memory of the server, in MiB. */
  const resident = async (): Promise<number> => {
    const status = await readFile(`/proc/${child?.pid}/status`, 'utf8')
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024
  }

  /** Asks for a list all the while: the most memory that was taken, and the slowest answer in ms. */
  async function watched<T>(work: () => Promise<T>): Promise<{ result: T; most: number; slowest: number }> {
    let [done, most, slowest] = [false, 0, 0]
    const working = work().finally(() => {
      done = true
    })
    while (!done) {
      const asked = performance.now()
      assert.equal((await ask('GET', '/things?limit=1')).status, 200)
      slowest = Math.max(slowest, performance.now() - asked)
      most = Math.max(most, await resident())
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    return { result: await working, most, slowest }
  }

  for (const type of ['text/csv', 'application/x-ndjson'] as const)
    test(`${type}, in constant memory and with reads answered meanwhile`, async t => {
      const fields = { 'content-type': type }
      const imported = (rows: number) => ask('POST', '/things', fields, streamOf(type, rows))
      const first = await watched(() => imported(million / 2))
      assert.equal(first.result.status, 201)
      const before = await count('/things')
      const { result, most, slowest } = await watched(() => imported(million))
      const { status, fields: sent } = result
      t.diagnostic(`${Math.round(most - first.most)} MiB more; the slowest read took ${Math.round(slowest)} ms`)
      assert.deepEqual([status, sent.get('x-total-count')], [201, String(million)])
      assert.equal(await count('/things'), before + million)
      assert.ok(most - first.most <= mostGrowth, `it took ${most - first.most} MiB more`)
    })

  test('a fault in line 700,001 is named, and leaves nothing', async () => {
    const before = await count('/things')
    const odd = { line: 700_001, thing: { rank: 13 } }
    const told = await ask('POST', '/things', { 'content-type': 'text/csv' }, streamOf('text/csv', million, odd))
    assert.deepEqual([told.status, told.json().code, told.json().line], [422, 'unlucky', 700_001])
    assert.equal(await count('/things'), before)
  })
})

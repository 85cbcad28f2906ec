// A cache that only this process invalidates, while another process writes the same database file.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openAccount, serving, startBank } from '../support/bank.ts'
import { call } from '../support/call.ts'

const folder = mkdtempSync(join(tmpdir(), 'comity-'))
const file = join(folder, 'bank.sqlite')
const here = serving(() => startBank({ database: `sqlite:${file}` }))

let other: ReturnType<typeof spawn>
let there = ''

before(async () => {
  const script = fileURLToPath(new URL('../support/serve-bank.ts', import.meta.url))
  other = spawn(process.execPath, ['--conditions=@comity/source', script, file], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [printed] = await once(other.stdout as NonNullable<typeof other.stdout>, 'data')
  there = String(printed).trim()
})

after(async () => {
  const exited = once(other, 'exit')
  other.stdin?.end()
  await exited
  rmSync(folder, { recursive: true, force: true })
})

/** Every view of an account that this process may have kept. */
const views = (path: string) => [path, `${path}.csv`, `${path}?fields=name`, '/accounts?sort=-createdAt&limit=5']

test('what another process writes is never hidden by what this one kept', async () => {
  const { path } = await openAccount(here, { name: 'Round 0' })
  for (let round = 1; round <= 40; round++) {
    // Twice, so that the second is answered from what was kept.
    for (const view of [...views(path), ...views(path)]) await here.call('GET', view)
    const seen = (await here.call('GET', path)).fields.etag
    const written = await call('PATCH', there + path, { 'if-match': seen }, { name: `Round ${round}` })
    assert.equal(written.status, 200, written.text)
    for (const view of views(path)) {
      const { text, fields } = await here.call('GET', view)
      assert.match(text, new RegExp(`Round ${round}\\b`), view)
      assert.notEqual(fields.etag, seen)
    }
    assert.equal((await here.call('GET', path, { 'if-none-match': seen })).status, 200)
    assert.equal((await here.call('GET', path)).fields.etag, written.fields.etag)
  }
})

test('what another process writes below an item, and deletes', async () => {
  const { path } = await openAccount(here)
  const list = `${path}/transactions`
  assert.equal((await here.call('GET', list)).text, '[]')
  const credit = { type: 'credit', amount: '5', date: '2014-01-01' }
  assert.equal((await call('POST', there + list, {}, credit)).status, 201)
  assert.equal((await here.call('GET', list)).json().length, 1)
  assert.equal((await here.call('GET', path)).json().balance, '5.00')
  assert.equal((await call('DELETE', there + path)).status, 204)
  assert.deepEqual([(await here.call('GET', path)).status, (await here.call('GET', list)).status], [410, 410])
})

test('two processes that write at once lose nothing and give no 5xx', async () => {
  const { path } = await openAccount(here)
  const credit = { type: 'credit', amount: '1.00', date: '2014-01-01' }
  const url = `${path}/transactions`
  const statuses = await Promise.all(
    Array.from({ length: 60 }, (_, at) =>
      at % 2 ? here.call('POST', url, {}, credit) : call('POST', there + url, {}, credit),
    ),
  )
  assert.deepEqual(new Set(statuses.map(({ status }) => status)), new Set([201]))
  const { balance } = (await here.call('GET', path)).json()
  assert.deepEqual([balance, (await call('GET', there + path)).json().balance], ['60.00', '60.00'])
})

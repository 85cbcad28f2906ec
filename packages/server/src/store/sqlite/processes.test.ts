// Two processes on one file, and one that dies.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { CollectionModel } from '../../model/model.ts'
import { BusyError } from '../errors.ts'
import { suiteModel } from '../suite.ts'
import { openSqlite } from './open.ts'

const folder = mkdtempSync(join(tmpdir(), 'comity-processes-'))
after(() => rmSync(folder, { recursive: true }))

const otherProcess = fileURLToPath(new URL('./fixtures/other-process.ts', import.meta.url))

const start = (path: string, ...words: string[]): ChildProcess =>
  spawn(process.execPath, ['--conditions=@comity/source', otherProcess, path, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })

const lines = (child: ChildProcess): AsyncIterableIterator<string> => {
  assert.ok(child.stdout)
  return createInterface(child.stdout)[Symbol.asyncIterator]()
}

const model = suiteModel()
const accounts = model.collections[0] as CollectionModel
const all = { collection: accounts, parent: undefined, conditions: [] }
const account = (id: string) => ({ id, name: id, kind: 'current', balance: '0.00' })

test('a commit of another process moves the generation, and is read', async () => {
  const path = join(folder, 'generation.db')
  const store = await openSqlite(model, { path })
  try {
    const before = store.generation(accounts)
    const child = start(path, 'once', 'x')
    await once(child, 'exit')
    assert.notEqual(store.generation(accounts), before)
    assert.notEqual(await store.get(accounts, 'x'), 'never')
    const then = store.generation(accounts)
    await turn()
    assert.equal(store.generation(accounts), then)
  } finally {
    await store.close()
  }
})

test('a write waits for another process without stopping the event loop', async () => {
  const path = join(folder, 'busy.db')
  const store = await openSqlite(model, { path })
  const child = start(path, 'hold', '400')
  const said = lines(child)
  try {
    assert.equal((await said.next()).value, 'held')
    let longest = 0
    let last = performance.now()
    const heart = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 5)
    const first = store.write(tx => tx.insert(accounts, account('a')))
    const second = store.write(tx => tx.insert(accounts, account('b')))
    assert.ok(first instanceof Promise)
    assert.equal(await store.count(all), 0) // readers go on
    const revisions = [(await first).revision, (await second).revision]
    clearInterval(heart)
    assert.deepEqual(revisions, [1, 2])
    assert.ok(longest < 200, `the event loop stood still for ${longest} ms`)
  } finally {
    child.kill()
    await store.close()
  }
})

test('a write gives up after the busy timeout, and writes nothing', async () => {
  const path = join(folder, 'give-up.db')
  const store = await openSqlite(model, { path }, { busyTimeout: 100 })
  const child = start(path, 'hold', '60000')
  try {
    assert.equal((await lines(child).next()).value, 'held')
    await assert.rejects(async () => store.write(tx => tx.insert(accounts, account('a'))), BusyError)
    child.kill()
    await once(child, 'exit')
    assert.equal(await store.get(accounts, 'a'), 'never')
    assert.equal((await store.write(tx => tx.insert(accounts, account('b')))).revision, 1)
  } finally {
    child.kill()
    await store.close()
  }
})

test('two processes that open a new file at once both get their tables', async () => {
  const path = join(folder, 'together.db')
  const children = ['a', 'b', 'c'].map(id => start(path, 'once', id))
  for (const child of children) if (child.exitCode === null) await once(child, 'exit')
  assert.deepEqual(
    children.map(child => child.exitCode),
    [0, 0, 0],
  )
  const store = await openSqlite(model, { path })
  assert.equal(store.fresh, false)
  assert.equal(await store.count(all), 3)
  await store.close()
})

test('a process killed while it writes loses nothing it acknowledged', async () => {
  const path = join(folder, 'killed.db')
  for (const enough of [1, 37, 250]) {
    rmSync(path, { force: true })
    for (const rest of ['-wal', '-shm']) rmSync(path + rest, { force: true })
    const child = start(path, 'forever')
    const acknowledged: string[] = []
    assert.ok(child.stdout)
    for await (const line of createInterface(child.stdout)) {
      acknowledged.push(line)
      if (acknowledged.length === enough) child.kill('SIGKILL')
    }
    assert.ok(acknowledged.length >= enough)
    const store = await openSqlite(model, { path })
    for (const id of acknowledged) assert.equal(typeof (await store.get(accounts, id)), 'object', id)
    // At most the write that was under way is there without having been acknowledged; never half of it.
    const count = await store.count(all)
    assert.ok(count - acknowledged.length <= 1, `${count} rows, ${acknowledged.length} acknowledged`)
    assert.equal((await store.state(accounts)).revision, count)
    await store.close()
  }
})

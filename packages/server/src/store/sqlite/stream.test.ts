import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { CollectionModel, Values } from '../../model/model.ts'
import type { ListPlan } from '../store.ts'
import { suiteModel } from '../suite.ts'
import { openSqlite } from './open.ts'

const folder = mkdtempSync(join(tmpdir(), 'comity-stream-'))
after(() => rmSync(folder, { recursive: true }))

const model = suiteModel()
const accounts = model.collections[0] as CollectionModel
const account = (id: string): Values => ({ id, name: id, kind: 'current', balance: '1.00' })

const plan: ListPlan = {
  collection: accounts,
  parent: undefined,
  conditions: [],
  sort: accounts.sort,
  fields: accounts.fields,
  start: { kind: 'offset', offset: 0 },
  limit: Number.POSITIVE_INFINITY,
}

/** Whether the log can be emptied: no reader stands in the way. */
function isLogFree(path: string): boolean {
  const db = new DatabaseSync(path)
  const { busy } = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number }
  db.close()
  return busy === 0
}

const filled = async (path: string, count: number, streamHold: number) => {
  const store = await openSqlite(model, { path }, { streamHold })
  await store.write(async tx => {
    for (let n = 0; n < count; n++) await tx.insert(accounts, account(`r${String(n).padStart(6, '0')}`))
  })
  return store
}

test('a slow taker holds the log for the hold time only, and still gets its one state', async () => {
  const path = join(folder, 'slow.db')
  const store = await filled(path, 10_000, 1000)
  const stream = store.stream(plan)[Symbol.asyncIterator]()
  const first = await stream.next()
  assert.equal(first.value?.[0]?.id, 'r000000')
  await store.write(tx => tx.insert(accounts, account('r000500x')))
  assert.equal(isLogFree(path), false)
  const deadline = performance.now() + 10_000
  while (!isLogFree(path)) {
    assert.ok(performance.now() < deadline, 'the log is still held')
    await sleep(50)
  }
  let count = first.value?.length ?? 0
  for (let next = await stream.next(); !next.done; next = await stream.next()) {
    for (const { id } of next.value) assert.equal(id, `r${String(count++).padStart(6, '0')}`)
  }
  assert.equal(count, 10_000)
  await store.close()
})

test('a stream that is left early frees the log at once', async () => {
  const path = join(folder, 'left.db')
  const store = await filled(path, 2000, 60_000)
  for await (const rows of store.stream(plan)) {
    assert.equal(rows.length, 500)
    await store.write(tx => tx.insert(accounts, account('x')))
    assert.equal(isLogFree(path), false)
    break
  }
  assert.equal(isLogFree(path), true)
  await store.close()
})

test('a long stream leaves the event loop to others', async () => {
  const store = await filled(join(folder, 'long.db'), 20_000, 60_000)
  let turns = 0
  const count = () => {
    turns++
    immediate = setImmediate(count)
  }
  let immediate = setImmediate(count)
  let batches = 0
  for await (const _ of store.stream(plan)) batches++
  clearImmediate(immediate)
  assert.ok(turns >= batches - 1, `${turns} turns in ${batches} batches`)
  await store.close()
})

test('a stream takes the memory of a batch, not of the list', async () => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const store = await filled(join(folder, 'memory.db'), 60_000, 60_000)
  const heap = () => {
    collect()
    return process.memoryUsage().heapUsed
  }
  const before = heap()
  let most = 0
  let batches = 0
  for await (const _ of store.stream(plan)) if (++batches % 20 === 0) most = Math.max(most, heap() - before)
  assert.ok(batches >= 120 && most < 4 * 1024 * 1024, `${most} bytes`)
  await store.close()
})

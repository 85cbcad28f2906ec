// Clients that move money through a network that cuts, delays, doubles and lies: nothing is lost, nothing is doubled.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { serve } from '@comity/server'
import { clientOf } from './client.ts'
import { faults, startFaultProxy } from './fault-proxy.ts'
import { booksFor } from './fixtures/books.ts'
import ledger from './fixtures/ledger.ts'
import { seededFor } from './random.ts'

const transfers = process.env.COMITY_LONG ? 10_000 : 250
const clients = 16

test(`${transfers} transfers through a faulty network: the sum stays, and every key counts once`, async context => {
  const random = seededFor(context)
  const folder = mkdtempSync(join(tmpdir(), 'comity-faults-'))
  const failures: unknown[] = []
  const serving = await serve(ledger, {
    port: 0,
    database: `sqlite:${join(folder, 'ledger.db')}`,
    onError: error => failures.push(error),
  })
  const proxy = await startFaultProxy(serving.url, random)
  const through = clientOf(proxy.url, clients, 5_000)
  const direct = clientOf(serving.url)
  const books = booksFor(random)
  try {
    let begun = 0
    const work = async () => {
      while (begun++ < transfers) await books.settle(through, books.wish())
    }
    await Promise.all(Array.from({ length: clients }, work))
    through.end()
    await proxy.close()
    await books.audit(direct)
    // Every one once more, by a good way: the answers are those that came through.
    for (const key of books.answers.keys()) assert.ok(await books.ask(direct, books.wishOf(key)))
    await books.audit(direct)
    assert.equal(books.answers.size, transfers)
    const statuses = new Set([...books.answers.values()].map(({ status }) => status))
    assert.deepEqual([...statuses].sort(), [201, 422])
    for (const fault of faults) assert.ok(proxy.happened.get(fault), `no request was ${fault}`)
    assert.deepEqual(failures, [])
  } finally {
    through.end()
    direct.end()
    await proxy.close()
    await serving.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

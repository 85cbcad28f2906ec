// A disk that is full: SQLite rolls the whole transaction back by itself, under every savepoint.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { CollectionModel } from '../../model/model.ts'
import type { Transaction } from '../store.ts'
import { account } from '../suite/fixture.ts'
import { suiteModel } from '../suite.ts'
import { connect } from './connection.ts'
import { migrate } from './migrate.ts'
import { readsOn } from './reads.ts'
import { transactionsOn } from './transaction.ts'
import { writerOn } from './writer.ts'

const folder = mkdtempSync(join(tmpdir(), 'comity-full-'))
after(() => rmSync(folder, { recursive: true }))

const model = suiteModel()
const accounts = model.collections[0] as CollectionModel
const answer = { fingerprint: '', status: 200, fields: {}, body: Buffer.alloc(200_000) }

/** A statement without a journal of its own, so that its failure takes the transaction with it. */
const keepLarge = (tx: Transaction) => tx.keep({ caller: '', key: 'k' }, answer, tx.now + 60_000)

/** A writer whose database may not grow, on a new file. */
function open(name: string) {
  const connection = connect(join(folder, name), 'writer', 5)
  migrate(connection, model, Date.now())
  const [pages] = Object.values(connection.db.prepare('PRAGMA page_count').get() ?? {})
  connection.db.exec(`PRAGMA max_page_count = ${pages}`)
  const reads = readsOn(connection)
  const begin = transactionsOn(connection, reads, model)
  const { write } = writerOn({ connection, begin, busyTimeout: 100, since: 0, committed: () => {} })
  const count = () => reads.count({ collection: accounts, parent: undefined, conditions: [] })
  return { connection, write, count }
}

test('a write that meets a full disk and goes on all the same writes nothing, and is told so', async () => {
  const { connection, write, count } = open('alone.db')
  const written = write(async tx => {
    await tx.insert(accounts, account('before'))
    try {
      await keepLarge(tx)
    } catch {
      await turn()
      assert.equal(connection.db.isTransaction, false)
    }
    try {
      await tx.insert(accounts, account('after'))
    } catch {}
    return 'done'
  })
  await assert.rejects(written, /gave up/)
  assert.equal(count(), 0)
  await write(tx => tx.insert(accounts, account('b')))
  assert.equal(count(), 1)
  connection.close()
})

for (const how of ['by itself', 'in an attempt'])
  test(`writes that share a commit with one that meets a full disk ${how} are undone and told, or done`, async () => {
    const { connection, write, count } = open(`shared ${how}.db`)
    const ends = await Promise.allSettled([
      write(tx => tx.insert(accounts, account('a'))),
      write(async tx => {
        const insert = async (part: Transaction) => {
          await part.insert(accounts, account('b'))
          await keepLarge(part)
        }
        if (how === 'by itself') await insert(tx)
        else await tx.attempt(insert)
      }),
      write(tx => tx.insert(accounts, account('c'))),
    ])
    assert.deepEqual(
      ends.map(({ status }) => status),
      ['rejected', 'rejected', 'fulfilled'],
    )
    assert.equal(count(), 1)
    connection.close()
  })

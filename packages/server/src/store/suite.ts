// What every engine must do. An engine's test calls `storeSuite` with its name and how to open an empty store of a
// model; nothing here knows which engine it is.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { ApiModel } from '../model/model.ts'
import type { Store } from './store.ts'
import { attemptCases } from './suite/attempts.ts'
import { changeCases } from './suite/changes.ts'
import { account, type Check, collectionNamed, suiteModel } from './suite/fixture.ts'
import { groupCases } from './suite/groups.ts'
import { itemCases } from './suite/items.ts'
import { jobCases } from './suite/jobs.ts'
import { keyCases } from './suite/keys.ts'
import { listCases } from './suite/lists.ts'
import { recordCases } from './suite/records.ts'
import { streamCases } from './suite/streams.ts'
import { transactionCases } from './suite/transactions.ts'

export { suiteModel }

/**
 * Registers the suite's cases.
 * @param open opens an empty store; the suite closes it
 */
export function storeSuite(name: string, open: (model: ApiModel) => Promise<Store>): void {
  const check: Check = (title, body) => {
    test(`${name}: ${title}`, async () => {
      const model = suiteModel()
      const store = await open(model)
      const named = (of: string) => collectionNamed(model, of)
      try {
        await body({ store, accounts: named('accounts'), entries: named('entries'), cards: named('cards') })
      } finally {
        await store.close()
      }
    })
  }

  itemCases(check)
  listCases(check)
  transactionCases(check)
  changeCases(check)
  attemptCases(check)
  groupCases(check)
  keyCases(check)
  streamCases(check)
  jobCases(check)
  recordCases(check)

  test(`${name}: closing waits for the writes that came before`, async () => {
    const model = suiteModel()
    const accounts = collectionNamed(model, 'accounts')
    const store = await open(model)
    await store.ping()
    const written = store.write(async tx => {
      await turn()
      return tx.insert(accounts, account('a'))
    })
    const closed = store.close()
    assert.equal((await written).id, 'a')
    await closed
    await assert.rejects(async () => store.ping())
  })
}

// Streams: lists of any length, of one state.
import assert from 'node:assert/strict'
import { account, type Check, condition, gathered, idsOf, listPlan, there } from './fixture.ts'

/** Registers the cases. */
export function streamCases(check: Check): void {
  check('a stream brings one state, whatever is written meanwhile', async ({ store, accounts }) => {
    const ids = Array.from({ length: 2345 }, (_, n) => `r${String(n).padStart(5, '0')}`)
    await store.write(async tx => {
      for (const id of ids) await tx.insert(accounts, account(id))
    })
    const plan = listPlan(accounts, 'id', { limit: Number.POSITIVE_INFINITY })
    const read: unknown[] = []
    for await (const rows of store.stream(plan)) {
      if (read.length === 0)
        await store.write(async tx => {
          await tx.remove(accounts, 'r02000')
          await tx.insert(accounts, account('r01000x'))
        })
      read.push(...idsOf(rows))
    }
    assert.deepEqual(read, ids)
    const rest = await gathered(store.stream({ ...plan, start: { kind: 'after', key: ['r02342'] } }))
    assert.deepEqual(rest, ['r02343', 'r02344'])
    const some = [condition(accounts, 'id', 'lt', 'r00002')]
    assert.deepEqual(await gathered(store.stream({ ...plan, conditions: some })), ['r00000', 'r00001'])
  })

  check('a stream may be left early', async ({ store, accounts }) => {
    await store.write(async tx => {
      for (let n = 0; n < 1200; n++) await tx.insert(accounts, account(`r${n}`))
    })
    for (let n = 0; n < 10; n++)
      for await (const rows of store.stream(listPlan(accounts, 'id', { limit: 1200 }))) if (rows.length > 0) break
    const unread = store.stream(listPlan(accounts, 'id', { limit: 1200 }))[Symbol.asyncIterator]()
    await unread.return?.()
    await store.write(tx => tx.insert(accounts, account('after')))
    assert.equal(there(await store.get(accounts, 'after')).id, 'after')
  })
}

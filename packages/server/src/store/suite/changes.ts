// What became of a collection after a revision.
import assert from 'node:assert/strict'
import type { CollectionModel } from '../../model/model.ts'
import type { Changes, Reads, Transaction } from '../store.ts'
import { account, type Check, condition, entry } from './fixture.ts'

const told = ({ created, changed, deleted, more }: Changes) => ({
  created: created.map(({ id }) => id),
  changed: changed.map(({ id }) => id),
  deleted: deleted.map(({ id, parent }) => (parent === undefined ? id : `${parent}/${id}`)),
  ...(more && { more }),
})

const after = async (reads: Reads, of: CollectionModel, since: number, most = 100) =>
  told(await reads.changes(of, since, most))

/** Registers the cases. */
export function changeCases(check: Check): void {
  const nothing = { created: [], changed: [], deleted: [] }

  check('what was created, changed and deleted after a revision', async ({ store, accounts, entries }) => {
    await store.write(async tx => {
      for (const id of ['a', 'b', 'c', 'd']) await tx.insert(accounts, account(id))
      await tx.insert(entries, entry('x'), 'a')
      await tx.insert(entries, entry('y'), 'c')
    })
    const { revision } = await store.clock()
    assert.deepEqual(await after(store, accounts, revision), nothing)
    assert.deepEqual(await after(store, accounts, 0), { ...nothing, created: ['a', 'b', 'c', 'd'] })
    await store.write(tx => tx.update(accounts, 'b', { rank: 1 }))
    await store.write(tx => tx.insert(accounts, account('e')))
    await store.write(tx => tx.update(accounts, 'e', { rank: 1 }))
    await store.write(tx => tx.remove(accounts, 'c'))
    const later = await store.clock()
    assert.equal(later.revision, revision + 4)
    assert.deepEqual(await after(store, accounts, revision), { created: ['e'], changed: ['b'], deleted: ['c'] })
    assert.deepEqual(await after(store, entries, revision), { ...nothing, deleted: ['c/y'] })
    assert.deepEqual(await after(store, accounts, revision + 1), { created: ['e'], changed: [], deleted: ['c'] })
    assert.deepEqual(await after(store, accounts, later.revision), nothing)
    const { created, changed } = await store.changes(accounts, revision, 100)
    assert.deepEqual(created, [await store.get(accounts, 'e')])
    assert.deepEqual(changed, [await store.get(accounts, 'b')])
  })

  check('what was deleted and came back is changed', async ({ store, accounts }) => {
    await store.write(tx => tx.insert(accounts, account('a')))
    const { revision } = await store.clock()
    await store.write(tx => tx.remove(accounts, 'a'))
    const between = await store.clock()
    await store.write(tx => tx.insert(accounts, account('a')))
    assert.deepEqual(await after(store, accounts, revision), { ...nothing, changed: ['a'] })
    assert.deepEqual(await after(store, accounts, between.revision), { ...nothing, created: ['a'] })
  })

  check('a transaction sees its own changes, and nobody those undone', async ({ store, accounts }) => {
    await store.write(tx => tx.insert(accounts, account('a')))
    const before = await store.clock()
    const write = async (tx: Transaction) => {
      await tx.insert(accounts, account('b'))
      const { revision } = await tx.clock()
      assert.equal(revision, before.revision + 1)
      assert.deepEqual(await after(tx, accounts, before.revision), { ...nothing, created: ['b'] })
    }
    await assert.rejects(
      async () =>
        store.write(async tx => {
          assert.deepEqual(await tx.clock(), before)
          await write(tx)
          throw new Error('no')
        }),
      /no/,
    )
    assert.deepEqual(await store.clock(), before)
    await store.write(write)
    const [{ revision }, seen] = await store.snapshot(async reads => [
      await reads.clock(),
      await after(reads, accounts, before.revision),
    ])
    assert.deepEqual([revision, seen], [before.revision + 1, { ...nothing, created: ['b'] }])
  })

  check('so many changes are told, and that there are more', async ({ store, accounts }) => {
    for (const id of ['a', 'b', 'c']) await store.write(tx => tx.insert(accounts, account(id)))
    assert.deepEqual(await after(store, accounts, 0, 3), { ...nothing, created: ['a', 'b', 'c'] })
    assert.equal((await after(store, accounts, 0, 2)).more, true)
    const all = { collection: accounts, parent: undefined, conditions: [condition(accounts, 'id', 'gt', '')] }
    const { revision } = await store.clock()
    await store.write(tx => tx.removeWhere(all))
    assert.equal((await after(store, accounts, revision, 2)).more, true)
    assert.deepEqual(await after(store, accounts, revision, 3), { ...nothing, deleted: ['a', 'b', 'c'] })
  })

  check('deletions that are forgotten are known to be', async ({ store, accounts }) => {
    await store.write(async tx => {
      await tx.insert(accounts, account('a'))
      await tx.insert(accounts, account('b'))
    })
    await store.write(tx => tx.remove(accounts, 'a'))
    const { revision, forgotten, origin } = await store.clock()
    assert.equal(forgotten, 0)
    assert.equal(await store.prune(0, 100), 0)
    assert.equal((await store.clock()).forgotten, 0)
    assert.equal(await store.prune(Date.now() + 60_000, 100), 1)
    assert.deepEqual(await store.clock(), { revision, forgotten: revision, origin })
    await store.write(tx => tx.remove(accounts, 'b'))
    assert.equal((await store.clock()).forgotten, revision)
    assert.deepEqual(await after(store, accounts, revision), { ...nothing, deleted: ['b'] })
  })
}

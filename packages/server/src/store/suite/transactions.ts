// Transactions: alone, whole or not at all, seen when committed.
import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import type { Item, Later, Missing, Transaction } from '../store.ts'
import { account, breaks, type Check, entry, there } from './fixture.ts'

/** Registers the cases. */
export function transactionCases(check: Check): void {
  check('a rule broken and caught leaves the rest of the transaction whole', async ({ store, accounts, cards }) => {
    await store.write(async tx => {
      await tx.insert(accounts, account('a'))
      await tx.insert(cards, { id: 'c', account: 'a', backup: null })
    })
    await store.write(async tx => {
      await breaks('exists', ['id'], () => tx.insert(accounts, account('a')))
      await breaks('referenced', [], () => tx.remove(accounts, 'a'))
      await tx.insert(accounts, account('b'))
    })
    assert.equal(there(await store.get(accounts, 'a')).id, 'a')
    assert.equal(there(await store.get(accounts, 'b')).id, 'b')
  })

  check('what is thrown undoes everything', async ({ store, accounts, entries }) => {
    const before = await store.write(tx => tx.insert(accounts, account('a')))
    const generation = store.generation(accounts)
    const reason = new Error('no')
    const spoil = (tx: Transaction) =>
      [
        tx.insert(accounts, account('b')),
        tx.insert(entries, entry('e'), 'a'),
        tx.update(accounts, 'a', { rank: 9 }),
      ] as const
    await assert.rejects(
      async () =>
        store.write(tx => {
          spoil(tx)
          throw reason
        }),
      reason,
    )
    await assert.rejects(
      async () =>
        store.write(async tx => {
          await Promise.all(spoil(tx))
          await turn()
          throw reason
        }),
      reason,
    )
    assert.deepEqual(await store.get(accounts, 'a'), before)
    assert.equal(await store.get(accounts, 'b'), 'never')
    assert.deepEqual(await store.state(accounts), { revision: before.revision, modified: before.modified })
    assert.equal(store.generation(accounts), generation)
  })

  check('nobody sees what is not committed', async ({ store, accounts }) => {
    let seen: Later<Item | Missing> = 'never'
    const written = store.write(async tx => {
      await tx.insert(accounts, account('a'))
      seen = store.get(accounts, 'a')
      await turn()
      assert.equal(there(await tx.get(accounts, 'a')).id, 'a')
      throw new Error('undone')
    })
    await assert.rejects(async () => written, /undone/)
    assert.equal(await seen, 'never')
  })

  check('writes take turns, in the order they came', async ({ store, accounts }) => {
    await store.write(tx => tx.insert(accounts, account('a', { rank: 0 })))
    const order: number[] = []
    const writes = Array.from({ length: 20 }, (_, n) =>
      store.write(async tx => {
        order.push(n)
        const { values } = there(await tx.get(accounts, 'a'))
        if (n % 3 === 0) await turn()
        await tx.update(accounts, 'a', { rank: Number(values.rank) + 1 })
      }),
    )
    await Promise.all(writes)
    assert.deepEqual(
      order,
      Array.from({ length: 20 }, (_, n) => n),
    )
    assert.equal(there(await store.get(accounts, 'a')).values.rank, 20)
  })

  check('a write that fails does not hold up those behind it', async ({ store, accounts }) => {
    const slow = store.write(async tx => {
      await tx.insert(accounts, account('a'))
      await turn()
    })
    const failing = store.write(tx => tx.insert(accounts, account('a')))
    const next = store.write(tx => tx.insert(accounts, account('b')))
    await slow
    await breaks('exists', ['id'], () => failing)
    assert.equal((await next).id, 'b')
  })

  check('a transaction that has ended does nothing more', async ({ store, accounts }) => {
    let kept: Transaction | undefined
    await store.write(tx => {
      kept = tx
    })
    await assert.rejects(async () => kept?.insert(accounts, account('a')))
    await assert.rejects(async () => kept?.get(accounts, 'a'))
    assert.equal(await store.get(accounts, 'a'), 'never')
  })

  check('a snapshot does not move', async ({ store, accounts }) => {
    const all = { collection: accounts, parent: undefined, conditions: [] }
    await store.write(tx => tx.insert(accounts, account('a')))
    let written: Later<unknown>
    const counts = await store.snapshot(async reads => {
      const before = await reads.count(all)
      written = store.write(tx => tx.insert(accounts, account('b')))
      await turn()
      await turn()
      return [before, await reads.count(all), await reads.get(accounts, 'b')]
    })
    assert.deepEqual(counts, [1, 1, 'never'])
    await written
    assert.equal(await store.count(all), 2)
    assert.equal(await store.snapshot(reads => reads.count(all)), 2)
    await assert.rejects(
      async () =>
        store.snapshot(() => {
          throw new Error('no')
        }),
      /no/,
    )
    assert.equal(await store.snapshot(reads => reads.count(all)), 2)
  })

  check(
    'the generation moves with what may have changed, and stays when nothing has',
    async ({ store, accounts, entries }) => {
      const at = () => [store.generation(accounts), store.generation(entries)] as const
      const [first] = at()
      await store.write(tx => tx.insert(accounts, account('a')))
      const [second, below] = at()
      assert.notEqual(second, first)
      await store.write(tx => tx.insert(entries, entry('e'), 'a'))
      const [third, filled] = at()
      assert.notEqual(filled, below)
      await store.get(accounts, 'a')
      await store.write(tx => tx.get(accounts, 'a'))
      await turn()
      assert.deepEqual(at(), [third, filled])
      await store.write(tx => tx.remove(accounts, 'a'))
      assert.notEqual(store.generation(accounts), third)
      assert.notEqual(store.generation(entries), filled)
    },
  )
}

// Items: what is written comes back, with its revision, or is gone.
import assert from 'node:assert/strict'
import type { Values } from '../../model/model.ts'
import { account, breaks, type Check, condition, entry, there } from './fixture.ts'

/** Registers the cases. */
export function itemCases(check: Check): void {
  check('every kind of value comes back as it was', async ({ store, accounts }) => {
    const rows: readonly Values[] = [
      { balance: '-0.01' },
      { balance: '0.10' },
      { balance: '9999999999999.99' },
      { balance: '-9999999999999.99' },
      { rank: 0 },
      { rank: Number.MAX_SAFE_INTEGER },
      { rank: Number.MIN_SAFE_INTEGER },
      { ratio: 0.1 },
      { ratio: 1e300 },
      { ratio: 5 },
      { open: true },
      { open: false },
      { day: '0001-01-01' },
      { seen: '2014-12-31T23:59:59.999Z' },
      { tags: [] },
      { tags: [1, 'ü', null, { a: [true] }] },
      { name: '' },
      { name: ' \t\r\n’ß漢字 🏦 % _ \\ \' " ;--' },
    ]
    for (const [i, row] of rows.entries()) {
      const given = account(`a${i}`, row)
      const made = await store.write(tx => tx.insert(accounts, given))
      const found = there(await store.get(accounts, `a${i}`))
      assert.deepEqual(found, made)
      const { createdAt, updatedAt, ...declared } = found.values
      assert.deepEqual(declared, given)
      assert.equal(createdAt, updatedAt)
      assert.equal(Date.parse(String(updatedAt)), found.modified)
      assert.deepEqual(
        Object.keys(found.values),
        accounts.fields.map(field => field.name),
      )
    }
  })

  check('get tells never, gone and elsewhere apart', async ({ store, accounts, entries }) => {
    await store.write(async tx => {
      await tx.insert(accounts, account('a'))
      await tx.insert(accounts, account('b'))
      await tx.insert(entries, entry('e'), 'a')
    })
    assert.equal(await store.get(accounts, 'never'), 'never')
    assert.equal(there(await store.get(entries, 'e', 'a')).values.accountId, 'a')
    assert.equal(await store.get(entries, 'e', 'b'), 'never')
    await store.write(tx => tx.remove(entries, 'e'))
    assert.equal(await store.get(entries, 'e', 'a'), 'gone')
    assert.equal(await store.get(entries, 'e', 'b'), 'never')
    const again = await store.write(tx => tx.insert(entries, entry('e'), 'a'))
    assert.deepEqual(await store.get(entries, 'e', 'a'), again)
  })

  check('an update changes what it names and nothing else', async ({ store, accounts }) => {
    const before = await store.write(tx => tx.insert(accounts, account('a', { rank: 1, tags: ['x'] })))
    const other = await store.write(tx => tx.insert(accounts, account('b')))
    const made = await store.write(tx => tx.update(accounts, 'a', { rank: null, balance: '12.50' }))
    assert.ok(made.revision > other.revision && other.revision > before.revision)
    const { updatedAt, ...rest } = made.values
    const { updatedAt: _, ...was } = before.values
    assert.deepEqual(rest, { ...was, rank: null, balance: '12.50' })
    assert.ok(String(updatedAt) >= String(before.values.updatedAt))
    assert.deepEqual(await store.get(accounts, 'a'), made)
    assert.deepEqual(await store.get(accounts, 'b'), other)
    await assert.rejects(async () => store.write(tx => tx.update(accounts, 'c', { rank: 1 })))
  })

  check(
    'one transaction has one revision, and one that changes nothing has none',
    async ({ store, accounts, entries }) => {
      assert.equal((await store.state(accounts)).revision, 0)
      const [a, b, e] = await store.write(async tx => {
        const first = await tx.insert(accounts, account('a'))
        const second = await tx.insert(accounts, account('b'))
        assert.equal((await tx.state(accounts)).revision, first.revision)
        assert.equal(first.modified, tx.now)
        return [first, second, await tx.insert(entries, entry('e'), 'a')] as const
      })
      assert.equal(a.revision, b.revision)
      assert.equal(a.revision, e.revision)
      await store.write(tx => tx.count({ collection: accounts, parent: undefined, conditions: [] }))
      await store.write(tx =>
        tx.removeWhere({
          collection: accounts,
          parent: undefined,
          conditions: [condition(accounts, 'name', 'eq', 'x')],
        }),
      )
      const next = await store.write(tx => tx.update(accounts, 'a', { rank: 2 }))
      assert.equal(next.revision, a.revision + 1)
      assert.deepEqual(await store.state(accounts), { revision: next.revision, modified: next.modified })
    },
  )

  check('a list’s state moves with its own parent only', async ({ store, accounts, entries }) => {
    await store.write(async tx => {
      await tx.insert(accounts, account('a'))
      await tx.insert(accounts, account('b'))
    })
    const untouched = await store.state(entries, 'b')
    const made = await store.write(tx => tx.insert(entries, entry('e'), 'a'))
    assert.deepEqual(await store.state(entries, 'a'), { revision: made.revision, modified: made.modified })
    assert.deepEqual(await store.state(entries, 'b'), untouched)
    await store.write(tx => tx.remove(entries, 'e'))
    assert.ok((await store.state(entries, 'a')).revision > made.revision)
  })

  check('deleting takes along what is nested, and all of it is gone', async ({ store, accounts, entries }) => {
    await store.write(async tx => {
      for (const id of ['a', 'b']) {
        await tx.insert(accounts, account(id))
        for (const n of [1, 2, 3]) await tx.insert(entries, entry(`${id}${n}`), id)
      }
    })
    const before = await store.state(entries, 'a')
    await store.write(tx => tx.remove(accounts, 'a'))
    assert.equal(await store.get(accounts, 'a'), 'gone')
    for (const id of ['a1', 'a2', 'a3']) assert.equal(await store.get(entries, id, 'a'), 'gone')
    assert.equal(await store.count({ collection: entries, parent: undefined, conditions: [] }), 3)
    // Created again, its list is empty: it must not look like the one before.
    await store.write(tx => tx.insert(accounts, account('a')))
    assert.ok((await store.state(entries, 'a')).revision > before.revision)
    await assert.rejects(async () => store.write(tx => tx.remove(accounts, 'never')))
  })

  check('removeWhere deletes what matches and counts it', async ({ store, accounts, entries }) => {
    await store.write(async tx => {
      for (const id of ['a', 'b', 'c']) {
        await tx.insert(accounts, account(id, { rank: id === 'c' ? 2 : 1 }))
        await tx.insert(entries, entry(`${id}1`), id)
        await tx.insert(entries, entry(`${id}2`, { amount: '2.00' }), id)
      }
    })
    const below = { collection: entries, parent: 'c', conditions: [condition(entries, 'amount', 'gt', '1.50')] }
    assert.equal(await store.write(tx => tx.removeWhere(below)), 1)
    assert.equal(await store.get(entries, 'c2', 'c'), 'gone')
    const states = [await store.state(entries, 'a'), await store.state(entries, 'c')]
    const some = { collection: accounts, parent: undefined, conditions: [condition(accounts, 'rank', 'eq', 1)] }
    assert.equal(await store.write(tx => tx.removeWhere(some)), 2)
    assert.equal(await store.get(accounts, 'a'), 'gone')
    assert.equal(await store.get(entries, 'b1', 'b'), 'gone')
    assert.equal(there(await store.get(entries, 'c1', 'c')).id, 'c1')
    assert.ok((await store.state(entries, 'a')).revision > (states[0]?.revision ?? 0))
    assert.deepEqual(await store.state(entries, 'c'), states[1])
  })

  check('broken rules are named', async ({ store, accounts, entries, cards }) => {
    await store.write(async tx => {
      await tx.insert(accounts, account('a', { name: 'one' }))
      await tx.insert(accounts, account('b', { name: 'two' }))
      await tx.insert(entries, entry('e', { code: 'x' }), 'a')
      await tx.insert(entries, entry('f', { code: 'x' }), 'b') // once below each parent
      await tx.insert(cards, { id: 'c', account: 'a', backup: null })
    })
    await breaks('exists', ['id'], () => store.write(tx => tx.insert(accounts, account('a'))))
    await breaks('exists', ['id'], () => store.write(tx => tx.insert(entries, entry('e'), 'a')))
    await breaks('exists', ['id'], () => store.write(tx => tx.insert(entries, entry('e'), 'b')))
    await breaks('unique', ['name'], () => store.write(tx => tx.insert(accounts, account('z', { name: 'one' }))))
    await breaks('unique', ['name'], () => store.write(tx => tx.update(accounts, 'b', { name: 'one' })))
    await breaks('unique', ['code'], () => store.write(tx => tx.insert(entries, entry('g', { code: 'x' }), 'a')))
    await breaks('reference', ['accountId'], () => store.write(tx => tx.insert(entries, entry('g'), 'nowhere')))
    await breaks('reference', ['account'], () =>
      store.write(tx => tx.insert(cards, { id: 'd', account: 'no', backup: null })),
    )
    await breaks('reference', ['account', 'backup'], () =>
      store.write(tx => tx.insert(cards, { id: 'd', account: 'no', backup: 'neither' })),
    )
    await breaks('reference', ['backup'], () => store.write(tx => tx.update(cards, 'c', { backup: 'no' })))
    await breaks('referenced', [], () => store.write(tx => tx.remove(accounts, 'a')))
    const all = { collection: accounts, parent: undefined, conditions: [] }
    await breaks('referenced', [], () => store.write(tx => tx.removeWhere(all)))
    assert.equal(await store.count(all), 2)
    assert.equal(there(await store.get(entries, 'e', 'a')).id, 'e')
  })

  check('items are whole and in order of id', async ({ store, accounts }) => {
    const made = await store.write(async tx => {
      const b = await tx.insert(accounts, account('b', { rank: 1 }))
      const a = await tx.insert(accounts, account('a', { rank: 1 }))
      await tx.insert(accounts, account('c', { rank: 2 }))
      return [a, b]
    })
    const conditions = [condition(accounts, 'rank', 'eq', 1)]
    assert.deepEqual(await store.write(tx => tx.items({ collection: accounts, parent: undefined, conditions })), made)
  })
}

// Records of the server's own.
import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import type { Check } from './fixture.ts'

/** Registers the cases. */
export function recordCases(check: Check): void {
  check('a record is found by its id and by its names, until it is removed', async ({ store }) => {
    await store.write(async tx => {
      await tx.putRecord('token', 'a', { value: { n: 1 }, names: { grant: 'g', user: 'u' } })
      await tx.putRecord('token', 'b', { value: { n: 2 }, names: { grant: 'g' } })
      await tx.putRecord('key', 'a', { value: { n: 3 } })
    })
    assert.deepEqual((await store.record('token', 'a'))?.value, { n: 1 })
    assert.deepEqual((await store.record('key', 'a'))?.value, { n: 3 })
    assert.equal(await store.record('key', 'b'), undefined)
    const granted = async () => (await store.recordsNamed('token', 'grant', 'g', 10)).map(({ id }) => id)
    assert.deepEqual(await granted(), ['a', 'b'])
    assert.deepEqual(
      (await store.records('token', 'a', 10)).map(({ id }) => id),
      ['b'],
    )
    // A name that is not given again is gone.
    await store.write(tx => tx.putRecord('token', 'a', { value: { n: 4 } }))
    assert.deepEqual(await granted(), ['b'])
    assert.equal(await store.write(tx => tx.removeRecordsNamed('token', 'grant', 'g')), 1)
    assert.equal(await store.record('token', 'b'), undefined)
    assert.deepEqual(
      [await store.write(tx => tx.removeRecord('token', 'a')), await store.write(tx => tx.removeRecord('token', 'a'))],
      [true, false],
    )
  })

  check('a record is added once, and again when it has expired', async ({ store }) => {
    const add = (expires: number) => store.write(tx => tx.addRecord('nonce', 'x', { value: {}, expires }))
    const soon = Date.now() + 60
    const twice = await Promise.all([add(soon), add(soon)])
    assert.deepEqual(twice.toSorted(), [false, true])
    await wait(80)
    assert.equal(await store.record('nonce', 'x'), undefined)
    assert.equal(await add(Date.now() + 60_000), true)
    assert.equal((await store.record('nonce', 'x')) !== undefined, true)
  })

  check('records that expired are forgotten, with their names; what fails writes none', async ({ store }) => {
    await store.write(async tx => {
      await tx.putRecord('token', 'old', { value: {}, expires: tx.now - 1, names: { grant: 'g' } })
      await tx.putRecord('token', 'new', { value: {}, names: { grant: 'g' } })
    })
    assert.deepEqual([await store.prune(0, 10), await store.prune(0, 10)], [1, 0])
    await assert.rejects(async () =>
      store.write(async tx => {
        await tx.putRecord('token', 'lost', { value: {} })
        throw new Error('no')
      }),
    )
    assert.deepEqual(
      (await store.records('token', '', 10)).map(({ id }) => id),
      ['new'],
    )
  })
}

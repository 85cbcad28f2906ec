// Answers kept for idempotency keys: with what they answer or not at all, for their time, by their caller.
import assert from 'node:assert/strict'
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import type { KeptAnswer, KeyName, Store } from '../store.ts'
import { account, type Check } from './fixture.ts'

const name: KeyName = { caller: '', key: 'k' }

const answer = (more: Partial<KeptAnswer> = {}): KeptAnswer => ({
  fingerprint: 'f',
  status: 201,
  fields: { location: '/accounts/a', 'content-type': 'application/json' },
  body: Buffer.from([0, 255, 1, 254]),
  ...more,
})

const recalled = (store: Store, of: KeyName = name) => store.write(tx => tx.recall(of))

/** Keeps an answer for `ms` from now. */
const keep = (store: Store, of: KeyName, kept: KeptAnswer, ms: number) =>
  store.write(tx => tx.keep(of, kept, tx.now + ms))

/** Registers the cases. */
export function keyCases(check: Check): void {
  check('an answer is recalled as it was kept, byte for byte', async ({ store }) => {
    assert.equal(await recalled(store), undefined)
    for (const kept of [answer(), answer({ status: 204, fields: {}, body: undefined })]) {
      const of = { caller: '', key: String(kept.status) }
      await keep(store, of, kept, 60_000)
      const { body, ...rest } = (await recalled(store, of)) ?? assert.fail('nothing was kept')
      assert.deepEqual({ ...rest, body: body && Buffer.from(body) }, kept)
    }
  })

  check('a key belongs to its caller', async ({ store }) => {
    await keep(store, { caller: 'a', key: 'k' }, answer({ status: 200 }), 60_000)
    await keep(store, { caller: 'b', key: 'k' }, answer({ status: 404 }), 60_000)
    const statuses = ['a', 'b', 'c', ''].map(async caller => (await recalled(store, { caller, key: 'k' }))?.status)
    assert.deepEqual(await Promise.all(statuses), [200, 404, undefined, undefined])
  })

  check('an answer commits with its effect, and is undone with it', async ({ store, accounts }) => {
    const acted = (id: string, fail: 'fails' | 'holds') =>
      store.write(async tx => {
        await tx.insert(accounts, account(id))
        await tx.keep({ caller: '', key: id }, answer(), tx.now + 60_000)
        assert.equal((await tx.recall({ caller: '', key: id }))?.status, 201)
        await turn()
        if (fail === 'fails') throw new Error('no')
      })
    const [failed, held] = await Promise.allSettled([acted('a', 'fails'), acted('b', 'holds')])
    assert.deepEqual([failed.status, held.status], ['rejected', 'fulfilled'])
    assert.equal(await recalled(store, { caller: '', key: 'a' }), undefined)
    assert.equal(await store.get(accounts, 'a'), 'never')
    assert.equal((await recalled(store, { caller: '', key: 'b' }))?.status, 201)
    assert.equal(typeof (await store.get(accounts, 'b')), 'object')
  })

  check('an answer that has expired is not recalled, and its key is free again', async ({ store }) => {
    await keep(store, name, answer(), 30)
    assert.equal((await recalled(store))?.status, 201)
    await wait(50)
    assert.equal(await recalled(store), undefined)
    await keep(store, name, answer({ status: 200 }), 60_000)
    assert.equal((await recalled(store))?.status, 200)
  })

  check('pruning forgets what has had its time, and so much at once and no more', async ({ store }) => {
    await store.write(async tx => {
      for (let n = 0; n < 25; n++) await tx.keep({ caller: '', key: `old ${n}` }, answer(), tx.now + 1)
      for (let n = 0; n < 5; n++) await tx.keep({ caller: '', key: `new ${n}` }, answer(), tx.now + 60_000)
    })
    await wait(20)
    const forgotten: number[] = []
    for (let n = 0; n < 4; n++) forgotten.push(await store.prune(0, 10))
    assert.deepEqual(forgotten, [10, 10, 5, 0])
    for (let n = 0; n < 5; n++) assert.equal((await recalled(store, { caller: '', key: `new ${n}` }))?.status, 201)
  })

  check('a tombstone is pruned by its age: what is gone was never there', async ({ store, accounts }) => {
    const { modified } = await store.write(tx => tx.insert(accounts, account('a')))
    await store.write(tx => tx.remove(accounts, 'a'))
    assert.equal(await store.prune(modified - 1, 10), 0)
    assert.equal(await store.get(accounts, 'a'), 'gone')
    assert.equal(await store.prune(Date.now() + 1000, 10), 1)
    assert.equal(await store.get(accounts, 'a'), 'never')
  })

  check('writes go on while much is pruned', async ({ store, accounts }) => {
    await store.write(async tx => {
      for (let n = 0; n < 500; n++) await tx.keep({ caller: '', key: `${n}` }, answer(), tx.now + 1)
    })
    await wait(20)
    const pruning = Array.from({ length: 6 }, () => store.prune(0, 100))
    const written = await store.write(tx => tx.insert(accounts, account('a')))
    assert.equal(written.id, 'a')
    assert.deepEqual(await Promise.all(pruning), [100, 100, 100, 100, 100, 0])
  })
}

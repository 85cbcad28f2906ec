// Writes that wait at the same moment: they may share a commit, and nothing else.
import assert from 'node:assert/strict'
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import { account, type Check, there } from './fixture.ts'

/** Registers the cases. */
export function groupCases(check: Check): void {
  const no = new Error('no')

  check('one write that fails does not fail its neighbours', async ({ store, accounts }) => {
    const asked = Array.from({ length: 30 }, (_, n) =>
      store.write(async tx => {
        await tx.insert(accounts, account(`a${n}`))
        if (n % 4 === 1) await turn()
        if (n % 5 === 2) throw no
        return n
      }),
    )
    for (const [n, ended] of (await Promise.allSettled(asked)).entries()) {
      if (n % 5 === 2) assert.deepEqual(ended, { status: 'rejected', reason: no })
      else assert.deepEqual(ended, { status: 'fulfilled', value: n })
      assert.equal(typeof (await store.get(accounts, `a${n}`)), n % 5 === 2 ? 'string' : 'object', String(n))
    }
  })

  check('each has a revision of its own, and none is left out or used twice', async ({ store, accounts }) => {
    const asked = Array.from({ length: 20 }, (_, n) =>
      store.write(tx => {
        const item = tx.insert(accounts, account(`a${n}`))
        if (n % 3 === 0) throw no
        return item
      }),
    )
    const revisions: number[] = []
    for (const ended of await Promise.allSettled(asked))
      if (ended.status === 'fulfilled') revisions.push(ended.value.revision)
    assert.deepEqual(
      revisions,
      revisions.map((_, n) => n + 1),
    )
  })

  check('none is answered before it can be read, the failures neither', async ({ store, accounts }) => {
    const told: string[] = []
    let slow = 'not yet'
    const asked = ['a', 'b', 'c'].map(async id => {
      try {
        await store.write(async tx => {
          await tx.insert(accounts, account(id))
          if (id === 'b') throw no
          if (id === 'c') {
            await wait(30)
            slow = 'done'
          }
        })
        told.push(`${id} ${slow} ${typeof (await store.get(accounts, id))}`)
      } catch {
        told.push(`${id} ${slow} failed`)
      }
    })
    await Promise.all(asked)
    assert.deepEqual(told.sort(), ['a done object', 'b done failed', 'c done object'])
  })

  check(
    'a later member sees what an earlier one wrote, and nothing of one that failed',
    async ({ store, accounts }) => {
      const seen: unknown[] = []
      const write = (id: string, fails: boolean) =>
        store.write(async tx => {
          seen.push([typeof (await tx.get(accounts, 'a')), typeof (await tx.get(accounts, 'b'))])
          await tx.insert(accounts, account(id))
          if (fails) throw no
        })
      await Promise.allSettled([write('a', false), write('b', true), write('c', false)])
      assert.deepEqual(seen, [
        ['string', 'string'],
        ['object', 'string'],
        ['object', 'string'],
      ])
    },
  )

  check('many more than one commit takes are all done, in their order', async ({ store, accounts }) => {
    await store.write(tx => tx.insert(accounts, account('a', { rank: 0 })))
    const asked = Array.from({ length: 400 }, (_, n) =>
      store.write(async tx => {
        const rank = Number(there(await tx.get(accounts, 'a')).values.rank)
        await tx.update(accounts, 'a', { rank: rank + 1 })
        return rank === n
      }),
    )
    assert.ok((await Promise.all(asked)).every(inOrder => inOrder))
    assert.equal(there(await store.get(accounts, 'a')).values.rank, 400)
  })
}

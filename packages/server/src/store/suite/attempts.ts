// Attempts: parts of a transaction that are undone by themselves.
import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import type { Transaction } from '../store.ts'
import { account, breaks, type Check, entry, there } from './fixture.ts'

const no = new Error('no')

/** Fails at once, or later. */
const ways: Readonly<Record<string, () => never | Promise<never>>> = {
  'at once': () => {
    throw no
  },
  later: async () => {
    await turn()
    throw no
  },
}

/** Registers the cases. */
export function attemptCases(check: Check): void {
  for (const [how, fail] of Object.entries(ways))
    check(`an attempt that fails ${how} is undone, and nothing else`, async ({ store, accounts, entries }) => {
      await store.write(tx => tx.insert(accounts, account('a')))
      const revision = await store.write(async tx => {
        await tx.insert(accounts, account('b'))
        await assert.rejects(
          async () =>
            tx.attempt(part => {
              void part.insert(accounts, account('c'))
              void part.update(accounts, 'b', { rank: 1 })
              void part.insert(entries, entry('e'), 'a')
              void part.remove(accounts, 'a')
              return fail()
            }),
          no,
        )
        return (await tx.insert(accounts, account('d'))).revision
      })
      assert.equal(there(await store.get(accounts, 'b')).values.rank, null)
      assert.equal(await store.get(accounts, 'c'), 'never')
      assert.deepEqual(await store.state(accounts), {
        revision,
        modified: there(await store.get(accounts, 'd')).modified,
      })
      assert.equal(there(await store.get(accounts, 'a')).revision, revision - 1)
    })

  check('an attempt that fails first leaves its revision to the next write', async ({ store, accounts }) => {
    const first = await store.write(tx => tx.insert(accounts, account('a')))
    const second = await store.write(async tx => {
      await breaks('exists', ['id'], () =>
        tx.attempt(part => {
          void part.insert(accounts, account('c'))
          return part.insert(accounts, account('a'))
        }),
      )
      return tx.insert(accounts, account('b'))
    })
    assert.equal(second.revision, first.revision + 1)
    assert.equal((await store.state(accounts)).revision, second.revision)
    const third = await store.write(tx => tx.insert(accounts, account('c')))
    assert.equal(third.revision, second.revision + 1)
  })

  check('attempts stand within one another', async ({ store, accounts }) => {
    await store.write(tx =>
      tx.attempt(async outer => {
        await outer.insert(accounts, account('a'))
        await assert.rejects(async () =>
          outer.attempt(async inner => {
            await inner.insert(accounts, account('b'))
            await inner.attempt(innermost => innermost.insert(accounts, account('c')))
            throw no
          }),
        )
        await outer.attempt(inner => inner.insert(accounts, account('d')))
      }),
    )
    const found = ['a', 'b', 'c', 'd'].map(async id => typeof (await store.get(accounts, id)))
    assert.deepEqual(await Promise.all(found), ['object', 'string', 'string', 'object'])
  })

  check('what a failed attempt left running writes nothing', async ({ store, accounts }) => {
    const refusals: unknown[] = []
    const goOn = async (part: Transaction) => {
      for (let n = 0; n < 20; n++) {
        try {
          await part.insert(accounts, account(`${refusals.length} ${n}`))
        } catch (error) {
          refusals.push(error)
        }
      }
    }
    let left: Promise<void> | undefined
    await store.write(async tx => {
      const tried = tx.attempt(async part => {
        left = goOn(part)
        await Promise.reject(no)
      })
      await assert.rejects(async () => tried, no)
      await turn()
      await tx.insert(accounts, account('after'))
    })
    await left
    assert.ok(refusals.length > 0)
    assert.equal(await store.count({ collection: accounts, parent: undefined, conditions: [] }), 1)
  })
}

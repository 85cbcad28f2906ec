// Lists: conditions, pages and their order.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Operator, Values } from '../../model/model.ts'
import type { ListPlan, PageStart } from '../store.ts'
import { account, type Check, condition, entry, gathered, idsOf, listPlan, walk } from './fixture.ts'

/** Registers the cases. */
export function listCases(check: Check): void {
  check('conditions', async ({ store, accounts }) => {
    await store.write(async tx => {
      await tx.insert(accounts, account('a', { name: 'Ann', balance: '9.50', rank: 1, day: '2014-01-01', open: true }))
      await tx.insert(
        accounts,
        account('b', { name: 'bob', balance: '10.00', rank: 2, day: '2014-06-01', open: false }),
      )
      await tx.insert(
        accounts,
        account('c', { name: 'a_b%c\\d*', balance: '-3.25', kind: 'savings', ratio: 0.5, tags: [1] }),
      )
      await tx.insert(
        accounts,
        account('d', { name: 'Äpfel', balance: '100.00', rank: 10, seen: '2014-01-01T00:00:00.000Z' }),
      )
    })
    const cases: readonly (readonly [string, Operator, readonly unknown[], string])[] = [
      ['kind', 'eq', ['savings'], 'c'],
      ['balance', 'eq', ['10.00'], 'b'],
      ['balance', 'gt', ['9.50'], 'bd'],
      ['balance', 'gte', ['9.50'], 'abd'],
      ['balance', 'lt', ['9.50'], 'c'],
      ['balance', 'lte', ['9.50'], 'ac'],
      ['rank', 'gt', [2], 'd'],
      ['rank', 'ne', [2], 'acd'], // what has no rank has another one
      ['rank', 'eq', [null], 'c'],
      ['rank', 'ne', [null], 'abd'],
      ['rank', 'gt', [null], ''],
      ['rank', 'in', [], ''],
      ['rank', 'in', [10], 'd'],
      ['rank', 'in', [10, 1, 99], 'ad'],
      ['rank', 'exists', [true], 'abd'],
      ['rank', 'exists', [false], 'c'],
      ['ratio', 'gte', [0.5], 'c'],
      ['open', 'eq', [false], 'b'],
      ['open', 'ne', [true], 'bcd'],
      ['day', 'gte', ['2014-01-02'], 'b'],
      ['seen', 'lt', ['2014-01-01T00:00:00.001Z'], 'd'],
      ['name', 'like', ['a*'], 'ac'],
      ['name', 'like', ['*B'], 'b'],
      ['name', 'like', ['ANN'], 'a'],
      ['name', 'like', ['a_b%*'], 'c'],
      ['name', 'like', ['*\\d*'], 'c'],
      ['name', 'like', ['*c\\d*'], 'c'],
      ['name', 'like', ['A_n'], ''],
      ['name', 'like', ['*'], 'abcd'],
      ['name', 'like', ['nn'], ''],
      ['name', 'in', ['bob', "x' or '1'='1"], 'b'],
      ['id', 'in', ['a', 'd'], 'ad'],
      ['createdAt', 'gt', ['2000-01-01T00:00:00.000Z'], 'abcd'],
    ]
    for (const [member, operator, values, expected] of cases) {
      const conditions = [condition(accounts, member, operator, ...values)]
      const title = `${member}.${operator}=${values}`
      const page = await store.page(listPlan(accounts, 'id', { conditions }))
      assert.equal(idsOf(page.rows).join(''), expected, title)
      assert.equal(await store.count({ collection: accounts, parent: undefined, conditions }), expected.length, title)
    }
    const both = [condition(accounts, 'rank', 'gte', 1), condition(accounts, 'rank', 'lt', 10)]
    assert.deepEqual(idsOf((await store.page(listPlan(accounts, 'id', { conditions: both }))).rows), ['a', 'b'])
  })

  check('pages start where they are told and say what follows', async ({ store, accounts, entries }) => {
    await store.write(async tx => {
      await tx.insert(accounts, account('a'))
      await tx.insert(accounts, account('b'))
      for (const n of [1, 2, 3, 4, 5])
        await tx.insert(entries, entry(`e${n}`, { day: `2014-01-0${Math.ceil(n / 2)}` }), 'a')
      await tx.insert(entries, entry('x'), 'b')
    })
    const plan = listPlan(entries, '-day,-id', { parent: 'a', limit: 2 })
    const at = async (start: PageStart, more: Partial<ListPlan> = {}) => {
      const page = await store.page({ ...plan, ...more, start })
      return [idsOf(page.rows).join(' '), page.more] as const
    }
    assert.deepEqual(await at({ kind: 'offset', offset: 0 }), ['e5 e4', true])
    assert.deepEqual(await at({ kind: 'offset', offset: 3 }), ['e2 e1', false])
    assert.deepEqual(await at({ kind: 'offset', offset: 9 }), ['', false])
    assert.deepEqual(await at({ kind: 'after', key: ['2014-01-02', 'e4'] }), ['e3 e2', true])
    assert.deepEqual(await at({ kind: 'after', key: ['2014-01-02', 'e3'] }), ['e2 e1', false])
    assert.deepEqual(await at({ kind: 'after', key: ['2014-01-02', 'e3x'] }), ['e3 e2', true]) // the row itself may be gone
    assert.deepEqual(await at({ kind: 'before', key: ['2014-01-01', 'e2'] }), ['e4 e3', true])
    assert.deepEqual(await at({ kind: 'before', key: ['2014-01-02', 'e3'] }), ['e5 e4', false])
    assert.deepEqual(await at({ kind: 'before', key: ['2014-01-03', 'e5'] }), ['', false])
    assert.deepEqual(await at({ kind: 'offset', offset: 0 }, { limit: 5 }), ['e5 e4 e3 e2 e1', false])
    assert.deepEqual(await at({ kind: 'offset', offset: 0 }, { limit: 0 }), ['', true])
    const amount = entries.byName.get('amount')
    assert.ok(amount)
    const page = await store.page({ ...plan, fields: [amount] })
    assert.deepEqual(page.rows, [{ amount: '1.00' }, { amount: '1.00' }])
    assert.deepEqual(
      [page.first, page.last],
      [
        ['2014-01-03', 'e5'],
        ['2014-01-02', 'e4'],
      ],
    )
    const empty = await store.page({ ...plan, parent: 'nobody' })
    assert.deepEqual(empty, { rows: [], first: undefined, last: undefined, more: false })
  })

  check('walking by keys meets every row once, in any order, either way', async ({ store, accounts }) => {
    const member = fc.constantFrom('kind', 'balance', 'rank', 'ratio', 'open', 'day')
    const row = fc.record({
      kind: fc.constantFrom('current', 'savings'),
      balance: fc.constantFrom('-1.00', '0.00', '9.00', '10.00'),
      rank: fc.option(fc.integer({ min: 0, max: 2 })),
      ratio: fc.option(fc.constantFrom(-0.5, 0.25)),
      open: fc.option(fc.boolean()),
      day: fc.option(fc.constantFrom('2014-01-01', '2014-01-02')),
    })
    const order = fc.tuple(
      fc.uniqueArray(fc.tuple(member, fc.boolean()), { selector: ([name]) => name, maxLength: 3 }),
      fc.boolean(),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 14 }),
        order,
        fc.integer({ min: 1, max: 5 }),
        async (rows, [by, idDown], limit) => {
          await store.write(async tx => {
            await tx.removeWhere({ collection: accounts, parent: undefined, conditions: [] })
            for (const [i, values] of rows.entries())
              await tx.insert(accounts, account(`r${String(i).padStart(2, '0')}`, values))
          })
          const words = [...by.map(([name, down]) => `${down ? '-' : ''}${name}`), idDown ? '-id' : 'id']
          const plan = listPlan(accounts, words.join(','), { limit })
          const whole = idsOf((await store.page({ ...plan, limit: 100 })).rows)
          assert.deepEqual(whole, sorted(rows, words), words.join(','))
          assert.deepEqual(await walk(store, plan, 'after'), whole)
          const last = (await store.page({ ...plan, limit: 100 })).last
          if (last === undefined) return
          const back = await walk(store, { ...plan, start: { kind: 'before', key: last } }, 'before')
          assert.deepEqual([...back, whole.at(-1)], whole)
          assert.deepEqual(await gathered(store.stream({ ...plan, limit: Number.POSITIVE_INFINITY })), whole)
        },
      ),
      { numRuns: 60 },
    )
  })
}

/** The ids of rows `r00`, `r01` … in the order of the words: null before every value. */
function sorted(rows: readonly Values[], words: readonly string[]): readonly string[] {
  const items = rows.map((values, i): Values => ({ ...values, id: `r${String(i).padStart(2, '0')}` }))
  const rank = (name: string, value: unknown) =>
    value === null ? Number.NEGATIVE_INFINITY : name === 'balance' ? Number(value) : value
  const compare = (left: Values, right: Values): number => {
    for (const word of words) {
      const name = word.replace(/^-/, '')
      const [a, b] = [rank(name, left[name]), rank(name, right[name])] as [number, number]
      const order =
        left[name] === right[name] ? 0 : left[name] === null ? -1 : right[name] === null ? 1 : a < b ? -1 : 1
      if (order !== 0) return word.startsWith('-') ? -order : order
    }
    return 0
  }
  return items.toSorted(compare).map(({ id }) => String(id))
}

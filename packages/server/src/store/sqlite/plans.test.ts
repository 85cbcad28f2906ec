// Lists are found by the index: what a page costs does not grow with where it starts.
import assert from 'node:assert/strict'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { after, test } from 'node:test'
import type { CollectionModel, Direction, Sort } from '../../model/model.ts'
import type { Condition, ListPlan, PageStart } from '../store.ts'
import { suiteModel } from '../suite.ts'
import { argumentsOf } from './builder.ts'
import { connect } from './connection.ts'
import { listCells, listQuery } from './list.ts'
import { migrate } from './migrate.ts'

const model = suiteModel()
const [accounts, entries, cards] = model.collections as readonly [CollectionModel, CollectionModel, CollectionModel]
const connection = connect(':memory:', 'only', 0)
const db: DatabaseSync = connection.db
after(() => db.close())
migrate(connection, model, 0)

const rowCount = 60_000
const day = (n: number) => new Date(Date.UTC(2013, 0, 1 + (n % 40))).toISOString().slice(0, 10)
db.exec('BEGIN')
const time = '2014-01-01T00:00:00.000Z'
db.exec(`INSERT INTO accounts (id, name, kind, balance, created_at, updated_at, comity_revision)
  VALUES ('a', 'a', 'x', 0, '${time}', '${time}', 1), ('b', 'b', 'x', 0, '${time}', '${time}', 1)`)
const insert =
  db.prepare(`INSERT INTO accounts_entries (id, account_id, amount, day, created_at, updated_at, comity_revision)
  VALUES (?, ?, ?, ?, '${time}', '${time}', 1)`)
const idOf = (n: number) => `e${String(n).padStart(6, '0')}`
for (let n = 0; n < rowCount; n++) insert.run(idOf(n), n % 3 === 0 ? 'b' : 'a', n, day(n))
db.exec('COMMIT')

const sortBy = (of: CollectionModel, ...words: string[]): Sort[] =>
  words.map(word => {
    const field = of.byName.get(word.replace(/^-/, ''))
    assert.ok(field)
    const direction: Direction = word.startsWith('-') ? 'desc' : 'asc'
    return { field, direction }
  })

const top: PageStart = { kind: 'offset', offset: 0 }

const plan = (
  of: CollectionModel,
  parent: string | undefined,
  sort: Sort[],
  start: PageStart,
  conditions: Condition[] = [],
): ListPlan => ({
  collection: of,
  parent,
  conditions,
  sort,
  fields: of.fields,
  start,
  limit: 20,
})

function explained(list: ListPlan): string {
  const query = listQuery(list)
  const rows = db.prepare(`EXPLAIN QUERY PLAN ${query.sql}`).all(...argumentsOf(query, listCells(list, 21)))
  return rows.map(({ detail }) => detail).join('; ')
}

const from = day(10)
const dayFrom: Condition = { field: sortBy(entries, 'day')[0]?.field as Sort['field'], operator: 'gte', values: [from] }
const byKey = 'SEARCH accounts_entries USING PRIMARY KEY'
const byDay = 'SEARCH accounts_entries USING INDEX accounts_entries_by_day'

const cases: readonly (readonly [string, ListPlan, RegExp])[] = [
  ['the default order, top level', plan(cards, undefined, sortBy(cards, 'id'), top), /^SCAN cards$/],
  [
    '… after a key',
    plan(cards, undefined, sortBy(cards, 'id'), { kind: 'after', key: ['a'] }),
    /^SEARCH cards USING PRIMARY KEY \(id>\?\)$/,
  ],
  [
    '… before a key',
    plan(cards, undefined, sortBy(cards, 'id'), { kind: 'before', key: ['b'] }),
    /^SEARCH cards USING PRIMARY KEY \(id<\?\)$/,
  ],
  [
    'long rows, kept apart from their keys',
    plan(accounts, undefined, sortBy(accounts, 'id'), { kind: 'after', key: ['a'] }),
    /^SEARCH accounts USING INDEX sqlite_autoindex_accounts_1 \(id>\?\)$/,
  ],
  [
    'the order of ids below a parent',
    plan(entries, 'a', sortBy(entries, 'id'), top),
    new RegExp(`^${byKey} \\(account_id=\\?\\)$`),
  ],
  [
    '… after a key',
    plan(entries, 'a', sortBy(entries, 'id'), { kind: 'after', key: ['e1'] }),
    new RegExp(`^${byKey} \\(account_id=\\? AND id>\\?\\)$`),
  ],
  [
    'the declared order',
    plan(entries, 'a', entries.sort as Sort[], top),
    new RegExp(`^${byDay} \\(account_id=\\?\\)$`),
  ],
  [
    '… after a key',
    plan(entries, 'a', entries.sort as Sort[], { kind: 'after', key: [from, 'e1'] }),
    new RegExp(`^${byDay} \\(account_id=\\? AND \\(day,id\\)<\\(\\?,\\?\\)\\)$`),
  ],
  [
    '… before a key',
    plan(entries, 'a', entries.sort as Sort[], { kind: 'before', key: [from, 'e1'] }),
    new RegExp(`^${byDay} \\(account_id=\\? AND \\(day,id\\)>\\(\\?,\\?\\)\\)$`),
  ],
  [
    'the declared order, ids the other way',
    plan(entries, 'a', sortBy(entries, '-day', 'id'), { kind: 'after', key: [from, 'e1'] }),
    new RegExp(`^${byDay} \\(account_id=\\? AND day<\\?\\)`),
  ],
  [
    'an indexed filter',
    plan(entries, 'a', entries.sort as Sort[], top, [dayFrom]),
    new RegExp(`^${byDay} \\(account_id=\\? AND day>\\?\\)$`),
  ],
]

for (const [name, list, expected] of cases) test(`by the index: ${name}`, () => assert.match(explained(list), expected))

// What SQLite counts for itself, in steps of its machine; Node 24 does not show it.
const stepsOf = (statement: StatementSync): number | undefined => {
  const { stat } = statement as StatementSync & { stat?: (counter: string) => number }
  return stat?.call(statement, 'vmStep')
}

function steps(list: ListPlan): number | undefined {
  const query = listQuery(list)
  const statement = db.prepare(query.sql)
  assert.equal(statement.all(...argumentsOf(query, listCells(list, 21))).length, 21)
  return stepsOf(statement)
}

test('a page deep in the list takes the steps of the first one', () => {
  for (const sort of [sortBy(entries, 'id'), entries.sort as Sort[]]) {
    const first = steps(
      plan(entries, 'a', sort, { kind: 'after', key: sort.length === 1 ? ['e000000'] : [day(39), idOf(rowCount)] }),
    )
    const deep = steps(
      plan(entries, 'a', sort, { kind: 'after', key: sort.length === 1 ? [idOf(50_000)] : [day(1), idOf(30_000)] }),
    )
    if (first === undefined || deep === undefined) return
    assert.ok(deep <= first * 1.05, `${deep} steps against ${first}`)
    const counted = steps(plan(entries, 'a', sort, { kind: 'offset', offset: 30_000 }))
    assert.ok(counted !== undefined && counted > first * 20, 'an offset is what keys avoid')
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ForeignCell } from '../../store/sqlite/cells.ts'
import type { CatalogColumn } from './catalog.ts'
import { literalOf } from './defaults.ts'
import { checksOf, inferColumn } from './infer.ts'
import { memberName, naming, resourceName } from './names.ts'

const column = (type: string, samples: readonly Exclude<ForeignCell, null>[]): CatalogColumn => ({
  name: 'one',
  type,
  presence: 'optional',
  byDefault: undefined,
  generated: 'stored-as-given',
  samples,
})

test('the declared type is believed where the values bear it out', () => {
  const rows: readonly (readonly [
    type: string,
    samples: readonly Exclude<ForeignCell, null>[],
    kind: string,
    as?: unknown,
  ])[] = [
    ['INTEGER', [1n, -5n], 'integer'],
    ['INTEGER', [1n, 'x'], 'anything', 'value'],
    ['bigint unsigned', [], 'integer'],
    ['VARCHAR(40)', ['a'], 'text'],
    ['VARCHAR(40)', [1n], 'integer'],
    ['TEXT', [], 'text'],
    ['REAL', [1.5, 2n], 'number'],
    ['DOUBLE PRECISION', [], 'number'],
    ['BOOLEAN', [0n, 1n], 'boolean'],
    ['BOOLEAN', ['true', 'false'], 'boolean', 'word'],
    ['BOOLEAN', [2n], 'integer'],
    ['TINYINT(1)', [], 'boolean'],
    ['NUMERIC(10,2)', [1.5, 2n], 'decimal', 'number'],
    ['NUMERIC(10,2)', [1.555], 'number'],
    ['DECIMAL(8)', [5n], 'integer'],
    ['NUMERIC', [5n], 'number'],
    ['MONEY', [1.25], 'decimal', 'number'],
    ['DECIMAL(20,4)', [1.25], 'decimal', 'number'],
    ['DATE', [], 'date'],
    ['DATE', ['2014-12-31'], 'date'],
    ['DATE', ['2014-12-31 00:00:00'], 'date-time', { like: '2014-12-31 23:59:59' }],
    ['DATE', ['31.12.2014'], 'text'],
    ['DATETIME', ['2014-12-31'], 'date'],
    ['DATETIME', ['2014-12-31T10:00:00.123Z'], 'date-time', { like: '2014-12-31T23:59:59.000Z' }],
    ['DATETIME', ['2014-12-31T10:00:00+02:00'], 'text'],
    ['DATETIME', ['2014-12-31 10:00', '2014-12-31 10:00:00'], 'text'],
    ['DATETIME', [], 'date-time', { like: '2014-12-31 23:59:59' }],
    ['TIMESTAMP', [1420027200n], 'date-time', 'seconds'],
    ['TIMESTAMP', [1420027200123n], 'date-time', 'milliseconds'],
    ['TIMESTAMP', [2457023.5], 'number'],
    ['JSON', ['{}'], 'json'],
    ['BLOB', [new Uint8Array()], 'text', 'base64'],
    ['BLOB', [], 'text', 'base64'],
    ['BLOB', ['text'], 'text'],
    ['', [], 'anything', 'value'],
    ['', [1n, 2n], 'integer'],
    ['ANY', ['a', 1n], 'anything', 'value'],
  ]
  for (const [type, samples, kind, as] of rows) {
    const found = inferColumn(column(type, samples))
    assert.deepEqual([found.type.kind, found.as], [kind, as], `${type} ${samples}`)
  }
})

test('simple checks are read, in whatever way the column is quoted', () => {
  const sql = `CREATE TABLE t (status TEXT CHECK (status IN ('new', 'it''s')), "Unit Price" REAL CHECK ("Unit Price" >= 0.5),
    stars INT CHECK ([stars] BETWEEN 1 AND 5), n INT CHECK (n > 0), CHECK (a < b))`
  assert.deepEqual(checksOf(sql, 'status'), { words: ['new', "it's"] })
  assert.deepEqual(checksOf(sql, 'Unit Price'), { bounds: { min: 0.5 } })
  assert.deepEqual(checksOf(sql, 'stars'), { bounds: { min: 1, max: 5 } })
  assert.deepEqual(checksOf(sql, 'n'), {})
  assert.deepEqual(checksOf(sql, 'tus'), {})
  assert.deepEqual(checksOf(sql, '.*'), {})
})

test('literal defaults are values, others are left to the database', () => {
  const text = { type: { kind: 'text', max: undefined } } as const
  const rows = [
    ["'it''s'", text, "it's"],
    ['"x"', text, 'x'],
    ['5', text, '5'],
    ['CURRENT_TIMESTAMP', text, undefined],
    ['NULL', text, undefined],
    ["(lower('A'))", text, undefined],
    ['(-7)', { type: { kind: 'integer' } }, -7],
    ['1', { type: { kind: 'boolean' } }, true],
    ['FALSE', { type: { kind: 'boolean' } }, false],
    ['0.5', { type: { kind: 'decimal', digits: 10, scale: 2 }, as: 'number' }, '0.50'],
    [
      "'2014-12-31 00:00:00'",
      { type: { kind: 'date-time' }, as: { like: '2014-12-31 23:59:59' } },
      '2014-12-31T00:00:00.000Z',
    ],
    ["'x'", { type: { kind: 'integer' } }, undefined],
  ] as const
  for (const [sql, inferred, value] of rows) assert.equal(literalOf(sql, inferred), value, sql)
})

test('tables and columns get names that a path and a member can have', () => {
  const resources = [
    ['Album', 'albums'],
    ['InvoiceLine', 'invoice-lines'],
    ['Order Details', 'order-details'],
    ['user_profiles', 'user-profiles'],
    ['HTTPLog', 'http-logs'],
    ['jobs', 'jobs-records'],
    ['v1', 'v1s'],
    ['2014 sales', 'table-2014-sales'],
    ['Таблица', 'tables'],
    ['Städte', 'stadtes'],
    ['news', 'news'],
  ] as const
  for (const [table, name] of resources) assert.equal(resourceName(table), name, table)
  const members = [
    ['CustomerID', 'customerId'],
    ['Unit Price', 'unitPrice'],
    ['50% Off?', 'column50Off'],
    ['URLPath', 'urlPath'],
    ['created_at', 'createdAt'],
    ['x', 'xValue'],
    ['id', 'idValue'],
    ['limit', 'limitValue'],
    ['имя', 'column'],
    ['__proto__', 'proto'],
  ] as const
  for (const [from, name] of members) assert.equal(memberName(from), name, from)
  const nameOf = naming()
  assert.deepEqual(['column', 'Column', 'column2', 'column'].map(nameOf), ['column', 'Column2', 'column2n2', 'column3'])
})

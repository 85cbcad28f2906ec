import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Caller } from '../auth/caller.ts'
import { defineApi } from '../define/api.ts'
import { collection } from '../define/collection.ts'
import { boolean, date, decimal, integer, oneOf, text } from '../define/fields.ts'
import type { CollectionModel } from '../model/model.ts'
import { conditionsFor, readPolicy } from './rows.ts'

const fields = { owner: text(), rank: integer(), open: boolean(), day: date(), sum: decimal(), kind: oneOf('a', 'b') }
const notes = defineApi({ title: 'Notes', resources: { notes: collection({ fields }) } }).model.resources.get(
  'notes',
) as CollectionModel

const ann: Caller = {
  kind: 'account',
  id: 'ann',
  scheme: 'Basic',
  scopes: undefined,
  claims: {
    rank: 3,
    branches: ['north', 'south'],
    one: ['east'],
    none: [],
    day: '2014-12-31',
    sum: '12.5',
    deep: { a: 1 },
    nil: null,
    open: true,
  },
}

/** `no`: such rows there are none of. */
const rows: readonly (readonly [policy: string, of: Caller | undefined, conditions: string])[] = [
  ['owner=caller.id', ann, 'owner eq ["ann"]'],
  ['owner=caller.id', undefined, 'no'],
  ['owner=caller.kind', ann, 'owner eq ["account"]'],
  ['owner=caller.branch', ann, 'no'],
  ['owner=caller.branches', ann, 'owner in ["north","south"]'],
  ['owner.in=caller.branches', ann, 'owner in ["north","south"]'],
  ['owner.in=caller.one', ann, 'owner eq ["east"]'],
  ['owner=caller.none', ann, 'no'],
  ['owner.ne=caller.none', ann, 'no'],
  ['owner.ne=caller.branches', ann, 'owner ne ["north"]; owner ne ["south"]'],
  ['owner.gt=caller.branches', ann, 'no'],
  ['owner=caller.deep', ann, 'no'],
  ['owner=caller.nil', ann, 'no'],
  ['owner=caller.toString', ann, 'no'],
  ['owner=caller.__proto__', ann, 'no'],
  ['rank.lte=caller.rank', ann, 'rank lte [3]'],
  ['rank=caller.id', ann, 'no'],
  ['open=caller.open', ann, 'open eq [true]'],
  ['day=caller.day', ann, 'day eq ["2014-12-31"]'],
  ['sum.gte=caller.sum', ann, 'sum gte ["12.50"]'],
  ['owner=caller.id&kind=a,b&rank.exists=true', ann, 'owner eq ["ann"]; kind in ["a","b"]; rank exists [true]'],
  ['owner=caller.id&rank=caller.rang', ann, 'no'],
  ['owner=callers.id', ann, 'owner eq ["callers.id"]'],
]

for (const [text, of, expected] of rows)
  test(`${text}, of ${of?.id ?? 'nobody'}`, () => {
    const policy = readPolicy(notes, text, { words: 100, values: 100 })
    assert.ok(typeof policy !== 'string', String(policy))
    const [only, ...others] = conditionsFor([policy], of)
    assert.equal(others.length, 0)
    const told = only?.map(({ field, operator, values }) => `${field.name} ${operator} ${JSON.stringify(values)}`)
    assert.equal(told?.join('; ') ?? 'no', expected)
  })

// What the suite's cases are made of: a model, values, plans, and what they compare by.
import assert from 'node:assert/strict'
import Type from 'typebox'
import { defineApi } from '../../define/api.ts'
import { collection } from '../../define/collection.ts'
import {
  boolean,
  date,
  dateTime,
  decimal,
  integer,
  number,
  oneOf,
  optional,
  reference,
  text,
} from '../../define/fields.ts'
import type { ApiModel, CollectionModel, Direction, Operator, Values } from '../../model/model.ts'
import { ConstraintError } from '../errors.ts'
import type { Condition, Item, Later, ListPlan, Missing, PageStart, Store } from '../store.ts'

/** The model the suite runs on: a member of every kind, a nested collection, a reference, a unique member. */
export function suiteModel(): ApiModel {
  const entries = collection({
    fields: { amount: decimal(), day: date(), note: optional(text()), code: optional(text({ unique: true })) },
    filters: { from: 'day.gte' },
    sort: '-day',
  })
  const accounts = collection({
    fields: {
      name: text({ unique: true }),
      kind: oneOf('current', 'savings'),
      balance: decimal({ digits: 15, scale: 2, default: '0.00', readOnly: true }),
      rank: optional(integer()),
      ratio: optional(number()),
      open: optional(boolean()),
      day: optional(date()),
      seen: optional(dateTime()),
      tags: optional(Type.Array(Type.Unknown())),
    },
    nested: { entries },
  })
  const cards = collection({ fields: { account: reference('accounts'), backup: optional(reference('accounts')) } })
  return defineApi({ title: 'Suite', resources: { accounts, cards } }).model
}

/** What a case is given: an empty store and the collections of its model. */
export type Suite = {
  readonly store: Store
  readonly accounts: CollectionModel
  readonly entries: CollectionModel
  readonly cards: CollectionModel
}

/** An account as `insert` takes it. */
export const account = (id: string, more: Values = {}): Values => ({
  id,
  name: `name of ${id}`,
  kind: 'current',
  balance: '0.00',
  rank: null,
  ratio: null,
  open: null,
  day: null,
  seen: null,
  tags: null,
  ...more,
})

/** An entry as `insert` takes it. */
export const entry = (id: string, more: Values = {}): Values => ({
  id,
  amount: '1.00',
  day: '2014-01-01',
  note: null,
  code: null,
  ...more,
})

/** The collection of a name. */
export const collectionNamed = (model: ApiModel, name: string): CollectionModel => {
  const found = model.collections.find(each => each.name === name)
  assert.ok(found)
  return found
}

/** `member.operator=values` */
export const condition = (of: CollectionModel, member: string, operator: Operator, ...values: unknown[]): Condition => {
  const field = of.byName.get(member)
  assert.ok(field, member)
  return { field, operator, values }
}

/** `sort` as the query word has it: `-day,id`. */
export function listPlan(of: CollectionModel, sort: string, more: Partial<ListPlan> = {}): ListPlan {
  const words = sort.split(',').map(word => {
    const field = of.byName.get(word.replace(/^-/, ''))
    assert.ok(field, word)
    const direction: Direction = word.startsWith('-') ? 'desc' : 'asc'
    return { field, direction }
  })
  const start: PageStart = { kind: 'offset', offset: 0 }
  return {
    collection: of,
    parent: undefined,
    conditions: [],
    sort: words,
    fields: of.fields,
    start,
    limit: 100,
    ...more,
  }
}

/** The ids of rows, in their order. */
export const idsOf = (rows: readonly Values[]): readonly unknown[] => rows.map(row => row.id)

/** Every row of a plan, page by page, by keys. */
export async function walk(store: Store, plan: ListPlan, how: 'after' | 'before'): Promise<unknown[]> {
  const ids: unknown[] = []
  let start = plan.start
  for (;;) {
    const page = await store.page({ ...plan, start })
    const read = idsOf(page.rows)
    if (how === 'after') ids.push(...read)
    else ids.unshift(...read)
    const key = how === 'after' ? page.last : page.first
    if (!page.more || key === undefined) return ids
    start = { kind: how, key }
  }
}

/** The ids of a whole stream. */
export const gathered = async (stream: AsyncIterable<readonly Values[]>): Promise<unknown[]> => {
  const ids: unknown[] = []
  for await (const rows of stream) ids.push(...idsOf(rows))
  return ids
}

/** The item, which has to be there. */
export const there = (found: Item | Missing): Item => {
  if (typeof found === 'string') assert.fail(`the item is ${found} there`)
  return found
}

/** Asserts that the act is refused by exactly this rule. */
export const breaks = async (kind: ConstraintError['kind'], members: readonly string[], act: () => Later<unknown>) => {
  await assert.rejects(
    async () => act(),
    (error: unknown) => {
      assert.ok(error instanceof ConstraintError, String(error))
      assert.deepEqual({ kind: error.kind, members: error.members }, { kind, members })
      return true
    },
  )
}

/** Registers one case, with an empty store that is closed afterwards. */
export type Check = (title: string, body: (suite: Suite) => Promise<void>) => void

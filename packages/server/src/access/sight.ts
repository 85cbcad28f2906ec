// What the rules come to for one caller: which rows there are, and which members.
import { createHash } from 'node:crypto'
import type { Caller } from '../auth/caller.ts'
import type { CollectionModel, Values } from '../model/model.ts'
import type { Within } from '../store/store.ts'
import { conditionsFor } from './rows.ts'
import { type AccessModel, type Act, type Resource, type Rule, ruleFor, rulesOf } from './rule.ts'

export type Sight = {
  /** The rule that lets the caller do this; undefined: they may not. */
  readonly rule: (resource: Resource, act: Act) => Rule | undefined
  /** Rows that are there for them while they do this; empty: all. What may be read, where anything may be. */
  readonly seen: (collection: CollectionModel, act: Act) => readonly Within[]
  /** Rows that they may do this to, among those. */
  readonly reach: (collection: CollectionModel, act: Act) => readonly Within[]
  /** Members that there are not. */
  readonly hidden: (collection: CollectionModel, act: Act) => ReadonlySet<string>
  /** What a new item's members have to be, where only one value will do. */
  readonly fills: (collection: CollectionModel, act: Act) => Values
  /** The same for whoever sees the same of a collection; empty where that is all of it. */
  readonly view: (collection: CollectionModel) => string
}

const nothing: readonly Within[] = [{ of: 'row', any: [] }]
const noMembers: ReadonlySet<string> = new Set()

export function sightOf(access: AccessModel, caller: Caller | undefined): Sight {
  const rule = (resource: Resource, act: Act) => ruleFor(rulesOf(access, resource), caller, act)
  const known = new Map<Rule, Within>()

  const within = (of: Within['of'], holds: Rule): readonly Within[] => {
    if (holds.rows === undefined) return []
    const made = known.get(holds) ?? { of, any: conditionsFor(holds.rows, caller) }
    known.set(holds, made)
    return [{ ...made, of }]
  }

  /** The rows of the rule alone, and those that are below what may be read. */
  const own = (collection: CollectionModel, act: Act): readonly Within[] => {
    const holds = rule(collection, act)
    if (holds === undefined) return nothing
    const { of } = rulesOf(access, collection)
    const mine = within(of === 'parent' ? 'parent' : 'row', holds)
    if (!collection.parent) return mine
    const above = seen(collection.parent, 'GET').map(({ any }): Within => ({ of: 'parent', any }))
    return of === 'parent' && act === 'GET' ? mine : [...mine, ...above]
  }

  const seen = (collection: CollectionModel, act: Act): readonly Within[] =>
    own(collection, rule(collection, 'GET') === undefined ? act : 'GET')

  const reach = (collection: CollectionModel, act: Act): readonly Within[] => {
    const reads = rule(collection, 'GET')
    if (act === 'GET' || reads === undefined || reads === rule(collection, act)) return seen(collection, act)
    return [...own(collection, act), ...own(collection, 'GET')]
  }

  const hidden = (collection: CollectionModel, act: Act): ReadonlySet<string> => {
    const [reads, acting] = [rule(collection, 'GET')?.hidden ?? noMembers, rule(collection, act)?.hidden ?? noMembers]
    if (reads === acting || acting.size === 0) return reads
    return reads.size === 0 ? acting : new Set([...reads, ...acting])
  }

  return {
    rule,
    seen,
    reach,
    hidden,
    fills(collection, act) {
      const { of } = rulesOf(access, collection)
      const rows = of === 'own' ? rule(collection, act)?.rows : undefined
      const [only, ...others] = rows ? conditionsFor(rows, caller) : []
      if (only === undefined || others.length > 0) return {}
      return Object.fromEntries(
        only.flatMap(({ field, operator, values }) => (operator === 'eq' ? [[field.name, values[0]]] : [])),
      )
    },
    view(collection) {
      const rows = seen(collection, 'GET')
      const members = [...hidden(collection, 'GET')]
      if (rows.length === 0 && members.length === 0) return ''
      const said = rows.map(({ of, any }) => [
        of,
        any.map(all => all.map(one => [one.field.name, one.operator, one.values])),
      ])
      return createHash('sha256')
        .update(JSON.stringify([said, members]))
        .digest('hex')
        .slice(0, 16)
    },
  }
}

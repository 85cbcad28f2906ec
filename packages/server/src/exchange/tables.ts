// What handlers work with: collections by name inside a transaction, and members as they are best computed with.
import BigNumber from 'bignumber.js'
import type { Table, Tables } from '../define/collection.ts'
import type { LooseEntry } from '../define/fields.ts'
import { decimalText } from '../model/field.ts'
import type { ApiModel, CollectionModel, Field, Values } from '../model/model.ts'
import { hint } from '../query/nearest.ts'
import { after, type Condition, type Item, type Reads, type Transaction } from '../store/store.ts'

/** Wire values as a handler receives them: decimals are BigNumbers. */
export function enrich(fields: readonly Field[], values: Values): LooseEntry {
  const entry: Record<string, unknown> = { ...values }
  for (const { name, kind } of fields) {
    const value = entry[name]
    if (kind === 'decimal' && typeof value === 'string') entry[name] = new BigNumber(value)
  }
  return entry
}

/**
 * What a handler gave, as wire values. Decimals may be BigNumbers, strings or numbers, and must fit their scale.
 * @throws TypeError where a value is not one of its field: a fault of the handler.
 */
export function toWire(fields: readonly Field[], given: Readonly<Record<string, unknown>>, place: string): Values {
  const values: Values = {}
  for (const [name, value] of Object.entries(given)) {
    const field = fields.find(candidate => candidate.name === name)
    if (!field) throw new TypeError(`${place} has no member “${name}”`)
    values[name] = wireValue(field, value, place)
  }
  return values
}

function wireValue(field: Field, value: unknown, place: string): unknown {
  if (value === null || value === undefined) {
    if (field.presence === 'optional') return null
    throw new TypeError(`${place}.${field.name} must not be null`)
  }
  const text = field.kind === 'decimal' ? exactText(field, value, place) : value
  const fault = field.fault(text)
  if (fault !== undefined) throw new TypeError(`${place}.${field.name} ${fault}`)
  return field.normalise(text)
}

function exactText(field: Field, value: unknown, place: string): string {
  const number = new BigNumber(value as BigNumber.Value)
  if (number.decimalPlaces() !== null && (number.decimalPlaces() ?? 0) > field.scale)
    throw new TypeError(
      `${place}.${field.name} has more than ${field.scale} decimals: ${number.toFixed()}; round it first`,
    )
  return decimalText(number, field.scale)
}

/** Every declared member of a new item: what was given, else the default, else null. */
export function complete(collection: CollectionModel, given: Values): Values {
  const values: Values = {}
  for (const field of collection.fields) {
    if (field.access === 'server' && field.name !== 'id') continue
    values[field.name] = Object.hasOwn(given, field.name) ? given[field.name] : (field.byDefault ?? null)
  }
  return values
}

/** The collections of an API over one transaction, or over plain reads for what does not write. */
export function tablesOf(model: ApiModel, reads: Reads, newId: () => string): Tables {
  const made = new Map<string, Table>()
  const byName = new Map(model.collections.map(collection => [nameOf(collection), collection]))
  return new Proxy({} as Record<string, Table>, {
    get(_, name) {
      // What is asked of any object: by `await`, by inspection.
      if (typeof name === 'symbol' || name === 'then' || name === 'toJSON') return undefined
      const collection = byName.get(name)
      if (!collection) throw new TypeError(`There is no collection “${name}”.${hint(name, byName.keys())}`)
      const table = made.get(nameOf(collection)) ?? tableOf(collection, reads, newId)
      made.set(nameOf(collection), table)
      return table
    },
  })
}

const nameOf = (collection: CollectionModel): string =>
  collection.parent ? `${collection.parent.name}.${collection.name}` : collection.name

function tableOf(collection: CollectionModel, reads: Reads, newId: () => string): Table {
  const place = nameOf(collection)
  const writable = collection.fields.filter(field => field.access !== 'server')
  const rich = (item: Item) => enrich(collection.fields, item.values)
  const tx = (): Transaction => {
    if ('insert' in reads) return reads as Transaction
    throw new TypeError(`${place} is written to outside a transaction; declare the service with effect: 'writes'`)
  }
  return {
    get: id => after(reads.get(collection, id), found => (typeof found === 'string' ? undefined : rich(found))),
    add(entry, parent) {
      const { id = newId(), ...members } = entry
      const values = complete(collection, { ...toWire(writable, members, place), id })
      return after(tx().insert(collection, values, parent), rich)
    },
    set: (id, changes) => after(tx().update(collection, id, toWire(writable, changes, place)), rich),
    remove: id => tx().remove(collection, id),
    find(where = {}, parent) {
      const conditions = Object.entries(toWire(collection.fields, where, place)).map(([name, value]): Condition => {
        const field = collection.byName.get(name) as Field
        return value === null
          ? { field, operator: 'exists', values: [false] }
          : { field, operator: 'eq', values: [value] }
      })
      return after(itemsOf(reads, { collection, parent, conditions }), items => items.map(rich))
    },
  }
}

function itemsOf(reads: Reads, selection: Parameters<Transaction['items']>[0]) {
  return (reads as Transaction).items(selection)
}

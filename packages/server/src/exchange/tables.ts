// What handlers work with: collections by name inside a transaction, and members as they are best computed with.
import { sightedReads } from '../access/reads.ts'
import type { Sight } from '../access/sight.ts'
import type { Caller } from '../auth/caller.ts'
import type { Table, TableChanges, Tables } from '../define/collection.ts'
import type { LooseEntry } from '../define/fields.ts'
import { Refusal } from '../define/refusal.ts'
import { idValue } from '../model/ids.ts'
import type { ApiModel, CollectionModel, Field, Values } from '../model/model.ts'
import { nameOf } from '../model/name-of.ts'
import { hint } from '../query/nearest.ts'
import {
  after,
  type Changes,
  type Condition,
  type Later,
  type PageStart,
  type Reads,
  type Selection,
  type Transaction,
  type Within,
} from '../store/store.ts'
import { revisionOf } from './change-token.ts'
import { complete, enrich, toWire } from './entry-values.ts'
import { newIdFor } from './new-id.ts'
import { callersWrites } from './table-writes.ts'

/** Whose work it is that the tables are for. */
export type TablesOf = {
  readonly model: ApiModel
  readonly newId: () => string
  readonly caller: Caller | undefined
  /** What the tables show and take; undefined: everything. */
  readonly sight?: Sight | undefined
}

/** The collections of an API over one transaction, or over plain reads for what does not write. */
export function tablesOf(of: TablesOf, reads: Reads): Tables {
  const { model } = of
  const made = new Map<string, Table>()
  const byName = new Map(model.collections.map(collection => [nameOf(collection), collection]))
  const tables: Tables = new Proxy({} as Record<string, Table>, {
    get(_, name) {
      // What is asked of any object: by `await`, by inspection.
      if (typeof name === 'symbol' || name === 'then' || name === 'toJSON') return undefined
      const collection = byName.get(name)
      if (!collection) throw new TypeError(`There is no collection “${name}”.${hint(name, byName.keys())}`)
      const table = made.get(nameOf(collection)) ?? tableOf(collection, reads, of, tables)
      made.set(nameOf(collection), table)
      return table
    },
  })
  return tables
}

/** Changes told at once, unless the handler says otherwise. */
const mostChanges = 100_000

function tableOf(collection: CollectionModel, reads: Reads, of: TablesOf, tables: Tables): Table {
  const { newId, sight } = of
  const place = nameOf(collection)
  const look = sight ? sightedReads(reads, sight, undefined, 'GET') : reads
  const within = sight?.seen(collection, 'GET')
  const shown = shownOf(collection, sight)
  const writable = collection.fields.filter(field => field.access !== 'server')
  const rich = ({ values }: { readonly values: Values }) => enrich(shown, sight ? only(shown, values) : values)
  const tx = (): Transaction => {
    if ('insert' in reads) return reads as Transaction
    throw new TypeError(`${place} is written to outside a transaction; declare the service with effect: 'writes'`)
  }
  /** What is known of a file is true of its bytes, which only their sender has. */
  const noFiles = () => {
    if (collection.files) throw new TypeError(`${place} are files: they are sent, and cannot be made by a handler`)
  }
  /** Where only some rows are there, the others are not there to be written to either. */
  const there = <T>(id: string, write: () => Later<T>): Later<T> => {
    if (sight === undefined) return write()
    return after(look.get(collection, id), found => {
      if (typeof found === 'string') throw new TypeError(`${place} has no item “${id}” that the caller may see`)
      return write()
    })
  }
  return {
    get: id => after(look.get(collection, String(id)), found => (typeof found === 'string' ? undefined : rich(found))),
    add(entry, parent) {
      noFiles()
      const { id: chosen, ...members } = entry
      const given = toWire(writable, members, place)
      const insert = () => {
        const id = chosen === undefined ? newIdFor(collection, given, tx(), newId) : idValue(collection, String(chosen))
        return after(id, id => after(tx().insert(collection, complete(collection, { ...given, id }), parent), rich))
      }
      const { parent: above } = collection
      return sight && above ? below(look, above, String(parent), insert) : insert()
    },
    set(id, changes) {
      noFiles()
      return there(String(id), () => after(tx().update(collection, String(id), toWire(writable, changes, place)), rich))
    },
    remove: id => there(String(id), () => tx().remove(collection, String(id))),
    // Hooks keep the rules of the data, whoever writes: they are given all of it.
    ...callersWrites({
      ...of,
      collection,
      tables: () => (sight ? tablesOf({ ...of, sight: undefined }, reads) : tables),
      tx,
    }),
    find(where = {}, parent) {
      const conditions = Object.entries(toWire(collection.fields, where, place)).map(([name, value]): Condition => {
        const field = collection.byName.get(name) as Field
        return value === null
          ? { field, operator: 'exists', values: [false] }
          : { field, operator: 'eq', values: [value] }
      })
      const selection = { collection, parent, conditions, within }
      if ('items' in reads) return after((reads as Transaction).items(selection), items => items.map(rich))
      return rowsOf(reads, selection).then(rows => rows.map(values => rich({ values })))
    },
    changes(token, most = mostChanges) {
      if (within !== undefined && within.length > 0) return allOf(collection, reads, within, token, most, rich)
      return after(revisionOf(reads, token ?? undefined), since =>
        after(reads.changes(collection, since, most), changes => changesOf(collection, since, changes, most, rich)),
      )
    },
  }
}

/** Below what the caller sees there may be something new. */
const below = <T>(look: Reads, above: CollectionModel, id: string, write: () => Later<T>): Later<T> =>
  after(look.get(above, id), found => {
    if (typeof found === 'string') throw new TypeError(`${nameOf(above)} has no item “${id}” that the caller may see`)
    return write()
  })

const only = (fields: readonly Field[], values: Values): Values =>
  Object.fromEntries(fields.map(({ name }) => [name, values[name]]))

function shownOf(collection: CollectionModel, sight: Sight | undefined): readonly Field[] {
  const hidden = sight?.hidden(collection, 'GET')
  return hidden && hidden.size > 0 ? collection.fields.filter(({ name }) => !hidden.has(name)) : collection.fields
}

type Rich = (item: { readonly values: Values }) => LooseEntry

/**
 * Of rows that not everybody sees nobody knows, once they are gone or are another's, who has seen them: who asks what
 * happened since a moment is to start again.
 */
async function allOf(
  collection: CollectionModel,
  reads: Reads,
  within: readonly Within[],
  token: string | null | undefined,
  most: number,
  rich: Rich,
): Promise<TableChanges> {
  if ((await revisionOf(reads, token ?? undefined)) > 0)
    throw new Refusal('change-token-expired', `Of some of the ${collection.name} it is not told what happened to them.`)
  const selection = { collection, parent: undefined, conditions: [], within }
  if ((await reads.count(selection)) > most) throw tooMany(collection, most)
  return { created: (await rowsOf(reads, selection)).map(values => rich({ values })), changed: [], deleted: [] }
}

const tooMany = ({ name }: CollectionModel, most: number): Refusal =>
  new Refusal('rule-refused', `More than ${most} ${name} changed: too many to tell at once.`)

const pageLength = 500

/** All that is selected, in order of id, page by page: nothing else waits for the whole of it. */
async function rowsOf(reads: Reads, selection: Selection): Promise<readonly Values[]> {
  const { fields, byName } = selection.collection
  const sort = [{ field: byName.get('id') as Field, direction: 'asc' as const }]
  const rows: Values[] = []
  let start: PageStart = { kind: 'offset', offset: 0 }
  for (;;) {
    const page = await reads.page({ ...selection, fields, sort, start, limit: pageLength })
    rows.push(...page.rows)
    if (!page.more || page.last === undefined) return rows
    start = { kind: 'after', key: page.last }
  }
}

function changesOf(
  collection: CollectionModel,
  since: number,
  { created, changed, deleted, more }: Changes,
  most: number,
  rich: Rich,
): TableChanges {
  if (more) throw tooMany(collection, most)
  const { parentField } = collection
  return {
    created: created.map(rich),
    changed: changed.map(rich),
    // Who starts from nothing has nothing to delete.
    deleted:
      since === 0
        ? []
        : deleted.map(({ id, parent }) => ({
            id: idValue(collection, id),
            ...(parentField && { [parentField.name]: parent }),
          })),
  }
}

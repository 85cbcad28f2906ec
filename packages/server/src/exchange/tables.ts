// What handlers work with: collections by name inside a transaction, and members as they are best computed with.
import type { Table, TableChanges, Tables } from '../define/collection.ts'
import { Refusal } from '../define/refusal.ts'
import { idValue } from '../model/ids.ts'
import type { ApiModel, CollectionModel, Field, Values } from '../model/model.ts'
import { nameOf } from '../model/name-of.ts'
import { hint } from '../query/nearest.ts'
import {
  after,
  type Changes,
  type Condition,
  type Item,
  type PageStart,
  type Reads,
  type Selection,
  type Transaction,
} from '../store/store.ts'
import { revisionOf } from './change-token.ts'
import { complete, enrich, toWire } from './entry-values.ts'
import { newIdFor } from './new-id.ts'
import { callersWrites } from './table-writes.ts'

/** The collections of an API over one transaction, or over plain reads for what does not write. */
export function tablesOf(model: ApiModel, reads: Reads, newId: () => string): Tables {
  const made = new Map<string, Table>()
  const byName = new Map(model.collections.map(collection => [nameOf(collection), collection]))
  const tables: Tables = new Proxy({} as Record<string, Table>, {
    get(_, name) {
      // What is asked of any object: by `await`, by inspection.
      if (typeof name === 'symbol' || name === 'then' || name === 'toJSON') return undefined
      const collection = byName.get(name)
      if (!collection) throw new TypeError(`There is no collection “${name}”.${hint(name, byName.keys())}`)
      const table = made.get(nameOf(collection)) ?? tableOf(collection, reads, newId, tables)
      made.set(nameOf(collection), table)
      return table
    },
  })
  return tables
}

/** Changes told at once, unless the handler says otherwise. */
const mostChanges = 100_000

function tableOf(collection: CollectionModel, reads: Reads, newId: () => string, tables: Tables): Table {
  const place = nameOf(collection)
  const writable = collection.fields.filter(field => field.access !== 'server')
  const rich = (item: Item) => enrich(collection.fields, item.values)
  const tx = (): Transaction => {
    if ('insert' in reads) return reads as Transaction
    throw new TypeError(`${place} is written to outside a transaction; declare the service with effect: 'writes'`)
  }
  /** What is known of a file is true of its bytes, which only their sender has. */
  const noFiles = () => {
    if (collection.files) throw new TypeError(`${place} are files: they are sent, and cannot be made by a handler`)
  }
  return {
    get: id => after(reads.get(collection, String(id)), found => (typeof found === 'string' ? undefined : rich(found))),
    add(entry, parent) {
      noFiles()
      const { id: chosen, ...members } = entry
      const given = toWire(writable, members, place)
      const id = chosen === undefined ? newIdFor(collection, given, tx(), newId) : idValue(collection, String(chosen))
      return after(id, id => after(tx().insert(collection, complete(collection, { ...given, id }), parent), rich))
    },
    set(id, changes) {
      noFiles()
      return after(tx().update(collection, String(id), toWire(writable, changes, place)), rich)
    },
    remove: id => tx().remove(collection, String(id)),
    ...callersWrites({ collection, tables, newId, tx }),
    find(where = {}, parent) {
      const conditions = Object.entries(toWire(collection.fields, where, place)).map(([name, value]): Condition => {
        const field = collection.byName.get(name) as Field
        return value === null
          ? { field, operator: 'exists', values: [false] }
          : { field, operator: 'eq', values: [value] }
      })
      const selection = { collection, parent, conditions }
      if ('items' in reads) return after((reads as Transaction).items(selection), items => items.map(rich))
      return rowsOf(reads, selection).then(rows => rows.map(values => enrich(collection.fields, values)))
    },
    changes: (token, most = mostChanges) =>
      after(revisionOf(reads, token ?? undefined), since =>
        after(reads.changes(collection, since, most), changes => changesOf(collection, since, changes, most)),
      ),
  }
}

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
): TableChanges {
  if (more) throw new Refusal('rule-refused', `More than ${most} ${collection.name} changed: too many to tell at once.`)
  const { fields, parentField } = collection
  return {
    created: created.map(({ values }) => enrich(fields, values)),
    changed: changed.map(({ values }) => enrich(fields, values)),
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

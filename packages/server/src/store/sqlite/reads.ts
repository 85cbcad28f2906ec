// What one connection can answer, all of it synchronously.
import { LRUCache } from 'lru-cache'
import { mayBeId } from '../../model/ids.ts'
import type { CollectionModel, Values } from '../../model/model.ts'
import type { CollectionState, Item, ListPlan, Missing, Page, Reads, Selection } from '../store.ts'
import { builder, compile } from './builder.ts'
import { changeReadsOn } from './changes.ts'
import type { Row } from './columns.ts'
import { selectionCells, selectionShape } from './conditions.ts'
import type { Connection } from './connection.ts'
import { existingLookup } from './existing/lookup.ts'
import { existingStatesOn } from './existing/states.ts'
import { itemColumns, itemDecoder, keyOf, stateKeyOf } from './item.ts'
import { jobReadsOn } from './jobs.ts'
import {
  countQuery,
  extentQuery,
  itemsQuery,
  type ListDecoder,
  listCells,
  listDecoder,
  listQuery,
  listShape,
} from './list.ts'
import { recordReadsOn } from './records.ts'

/** `Reads` whose answers come at once. */
export type ReadsNow = {
  readonly [Name in keyof Reads]: (
    ...given: Parameters<Reads[Name]>
  ) => Exclude<ReturnType<Reads[Name]>, Promise<unknown>>
} & {
  readonly items: (selection: Selection) => readonly Item[]
  /** The rows of a plan in reading order, some at a time. */
  readonly batches: (plan: ListPlan) => Batches
  /** Throws when the database does not answer. */
  readonly ping: () => void
}

/** A list being read. Its statement is open until it is closed or all was read. */
export type Batches = {
  /** At most `size` rows; none when there are no more. */
  readonly next: (size: number) => readonly Values[]
  readonly close: () => void
}

/** An item by its id, if it is there. */
type Lookup = (id: string, parent: string | undefined) => Item | undefined

const keptDecoders = 512

/** The reads of one connection. */
export function readsOn(connection: Connection): ReadsNow {
  const lookups = new Map<CollectionModel, Lookup>()
  const decoders = new LRUCache<string, ListDecoder>({ max: keptDecoders })
  const tombstone = connection.prepare('SELECT parent FROM comity_tombstones WHERE collection = ? AND id = ?')
  const state = connection.prepare('SELECT revision, modified FROM comity_states WHERE collection = ? AND parent = ?')
  const created = connection.prepare('SELECT created FROM comity_clock')
  const stateOfOthers = existingStatesOn(connection)

  const lookup = (collection: CollectionModel): Lookup => {
    const known = lookups.get(collection)
    if (known) return known
    const made = (collection.existing ? existingLookup : ownLookup)(connection, collection)
    lookups.set(collection, made)
    return made
  }

  const decoder = (shape: string, plan: ListPlan): ListDecoder => {
    const known = decoders.get(shape)
    if (known) return known
    const made = listDecoder(plan)
    decoders.set(shape, made)
    return made
  }

  const missing = (collection: CollectionModel, id: string, parent: string | undefined): Missing => {
    const row = tombstone.get(keyOf(collection), id) as Row | undefined
    const isBelow = parent === undefined || collection.whole !== undefined || row?.[0] === parent
    return row !== undefined && isBelow ? 'gone' : 'never'
  }

  return {
    ...jobReadsOn(connection),
    ...changeReadsOn(connection),
    ...recordReadsOn(connection),

    get: (collection, id, parent) => {
      // SQLite would take 07 for 7.
      if (!mayBeId(collection, id)) return 'never'
      const find = lookups.get(collection) ?? lookup(collection)
      return find(id, parent) ?? missing(collection, id, parent)
    },

    page: (plan): Page => {
      const shape = listShape(plan)
      const decode = decoder(shape, plan)
      // One row more than asked for tells whether there are more.
      const read = connection.prepared(shape, () => listQuery(plan)).all(listCells(plan, plan.limit + 1))
      const more = read.length > plan.limit
      const kept = more ? read.slice(0, plan.limit) : read
      const rows = plan.start.kind === 'before' ? kept.toReversed() : kept
      const first = rows[0]
      const last = rows.at(-1)
      return { rows: rows.map(decode.values), first: first && decode.key(first), last: last && decode.key(last), more }
    },

    count: selection => {
      const statement = connection.prepared(`count ${selectionShape(selection)}`, () => countQuery(selection))
      return statement.get(selectionCells(selection))?.[0] as number
    },

    first: selection => {
      const statement = connection.prepared(`first ${selectionShape(selection)}`, () => itemsQuery(selection, 'first'))
      const row = statement.get(selectionCells(selection))
      return row && itemDecoder(selection.collection)(row)
    },

    extent: selection => {
      const statement = connection.prepared(`extent ${selectionShape(selection)}`, () => extentQuery(selection))
      const [count, revision] = statement.get(selectionCells(selection)) as Row
      const { existing } = selection.collection
      // Nobody may note the revisions of rows of others: whatever happens to any of them is taken for a change.
      return { count: count as number, revision: existing ? stateOfOthers(existing).revision : Number(revision ?? 0) }
    },

    state: (collection, parent): CollectionState => {
      if (collection.existing) return stateOfOthers(collection.existing)
      const row = state.get(stateKeyOf(collection), parent ?? '') as Row | undefined
      if (row) return { revision: row[0] as number, modified: row[1] as number }
      // Nothing was ever written to it: as old as the database.
      return { revision: 0, modified: (created.get() as unknown as Row)[0] as number }
    },

    items: selection => {
      const { collection } = selection
      const statement = connection.prepared(`items ${selectionShape(selection)}`, () => itemsQuery(selection, 'all'))
      return statement.all(selectionCells(selection)).map(itemDecoder(collection))
    },

    ping: () => {
      created.get()
    },

    batches: plan => {
      const shape = listShape(plan)
      const { values } = decoder(shape, plan)
      const rows = connection.prepared(shape, () => listQuery(plan)).iterate(listCells(plan, plan.limit))
      return {
        next: size => {
          const batch: Values[] = []
          while (batch.length < size) {
            const { done, value } = rows.next()
            if (done) break
            batch.push(values(value))
          }
          return batch
        },
        close: () => {
          rows.return?.()
        },
      }
    },
  }
}

function ownLookup(connection: Connection, collection: CollectionModel): Lookup {
  const byId = builder.selectFrom(collection.table).select(itemColumns(collection)).where('id', '=', '')
  const isBelow = collection.parentField ? byId.where(collection.parentField.column, '=', '') : byId
  const anywhere = connection.prepare(compile(byId).sql)
  const below = connection.prepare(compile(isBelow).sql)
  const decode = itemDecoder(collection)
  return (id, parent) => {
    const row = (parent === undefined ? anywhere.get(id) : below.get(id, parent)) as Row | undefined
    return row && decode(row)
  }
}

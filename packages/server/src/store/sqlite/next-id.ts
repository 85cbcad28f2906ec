// Whole numbers for new items: one more than the largest that is there or is known to be deleted, so that none comes to
// mean another item. What was undone (a dry run, a refusal) leaves no gap.
import { hasIntegerIds } from '../../model/ids.ts'
import type { CollectionModel } from '../../model/model.ts'
import type { Row } from './columns.ts'
import type { Connection } from './connection.ts'
import { keyOf } from './item.ts'
import { name } from './schema.ts'

/** Deletions up to a revision, and the largest id among them. */
type Buried = { readonly revision: number; readonly largest: number }

/** Inside a transaction of the writer's. */
export function nextIdsOn(connection: Connection): (collection: CollectionModel) => number {
  const known = new Map<string, Buried>()
  const clock = connection.prepare('SELECT revision FROM comity_clock')
  const since = connection.prepare(
    'SELECT max(CAST(id AS INTEGER)) FROM comity_tombstones WHERE collection = ? AND revision > ?',
  )
  /** The transaction's own deletions, at its revision, may be undone: they are looked at again. */
  const buriedIn = (collection: CollectionModel): number => {
    const key = keyOf(collection)
    const before = known.get(key) ?? { revision: -1, largest: 0 }
    const largest = Math.max(before.largest, Number((since.get(key, before.revision) as unknown as Row)[0] ?? 0))
    const revision = Number((clock.get() as unknown as Row)[0]) - 1
    known.set(key, { revision, largest })
    return largest
  }
  const isCounted = connection.prepare("SELECT 1 FROM main.sqlite_schema WHERE name = 'sqlite_sequence'")
  /** Where a table of others counts for itself (AUTOINCREMENT), what it has come to. */
  const counted = (existing: CollectionModel['existing']): number => {
    if (existing === undefined || isCounted.get() === undefined) return 0
    const count = connection.prepared('counted', () => ({
      sql: 'SELECT max(seq) FROM main.sqlite_sequence WHERE name = ?',
      slots: [0],
    }))
    return Number(count.get([existing.table])?.[0] ?? 0)
  }
  return collection => {
    if (!hasIntegerIds(collection)) throw new TypeError(`${collection.name} has no ids that could be counted up`)
    const { table, existing } = collection
    const here = connection.prepared(`largest ${table}`, () => ({
      sql: `SELECT max(id) FROM ${name(table)}`,
      slots: [],
    }))
    return Math.max(buriedIn(collection), counted(existing), Number(here.get([])?.[0] ?? 0), 0) + 1
  }
}

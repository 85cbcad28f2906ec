// Whole numbers for new items: one more than the largest that ever was, so that none comes to mean another item.
import { hasIntegerIds } from '../../model/ids.ts'
import type { CollectionModel } from '../../model/model.ts'
import type { Row } from './columns.ts'
import type { Connection } from './connection.ts'
import { keyOf } from './item.ts'
import { name } from './schema.ts'

export type NextIds = {
  /** Inside a transaction of the writer's. What was given out and not used is not given out again. */
  readonly next: (collection: CollectionModel) => number
  /** Notes an id that was chosen elsewhere. */
  readonly seen: (collection: CollectionModel, id: unknown) => void
}

export function nextIdsOn(connection: Connection): NextIds {
  const largest = new Map<string, number>()
  const buried = connection.prepare('SELECT max(CAST(id AS INTEGER)) FROM comity_tombstones WHERE collection = ?')
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
  const next = (collection: CollectionModel): number => {
    if (!hasIntegerIds(collection)) throw new TypeError(`${collection.name} has no ids that could be counted up`)
    const { table, existing } = collection
    const here = connection.prepared(`largest ${table}`, () => ({
      sql: `SELECT max(id) FROM ${name(table)}`,
      slots: [],
    }))
    // Deletions are looked through once: those that come later are of ids that were seen before.
    const cached = existing ? undefined : largest.get(table)
    const known =
      cached ?? Math.max(Number((buried.get(keyOf(collection)) as unknown as Row)[0] ?? 0), counted(existing))
    const found = Math.max(known, Number(here.get([])?.[0] ?? 0), 0) + 1
    largest.set(table, found)
    return found
  }
  const seen = ({ table }: CollectionModel, id: unknown): void => {
    const known = largest.get(table)
    if (known !== undefined && typeof id === 'number' && id > known) largest.set(table, id)
  }
  return { next, seen }
}

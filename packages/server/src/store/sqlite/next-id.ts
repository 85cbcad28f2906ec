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
  const next = (collection: CollectionModel): number => {
    if (!hasIntegerIds(collection)) throw new TypeError(`${collection.name} has no ids that could be counted up`)
    const { table } = collection
    const here = connection.prepared(`largest ${table}`, () => ({
      sql: `SELECT max(id) FROM ${name(table)}`,
      slots: [],
    }))
    // Deletions are looked through once: those that come later are of ids that were seen before.
    const known = largest.get(table) ?? Number((buried.get(keyOf(collection)) as unknown as Row)[0] ?? 0)
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

// What became of a collection after a revision: items by their revision, deletions by their tombstones.
import type { CollectionModel } from '../../model/model.ts'
import type { Changes, Clock, Item } from '../store.ts'
import { type Row, serverColumns } from './columns.ts'
import type { Connection } from './connection.ts'
import { itemColumns, itemDecoder, keyOf } from './item.ts'
import { name } from './schema.ts'

export type ChangeReads = {
  readonly clock: () => Clock
  readonly changes: (collection: CollectionModel, since: number, most: number) => Changes
}

/** On any connection. */
export function changeReadsOn(connection: Connection): ChangeReads {
  const clock = connection.prepare(
    `SELECT revision, created, (SELECT value FROM comity_meta WHERE key = 'forgotten') FROM comity_clock`,
  )
  const tombstones = connection.prepare(
    'SELECT id, parent FROM comity_tombstones WHERE revision > ? AND collection = ? ORDER BY revision, id LIMIT ?',
  )
  return {
    clock: () => {
      const [revision, origin, forgotten] = clock.get() as unknown as Row
      return { revision: Number(revision), origin: Number(origin), forgotten: Number(forgotten ?? 0) }
    },

    changes: (collection, since, most) => {
      const statement = connection.prepared(`changes ${collection.table}`, () => {
        const columns = [...itemColumns(collection), serverColumns.born].map(name).join(', ')
        const { revision } = serverColumns
        return {
          sql: `SELECT ${columns} FROM ${name(collection.table)} WHERE ${revision} > ? ORDER BY ${revision}, id LIMIT ?`,
          slots: [0, 1],
          wide: collection.existing !== undefined,
        }
      })
      const rows = statement.all([since, most + 1])
      const buried = tombstones.all(since, keyOf(collection), most + 1) as unknown as Row[]
      const decode = itemDecoder(collection)
      const born = itemColumns(collection).length
      const created: Item[] = []
      const changed: Item[] = []
      // What was deleted and came back was there before, and is another now.
      const gone = new Map(buried.map(([id, parent]) => [String(id), parent ? String(parent) : undefined]))
      for (const row of rows) {
        const item = decode(row)
        const cameBack = gone.delete(item.id)
        if (Number(row[born]) > since && !cameBack) created.push(item)
        else changed.push(item)
      }
      return {
        created,
        changed,
        deleted: [...gone].map(([id, parent]) => ({ id, parent })),
        more: rows.length > most || buried.length > most,
      }
    },
  }
}

/** Remembers that deletions up to a revision may be forgotten. Inside a transaction of the writer's. */
export function forgetterOn(connection: Connection): (revision: number) => void {
  const forget = connection.prepare(
    `INSERT INTO comity_meta VALUES ('forgotten', ?1)
     ON CONFLICT DO UPDATE SET value = excluded.value WHERE CAST(excluded.value AS INTEGER) > CAST(value AS INTEGER)`,
  )
  return revision => {
    forget.run(String(revision))
  }
}

// One row of others by its id.
import type { CollectionModel, ExistingModel } from '../../../model/model.ts'
import type { Item } from '../../store.ts'
import { parentCell } from '../conditions.ts'
import type { Connection, Prepared } from '../connection.ts'
import { itemColumns, itemDecoder } from '../item.ts'
import { name } from '../schema.ts'
import { keyCells, keyColumns } from './key.ts'

/** Undefined where it is not there, or not below that parent. */
export function existingLookup(
  connection: Connection,
  collection: CollectionModel,
): (id: string, parent: string | undefined) => Item | undefined {
  const existing = collection.existing as ExistingModel
  const decode = itemDecoder(collection)
  const columns = itemColumns(collection).map(name).join(', ')
  const keyed = existing.key.length > 0 ? keyColumns(existing) : ['id']
  const where = keyed.map(column => `${name(column)} = ?`).join(' AND ')
  const select = `SELECT ${columns} FROM ${name(collection.table)} WHERE ${where}`
  const below = collection.parentField ? ` AND ${name(collection.parentField.column)} = ?` : ''
  const prepared = (sql: string, cells: number): Prepared =>
    connection.prepared(sql, () => ({ sql, slots: Array.from({ length: cells }, (_, i) => i), wide: true }))
  return (id, parent) => {
    const cells = keyCells(existing, id)
    if (cells === undefined) return undefined
    const all = parent === undefined ? cells : [...cells, parentCell(collection, parent)]
    const row = prepared(parent === undefined ? select : select + below, all.length).get(all)
    const item = row && decode(row)
    // What SQLite takes for the same (`2.50` for 2.5, `a` for A where case does not count) is no second way to it.
    return item?.id === id ? item : undefined
  }
}

// An item as a row of its collection's table.
import { hash } from 'node:crypto'
import type { CollectionModel } from '../../model/model.ts'
import type { Item } from '../store.ts'
import { type Row, rowDecoder, serverColumns } from './columns.ts'

/** Columns of a whole item, in the order `itemDecoder` reads them. */
export const itemColumns = (collection: CollectionModel): readonly string[] => [
  ...collection.fields.map(field => field.column),
  serverColumns.revision,
  serverColumns.updatedAt,
]

/** Reads a row of `itemColumns`. */
export function itemDecoder(collection: CollectionModel): (row: Row) => Item {
  const values = rowDecoder(collection.fields)
  const id = collection.fields.findIndex(field => field.name === 'id')
  const revision = collection.fields.length
  return row => ({
    id: String(row[id]),
    revision: (row[revision] as number | null) ?? revisionOf(row.slice(0, revision)),
    modified: timeOf(row[revision + 1]),
    values: values(row),
  })
}

/** Where nobody notes revisions, a row's is told by what is in it. */
function revisionOf(cells: Row): number {
  const text = cells
    .map(cell => `${typeof cell} ${cell instanceof Uint8Array ? hash('sha256', cell) : cell}`)
    .join('\0')
  return Number.parseInt(hash('sha256', text).slice(0, 13), 16)
}

const timeOf = (cell: unknown): number => (typeof cell === 'string' ? Date.parse(cell) : Number(cell))

/** The key of the collection in the tables that Comity keeps for itself. */
export const keyOf = ({ table, existing }: CollectionModel): string => existing?.table ?? table

/** The key of its lists: those below one parent, of items that are seen below several kinds, are told apart. */
export const stateKeyOf = ({ table, whole, parentField }: CollectionModel): string =>
  whole === undefined ? table : `${table} by ${parentField?.column}`

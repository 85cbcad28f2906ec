// Writes to rows of others. What their database fills in, checks and refuses is its own affair; each row is read again
// as its triggers left it.
import type { ApiModel, CollectionModel, ExistingModel, Field } from '../../../model/model.ts'
import { ConstraintError } from '../../errors.ts'
import type { Item } from '../../store.ts'
import { builder, compile, countSlots } from '../builder.ts'
import { type Cell, encode, type Row } from '../columns.ts'
import { parentCell, selectionCells, selectionExpressions, selectionShape } from '../conditions.ts'
import type { Connection, Prepared } from '../connection.ts'
import { insertError, removeError } from '../constraint.ts'
import { itemColumns, itemDecoder } from '../item.ts'
import type { RowWrites } from '../rows.ts'
import { name } from '../schema.ts'
import { keyCells, keyColumns } from './key.ts'

/** The writes of a table of others, on the writer's connection. */
export function existingRows(connection: Connection, model: ApiModel, collection: CollectionModel): RowWrites {
  const existing = collection.existing as ExistingModel
  const decode = itemDecoder(collection)
  const table = `main.${name(existing.table)}`
  const slots = (cells: number) => Array.from({ length: cells }, (_, i) => i)
  const prepared = (sql: string, cells: number): Prepared =>
    connection.prepared(sql, () => ({ sql, slots: slots(cells) }))
  const isKey = existing.key.map(({ column }) => `${name(column)} = ?`).join(' AND ')
  const filledIn = columnsFilledIn(connection, existing)
  const written = collection.fields.filter(({ stored }) => stored && filledIn.get(stored.column) !== 'always')

  const cellsOf = (id: string): readonly Cell[] => {
    const cells = existing.key.length > 0 ? keyCells(existing, id) : undefined
    if (cells === undefined) throw new Error(`no ${collection.singular} ${id}`)
    return cells
  }
  const read = (cells: readonly Cell[]): Item => {
    const columns = itemColumns(collection).map(name).join(', ')
    const where = keyColumns(existing).map(column => `${name(column)} = ?`)
    const sql = `SELECT ${columns} FROM ${name(collection.table)} WHERE ${where.join(' AND ')}`
    const row = prepared(sql, cells.length).get(cells)
    if (row === undefined) throw new ConstraintError('rule', [], { rule: 'A trigger of the database took it back.' })
    return decode(row)
  }

  /** An id that was chosen, in a PUT, has to be the one that the members make. */
  const refuseOther = (item: Item, id: unknown): void => {
    if (existing.key.length < 2 || typeof id !== 'string' || id === item.id || keyCells(existing, id) === undefined)
      return
    throw new ConstraintError('rule', ['id'], { rule: `The members of the key make the id “${item.id}”.` })
  }

  return {
    insert(values, parent) {
      const given = written.flatMap((field): (readonly [string, Cell])[] => {
        const column = field.stored?.column ?? ''
        if (field === collection.parentField && parent !== undefined)
          return [[name(column), parentCell(collection, parent)]]
        const value = values[field.name]
        const isLeft = value === null || value === undefined
        if (isLeft && field.byDefault === undefined && filledIn.has(column)) return []
        return [[name(column), encode(field, value)]]
      })
      const columns = given.map(([column]) => column)
      const into =
        given.length > 0 ? ` (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})` : ' DEFAULT VALUES'
      const key = existing.key.map(({ column }) => name(column)).join(', ')
      let row: Row | undefined
      try {
        row = prepared(`INSERT INTO ${table}${into} RETURNING ${key}`, given.length).get(given.map(([, cell]) => cell))
      } catch (error) {
        throw insertError(error, model, connection, collection, values, parent)
      }
      if (row === undefined) throw new ConstraintError('rule', [], { rule: 'A trigger of the database left it out.' })
      const item = read(row)
      refuseOther(item, values.id)
      return item
    },

    update(id, changes) {
      const cells = cellsOf(id)
      const fields = written.filter(field => Object.hasOwn(changes, field.name))
      const fixed = fields.filter(({ stored }) => existing.key.some(({ column }) => column === stored?.column))
      if (fixed.length > 0) throw new ConstraintError('rule', fixed.map(nameOf), { rule: partOfKey })
      if (fields.length === 0) return read(cells)
      const set = fields.map(({ stored }) => `${name(stored?.column ?? '')} = ?`).join(', ')
      try {
        prepared(`UPDATE ${table} SET ${set} WHERE ${isKey}`, fields.length + cells.length).run([
          ...fields.map(field => encode(field, changes[field.name])),
          ...cells,
        ])
      } catch (error) {
        throw insertError(error, model, connection, collection, changes, undefined)
      }
      return read(cells)
    },

    remove(id) {
      const cells = cellsOf(id)
      try {
        prepared(`DELETE FROM ${table} WHERE ${isKey}`, cells.length).run(cells)
      } catch (error) {
        throw removeError(error, collection)
      }
    },

    removeWhere(selection) {
      const statement = connection.prepared(`delete where ${selectionShape(selection)}`, () => {
        const counted = countSlots()
        let query = builder.selectFrom(collection.table).select([...keyColumns(existing)])
        for (const expression of selectionExpressions(selection, counted)) query = query.where(expression)
        const { sql, slots: places } = compile(query)
        const key = existing.key.map(({ column }) => name(column)).join(', ')
        return { sql: `DELETE FROM ${table} WHERE (${key}) IN (${sql})`, slots: places }
      })
      try {
        return statement.run(selectionCells(selection))
      } catch (error) {
        throw removeError(error, collection)
      }
    },
  }
}

const nameOf = ({ name: member }: Field): string => member

const partOfKey = 'It is part of the key, which stays as it is; create another item, and delete this one.'

/** Columns that the database can fill in by itself: `always` where they are computed. */
function columnsFilledIn(
  connection: Connection,
  { table, key }: ExistingModel,
): ReadonlyMap<string, 'always' | 'if-left'> {
  const rows = connection
    .prepare('SELECT name, type, dflt_value, hidden, pk FROM pragma_table_xinfo(?)')
    .all(table) as unknown as Row[]
  return new Map(
    rows.flatMap(([column, type, byDefault, hidden, place]): [string, 'always' | 'if-left'][] => {
      if (Number(hidden) > 1) return [[String(column), 'always']]
      const isRowNumber = key.length === 1 && Number(place) === 1 && String(type).toUpperCase() === 'INTEGER'
      return byDefault !== null || isRowNumber ? [[String(column), 'if-left']] : []
    }),
  )
}

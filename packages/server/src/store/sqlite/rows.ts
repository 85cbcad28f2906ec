// What is written to the rows of a collection: to those of Comity's own tables here, to those of others in existing/.
import type { ApiModel, CollectionModel, Field, Values } from '../../model/model.ts'
import type { Item, Selection } from '../store.ts'
import { builder, compile, countSlots } from './builder.ts'
import { type Cell, declaredFields, encode, type Row, serverColumns } from './columns.ts'
import { selectionCells, selectionExpressions, selectionShape } from './conditions.ts'
import type { Connection } from './connection.ts'
import { insertError, removeError } from './constraint.ts'
import { itemColumns, itemDecoder } from './item.ts'

/** The revision of a transaction, and its time as it is stored. */
export type Moment = { readonly revision: number; readonly time: string }

/** Each within a transaction that has taken its revision. */
export type RowWrites = {
  readonly insert: (values: Values, parent: string | undefined, moment: Moment) => Item
  /** @throws where there is no such row */
  readonly update: (id: string, changes: Values, moment: Moment) => Item
  readonly remove: (id: string) => void
  /** @returns how many */
  readonly removeWhere: (selection: Selection) => number
}

/** The writes of one of Comity's own tables, on the writer's connection. */
export function ownRows(connection: Connection, model: ApiModel, collection: CollectionModel): RowWrites {
  const decode = itemDecoder(collection)
  const declared = declaredFields(collection)
  const update = (fields: readonly Field[]) => {
    const slots = countSlots()
    const set = [...fields.map(field => field.column), serverColumns.updatedAt, serverColumns.revision]
    return compile(
      builder
        .updateTable(collection.table)
        .set(Object.fromEntries(set.map(column => [column, slots()])))
        .where('id', '=', slots())
        .returning(itemColumns(collection)),
    )
  }

  return {
    insert(values, parent, { revision, time }) {
      const statement = connection.prepared(`insert ${collection.table} ${collection.parentField?.column}`, () => {
        const slots = countSlots()
        const columns = ['id', ...(collection.parentField ? [collection.parentField.column] : [])]
        for (const field of declared) columns.push(field.column)
        columns.push(...Object.values(serverColumns))
        const row = Object.fromEntries(columns.map(column => [column, slots()]))
        return compile(builder.insertInto(collection.table).values(row).returning(itemColumns(collection)))
      })
      const cells: Cell[] = [values.id as Cell]
      if (collection.parentField) cells.push(parent ?? null)
      for (const field of declared) cells.push(encode(field, values[field.name]))
      for (const server of Object.keys(serverColumns)) cells.push(server.endsWith('At') ? time : revision)
      try {
        return decode(statement.get(cells) as Row)
      } catch (error) {
        throw insertError(error, model, connection, collection, values, parent)
      }
    },

    update(id, changes, { revision, time }) {
      const fields = declared.filter(field => Object.hasOwn(changes, field.name))
      const statement = connection.prepared(`update ${collection.table} ${fields.map(field => field.column)}`, () =>
        update(fields),
      )
      const cells = [...fields.map(field => encode(field, changes[field.name])), time, revision, id]
      let row: Row | undefined
      try {
        row = statement.get(cells)
      } catch (error) {
        throw insertError(error, model, connection, collection, changes, undefined)
      }
      if (row === undefined) throw new Error(`no ${collection.singular} ${id} to update`)
      return decode(row)
    },

    remove(id) {
      const statement = connection.prepared(`delete ${collection.table}`, () =>
        compile(builder.deleteFrom(collection.table).where('id', '=', countSlots()())),
      )
      try {
        statement.run([id])
      } catch (error) {
        throw removeError(error, collection)
      }
    },

    removeWhere(selection) {
      const statement = connection.prepared(`delete where ${selectionShape(selection)}`, () => {
        const slots = countSlots()
        let query = builder.deleteFrom(collection.table)
        for (const expression of selectionExpressions(selection, slots)) query = query.where(expression)
        return compile(query)
      })
      try {
        return statement.run(selectionCells(selection))
      } catch (error) {
        throw removeError(error, collection)
      }
    },
  }
}

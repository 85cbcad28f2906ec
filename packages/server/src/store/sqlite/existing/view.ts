// The rows of others as the rest of the store reads them: a temporary view on each connection, which has the columns
// that a table of Comity's own would have. It is no part of the database, and nobody else sees it.
import type { ApiModel, CollectionModel, ExistingModel } from '../../../model/model.ts'
import { serverColumns } from '../columns.ts'
import { literal, name } from '../schema.ts'
import { idExpression, keyColumns, keyIsThere } from './key.ts'

/** `kept`: triggers note the revision of each row. `read-only`: nothing is noted anywhere. */
export type Noting = 'kept' | 'read-only'

/** Whether each row has a revision that is noted; else it is told by what is in the row. */
export const isNoted = (existing: ExistingModel, noting: Noting): boolean =>
  noting === 'kept' && existing.kind === 'table' && existing.key.length > 0

/** The views of a model's collections, as SQL. */
export const viewsOf = (model: ApiModel, noting: Noting): readonly string[] =>
  model.collections.flatMap(collection => {
    const { existing, whole } = collection
    // What is seen below others is the same view.
    return existing && whole === undefined ? [viewOf(collection, existing, noting)] : []
  })

function viewOf(collection: CollectionModel, existing: ExistingModel, noting: Noting): string {
  const noted = isNoted(existing, noting)
  const columns: (readonly [expression: string, called: string])[] = collection.fields.map(field => [
    field.stored ? `t.${name(field.stored.column)}` : field.name === 'id' ? idExpression(existing, 't') : 'NULL',
    field.column,
  ])
  for (const [i, column] of keyColumns(existing).entries())
    columns.push([`t.${name(existing.key[i]?.column ?? '')}`, column])
  const told = noted ? notedColumns(existing) : untoldColumns(noting)
  columns.push([told.revision, serverColumns.revision], [told.born, serverColumns.born])
  columns.push([told.modified, serverColumns.updatedAt])
  const join = noted
    ? ` LEFT JOIN main.comity_rows r ON r.source = ${literal(existing.table)} AND r.id = +${asColumn(existing)}`
    : ''
  const where = existing.key.length > 0 && existing.kind === 'table' ? ` WHERE ${keyIsThere(existing, 't')}` : ''
  const list = columns.map(([expression, called]) => `${expression} AS ${name(called)}`).join(', ')
  return `CREATE TEMP VIEW ${name(collection.table)} AS SELECT ${list} FROM main.${name(existing.table)} t${join}${where}`
}

/** Without the affinity of its column, so that the index of what is noted serves. */
const asColumn = (existing: ExistingModel): string => `(${idExpression(existing, 't')})`

const notedColumns = ({ table }: ExistingModel) => {
  const of = (column: string) => `(SELECT ${column} FROM main.comity_sources WHERE source = ${literal(table)})`
  return {
    revision: `coalesce(r.revision, ${of('since')})`,
    born: 'coalesce(r.born, 0)',
    modified: `coalesce(r.modified, ${of('since_time')})`,
  }
}

const untoldColumns = (noting: Noting) => ({
  revision: 'NULL',
  born: '0',
  modified: noting === 'kept' ? '(SELECT modified FROM main.comity_clock)' : 'comity_modified()',
})

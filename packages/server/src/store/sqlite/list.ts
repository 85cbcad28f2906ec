// A list plan as one statement: its shape, its cells, and how its rows are read.
import { sql } from 'kysely'
import type { Field, Values } from '../../model/model.ts'
import type { ListPlan, Selection } from '../store.ts'
import { builder, compile, countSlots, type Query } from './builder.ts'
import { type Cell, keyDecoder, type Row, rowDecoder, serverColumns } from './columns.ts'
import { selectionCells, selectionExpressions, selectionShape } from './conditions.ts'
import { itemColumns } from './item.ts'
import { keysetCells, keysetExpression, keysetShape, readingDirection } from './keyset.ts'

/** Two plans of one shape differ in their cells only. */
export function listShape(plan: ListPlan): string {
  let shape = `list ${selectionShape(plan)}|${keysetShape(plan)}|`
  for (const { field, direction } of plan.sort) shape += `${direction === 'asc' ? '' : '-'}${field.column},`
  shape += '|'
  for (const field of plan.fields) shape += `${field.column},`
  return shape
}

/** @param limit rows to read; Infinity for all */
export function listCells(plan: ListPlan, limit: number): readonly Cell[] {
  const cells = selectionCells(plan)
  cells.push(...keysetCells(plan))
  cells.push(limit === Number.POSITIVE_INFINITY ? -1 : limit)
  if (plan.start.kind === 'offset') cells.push(plan.start.offset)
  return cells
}

/** The members asked for come first in a row; what only the order needs comes behind. */
function selectedFields({ fields, sort }: ListPlan): readonly Field[] {
  return [...new Set([...fields, ...sort.map(({ field }) => field)])]
}

/** The statement of the plan’s shape. */
export function listQuery(plan: ListPlan): Query {
  const slots = countSlots()
  let query = builder.selectFrom(plan.collection.table).select(selectedFields(plan).map(field => field.column))
  for (const expression of selectionExpressions(plan, slots)) query = query.where(expression)
  const beyond = keysetExpression(plan, slots)
  if (beyond) query = query.where(beyond)
  for (const sort of plan.sort) query = query.orderBy(sort.field.column, readingDirection(plan, sort))
  query = query.limit(slots())
  if (plan.start.kind === 'offset') query = query.offset(slots())
  return compile(query, plan.collection.existing ? 'wide' : 'safe')
}

/** How the rows of a list are read. */
export type ListDecoder = {
  readonly values: (row: Row) => Values
  /** The wire values of the plan's sort fields. */
  readonly key: (row: Row) => readonly unknown[]
}

/** The decoder of the plan’s shape. */
export function listDecoder(plan: ListPlan): ListDecoder {
  const selected = selectedFields(plan)
  const sorted = plan.sort.map(({ field }) => field)
  return {
    values: rowDecoder(plan.fields),
    key: keyDecoder(
      sorted,
      sorted.map(field => selected.indexOf(field)),
    ),
  }
}

/** Whole items of a selection, in order of id. */
export function itemsQuery(selection: Selection, which: 'all' | 'first'): Query {
  const { collection } = selection
  const slots = countSlots()
  let query = builder.selectFrom(collection.table).select(itemColumns(collection)).orderBy('id')
  for (const expression of selectionExpressions(selection, slots)) query = query.where(expression)
  return compile(which === 'first' ? query.limit(sql.lit(1)) : query, collection.existing ? 'wide' : 'safe')
}

/** How many rows a selection has, and the latest of their revisions. */
export function extentQuery(selection: Selection): Query {
  const slots = countSlots()
  const { table, existing } = selection.collection
  const latest = existing ? sql<number>`0` : sql<number>`max(${sql.ref(serverColumns.revision)})`
  let query = builder.selectFrom(table).select([sql<number>`count(*)`.as('n'), latest.as('latest')])
  for (const expression of selectionExpressions(selection, slots)) query = query.where(expression)
  return compile(query)
}

/** `select count(*)` of a selection. */
export function countQuery(selection: Selection): Query {
  const slots = countSlots()
  let query = builder.selectFrom(selection.collection.table).select(sql<number>`count(*)`.as('n'))
  for (const expression of selectionExpressions(selection, slots)) query = query.where(expression)
  return compile(query)
}

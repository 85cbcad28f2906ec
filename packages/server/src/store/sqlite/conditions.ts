// Conditions as SQL. For each: its shape (what the statement's text depends on), its cells, and its expression; the
// expression takes its slots in the order in which the cells are listed.
import { type Expression, type SqlBool, sql } from 'kysely'
import { idValue } from '../../model/ids.ts'
import type { CollectionModel } from '../../model/model.ts'
import type { Condition, Selection, Within } from '../store.ts'
import type { Slots } from './builder.ts'
import { type Cell, encode } from './columns.ts'

/** Lists of `in` are filled up to a power of two, so that a few statements serve every length. */
const paddedLength = (length: number): number => (length === 0 ? 0 : 2 ** Math.ceil(Math.log2(length)))

const isNull = ({ values }: Condition): boolean => values[0] === null || values[0] === undefined

function conditionShape(condition: Condition): string {
  const { field, operator, values } = condition
  if (operator === 'in') return `${field.column} in ${paddedLength(values.length)}`
  if (operator === 'exists') return `${field.column} exists ${values[0] === true}`
  return `${field.column} ${operator}${isNull(condition) ? ' null' : ''}`
}

function conditionCells(condition: Condition): readonly Cell[] {
  const { field, operator, values } = condition
  if (operator === 'exists') return []
  if (operator === 'like') return [likePattern(String(values[0]))]
  if (operator !== 'in') return isNull(condition) ? [] : [encode(field, values[0])]
  const cells = values.map(value => encode(field, value))
  while (cells.length < paddedLength(values.length)) cells.push(cells[0] as Cell)
  return cells
}

/** `*` stands for any run of characters; what LIKE itself takes for wildcards stands for itself. */
const likePattern = (text: string): string => text.replace(/[\\%_]/g, '\\$&').replaceAll('*', '%')

const comparisons = { eq: '=', ne: 'is not', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

/** `table`: whose column it is, where that could be asked. */
function conditionExpression(condition: Condition, slots: Slots, table?: string): Expression<SqlBool> {
  const { field, operator, values } = condition
  const column = sql.ref(table === undefined ? field.column : `${table}.${field.column}`)
  switch (operator) {
    case 'in':
      return values.length === 0
        ? sql<SqlBool>`false`
        : sql<SqlBool>`${column} in (${sql.join(Array.from({ length: paddedLength(values.length) }, slots))})`
    case 'exists':
      return values[0] === true ? sql<SqlBool>`${column} is not null` : sql<SqlBool>`${column} is null`
    case 'like':
      return sql<SqlBool>`${column} like ${slots()} escape '\\'`
    case 'eq':
      return isNull(condition) ? sql<SqlBool>`${column} is null` : sql<SqlBool>`${column} = ${slots()}`
    case 'ne':
      // What has no value differs from any value.
      return isNull(condition) ? sql<SqlBool>`${column} is not null` : sql<SqlBool>`${column} is not ${slots()}`
    default:
      // A comparison with null holds for nothing.
      return isNull(condition)
        ? sql<SqlBool>`false`
        : sql<SqlBool>`${column} ${sql.raw(comparisons[operator])} ${slots()}`
  }
}

/** What the text of the statement depends on. */
export function selectionShape({ collection, parent, conditions, within }: Selection): string {
  let shape = parent === undefined ? `${collection.table}|` : `${collection.table}/${collection.parentField?.column}|`
  for (const condition of conditions) shape += `${conditionShape(condition)};`
  for (const { of, any } of within ?? []) {
    shape += `within ${of}(`
    for (const all of any) shape += `${all.map(conditionShape).join(';')}|`
    shape += ')'
  }
  return shape
}

/** The cells, in the order of the slots. */
export function selectionCells({ collection, parent, conditions, within }: Selection): Cell[] {
  const cells: Cell[] = parent === undefined ? [] : [parentCell(collection, parent)]
  for (const condition of conditions) cells.push(...conditionCells(condition))
  for (const { any } of within ?? [])
    for (const all of any) for (const condition of all) cells.push(...conditionCells(condition))
  return cells
}

/** A column of others may not make a number of text by itself. */
export const parentCell = ({ parent: above, parentField }: CollectionModel, parent: string): Cell =>
  above && parentField?.stored ? encode(parentField, idValue(above, parent)) : parent

/** The expressions, all of which must hold. */
export function selectionExpressions(
  { collection, parent, conditions, within = [] }: Selection,
  slots: Slots,
): Expression<SqlBool>[] {
  const below =
    parent === undefined || !collection.parentField
      ? []
      : [sql<SqlBool>`${sql.ref(collection.parentField.column)} = ${slots()}`]
  return [
    ...below,
    ...conditions.map(condition => conditionExpression(condition, slots)),
    ...within.map(each => withinExpression(collection, each, slots)),
  ]
}

/** What the item above is called where its rows are looked at. */
const above = 'comity_above'

function withinExpression(collection: CollectionModel, { of, any }: Within, slots: Slots): Expression<SqlBool> {
  if (any.length === 0) return sql<SqlBool>`false`
  const { parent, parentField } = collection
  const table = of === 'parent' ? above : undefined
  const each = any.map(all =>
    all.length === 0
      ? sql<SqlBool>`true`
      : sql<SqlBool>`(${sql.join(
          all.map(condition => conditionExpression(condition, slots, table)),
          sql` and `,
        )})`,
  )
  const holds = sql<SqlBool>`(${sql.join(each, sql` or `)})`
  if (of === 'row') return holds
  if (!parent || !parentField) throw new TypeError(`${collection.name} are below nothing`)
  const own = sql.ref(`${collection.table}.${parentField.column}`)
  const there = sql`${sql.table(parent.table)} as ${sql.id(above)}`
  return sql<SqlBool>`exists (select 1 from ${there} where ${sql.ref(`${above}.${parent.byName.get('id')?.column ?? 'id'}`)} = ${own} and ${holds})`
}

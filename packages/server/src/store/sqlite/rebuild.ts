// The SQL an operator would have to run for a change that Comity does not make by itself: the table is built anew beside
// the old one, filled from it, and takes its place (https://www.sqlite.org/lang_altertable.html#otheralter).
import type { ApiModel, CollectionModel, Field } from '../../model/model.ts'
import { type Cell, declaredFields, encode, isNullable, serverColumns } from './columns.ts'
import { type KnownColumn, type KnownColumns, literal, name, recordColumns, tableDefinition } from './schema.ts'

/**
 * Statements, in order. What only the operator can choose stands in them as `<what>`, which does not parse: nothing
 * runs before it is replaced.
 * @param known the columns there are now
 */
export function rebuild(model: ApiModel, collection: CollectionModel, known: KnownColumns): readonly string[] {
  const { table, parentField } = collection
  const beside = `${table}_new`
  const kept: (readonly [column: string, from: string])[] = [
    ['id', 'id'],
    ...(parentField ? [[parentField.column, name(parentField.column)] as const] : []),
    ...declaredFields(collection).flatMap(field => {
      const from = source(field, known[field.column])
      return from === undefined ? [] : [[field.column, from] as const]
    }),
    [serverColumns.createdAt, serverColumns.createdAt],
    [serverColumns.updatedAt, serverColumns.updatedAt],
    // Items look different afterwards: none keeps its validator.
    [serverColumns.revision, '(SELECT revision FROM comity_clock)'],
  ]
  const into = kept.map(([column]) => name(column)).join(', ')
  const from = kept.map(([, expression]) => expression).join(', ')
  return [
    'PRAGMA foreign_keys = OFF;',
    'BEGIN IMMEDIATE;',
    'UPDATE comity_clock SET revision = revision + 1;',
    `${tableDefinition(model, { ...collection, table: beside })};`,
    `INSERT INTO ${name(beside)} (${into}) SELECT ${from} FROM ${name(table)};`,
    `DROP TABLE ${name(table)};`,
    `ALTER TABLE ${name(beside)} RENAME TO ${name(table)};`,
    `UPDATE comity_states SET revision = (SELECT revision FROM comity_clock) WHERE collection = ${literal(table)};`,
    `${recordColumns(model, collection)};`,
    'COMMIT;',
  ]
}

/** Where a column's values come from; undefined where its default will do. */
function source(field: Field, was: KnownColumn | undefined): string | undefined {
  const byDefault: Cell | undefined = field.byDefault === undefined ? undefined : encode(field, field.byDefault)
  if (was === undefined)
    return isNullable(field) || byDefault !== undefined ? undefined : `<a value for ${field.column}>`
  const converted = conversion(field, was)
  if (was.presence === 'required' || isNullable(field)) return converted
  return `coalesce(${converted}, ${byDefault === undefined ? `<a value for ${field.column}>` : literal(byDefault)})`
}

const isText = (kind: Field['kind']): boolean => kind === 'text' || kind === 'date' || kind === 'date-time'

function conversion(field: Field, was: KnownColumn): string {
  const column = name(field.column)
  const isWhole = (kind: Field['kind']) => kind === 'decimal' || kind === 'integer'
  if (isWhole(field.kind) && isWhole(was.kind)) {
    const shift = field.scale - was.scale
    if (shift === 0) return column
    return shift > 0 ? `${column} * ${10 ** shift}` : `CAST(round(${column} / ${10 ** -shift}.0) AS INTEGER)`
  }
  const isSame = field.kind === was.kind || (field.kind === 'text' && isText(was.kind))
  return isSame ? column : `<${field.column}, made ${field.kind} from ${was.kind}>`
}

// What SQLite says when a rule of the database would be broken, in the store's words.
// https://www.sqlite.org/rescode.html: extended result codes.
import type { ApiModel, CollectionModel, Values } from '../../model/model.ts'
import { ConstraintError } from '../errors.ts'
import { type Cell, encode } from './columns.ts'
import type { Connection } from './connection.ts'
import { name, referredTable } from './schema.ts'

const codes = {
  busy: 5,
  check: 275,
  foreignKey: 787,
  notNull: 1299,
  primaryKey: 1555,
  trigger: 1811,
  unique: 2067,
  rowId: 2579,
  dataType: 3091,
} as const

const codeOf = (error: unknown): number | undefined => (error as { errcode?: number } | undefined)?.errcode

/** Whether another connection holds the lock. The low byte is the primary code. */
export const isBusy = (error: unknown): boolean => ((codeOf(error) ?? 0) & 0xff) === codes.busy

/** The error of an insert or update in the store's words; one that is not a broken rule comes back as it was. */
export function insertError(
  error: unknown,
  model: ApiModel,
  connection: Connection,
  collection: CollectionModel,
  values: Values,
  parent: string | undefined,
): unknown {
  switch (codeOf(error)) {
    case codes.primaryKey:
    case codes.rowId:
    case codes.unique: {
      const members = membersNamed(error as Error, collection)
      // Where more than one rule is broken, that the item is there says more.
      const exists =
        members.includes('id') || (values.id !== undefined && isThere(connection, collection.table, values.id as Cell))
      return exists
        ? new ConstraintError('exists', ['id'], { cause: error })
        : new ConstraintError('unique', members, { cause: error })
    }
    case codes.foreignKey:
      return new ConstraintError('reference', dangling(model, connection, collection, values, parent), { cause: error })
    case codes.notNull:
      return new ConstraintError('missing', membersNamed(error as Error, collection), { cause: error })
    default:
      return ruleError(error, collection) ?? error
  }
}

/** A rule that others gave their tables; undefined where it is none. */
function ruleError(error: unknown, collection: CollectionModel): ConstraintError | undefined {
  const { message } = error as Error
  const said = message.slice(message.indexOf(': ') + 2)
  switch (codeOf(error)) {
    case codes.check: {
      const named = collection.fields.filter(({ stored }) => stored && namesColumn(said, stored.column))
      const members = named.map(({ name: member }) => member)
      return new ConstraintError('rule', members, { cause: error, rule: `The database refuses it by CHECK (${said}).` })
    }
    case codes.dataType:
      return new ConstraintError('rule', membersNamed(error as Error, collection), {
        cause: error,
        rule: `${message}.`,
      })
    case codes.trigger:
      return new ConstraintError('rule', [], { cause: error, rule: message })
    default:
      return undefined
  }
}

const namesColumn = (expression: string, column: string): boolean =>
  expression
    .toLowerCase()
    .split(/[^\p{L}\p{N}_]+/u)
    .includes(column.toLowerCase())

/** The error of a commit. */
export const commitError = (error: unknown): unknown =>
  codeOf(error) === codes.foreignKey ? new ConstraintError('reference', [], { cause: error }) : error

/** The error of a delete. */
export const removeError = (error: unknown, collection: CollectionModel): unknown =>
  codeOf(error) === codes.foreignKey
    ? new ConstraintError('referenced', [], { cause: error })
    : (ruleError(error, collection) ?? error)

/** `UNIQUE constraint failed: accounts.owner_id, accounts.name` names the columns; the parent's is no member at fault. */
function membersNamed({ message }: Error, collection: CollectionModel): readonly string[] {
  const columns = message
    .slice(message.indexOf(':') + 1)
    .split(',')
    .map(column => column.trim().split('.').at(-1))
  return collection.fields
    .filter(field => field !== collection.parentField || collection.whole !== undefined)
    .filter(field => columns.includes(field.stored?.column ?? field.column))
    .map(field => field.name)
}

const isThere = (connection: Connection, table: string, id: Cell): boolean =>
  connection.prepare(`SELECT 1 FROM ${name(table)} WHERE id = ?`).get(id) !== undefined

/** SQLite does not say which reference dangles: look. */
function dangling(
  model: ApiModel,
  connection: Connection,
  collection: CollectionModel,
  values: Values,
  parent: string | undefined,
): readonly string[] {
  const members: string[] = []
  if (
    collection.parent &&
    collection.parentField &&
    parent !== undefined &&
    !isThere(connection, collection.parent.table, parent)
  )
    members.push(collection.parentField.name)
  for (const field of collection.fields) {
    const table = referredTable(model, field)
    const id = encode(field, values[field.name])
    if (table !== undefined && id !== null && !isThere(connection, table, id)) members.push(field.name)
  }
  return members
}

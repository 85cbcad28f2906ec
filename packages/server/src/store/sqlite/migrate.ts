// The tables of the definition, made or brought up to it at start, all in one transaction. What can be added without
// touching a value is added; anything else stops with the SQL that an operator would have to decide on.
import type { ApiModel, CollectionModel, Field } from '../../model/model.ts'
import { DestructiveChangeError } from '../errors.ts'
import { type Cell, columnType, declaredFields, type Row, serverColumns } from './columns.ts'
import type { Connection } from './connection.ts'
import { adopt, plainly } from './existing/adopt.ts'
import { rebuild } from './rebuild.ts'
import {
  bornColumn,
  columnDefinition,
  describeColumns,
  indexesOf,
  type KnownColumn,
  type KnownColumns,
  layout,
  name,
  ownTables,
  recordColumns,
  tableDefinition,
  tombstoneTrigger,
} from './schema.ts'

/**
 * Runs inside a transaction of the writer's.
 * @param now ms since the epoch
 * @throws DestructiveChangeError for a change that could lose data, a table that Comity did not make, or a database
 * of a newer Comity
 */
export function migrate(connection: Connection, model: ApiModel, now: number): void {
  const { db } = connection
  const get = (sql: string, ...cells: Cell[]) => connection.prepare(sql).get(...cells) as unknown as Row | undefined
  const isThere = (table: string): boolean =>
    get("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", table) !== undefined

  const isShared = model.collections.some(({ existing }) => existing)
  const written = (sql: string): string => (isShared ? plainly(sql) : sql)
  if (!isThere('comity_meta')) {
    for (const statement of ownTables[0] ?? []) db.exec(written(statement))
    db.exec("INSERT INTO comity_meta VALUES ('layout', '1')")
    // Beside data of others Comity may have been, and be gone again: no revision of then may come back.
    const after = isShared ? now : 0
    connection
      .prepare('INSERT INTO comity_clock (one, revision, modified, created) VALUES (1, ?, ?, ?)')
      .run(after, now, now)
  }
  const found = Number(get("SELECT value FROM comity_meta WHERE key = 'layout'")?.[0])
  if (!(found <= layout))
    throw new DestructiveChangeError(
      `the database was made by a newer Comity: its layout is ${found}, and this one knows ${layout}`,
      [],
    )

  for (const statement of ownTables.slice(found).flat()) db.exec(written(statement))
  connection.prepare("UPDATE comity_meta SET value = ? WHERE key = 'layout'").run(String(layout))

  for (const collection of model.collections) {
    const { table, whole, existing } = collection
    if (whole !== undefined || existing !== undefined) continue
    const known = get('SELECT value FROM comity_meta WHERE key = ?', `table:${table}`)?.[0]
    if (!isThere(table)) db.exec(tableDefinition(model, collection))
    else if (known === undefined)
      throw new DestructiveChangeError(`the table ${table} is there already, and Comity did not make it. Run:`, [
        `ALTER TABLE ${name(table)} RENAME TO ${name(`${table}_before`)};`,
      ])
    else change(connection, model, collection, JSON.parse(String(known)) as KnownColumns, now)
    db.exec(recordColumns(model, collection))
    complete(connection, collection)
  }
  adopt(connection, model, now)
}

function change(
  connection: Connection,
  model: ApiModel,
  collection: CollectionModel,
  known: KnownColumns,
  now: number,
) {
  const { db } = connection
  const { table } = collection
  const there = columnsThere(connection, table)
  const wanted = describeColumns(model, collection)
  const isEmpty = connection.prepare(`SELECT 1 FROM ${name(table)} LIMIT 1`).get() === undefined
  const faults: string[] = []
  const additions: string[] = []

  for (const field of declaredFields(collection)) {
    const { column } = field
    const is = wanted[column] as KnownColumn
    const fault = there.has(column)
      ? changedFault(known[column], is, there.get(column) as Found, field)
      : additionFault(field, is)
    if (fault !== undefined) faults.push(`the column ${table}.${column} ${fault}`)
    else if (!there.has(column))
      additions.push(`ALTER TABLE ${name(table)} ADD COLUMN ${columnDefinition(model, collection, field)}`)
  }
  for (const column of Object.keys(known))
    if (wanted[column] === undefined && there.has(column))
      faults.push(`the column ${table}.${column} is no longer in the definition`)

  if (faults.length > 0 && isEmpty) {
    // Nothing can be lost.
    db.exec(`DROP TABLE ${name(table)}`)
    db.exec(tableDefinition(model, collection))
    return
  }
  if (faults.length > 0) {
    const sql = rebuild(
      model,
      collection,
      Object.fromEntries(Object.entries(known).filter(([column]) => there.has(column))),
    )
    throw new DestructiveChangeError(
      `${faults.join('; ')}. Comity does not do away with data by itself. Make a copy, replace what stands in <>, and run:\n${sql.join('\n')}`,
      sql,
    )
  }
  for (const addition of additions) db.exec(addition)
  if (!there.has(serverColumns.born)) db.exec(`ALTER TABLE ${name(table)} ADD COLUMN ${bornColumn}`)
  if (additions.length > 0 && !isEmpty) renew(connection, collection, now)
}

type Found = { readonly type: Cell; readonly presence: 'required' | 'optional' }

function columnsThere(connection: Connection, table: string): ReadonlyMap<string, Found> {
  const rows = connection
    .prepare('SELECT name, type, "notnull" FROM pragma_table_info(?)')
    .all(table) as unknown as Row[]
  return new Map(
    rows.map(([column, type, notNull]) => [
      String(column),
      { type: type as Cell, presence: notNull === 1 ? 'required' : 'optional' },
    ]),
  )
}

/** What keeps a new column from being added. */
function additionFault(field: Field, is: KnownColumn): string | undefined {
  if (is.presence === 'required' && field.byDefault === undefined) return 'is new, required, and has no default'
  // SQLite: a column added with REFERENCES must have NULL for its default.
  if (is.references !== undefined && field.byDefault !== undefined)
    return 'is new, refers to another table, and has a default'
  return undefined
}

/** How a column that is there differs from what is wanted. */
function changedFault(was: KnownColumn | undefined, is: KnownColumn, found: Found, field: Field): string | undefined {
  // An operator may have added it.
  if (was === undefined)
    return found.type === columnType(field) && found.presence === is.presence
      ? undefined
      : 'is there, but has another type'
  const differences = [
    ...(was.kind === is.kind ? [] : [`was ${was.kind} and is to be ${is.kind}`]),
    ...(was.scale === is.scale ? [] : [`had ${was.scale} digits after the point and is to have ${is.scale}`]),
    ...(was.presence === is.presence ? [] : [`was ${was.presence} and is to be ${is.presence}`]),
    ...(was.references === is.references
      ? []
      : [`referred to ${was.references ?? 'nothing'} and is to refer to ${is.references ?? 'nothing'}`]),
  ]
  return differences.length === 0 ? undefined : differences.join(' and ')
}

/** With a column more, every item and list looks different: none keeps its validator. */
function renew(connection: Connection, { table }: CollectionModel, now: number): void {
  connection.db.exec('UPDATE comity_clock SET revision = revision + 1')
  connection.db.exec(`UPDATE ${name(table)} SET comity_revision = (SELECT revision FROM comity_clock)`)
  connection
    .prepare(
      'UPDATE comity_states SET revision = (SELECT revision FROM comity_clock), modified = ? WHERE collection = ?',
    )
    .run(now, table)
}

/** Indexes and trigger as the definition has them now. An index holds no data of its own: those not wanted any more go. */
function complete(connection: Connection, collection: CollectionModel): void {
  const { db } = connection
  const { table } = collection
  const indexes = indexesOf(collection)
  const trigger = tombstoneTrigger(collection)
  const made = connection
    .prepare(
      "SELECT name, sql FROM sqlite_schema WHERE tbl_name = ? AND type IN ('index', 'trigger') AND sql IS NOT NULL",
    )
    .all(table) as unknown as Row[]
  const there = new Map(made.map(([called, sql]) => [String(called), String(sql)]))
  const isOurs = (called: string) => ['by', 'one', 'refers'].some(how => called.startsWith(`${table}_${how}_`))
  for (const called of there.keys())
    if (isOurs(called) && !indexes.some(index => index.name === called)) db.exec(`DROP INDEX ${name(called)}`)
  if (there.get(trigger.name) !== trigger.sql) {
    db.exec(`DROP TRIGGER IF EXISTS ${name(trigger.name)}`)
    db.exec(trigger.sql)
  }
  for (const index of indexes) {
    if (there.get(index.name) === index.sql) continue
    db.exec(`DROP INDEX IF EXISTS ${name(index.name)}`)
    try {
      db.exec(index.sql)
    } catch (error) {
      if (index.unique === undefined) throw error
      const columns = [...(collection.parentField ? [collection.parentField] : []), index.unique].map(field =>
        name(field.column),
      )
      const query = `SELECT ${columns.join(', ')}, count(*) FROM ${name(table)} GROUP BY ${columns.join(', ')} HAVING count(*) > 1;`
      throw new DestructiveChangeError(
        `the column ${table}.${index.unique.column} is to be unique, but has values more than once. Find them by:\n${query}`,
        [query],
      )
    }
  }
}

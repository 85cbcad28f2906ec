// The tables a definition needs, as SQL text. Names come from the definition, which was checked; they are quoted all
// the same. Nothing a caller sends gets here.
import { hasIntegerIds } from '../../model/ids.ts'
import type { ApiModel, CollectionModel, Field } from '../../model/model.ts'
import { type Cell, columnType, declaredFields, encode, isNullable, serverColumns } from './columns.ts'

/** A name as SQL writes it. */
export const name = (text: string): string => `"${text.replaceAll('"', '""')}"`

/** A value as SQL writes it, where it cannot be bound. */
export const literal = (cell: Cell): string =>
  cell === null ? 'NULL' : typeof cell === 'string' ? `'${cell.replaceAll("'", "''")}'` : String(cell)

const firstTables: readonly string[] = [
  'CREATE TABLE comity_meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT, WITHOUT ROWID',
  `CREATE TABLE comity_clock (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  revision INTEGER NOT NULL, -- of the last transaction that wrote
  modified INTEGER NOT NULL, -- when that was
  created INTEGER NOT NULL -- when the database was
) STRICT`,
  `CREATE TABLE comity_states (
  collection TEXT NOT NULL,
  parent TEXT NOT NULL, -- '' at the top level
  revision INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  PRIMARY KEY (collection, parent)
) STRICT, WITHOUT ROWID`,
  `CREATE TABLE comity_tombstones (
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision INTEGER NOT NULL,
  deleted_at INTEGER NOT NULL,
  PRIMARY KEY (collection, id)
) STRICT, WITHOUT ROWID`,
  'CREATE INDEX comity_tombstones_by_revision ON comity_tombstones (revision, collection)',
]

const keyTables: readonly string[] = [
  `CREATE TABLE comity_keys (
  caller TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  status INTEGER NOT NULL,
  fields TEXT NOT NULL, -- JSON
  body BLOB,
  expires INTEGER NOT NULL,
  PRIMARY KEY (caller, key)
) STRICT`,
  'CREATE INDEX comity_keys_by_expiry ON comity_keys (expires)',
  'CREATE INDEX comity_tombstones_by_age ON comity_tombstones (deleted_at)',
]

const jobTables: readonly string[] = [
  `CREATE TABLE comity_jobs (
  id TEXT PRIMARY KEY NOT NULL,
  caller TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  run INTEGER NOT NULL,
  progress TEXT, -- JSON, as are checkpoint, problem, request and fields
  created INTEGER NOT NULL,
  started INTEGER,
  finished INTEGER,
  problem TEXT,
  request TEXT NOT NULL, -- without its content
  content BLOB,
  checkpoint TEXT,
  status INTEGER, -- of its result, as are fields and body
  fields TEXT,
  body BLOB,
  expires INTEGER
) STRICT`,
  "CREATE INDEX comity_jobs_by_state ON comity_jobs (state, id) WHERE state IN ('queued', 'running')",
  'CREATE INDEX comity_jobs_by_caller ON comity_jobs (caller, id)',
  'CREATE INDEX comity_jobs_by_expiry ON comity_jobs (expires) WHERE expires IS NOT NULL',
]

const recordTables: readonly string[] = [
  `CREATE TABLE comity_records (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  value TEXT NOT NULL, -- JSON
  expires INTEGER,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID`,
  'CREATE INDEX comity_records_by_expiry ON comity_records (expires) WHERE expires IS NOT NULL',
  `CREATE TABLE comity_record_names (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (kind, name, value, id),
  FOREIGN KEY (kind, id) REFERENCES comity_records (kind, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID`,
  'CREATE INDEX comity_record_names_by_id ON comity_record_names (kind, id)',
]

const auditTables: readonly string[] = [
  `CREATE TABLE comity_audit_requests (
  number INTEGER PRIMARY KEY,
  request TEXT NOT NULL,
  caller TEXT NOT NULL,
  scheme TEXT NOT NULL,
  via TEXT NOT NULL,
  address TEXT NOT NULL,
  method TEXT NOT NULL,
  path TEXT NOT NULL
) STRICT`,
  `CREATE TABLE comity_audit (
  number INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  by INTEGER NOT NULL REFERENCES comity_audit_requests (number),
  action TEXT NOT NULL,
  resource TEXT NOT NULL,
  id TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision INTEGER NOT NULL,
  digest TEXT NOT NULL -- SHA-256 of this line and the digest of the one before
) STRICT`,
  ...['comity_audit', 'comity_audit_requests'].flatMap(table =>
    ['UPDATE', 'DELETE'].map(
      how => `CREATE TRIGGER ${table}_no_${how.toLowerCase()} BEFORE ${how} ON ${table} BEGIN
  SELECT RAISE(ABORT, 'the audit log is only added to');
END`,
    ),
  ),
]

/** Comity's own tables, by the layout that brought them. All times are in ms since the epoch. */
export const ownTables: readonly (readonly string[])[] = [firstTables, keyTables, jobTables, recordTables, auditTables]

/** Version of the tables Comity keeps for itself; a database with a higher one is left alone. */
export const layout = ownTables.length

/** The table whose ids the field holds. */
export const referredTable = (model: ApiModel, field: Field): string | undefined =>
  model.collections.find(({ name, parent }) => name === field.references && parent === undefined)?.table

/** The table and column of its ids: of a table of others, as they are called there. */
function referredKey(model: ApiModel, referred: string): string {
  const { existing } = model.collections.find(({ table }) => table === referred) ?? {}
  const [key] = existing?.key ?? []
  return existing && key ? `${name(existing.table)} (${name(key.column)})` : `${name(referred)} (id)`
}

/** A declared member's column. SQLite adds a column with a reference only when it may be null. */
export function columnDefinition(model: ApiModel, collection: CollectionModel, field: Field): string {
  const referred = referredTable(model, field)
  return [
    name(field.column),
    columnType(field),
    ...(isNullable(field) ? [] : ['NOT NULL']),
    ...(field.byDefault === undefined ? [] : [`DEFAULT ${literal(encode(field, field.byDefault))}`]),
    ...(field.kind === 'boolean' ? [`CHECK (${name(field.column)} IN (0, 1))`] : []),
    ...(referred
      ? [`REFERENCES ${referredKey(model, referred)}${goesAlong(collection, field) ? ' ON DELETE CASCADE' : ''}`]
      : []),
  ].join(' ')
}

/** Whether items are deleted with the one that the member names: they are seen below it. */
const goesAlong = ({ parts }: CollectionModel, { column }: Field): boolean =>
  parts.some(({ parentField }) => parentField?.column === column)

const idType = (collection: CollectionModel): string => (hasIntegerIds(collection) ? 'INTEGER' : 'TEXT')

/** Rows longer than this are kept apart from the tree of keys, which stays shallow so. In characters. */
const longRow = 1000

const isLong = (collection: CollectionModel): boolean =>
  collection.fields.some(
    ({ kind, schema }) =>
      kind === 'json' || (kind === 'text' && !(((schema as { maxLength?: number }).maxLength ?? 255) <= longRow)),
  )

/** Tables made before there was one get it as it stands here. */
export const bornColumn = `${serverColumns.born} INTEGER NOT NULL DEFAULT 0`

/** Items lie in the order of their lists: by id, or by the parent's id and their own. */
export function tableDefinition(model: ApiModel, collection: CollectionModel): string {
  const { parent, parentField } = collection
  const columns = [
    `id ${idType(collection)} ${parentField ? 'NOT NULL UNIQUE' : 'PRIMARY KEY NOT NULL'}`,
    ...(parent && parentField
      ? [
          `${name(parentField.column)} ${idType(parent)} NOT NULL REFERENCES ${name(parent.table)} (id) ON DELETE CASCADE`,
        ]
      : []),
    ...declaredFields(collection).map(field => columnDefinition(model, collection, field)),
    `${serverColumns.createdAt} TEXT NOT NULL`,
    `${serverColumns.updatedAt} TEXT NOT NULL`,
    `${serverColumns.revision} INTEGER NOT NULL`,
    bornColumn,
    ...(parentField ? [`PRIMARY KEY (${name(parentField.column)}, id)`] : []),
  ]
  const options = isLong(collection) ? 'STRICT' : 'STRICT, WITHOUT ROWID'
  return `CREATE TABLE ${name(collection.table)} (\n  ${columns.join(',\n  ')}\n) ${options}`
}

/** An index or trigger by its name; `unique` is the member it keeps unique. */
export type Index = { readonly name: string; readonly sql: string; readonly unique: Field | undefined }

/** Indexes: one value per parent for unique fields; (parent, field, id) for the fields lists look at; references. */
export function indexesOf(collection: CollectionModel): readonly Index[] {
  const below = collection.parentField ? [collection.parentField.column] : []
  const index = (how: 'by' | 'one' | 'refers', field: Field, columns: readonly string[]): Index => {
    const called = `${collection.table}_${how}_${field.column}`
    const on = `${name(collection.table)} (${columns.map(name).join(', ')})`
    const unique = how === 'one' ? field : undefined
    return { name: called, sql: `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${name(called)} ON ${on}`, unique }
  }
  const changes = `${collection.table}_by_${serverColumns.revision}`
  return [
    // What has changed since.
    {
      name: changes,
      sql: `CREATE INDEX ${name(changes)} ON ${name(collection.table)} (${serverColumns.revision}, id)`,
      unique: undefined,
    },
    ...collection.fields
      .filter(field => field.unique && field.name !== 'id')
      .map(field => index('one', field, [...below, field.column])),
    ...collection.indexed.map(field => index('by', field, [...below, field.column, 'id'])),
    // Which bytes are still those of a file.
    ...(collection.files ? collection.fields.filter(({ name }) => name === 'sha256') : []).map(field =>
      index('by', field, [field.column]),
    ),
    // Deleting what is referred to looks for who refers, whatever the parent.
    ...(below.length > 0 ? collection.fields.filter(field => field.references) : []).map(field =>
      index('refers', field, [field.column]),
    ),
  ]
}

/** Leaves a tombstone for every row deleted, by cascade too. The clock was set by the transaction before. */
export const tombstoneTrigger = (collection: CollectionModel): Index => {
  const called = `${collection.table}_tombstone`
  const parent = collection.parentField ? `OLD.${name(collection.parentField.column)}` : "''"
  return {
    name: called,
    sql: `CREATE TRIGGER ${name(called)} AFTER DELETE ON ${name(collection.table)} BEGIN
  INSERT OR REPLACE INTO comity_tombstones (collection, id, parent, revision, deleted_at)
  SELECT ${literal(collection.table)}, OLD.id, ${parent}, revision, modified FROM comity_clock;
END`,
    unique: undefined,
  }
}

/** A column as it was, in a table that is there. */
export type KnownColumn = {
  readonly kind: Field['kind']
  readonly scale: number
  readonly presence: 'required' | 'optional'
  readonly references?: string
}

export type KnownColumns = Readonly<Record<string, KnownColumn>>

/** What is remembered of a table's columns, because their SQL types do not tell it. */
export const describeColumns = (model: ApiModel, collection: CollectionModel): KnownColumns =>
  Object.fromEntries(
    declaredFields(collection).map((field): [string, KnownColumn] => {
      const referred = referredTable(model, field)
      const references = referred && (goesAlong(collection, field) ? `${referred}, and goes with it` : referred)
      const presence = isNullable(field) ? 'optional' : 'required'
      return [field.column, { kind: field.kind, scale: field.scale, presence, ...(references && { references }) }]
    }),
  )

/** Remembers them. */
export const recordColumns = (model: ApiModel, collection: CollectionModel): string => {
  const known = JSON.stringify(describeColumns(model, collection))
  return `INSERT OR REPLACE INTO comity_meta VALUES (${literal(`table:${collection.table}`)}, ${literal(known)})`
}

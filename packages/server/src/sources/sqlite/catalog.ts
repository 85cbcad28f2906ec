// What a SQLite database says of its own tables, and some of what is in them.
import type { DatabaseSync } from 'node:sqlite'
import type { ForeignCell } from '../../store/sqlite/cells.ts'
import { name } from '../../store/sqlite/schema.ts'

export type CatalogColumn = {
  readonly name: string
  /** As declared; empty where nothing is. */
  readonly type: string
  readonly presence: 'required' | 'optional'
  /** SQL of its default. */
  readonly byDefault: string | undefined
  readonly generated: 'computed' | 'stored-as-given'
  /** Some of its values, nulls left out; long ones are cut, and bytes are empty. */
  readonly samples: readonly Exclude<ForeignCell, null>[]
}

export type CatalogReference = {
  readonly table: string
  readonly from: readonly string[]
  /** Empty: the key of that table. */
  readonly to: readonly string[]
}

export type CatalogTable = {
  readonly name: string
  readonly kind: 'table' | 'view'
  readonly columns: readonly CatalogColumn[]
  /** Columns of the primary key, in its order. */
  readonly key: readonly string[]
  /** Sets of columns of which no two rows have the same values. */
  readonly uniques: readonly (readonly string[])[]
  readonly references: readonly CatalogReference[]
  /** Its CREATE statement. */
  readonly sql: string
}

export type Catalog = {
  readonly tables: readonly CatalogTable[]
  /** What was left out, and why, in sentences. */
  readonly leftOut: readonly string[]
}

const sampledRows = 200

type Line = Readonly<Record<string, ForeignCell>>

/** Tables and views that people made: neither SQLite's own, nor virtual ones and what is behind them, nor Comity's. */
export function readCatalog(db: DatabaseSync): Catalog {
  const all = (sql: string, ...cells: string[]) => db.prepare(sql).all(...cells) as unknown as Line[]
  const leftOut: string[] = []
  const tables = all(
    "SELECT l.name, l.type, m.sql FROM pragma_table_list l JOIN main.sqlite_master m ON m.name = l.name AND m.type IN ('table', 'view') WHERE l.schema = 'main' ORDER BY m.rowid",
  )
  return {
    tables: tables.flatMap(({ name: table, type, sql }): readonly CatalogTable[] => {
      const called = String(table)
      if (/^(sqlite|comity)_/i.test(called) || type === 'shadow') return []
      if (type === 'virtual') {
        leftOut.push(`“${called}” is a virtual table and is left out.`)
        return []
      }
      try {
        return [readTable(db, called, type === 'view' ? 'view' : 'table', String(sql))]
      } catch (error) {
        leftOut.push(`“${called}” cannot be read and is left out: ${(error as Error).message}.`)
        return []
      }
    }),
    leftOut,
  }
}

function readTable(db: DatabaseSync, table: string, kind: CatalogTable['kind'], sql: string): CatalogTable {
  const all = (text: string, of = table) => db.prepare(text).all(of) as unknown as Line[]
  const lines = all('SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?)').filter(
    ({ hidden }) => hidden !== 1,
  )
  const names = lines.map(line => String(line.name))
  const samples = sampleRows(db, table, names)
  const inKey = lines.filter(({ pk }) => Number(pk) > 0).sort((one, other) => Number(one.pk) - Number(other.pk))
  const isRowNumber = inKey.length === 1 && String(inKey[0]?.type).toUpperCase() === 'INTEGER'
  const key = kind === 'view' ? keyOfView(db, table, names) : inKey.map(line => String(line.name))
  return {
    name: table,
    kind,
    sql,
    key,
    columns: lines.map((line, i) => ({
      name: String(line.name),
      type: String(line.type),
      presence: line.notnull === 1 || (isRowNumber && line.pk === 1) ? 'required' : 'optional',
      byDefault: line.dflt_value === null ? undefined : String(line.dflt_value),
      generated: Number(line.hidden) > 1 ? 'computed' : 'stored-as-given',
      samples: samples.flatMap(row => {
        const cell = row[i]
        return cell === null || cell === undefined ? [] : [cell]
      }),
    })),
    uniques: all('SELECT name FROM pragma_index_list(?) WHERE "unique" = 1 AND partial = 0').flatMap(index => {
      const columns = all('SELECT name FROM pragma_index_info(?) ORDER BY seqno', String(index.name)).map(
        line => line.name,
      )
      return columns.every(column => typeof column === 'string') ? [columns as string[]] : []
    }),
    references: referencesOf(all('SELECT id, "table", "from", "to" FROM pragma_foreign_key_list(?) ORDER BY id, seq')),
  }
}

/** Rows of a view in which a key is looked for. */
const mostLookedAt = 10_000

/** A view has no key; but a column that is called an id, and is one in all of its rows, does for it. */
function keyOfView(db: DatabaseSync, view: string, columns: readonly string[]): readonly string[] {
  for (const column of columns
    .filter(each => /(^|[^a-z])id$|[a-z]Id$|[a-z]ID$/.test(each) || /^id$/i.test(each))
    .slice(0, 3)) {
    const quoted = name(column)
    const rows = `SELECT ${quoted} AS id FROM main.${name(view)} LIMIT ${mostLookedAt + 1}`
    const found = db.prepare(`SELECT count(*) AS n, count(DISTINCT id) AS ids FROM (${rows})`).get()
    const [n, ids] = [Number(found?.n), Number(found?.ids)]
    if (n > 0 && n === ids && n <= mostLookedAt) return [column]
  }
  return []
}

function referencesOf(lines: readonly Line[]): readonly CatalogReference[] {
  const byId = Map.groupBy(lines, line => line.id)
  return [...byId.values()].map(parts => ({
    table: String(parts[0]?.table),
    from: parts.map(part => String(part.from)),
    to: parts.flatMap(part => (part.to === null ? [] : [String(part.to)])),
  }))
}

function sampleRows(db: DatabaseSync, table: string, columns: readonly string[]): readonly (readonly ForeignCell[])[] {
  const short = columns.map(column => {
    const quoted = name(column)
    return `CASE typeof(${quoted}) WHEN 'blob' THEN zeroblob(0) WHEN 'text' THEN substr(${quoted}, 1, 100) ELSE ${quoted} END`
  })
  const statement = db.prepare(`SELECT ${short.join(', ')} FROM main.${name(table)} LIMIT ${sampledRows}`, {
    returnArrays: true,
    readBigInts: true,
  })
  return statement.all() as unknown as ForeignCell[][]
}

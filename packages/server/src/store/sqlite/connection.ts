// One connection: its settings, and its prepared statements by shape.
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { LRUCache } from 'lru-cache'
import { argumentsOf, type Query } from './builder.ts'
import type { Cell, Row } from './columns.ts'
import type { Noting } from './existing/view.ts'

/** A statement prepared on one connection; cells are given in the order of its slots. */
export type Prepared = {
  readonly all: (cells: readonly Cell[]) => readonly Row[]
  readonly get: (cells: readonly Cell[]) => Row | undefined
  /** How many rows were written, those that went along by cascade not counted. */
  readonly run: (cells: readonly Cell[]) => number
  readonly iterate: (cells: readonly Cell[]) => Iterator<Row>
}

/** An open connection. */
export type Connection = {
  readonly db: DatabaseSync
  /** The statement for a shape; `build` is called when the connection has not seen the shape lately. */
  readonly prepared: (shape: string, build: () => Query) => Prepared
  /** Where the revisions of rows of others come from. */
  readonly noting: Noting
  /** A statement that lives as long as the connection, with rows as arrays. */
  readonly prepare: (sql: string) => StatementSync
  readonly close: () => void
}

/** Shapes come from callers' query words; so many statements are kept and no more. */
const keptStatements = 256

/**
 * `writer` and `reader` share a file in WAL mode: readers see the last commit and neither waits for the other.
 * @param busyTimeout ms that SQLite itself may block for; short, because it blocks the event loop.
 * @param arrange makes what only this connection has
 */
export function connect(
  path: string,
  role: 'writer' | 'reader' | 'only',
  busyTimeout: number,
  arrange?: (db: DatabaseSync) => void,
): Connection {
  const db = new DatabaseSync(path, { timeout: busyTimeout })
  try {
    if (role === 'writer') db.exec('PRAGMA journal_mode = WAL')
    // FULL: a commit is on the disk before it is acknowledged.
    db.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF')
    // After a long reader has made the log grow, give its space back.
    if (role === 'writer') db.exec('PRAGMA journal_size_limit = 67108864')
    db.exec('PRAGMA cache_size = -16000; PRAGMA temp_store = FILE')
    arrange?.(db)
    if (role === 'reader') db.exec('PRAGMA query_only = ON')
  } catch (error) {
    db.close()
    throw error
  }
  return connectionOf(db)
}

/** A database that is open, with its statements. */
export function connectionOf(db: DatabaseSync, noting: Noting = 'kept'): Connection {
  const statements = new LRUCache<string, Prepared>({ max: keptStatements })
  const prepare = (sql: string) => db.prepare(sql, { returnArrays: true })
  return {
    db,
    noting,
    prepare,
    prepared: (shape, build) => {
      const known = statements.get(shape)
      if (known) return known
      const query = build()
      const made = preparedOn(prepare(query.sql), query)
      statements.set(shape, made)
      return made
    },
    close: () => {
      if (db.isOpen) db.close()
    },
  }
}

function preparedOn(statement: StatementSync, query: Query): Prepared {
  const { wide = false } = query
  if (wide) statement.setReadBigInts(true)
  const row = (read: unknown): Row => (wide ? narrowed(read as Row) : (read as Row))
  return {
    all: cells => {
      const rows = statement.all(...argumentsOf(query, cells)) as unknown as Row[]
      return wide ? rows.map(narrowed) : rows
    },
    get: cells => {
      const read = statement.get(...argumentsOf(query, cells))
      return read === undefined ? undefined : row(read)
    },
    run: cells => Number(statement.run(...argumentsOf(query, cells)).changes),
    iterate: cells => {
      const rows = statement.iterate(...argumentsOf(query, cells)) as unknown as IterableIterator<Row>
      return wide ? eachNarrowed(rows) : rows
    },
  }
}

/** Whole numbers are numbers as far as those are exact. */
const narrowed = (row: Row): Row =>
  row.map(cell => (typeof cell === 'bigint' && Number.isSafeInteger(Number(cell)) ? Number(cell) : cell))

function* eachNarrowed(rows: Iterable<Row>): Generator<Row, void> {
  for (const row of rows) yield narrowed(row)
}

// Batches laid aside in a private database on disk, which SQLite deletes when it is closed. Memory stays bounded by its
// cache, however many there are.
import { DatabaseSync } from 'node:sqlite'
import type { Values } from '../../model/model.ts'

/** First in, first out. */
export type Spool = {
  readonly put: (rows: readonly Values[]) => void
  /** The oldest batch, which is then gone; undefined when there is none. */
  readonly take: () => readonly Values[] | undefined
  readonly close: () => void
}

/** An empty spool. */
export function openSpool(): Spool {
  // An empty name is a temporary file that nobody else can open.
  const db = new DatabaseSync('')
  db.exec(
    'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -2000; CREATE TABLE batches (n INTEGER PRIMARY KEY, rows TEXT)',
  )
  const insert = db.prepare('INSERT INTO batches (rows) VALUES (?)')
  const read = db.prepare('SELECT rows FROM batches WHERE n = ?')
  let next = 1
  return {
    put: rows => {
      insert.run(JSON.stringify(rows))
    },
    take: () => {
      const row = read.get(next)
      if (row === undefined) return undefined
      next++
      return JSON.parse(row.rows as string) as readonly Values[]
    },
    close: () => {
      if (db.isOpen) db.close()
    },
  }
}

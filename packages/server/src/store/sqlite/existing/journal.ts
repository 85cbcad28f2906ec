// How the file of others journals. While Comity serves it, it has a write-ahead log, so that nobody who reads waits for
// who writes; afterwards it is as it was, unless somebody else has it open still.
import { DatabaseSync } from 'node:sqlite'
import type { Connection } from '../connection.ts'

/** `delete`, `wal` …: as it is now. @throws where the file cannot be opened */
export function journalOf(path: string): string {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    return String(db.prepare('PRAGMA journal_mode').get()?.journal_mode)
  } finally {
    db.close()
  }
}

/** Once no other connection of this process is open. */
export function restoreJournal({ db }: Connection, journal: string): void {
  if (journal !== 'delete' && journal !== 'truncate' && journal !== 'persist') return
  try {
    db.exec(`PRAGMA journal_mode = ${journal}`)
  } catch {
    // Another process has it open: it stays as it is, which every program can read.
  }
}

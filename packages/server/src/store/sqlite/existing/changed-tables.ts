// Another program may make its tables anew, as migrations do: triggers go with the old ones. The next transaction looks
// after that by itself; this has one begun when nobody writes.
import type { Row } from '../columns.ts'
import type { Connection } from '../connection.ts'

/** @returns to be called when another program has committed; `write` begins a transaction that does nothing more */
export function whenTablesChange(connection: Connection, write: () => Promise<unknown>): () => void {
  const version = connection.prepare('PRAGMA schema_version')
  const versionNow = () => (version.get() as unknown as Row)[0]
  let known = versionNow()
  return () => {
    if (versionNow() === known) return
    known = versionNow()
    write().then(
      () => {
        known = versionNow()
      },
      // It holds the database still: the next commit, or the next write, looks again.
      () => {
        known = undefined
      },
    )
  }
}

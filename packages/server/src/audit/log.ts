// The audit log of a database file, for who looks into it: read only, also while a server writes to it.
import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { AuditEntry } from '../store/audit.ts'
import { type AuditSearch, auditDigest, auditReadsOn } from '../store/sqlite/audit.ts'

export type AuditLog = {
  /** Entries in order, read as they are taken. */
  readonly entries: (search?: AuditSearch) => Iterable<AuditEntry>
  /** The number of the first entry that is not what was written, or stands where one is missing; undefined: all are there. */
  readonly firstBroken: () => number | undefined
  readonly close: () => void
}

const batch = 1_000

/**
 * @param path of a SQLite database that Comity keeps
 * @throws Error where there is no such file, it is no database, or it has no audit log
 */
export function openAuditLog(path: string): AuditLog {
  if (!existsSync(path)) throw new Error(`${path} is not there.`)
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 })
  try {
    const has = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'comity_audit'").get()
    if (has === undefined) throw new Error(`${path} has no audit log: no API of its own was served from it lately.`)
  } catch (error) {
    db.close()
    throw error
  }
  const read = auditReadsOn({ db })
  function* entries(search: AuditSearch = {}): Generator<AuditEntry> {
    for (let after = 0; ; ) {
      const found = read(after, batch, search)
      yield* found
      const last = found.at(-1)
      if (last === undefined || found.length < batch) return
      after = last.number
    }
  }
  return {
    entries,
    firstBroken() {
      let before = ''
      let number = 0
      for (const { digest, ...entry } of entries()) {
        number++
        if (entry.number !== number || digest !== auditDigest(before, entry)) return number
        before = digest
      }
      return undefined
    },
    close: () => db.close(),
  }
}

// A cache store in an SQLite file: it outlives the process, and several processes may share it.
import { closeSync, existsSync, openSync, readSync, renameSync, rmSync } from 'node:fs'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { invalidated, type StoredResponse } from '@comity/http'
import { boundsOf, type CacheStore, type Kept, type StoreBounds, variantLimit, weightOf } from '../cache/store.ts'

export type SqliteStoreOptions = StoreBounds & {
  /** Told when the file had to be begun anew, or cannot be written; a process warning unless given. */
  readonly told?: (text: string) => void
  /** Ms since the epoch. */
  readonly now?: () => number
}

/** Another number makes another layout, and a file that has an older one is begun anew. */
const layout = 1
/** `Comi`: stands in the head of the file, and says that it is ours to begin anew. */
const application = 0x436f6d69

const schema = `
  CREATE TABLE IF NOT EXISTS entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, url TEXT NOT NULL, head TEXT NOT NULL,
    weight INTEGER NOT NULL, used INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS entries_key ON entries (key);
  CREATE INDEX IF NOT EXISTS entries_url ON entries (url);
  CREATE INDEX IF NOT EXISTS entries_used ON entries (used);
  CREATE TABLE IF NOT EXISTS contents (id INTEGER PRIMARY KEY, content BLOB NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS totals (one INTEGER PRIMARY KEY, entries INTEGER NOT NULL, bytes INTEGER NOT NULL) STRICT;
  INSERT OR IGNORE INTO totals VALUES (1, 0, 0);
  CREATE TRIGGER IF NOT EXISTS entry_added AFTER INSERT ON entries BEGIN
    UPDATE totals SET entries = entries + 1, bytes = bytes + new.weight;
  END;
  CREATE TRIGGER IF NOT EXISTS entry_changed AFTER UPDATE OF weight ON entries BEGIN
    UPDATE totals SET bytes = bytes + new.weight - old.weight;
  END;
  CREATE TRIGGER IF NOT EXISTS entry_gone AFTER DELETE ON entries BEGIN
    UPDATE totals SET entries = entries - 1, bytes = bytes - old.weight;
    DELETE FROM contents WHERE id = old.id;
  END;
  PRAGMA application_id = ${application};
  PRAGMA user_version = ${layout};`

const statements = {
  variants: 'SELECT id, head FROM entries WHERE key = ? ORDER BY id',
  content: 'SELECT content FROM contents WHERE id = ?',
  used: 'UPDATE entries SET used = ? WHERE id = ?',
  add: 'INSERT INTO entries (key, url, head, weight, used) VALUES (?, ?, ?, ?, ?)',
  fill: 'INSERT INTO contents (id, content) VALUES (?, ?)',
  one: 'SELECT url, head, weight FROM entries WHERE id = ?',
  change: 'UPDATE entries SET head = ?, weight = ? WHERE id = ?',
  remove: 'DELETE FROM entries WHERE id = ?',
  spare:
    'DELETE FROM entries WHERE key = ?1 AND id NOT IN (SELECT id FROM entries WHERE key = ?1 ORDER BY id DESC LIMIT ?2)',
  ofUrl: 'SELECT id, head FROM entries WHERE url = ?',
  mark: 'UPDATE entries SET head = ? WHERE id = ?',
  oldest: 'SELECT id, weight FROM entries ORDER BY used, id LIMIT 1',
  totals: 'SELECT entries, bytes FROM totals',
  clear: 'DELETE FROM entries',
} as const

type Opened = { readonly db: DatabaseSync; readonly run: Readonly<Record<keyof typeof statements, StatementSync>> }

/** `used` is written again only after this long, so that reading stays reading. */
const usedEveryMs = 60_000

/** A store for `cache()` in the file at `path`. */
export function sqliteStore(path: string, options: SqliteStoreOptions = {}): CacheStore {
  const bounds = boundsOf(options)
  const now = options.now ?? Date.now
  const told = options.told ?? ((text: string) => process.emitWarning(text, 'CacheWarning'))
  /** When each entry was last marked as used. */
  const touched = new Map<number, number>()
  let opened: Opened | undefined
  let lastTold = ''

  const begin = (): Opened => {
    try {
      return open(path)
    } catch (error) {
      if (!isRuined(error)) throw error
      return anew(error)
    }
  }
  const anew = (error: unknown): Opened => {
    told(`The cache in ${path} could not be read and is begun anew: ${wordsOf(error)}`)
    putAway(path)
    return open(path)
  }

  /** Whatever goes wrong with the file, a cache that has nothing is still a right one. */
  const attempt = <Result>(act: (store: Opened) => Result, otherwise: Result): Result => {
    try {
      opened ??= begin()
      return act(opened)
    } catch (error) {
      if (isRuined(error)) {
        close()
        try {
          opened = anew(error)
        } catch {}
      } else if (!isBusy(error) && lastTold !== wordsOf(error)) {
        lastTold = wordsOf(error)
        told(`The cache in ${path} could not be used: ${lastTold}`)
      }
      return otherwise
    }
  }
  const together = <Result>(act: (store: Opened) => Result, otherwise: Result): Result =>
    attempt(store => {
      store.db.exec('BEGIN IMMEDIATE')
      try {
        const result = act(store)
        store.db.exec('COMMIT')
        return result
      } catch (error) {
        if (store.db.isTransaction) store.db.exec('ROLLBACK')
        throw error
      }
    }, otherwise)
  const close = (): void => {
    try {
      opened?.db.close()
    } catch {}
    opened = undefined
  }
  const makeRoom = ({ run }: Opened): void => {
    for (;;) {
      const { entries, bytes } = run.totals.get() as { entries: number; bytes: number }
      if (entries <= bounds.entries && bytes <= bounds.bytes) return
      const oldest = run.oldest.get() as { id: number } | undefined
      if (oldest === undefined) return
      run.remove.run(oldest.id)
    }
  }

  return {
    variants: key =>
      attempt(({ run }) => {
        const rows = run.variants.all(key) as { id: number; head: string }[]
        return rows.map(({ id, head }): Kept => ({ ...JSON.parse(head), id }))
      }, []),
    content: kept =>
      attempt(({ run }) => {
        const row = run.content.get(kept.id) as { content: Uint8Array } | undefined
        if (row !== undefined) touch(run, kept.id)
        return row?.content
      }, undefined),
    put(key, url, response, content, replaced) {
      const weight = weightOf(url, response, content.length)
      const fits = weight <= bounds.entryBytes && weight <= bounds.bytes && bounds.entries > 0
      if (!fits && replaced.length === 0) return false
      return together(store => {
        const { run } = store
        for (const { id } of replaced) run.remove.run(id)
        if (!fits) return false
        const { lastInsertRowid } = run.add.run(key, url, JSON.stringify(response), weight, now())
        run.fill.run(lastInsertRowid, content)
        run.spare.run(key, variantLimit)
        makeRoom(store)
        return true
      }, false)
    },
    refresh: (kept, response) =>
      together(({ run }) => {
        const row = run.one.get(kept.id) as { url: string; weight: number } | undefined
        if (row === undefined) return
        const grown = weightOf(row.url, response, 0) - weightOf(row.url, kept, 0)
        run.change.run(headOf(response, kept), row.weight + grown, kept.id)
      }, undefined),
    remove: gone =>
      together(({ run }) => {
        for (const { id } of gone) run.remove.run(id)
      }, undefined),
    invalidate: url =>
      together(({ run }) => {
        const rows = run.ofUrl.all(url) as { id: number; head: string }[]
        for (const { id, head } of rows) run.mark.run(JSON.stringify(invalidated(JSON.parse(head) as Kept)), id)
        return rows.length
      }, 0),
    clear: () => together(({ run }) => void run.clear.run(), undefined),
    size: () =>
      attempt(({ run }) => ({ ...(run.totals.get() as { entries: number; bytes: number }) }), { entries: 0, bytes: 0 }),
    close,
  }

  function touch(run: Opened['run'], id: number): void {
    const at = now()
    if (at - (touched.get(id) ?? 0) < usedEveryMs) return
    if (touched.size >= 10_000) touched.clear()
    touched.set(id, at)
    try {
      run.used.run(at, id)
    } catch (error) {
      if (!isBusy(error)) throw error
    }
  }
}

function open(path: string): Opened {
  // Nothing waits long for a cache: what is busy is passed by.
  // Loaded with the first file, since most clients have none.
  const sqlite = process.getBuiltinModule('node:sqlite')
  const db = new sqlite.DatabaseSync(path, { timeout: 250 })
  try {
    const { application_id: whose } = db.prepare('PRAGMA application_id').get() as { application_id: number }
    if (whose !== application) {
      const { count } = db.prepare('SELECT count(*) AS count FROM sqlite_master').get() as { count: number }
      if (count > 0) throw new Error('it is a database of something else, and stays as it is')
    }
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;')
    const { user_version: found } = db.prepare('PRAGMA user_version').get() as { user_version: number }
    if (found !== layout && found !== 0) throw new OtherLayout(`it has layout ${found}, not ${layout}`)
    db.exec(`BEGIN IMMEDIATE; ${schema} COMMIT;`)
    const run = Object.fromEntries(Object.entries(statements).map(([name, sql]) => [name, db.prepare(sql)]))
    return { db, run: run as Opened['run'] }
  } catch (error) {
    db.close()
    throw error
  }
}

class OtherLayout extends Error {}

/** What is ours is removed; what may be somebody's file, given by mistake, is kept beside it. */
function putAway(path: string): void {
  const isOurs = applicationOf(path) === application
  const aside = `${path}.spoilt`
  if (!isOurs && existsSync(aside)) throw new Error(`it is no cache, and ${aside} is there already`)
  for (const suffix of ['', '-wal', '-shm']) {
    if (isOurs || !existsSync(path + suffix)) rmSync(path + suffix, { force: true })
    else renameSync(path + suffix, aside + suffix)
  }
}

/** The application that the head of a database names, however ruined the rest of it is. */
function applicationOf(path: string): number | undefined {
  const head = Buffer.alloc(72)
  const file = openSync(path, 'r')
  try {
    if (readSync(file, head, 0, 72, 0) < 72) return undefined
    return head.toString('latin1', 0, 16) === 'SQLite format 3\0' ? head.readUInt32BE(68) : undefined
  } finally {
    closeSync(file)
  }
}

function headOf(response: StoredResponse, { reason, target }: Kept): string {
  return JSON.stringify({ ...response, reason, target })
}

/** SQLITE_CORRUPT, SQLITE_NOTADB, a layout that is not this one, or tables that are not what they were. */
function isRuined(error: unknown): boolean {
  const code = codeOf(error)
  return error instanceof OtherLayout || error instanceof SyntaxError || code === 11 || code === 26 || code === 1
}

/** SQLITE_BUSY, SQLITE_LOCKED */
function isBusy(error: unknown): boolean {
  const code = codeOf(error)
  return code === 5 || code === 6
}

function codeOf(error: unknown): number | undefined {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined
  return typeof code === 'number' ? code & 0xff : undefined
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

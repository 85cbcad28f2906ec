// A SQLite database that others made, as a source.
import { constants } from 'node:fs'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, extname, join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { capitalised } from '../../define/names.ts'
import { openReadOnly } from '../../store/sqlite/existing/read-only.ts'
import { openSqlite } from '../../store/sqlite/open.ts'
import { type Sight, type Source, SourceError, type SourceOptions } from '../source.ts'
import { readCatalog } from './catalog.ts'
import { defineFound } from './define.ts'
import { describe, type Found } from './describe.ts'
import { wordsOf } from './names.ts'

/** @throws SourceError */
export async function openSqliteSource({ word, path }: Sight, options: SourceOptions): Promise<Source> {
  const found = findIn(path, word)
  const asked = options.access ?? 'read-write'
  const keep = asked === 'read-only' ? 'source' : (options.keep ?? 'source')
  const isWritable = keep === 'memory' || (await mayWrite(path))
  const given = isWritable ? asked : 'read-only'
  const api = defineFound(titleOf(path), found, given)
  const notes = [...found.notices]
  if (given !== asked) notes.push(`${word} may not be written to by this user, and is only read.`)
  const shape = JSON.stringify(found.resources)
  let seen: unknown
  return {
    what: 'a SQLite database',
    api,
    open: async model => {
      if (keep === 'memory') return openCopy(model, path)
      if (given === 'read-only') return { ...openReadOnly(model, path), fresh: false }
      return openSqlite(model, { path })
    },
    keeps:
      keep === 'memory'
        ? `written to a copy that ends with the server; ${word} stays as it is`
        : given === 'read-only'
          ? `only read; ${word} stays as it is`
          : `written to ${word}, beside other programs`,
    notes,
    database: `sqlite:${word}`,
    paths: found.resources.slice(0, 3).map(({ name }) => `/${name}`),
    // What other programs write is seen as it is; only what the tables look like needs another definition.
    files: [path, `${path}-wal`],
    refresh: async () => {
      try {
        const now = schemaVersion(path)
        if (now === seen) return 'unchanged'
        const outdated = JSON.stringify(findIn(path, word).resources) !== shape
        seen = now
        return outdated ? 'outdated' : 'unchanged'
      } catch {
        // Somebody is at it.
        return 'unchanged'
      }
    },
  }
}

/** A number that changes with the tables, and not with what is in them. */
function schemaVersion(path: string): unknown {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 100 })
  try {
    return db.prepare('PRAGMA schema_version').get()?.schema_version
  } finally {
    db.close()
  }
}

/** What is in the database. @throws SourceError */
export function findIn(path: string, word: string): Found {
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(path, { readOnly: true, timeout: 2_000 })
    db.exec('PRAGMA trusted_schema = OFF')
    refuseOwn(db, word)
    const found = describe(readCatalog(db))
    if (found.resources.length > 0) return found
  } catch (error) {
    if (error instanceof SourceError) throw error
    throw new SourceError(
      `${word} cannot be read as a SQLite database: ${(error as Error).message}.`,
      'Look at it with: sqlite3 FILE .schema',
    )
  } finally {
    db?.close()
  }
  throw new SourceError(`${word} has no tables.`, 'Make one, or name another file.')
}

/** What Comity made has a definition, which knows more of it than can be found. */
function refuseOwn(db: DatabaseSync, word: string): void {
  const own = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'comity_meta'").get()
  if (own === undefined) return
  const made = db.prepare("SELECT substr(key, 7) AS made FROM comity_meta WHERE key LIKE 'table:%' LIMIT 1").get()
  if (made === undefined) return
  throw new SourceError(
    `${word} was made by Comity from a definition (its table ${made.made}).`,
    `Serve the definition: comity serve DEFINITION.ts --database sqlite:${word}`,
  )
}

const titleOf = (path: string): string =>
  wordsOf(basename(path, extname(path)))
    .map(capitalised)
    .join(' ') || 'Database'

async function mayWrite(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}

async function openCopy(
  model: Parameters<typeof openSqlite>[0],
  path: string,
): Promise<Awaited<ReturnType<typeof openSqlite>>> {
  const folder = await mkdtemp(join(tmpdir(), 'comity-copy-'))
  const copy = join(folder, 'copy.sqlite')
  const db = new DatabaseSync(path, { readOnly: true, timeout: 2_000 })
  try {
    await backup(db, copy)
  } finally {
    db.close()
  }
  const store = await openSqlite(model, { path: copy })
  return {
    ...store,
    close: async () => {
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

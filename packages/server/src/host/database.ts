// Which engine a database URL names.
import type { ApiModel } from '../model/model.ts'
import { type Contents, contentsAt } from '../store/files/contents.ts'
import { openSqlite, type SqliteStore } from '../store/sqlite/open.ts'

/** A database URL that names no engine. */
export class DatabaseUrlError extends Error {
  override name = 'DatabaseUrlError'
}

/**
 * Opens `sqlite:PATH` or `sqlite::memory:`, creating what is not there.
 * @throws DatabaseUrlError, DestructiveChangeError, or the engine's own error.
 */
export function openDatabase(url: string, model: ApiModel): Promise<SqliteStore> {
  if (url === 'sqlite::memory:') return openSqlite(model, 'memory')
  const path = url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : ''
  if (path !== '') return openSqlite(model, { path })
  throw new DatabaseUrlError(`“${url}” names no database: use sqlite:PATH (sqlite:./bank.sqlite) or sqlite::memory:`)
}

/** Where the bytes of an API's files are; undefined where it has none. */
export function openContents(model: ApiModel, url: string, directory: string | undefined): Contents | undefined {
  if (!model.collections.some(({ files }) => files)) return undefined
  if (directory !== undefined) return contentsAt({ path: directory })
  return contentsAt(url === 'sqlite::memory:' ? 'temporary' : { path: `${url.slice('sqlite:'.length)}-files` })
}

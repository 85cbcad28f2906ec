// A database of others that is read, and left as it is: no table, no trigger, no log is added. What Comity needs of its
// own is in each connection's temporary database; revisions are told by what is in the rows, and those of lists by the
// commits that are seen, so that they begin anew with each start.
import { hash, randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { ApiModel } from '../../../model/model.ts'
import type { Store } from '../../store.ts'
import { type Connection, connectionOf } from '../connection.ts'
import { countGenerations } from '../generation.ts'
import { readersOf } from '../readers.ts'
import { ownTables } from '../schema.ts'
import { streamFrom } from '../stream.ts'
import { readsThrough } from '../through.ts'
import { plainly } from './adopt.ts'
import { viewsOf } from './view.ts'

/** A store that refuses to be written to. @throws where the file cannot be opened */
export function openReadOnly(model: ApiModel, path: string, streamHold = 10_000): Store {
  const connect = (timeout: number) => connectReadOnly(model, path, timeout)
  const watch = connect(250)
  const generations = countGenerations(watch.prepare('PRAGMA data_version'))
  const readers = readersOf(connect)
  const refuse = (): never => {
    throw new Error('the database is open for reading only')
  }
  return {
    ...readsThrough(readers.now),
    generation: generations.of,
    snapshot: readers.snapshot,
    write: refuse,
    prune: () => 0,
    stream: plan => streamFrom(readers, plan, streamHold),
    ping: () => {
      readers.now().ping()
    },
    close: () => {
      readers.close()
      watch.close()
    },
  }
}

function connectReadOnly(model: ApiModel, path: string, timeout: number): Connection {
  const db = new DatabaseSync(path, { readOnly: true, timeout })
  try {
    db.exec(
      'PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY',
    )
    for (const sql of ownTables.flat())
      if (sql.startsWith('CREATE TABLE ')) db.exec(plainly(sql).replace('CREATE TABLE', 'CREATE TEMP TABLE'))
    const now = Date.now()
    db.prepare('INSERT INTO temp.comity_clock (one, revision, modified, created) VALUES (1, 0, ?, ?)').run(now, now)
    watchCommits(db, path)
    for (const view of viewsOf(model, 'read-only')) db.exec(view)
    db.exec('PRAGMA query_only = ON')
  } catch (error) {
    db.close()
    throw error
  }
  return connectionOf(db, 'read-only')
}

/** What is as new as the last commit that this connection has seen: a number of its own, and a time in ms. */
function watchCommits(db: DatabaseSync, path: string): void {
  const connection = randomUUID()
  const version = db.prepare('PRAGMA data_version')
  let seen: unknown
  let modified = 0
  const look = () => {
    const now = version.get()?.data_version
    if (now === seen) return
    seen = now
    modified = Math.trunc(Math.max(timeOf(path), timeOf(`${path}-wal`)))
  }
  db.function('comity_revision', () => {
    look()
    return Number.parseInt(hash('sha256', `${connection} ${seen}`).slice(0, 13), 16)
  })
  db.function('comity_modified', () => {
    look()
    return modified
  })
}

function timeOf(path: string): number {
  try {
    return statSync(path).mtimeMs
  } catch {
    return 0
  }
}

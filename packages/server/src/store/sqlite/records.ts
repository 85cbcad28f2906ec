// Records of the server's own, in the database of the resources.

import type { NewRecord, StoredRecord } from '../records.ts'
import type { Transaction } from '../store.ts'
import type { Connection } from './connection.ts'
import type { ReadsNow } from './reads.ts'

type Reading = Pick<ReadsNow, 'record' | 'recordsNamed' | 'records'>
type Writing = Pick<Transaction, 'putRecord' | 'addRecord' | 'removeRecord' | 'removeRecordsNamed'>
type RecordRow = readonly [id: string, value: string, expires: number | null]

/** `now` in ms since the epoch. */
export function recordReadsOn(connection: Connection, now: () => number = Date.now): Reading {
  const lives = '(expires IS NULL OR expires > ?)'
  const one = connection.prepare(`SELECT id, value, expires FROM comity_records WHERE kind = ? AND id = ? AND ${lives}`)
  const after = connection.prepare(
    `SELECT id, value, expires FROM comity_records WHERE kind = ? AND id > ? AND ${lives} ORDER BY id LIMIT ?`,
  )
  const named = connection.prepare(
    `SELECT r.id, r.value, r.expires FROM comity_record_names n JOIN comity_records r ON r.kind = n.kind AND r.id = n.id
     WHERE n.kind = ? AND n.name = ? AND n.value = ? AND (r.expires IS NULL OR r.expires > ?) ORDER BY n.id LIMIT ?`,
  )
  return {
    record(kind, id) {
      const row = one.get(kind, id, now()) as unknown as RecordRow | undefined
      return row && recordOf(row)
    },
    recordsNamed: (kind, name, value, most) =>
      (named.all(kind, name, value, now(), most) as unknown as readonly RecordRow[]).map(recordOf),
    records: (kind, from, most) =>
      (after.all(kind, from, now(), most) as unknown as readonly RecordRow[]).map(recordOf),
  }
}

/**
 * On the writer's connection, inside its transaction.
 * @returns the writes of a transaction whose time is `now`, in ms; `live` throws once it has ended
 */
export function recordWritesOn(connection: Connection): (now: number, live: () => unknown) => Writing {
  const put = connection.prepare('INSERT OR REPLACE INTO comity_records VALUES (?, ?, ?, ?)')
  const name = connection.prepare('INSERT INTO comity_record_names VALUES (?, ?, ?, ?)')
  const remove = connection.prepare('DELETE FROM comity_records WHERE kind = ? AND id = ? RETURNING expires')
  const lives = connection.prepare('SELECT expires FROM comity_records WHERE kind = ? AND id = ?')
  const removeNamed = connection.prepare(
    `DELETE FROM comity_records WHERE kind = ?1 AND id IN
     (SELECT id FROM comity_record_names WHERE kind = ?1 AND name = ?2 AND value = ?3)`,
  )
  const write = (kind: string, id: string, { value, expires, names = {} }: NewRecord) => {
    // Its names go with it.
    remove.all(kind, id)
    put.run(kind, id, JSON.stringify(value), expires ?? null)
    for (const [called, as] of Object.entries(names)) name.run(kind, called, as, id)
  }
  return (now, live) => ({
    putRecord(kind, id, record) {
      live()
      write(kind, id, record)
    },
    addRecord(kind, id, record) {
      live()
      const row = lives.get(kind, id) as unknown as readonly [number | null] | undefined
      if (row !== undefined && (row[0] === null || row[0] > now)) return false
      write(kind, id, record)
      return true
    },
    removeRecord(kind, id) {
      live()
      const [row] = remove.all(kind, id) as unknown as readonly (readonly [number | null])[]
      return row !== undefined && (row[0] === null || row[0] > now)
    },
    removeRecordsNamed(kind, called, value) {
      live()
      return Number(removeNamed.run(kind, called, value).changes)
    },
  })
}

const recordOf = ([id, value, expires]: RecordRow): StoredRecord => ({
  id,
  value: JSON.parse(value) as StoredRecord['value'],
  expires: expires ?? undefined,
})

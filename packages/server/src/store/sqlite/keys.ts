// Answers kept for repeats of the same idempotency key, in the database of the writes they answer.
import type { KeptAnswer, KeyName } from '../store.ts'
import { forgetterOn } from './changes.ts'
import type { Row } from './columns.ts'
import type { Connection } from './connection.ts'

export type Keys = {
  /** `now` in ms since the epoch. */
  readonly recall: (name: KeyName, now: number) => KeptAnswer | undefined
  readonly keep: (name: KeyName, answer: KeptAnswer, expires: number) => void
}

/** On the writer's connection, inside its transaction. */
export function keysOn(connection: Connection): Keys {
  const recall = connection.prepare(
    'SELECT fingerprint, status, fields, body FROM comity_keys WHERE caller = ? AND key = ? AND expires > ?',
  )
  const keep = connection.prepare('INSERT OR REPLACE INTO comity_keys VALUES (?, ?, ?, ?, ?, ?, ?)')
  return {
    recall({ caller, key }, now) {
      const row = recall.get(caller, key, now) as unknown as readonly (Row[number] | Uint8Array)[] | undefined
      if (row === undefined) return undefined
      const [fingerprint, status, fields, body] = row
      return {
        fingerprint: String(fingerprint),
        status: Number(status),
        fields: JSON.parse(String(fields)) as Record<string, string>,
        body: body instanceof Uint8Array ? body : undefined,
      }
    },
    keep({ caller, key }, { fingerprint, status, fields, body }, expires) {
      keep.run(caller, key, fingerprint, status, JSON.stringify(fields), body ?? null, expires)
    },
  }
}

/** @returns forgets expired keys and jobs and old tombstones, some of each, and says how many */
export function prunerOn(connection: Connection): (now: number, buried: number, most: number) => number {
  const keys = connection.prepare(
    'DELETE FROM comity_keys WHERE rowid IN (SELECT rowid FROM comity_keys WHERE expires <= ? LIMIT ?)',
  )
  const jobs = connection.prepare(
    'DELETE FROM comity_jobs WHERE rowid IN (SELECT rowid FROM comity_jobs WHERE expires <= ? LIMIT ?)',
  )
  const tombstones = connection.prepare(
    `DELETE FROM comity_tombstones WHERE (collection, id) IN
     (SELECT collection, id FROM comity_tombstones WHERE deleted_at < ? LIMIT ?) RETURNING revision`,
  )
  const records = connection.prepare(
    `DELETE FROM comity_records WHERE (kind, id) IN
     (SELECT kind, id FROM comity_records WHERE expires <= ? LIMIT ?)`,
  )
  const forget = forgetterOn(connection)
  const bury = (buried: number, most: number): number => {
    const rows = tombstones.all(buried, most) as unknown as (readonly [number])[]
    if (rows.length > 0) forget(rows.reduce((latest, [revision]) => Math.max(latest, revision), 0))
    return rows.length
  }
  return (now, buried, most) =>
    Number(keys.run(now, most).changes) +
    Number(jobs.run(now, most).changes) +
    Number(records.run(now, most).changes) +
    bury(buried, most)
}

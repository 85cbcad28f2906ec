// The audit log, in the database of the writes it tells of: a line commits with what it tells, or neither does.
import { createHash } from 'node:crypto'
import type { CollectionModel } from '../../model/model.ts'
import { nameOf } from '../../model/name-of.ts'
import type { AuditEntry, Signature } from '../audit.ts'
import type { Connection } from './connection.ts'
import { keyOf } from './item.ts'

/** The log of one transaction. */
export type AuditLog = {
  readonly signed: (by: Signature) => void
  readonly note: (action: string, resource: string, id: string, parent: string, revision: number) => void
  /** Notes what the transaction has deleted of the collection, by cascade too; once, at its end. */
  readonly deleted: (collection: CollectionModel, revision: number) => void
  /** Where it stands; returns the way back there, for a part that is undone. */
  readonly standing: () => () => void
}

/** What is digested of an entry: all of it but the digest. */
type Undigested = Omit<AuditEntry, 'digest'>

const nobody: Signature = { request: '', caller: '', scheme: '', via: '', address: '', method: '', path: '' }

/** SHA-256, hex, over the digest before and the members in this order. */
export function auditDigest(before: string, entry: Undigested): string {
  const { number, at, action, resource, id, parent, revision } = entry
  const { request, caller, scheme, via, address, method, path } = entry
  const told = [number, at, action, resource, id, parent, revision, request, caller, scheme, via, address, method, path]
  return createHash('sha256')
    .update(`${before}${JSON.stringify(told)}`)
    .digest('hex')
}

/**
 * On the writer's connection, inside its transaction.
 * @returns the log of a transaction whose time is `now`, in ms
 */
export function auditWritesOn(connection: Connection): (now: number) => AuditLog {
  const last = connection.prepare('SELECT number, digest FROM comity_audit ORDER BY number DESC LIMIT 1')
  const add = connection.prepare('INSERT INTO comity_audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const sign = connection.prepare(
    `INSERT INTO comity_audit_requests (request, caller, scheme, via, address, method, path)
     VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING number`,
  )
  const tombstones = connection.prepare(
    'SELECT id, parent FROM comity_tombstones WHERE revision = ? AND collection = ? ORDER BY id',
  )
  return now => {
    let by = nobody
    let signature = 0
    let tail: { readonly number: number; readonly digest: string } | undefined

    const note: AuditLog['note'] = (action, resource, id, parent, revision) => {
      if (tail === undefined) {
        const row = last.get() as unknown as readonly [number, string] | undefined
        tail = { number: row?.[0] ?? 0, digest: row?.[1] ?? '' }
      }
      if (signature === 0) {
        const { request, caller, scheme, via, address, method, path } = by
        const made = sign.get(request, caller, scheme, via, address, method, path) as unknown as readonly [number]
        signature = made[0]
      }
      const number = tail.number + 1
      const digest = auditDigest(tail.digest, { number, at: now, action, resource, id, parent, revision, ...by })
      add.run(number, now, signature, action, resource, id, parent, revision, digest)
      tail = { number, digest }
    }

    return {
      signed(caller) {
        by = caller
        signature = 0
      },
      note,
      deleted(collection, revision) {
        for (const row of tombstones.iterate(revision, keyOf(collection))) {
          const [id, parent] = row as unknown as readonly [string, string]
          note('deleted', nameOf(collection), id, parent, revision)
        }
      },
      standing() {
        const before = { signature, tail }
        return () => {
          signature = before.signature
          tail = before.tail
        }
      },
    }
  }
}

const entries = `SELECT a.number, a.at, a.action, a.resource, a.id, a.parent, a.revision, a.digest,
  r.request, r.caller, r.scheme, r.via, r.address, r.method, r.path
  FROM comity_audit a JOIN comity_audit_requests r ON r.number = a.by`

/** What is looked for in the log; each that is given must hold. */
export type AuditSearch = {
  readonly resource?: string
  readonly id?: string
  readonly caller?: string
  readonly request?: string
  /** Ms since the epoch. */
  readonly since?: number
}

/** @returns reads at most `most` entries after the one of that number, in order */
export function auditReadsOn({
  db,
}: Pick<Connection, 'db'>): (after: number, most: number, search?: AuditSearch) => readonly AuditEntry[] {
  const read = db.prepare(
    `${entries} WHERE a.number > :after AND (:resource IS NULL OR a.resource = :resource)
     AND (:id IS NULL OR a.id = :id) AND (:caller IS NULL OR r.caller = :caller)
     AND (:request IS NULL OR r.request = :request) AND (:since IS NULL OR a.at >= :since)
     ORDER BY a.number LIMIT :most`,
  )
  return (after, most, { resource, id, caller, request, since } = {}) =>
    read
      .all({
        after,
        most,
        resource: resource ?? null,
        id: id ?? null,
        caller: caller ?? null,
        request: request ?? null,
        since: since ?? null,
      })
      .map(row => ({ ...row }) as unknown as AuditEntry)
}

// When lists have changed: the revision and time kept of each collection, below each parent.
import type { CollectionModel } from '../../model/model.ts'
import type { Connection } from './connection.ts'
import { keyOf, stateKeyOf } from './item.ts'

type Mark<Of extends readonly unknown[]> = (...of: readonly [...Of, revision: number, now: number]) => void

export type Marks = {
  /** One list. */
  readonly one: Mark<[collection: CollectionModel, parent: string]>
  /** Every list that is known of. */
  readonly all: Mark<[collection: CollectionModel]>
  /** The list below one item that was deleted. */
  readonly belowOne: Mark<[nested: CollectionModel, parent: string]>
  /** The lists below all items of `above` that were deleted at this revision. */
  readonly below: Mark<[nested: CollectionModel, above: CollectionModel]>
  /** The lists that held what was deleted at this revision. */
  readonly parents: Mark<[collection: CollectionModel]>
}

export function marksOn(connection: Connection): Marks {
  const one = connection.prepare(
    `INSERT INTO comity_states (collection, parent, revision, modified) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET revision = excluded.revision, modified = excluded.modified`,
  )
  const all = connection.prepare('UPDATE comity_states SET revision = ?, modified = ? WHERE collection = ?')
  // The lists below a deleted parent are as gone as it is; should it be created again, they must not look unchanged.
  const below = connection.prepare(
    `UPDATE comity_states SET revision = ?1, modified = ?2 WHERE collection = ?3
     AND parent IN (SELECT id FROM comity_tombstones WHERE collection = ?4 AND revision = ?1)`,
  )
  const belowOne = connection.prepare(
    'UPDATE comity_states SET revision = ?, modified = ? WHERE collection = ? AND parent = ?',
  )
  const parents = connection.prepare(
    `INSERT INTO comity_states (collection, parent, revision, modified)
     SELECT DISTINCT ?3, parent, ?1, ?2 FROM comity_tombstones WHERE collection = ?3 AND revision = ?1
     ON CONFLICT DO UPDATE SET revision = excluded.revision, modified = excluded.modified`,
  )
  return {
    one: (collection, parent, revision, now) => void one.run(stateKeyOf(collection), parent, revision, now),
    all: (collection, revision, now) => void all.run(revision, now, stateKeyOf(collection)),
    belowOne: (nested, parent, revision, now) => void belowOne.run(revision, now, stateKeyOf(nested), parent),
    below: (nested, above, revision, now) => void below.run(revision, now, stateKeyOf(nested), keyOf(above)),
    parents: (collection, revision, now) => void parents.run(revision, now, keyOf(collection)),
  }
}

// Reads of what there is for one caller: rows that they may not see are as though they had never been.
import { idValue, mayBeId } from '../model/ids.ts'
import type { CollectionModel, Field } from '../model/model.ts'
import {
  after,
  type Extent,
  type Item,
  type Later,
  type Missing,
  type Reads,
  type Selection,
  type Within,
} from '../store/store.ts'
import type { Act } from './rule.ts'
import type { Sight } from './sight.ts'

/** The one item of this id, where it is among the rows. */
export const selectionOf = (
  collection: CollectionModel,
  id: string,
  parent: string | undefined,
  within: readonly Within[],
): Selection => ({
  collection,
  parent,
  conditions: [{ field: collection.byName.get('id') as Field, operator: 'eq', values: [idValue(collection, id)] }],
  within,
})

/** One item, among some rows. */
export function getWithin(
  reads: Reads,
  collection: CollectionModel,
  id: string,
  parent: string | undefined,
  within: readonly Within[],
): Later<Item | Missing> {
  if (within.length === 0) return reads.get(collection, id, parent)
  if (!mayBeId(collection, id)) return 'never'
  // That it was deleted is not told either: nobody knows any more whose it was.
  return after(reads.first(selectionOf(collection, id, parent, within)), found => found ?? 'never')
}

/**
 * One number for the rows that there are: the latest of their revisions, and how many they are. A row that comes in brings
 * a revision of its own, and one that goes makes them fewer.
 */
const revisionOf = ({ revision, count }: Extent): number => revision * 2 ** 20 + (count % 2 ** 20)

/** `act` is what the request does to the collection it names; what it is below is read. */
export function sightedReads(reads: Reads, sight: Sight, target: CollectionModel | undefined, act: Act): Reads {
  const seen = (collection: CollectionModel) => sight.seen(collection, collection === target ? act : 'GET')
  return {
    get: (collection, id, parent) => getWithin(reads, collection, id, parent, seen(collection)),
    page: plan => reads.page({ ...plan, within: seen(plan.collection) }),
    count: selection => reads.count({ ...selection, within: seen(selection.collection) }),
    first: selection =>
      reads.first({ ...selection, within: [...seen(selection.collection), ...(selection.within ?? [])] }),
    extent: selection => reads.extent({ ...selection, within: seen(selection.collection) }),
    state(collection, parent) {
      const within = seen(collection)
      if (within.length === 0) return reads.state(collection, parent)
      const extent = reads.extent({ collection, parent, conditions: [], within })
      return after(extent, found => ({ revision: revisionOf(found), modified: undefined }))
    },
    clock: () => reads.clock(),
    changes: (collection, since, most) => reads.changes(collection, since, most),
    job: id => reads.job(id),
    jobs: (wanted, most) => reads.jobs(wanted, most),
    queuedJobs: () => reads.queuedJobs(),
    record: (kind, id) => reads.record(kind, id),
    recordsNamed: (kind, name, value, most) => reads.recordsNamed(kind, name, value, most),
    records: (kind, from, most) => reads.records(kind, from, most),
  }
}

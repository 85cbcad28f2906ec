// The reads of whichever connection is to answer now.
import type { Reads } from '../store.ts'
import type { ReadsNow } from './reads.ts'

export function readsThrough(now: () => ReadsNow): Reads {
  return {
    get: (collection, id, parent) => now().get(collection, id, parent),
    page: plan => now().page(plan),
    count: selection => now().count(selection),
    first: selection => now().first(selection),
    extent: selection => now().extent(selection),
    state: (collection, parent) => now().state(collection, parent),
    clock: () => now().clock(),
    changes: (collection, since, most) => now().changes(collection, since, most),
    job: id => now().job(id),
    jobs: (wanted, most) => now().jobs(wanted, most),
    queuedJobs: () => now().queuedJobs(),
    record: (kind, id) => now().record(kind, id),
    recordsNamed: (kind, name, value, most) => now().recordsNamed(kind, name, value, most),
    records: (kind, from, most) => now().records(kind, from, most),
  }
}

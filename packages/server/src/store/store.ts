// What the exchange asks of an engine. A value may come at once or later: the embedded engine answers synchronously,
// and pays nothing for the one that cannot.

import type { Caller } from '../auth/caller.ts'
import type { CollectionModel, Field, Operator, Sort, Values } from '../model/model.ts'
import type { Signature } from './audit.ts'
import type { RecordReads, RecordWrites } from './records.ts'

/** A value now or a promise of it. */
export type Later<T> = T | Promise<T>

/** Continue with a value that may be here already, without a promise where none is needed. */
export function after<T, U>(value: Later<T>, next: (value: T) => Later<U>): Later<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}

/** One stored item. */
export type Item = {
  readonly id: string
  /** The engine's clock at the transaction that last wrote the row; grows over the whole database, never reused. */
  readonly revision: number
  /** When that was, in ms since the epoch. */
  readonly modified: number
  /** Every member of the collection, in its order. */
  readonly values: Values
}

/** `never`: no such item was ever there. `gone`: it was deleted. */
export type Missing = 'never' | 'gone'

/** What is known of a collection (below one parent) as a whole: the validators of its lists. */
export type CollectionState = {
  readonly revision: number
  /** In ms; undefined where it cannot be told. */
  readonly modified: number | undefined
}

export type Condition = {
  readonly field: Field
  readonly operator: Operator
  /** Wire values, valid and normalised; one for all but `in` (any number); `exists` has true or false. */
  readonly values: readonly unknown[]
}

/** Where a page starts. Keys hold the wire values of the sort fields of the row the page stands next to. */
export type PageStart =
  | { readonly kind: 'offset'; readonly offset: number }
  | { readonly kind: 'after' | 'before'; readonly key: readonly unknown[] }

/** Rows that somebody may see: those for which one of `any` holds, with all of its conditions. None where there is none. */
export type Within = {
  /** Whose members are compared: those of the row, or of the item that it is below. */
  readonly of: 'row' | 'parent'
  readonly any: readonly (readonly Condition[])[]
}

/** Which items are meant: the filter of a list, a count, or a collective delete. */
export type Selection = {
  readonly collection: CollectionModel
  /** The parent's id, for a nested collection. */
  readonly parent: string | undefined
  readonly conditions: readonly Condition[]
  /** All others are as though they were not there. Undefined: every row may be seen. */
  readonly within?: readonly Within[] | undefined
}

/** What there is of a selection: it is another one whenever rows were added to it, changed in it or taken from it. */
export type Extent = {
  readonly count: number
  /** The latest of its rows'; 0 where there are none. */
  readonly revision: number
}

export type ListPlan = Selection & {
  /** Ends with the id, so that the order is total. */
  readonly sort: readonly Sort[]
  /** Members to read, in this order. */
  readonly fields: readonly Field[]
  readonly start: PageStart
  /** Rows at most; Infinity only for `stream`. */
  readonly limit: number
}

export type Page = {
  readonly rows: readonly Values[]
  /** Keys (wire values of `sort`) of the first and last row; undefined when the page is empty. */
  readonly first: readonly unknown[] | undefined
  readonly last: readonly unknown[] | undefined
  /** Whether rows follow in the direction read (after the last; for a `before` start, before the first). */
  readonly more: boolean
}

/** Where a database is in its history. */
export type Clock = {
  /** Of the last transaction that wrote; inside one, its own once it has written. */
  readonly revision: number
  /** Tells this database from others: when it was made, in ms since the epoch. */
  readonly origin: number
  /** Deletions at this revision or before it may have been forgotten. */
  readonly forgotten: number
}

/** What became of a collection after a revision, in order of revision. */
export type Changes = {
  /** Items that were not there then, as they are now. */
  readonly created: readonly Item[]
  /** Items that were, as they are now; one that was deleted and created again is among them. */
  readonly changed: readonly Item[]
  /** What is no more. `parent`: the parent's id, of what was nested. */
  readonly deleted: readonly { readonly id: string; readonly parent: string | undefined }[]
  /** There are more than were asked for: this is not all of it. */
  readonly more: boolean
}

/** Whose key it is, and which. */
export type KeyName = { readonly caller: string; readonly key: string }

/** What a request with an idempotency key was answered, kept for its repeats. */
export type KeptAnswer = {
  /** Digest of what the key was first used for. */
  readonly fingerprint: string
  readonly status: number
  /** Response fields by lower-case name. */
  readonly fields: Readonly<Record<string, string>>
  /** Undefined where there was none, or where it was too large to keep. */
  readonly body: Uint8Array | undefined
}

/** `queued` and `running` come to an end; the others are one. */
export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'

export type JobProgress = { readonly done: number; readonly total: number }

/** A job as its caller sees it. Times are in ms since the epoch. */
export type Job = {
  readonly id: string
  readonly caller: string
  readonly state: JobState
  /** How often it was begun. */
  readonly run: number
  readonly progress: JobProgress | undefined
  readonly created: number
  /** When it was first begun. */
  readonly started: number | undefined
  readonly finished: number | undefined
  /** The problem document of a job that failed. */
  readonly problem: Readonly<Record<string, unknown>> | undefined
}

/** The work of a job: a request, as far as it matters to what it does. */
export type JobRequest = {
  readonly method: string
  /** Request target below the prefix. */
  readonly url: string
  readonly prefix: string
  readonly origin: string
  /** Request fields by lower-case name. */
  readonly fields: Readonly<Record<string, string>>
  /** Whose work it is; undefined: nobody's in particular. */
  readonly by?: Caller | undefined
  /** Where it was asked for: an IP address. */
  readonly address?: string
  /** The id of the request, where there is one. */
  readonly request?: string | undefined
  readonly content: Uint8Array
}

/** What a job's request was answered. */
export type JobResult = Omit<KeptAnswer, 'fingerprint'>

/** A job with all that it takes to run it, and what came of it. */
export type WholeJob = Job & {
  /** Without its content once the job has ended. */
  readonly request: JobRequest
  /** Where its last run had come to, as it said itself. */
  readonly checkpoint: unknown
  /** Undefined while it has not ended, and where it was cancelled. */
  readonly result: JobResult | undefined
}

export type JobEnd =
  | { readonly state: 'succeeded'; readonly result: JobResult }
  | { readonly state: 'failed'; readonly result: JobResult; readonly problem: NonNullable<Job['problem']> }
  | { readonly state: 'cancelled' }

/** `caller`: those of one caller, the newest first. Otherwise those in a state, the oldest first. */
export type JobsWanted = { readonly kind: 'caller'; readonly caller: string } | { readonly kind: 'queued' | 'running' }

export interface Reads extends RecordReads {
  /** One item; for a nested collection only below the given parent. */
  get(collection: CollectionModel, id: string, parent?: string): Later<Item | Missing>
  page(plan: ListPlan): Later<Page>
  count(selection: Selection): Later<number>
  /** The first of them in order of id, whole. */
  first(selection: Selection): Later<Item | undefined>
  extent(selection: Selection): Later<Extent>
  state(collection: CollectionModel, parent?: string): Later<CollectionState>
  clock(): Later<Clock>
  /** At most about `most` items and deletions each; below any parent. Says all only back to `Clock.forgotten`. */
  changes(collection: CollectionModel, since: number, most: number): Later<Changes>
  job(id: string): Later<WholeJob | undefined>
  /** At most `most` of them. */
  jobs(wanted: JobsWanted, most: number): Later<readonly Job[]>
  /** How many jobs are queued. */
  queuedJobs(): Later<number>
}

/**
 * All or nothing. Reads see the transaction's own writes. Every row written, created or deleted in one transaction
 * carries its one revision. Deleting an item deletes what is nested below it.
 */
export interface Transaction extends Reads, RecordWrites {
  /** In whose name it is from here on; nobody's (the server's own) until then. */
  signed(by: Signature): void
  /** Adds a line to the audit log for what is no row of a resource; nothing where the API keeps none. */
  note(action: string, resource: string, id: string): Later<void>
  /** The transaction's time, in ms since the epoch. */
  readonly now: number
  /** `values` holds every declared member but the server's own (createdAt, updatedAt, parent's id); id included. */
  insert(collection: CollectionModel, values: Values, parent?: string): Later<Item>
  /** Changes only the members named. The item must be there. */
  update(collection: CollectionModel, id: string, changes: Values): Later<Item>
  /** A whole number for a new item, larger than any that is there or known to be deleted; where ids are whole numbers. */
  nextId(collection: CollectionModel): Later<number>
  /** Leaves a tombstone. */
  remove(collection: CollectionModel, id: string): Later<void>
  /** Returns how many were deleted; each leaves a tombstone. */
  removeWhere(selection: Selection): Later<number>
  /** The answer kept for a key that has not expired. */
  recall(name: KeyName): Later<KeptAnswer | undefined>
  /** Keeps an answer until `expires`, in ms since the epoch; commits with everything else. */
  keep(name: KeyName, answer: KeptAnswer, expires: number): Later<void>
  /** Queues a job; it is created at the transaction's time, as all that follows is. */
  addJob(job: Pick<WholeJob, 'id' | 'caller' | 'request'>): Later<void>
  /** Begins a job, or begins it again. Returns which run it is: 1 for the first. */
  startJob(id: string): Later<number>
  /** Notes how far it has come. What is not given stays. */
  noteJob(id: string, notes: { readonly progress?: JobProgress; readonly checkpoint?: unknown }): Later<void>
  /** Ends it; it is remembered until `expires`, in ms since the epoch. */
  finishJob(id: string, end: JobEnd, expires: number): Later<void>
  /** As though it had never been. */
  forgetJob(id: string): Later<void>
  /**
   * Runs `work` on a part of the transaction: what it writes there is undone, and nothing else, when it throws. Once
   * `work` has ended, its part does nothing more. Not two at a time.
   */
  attempt<T>(work: (part: Transaction) => Later<T>): Later<T>
  /** The matching items whole, in order of id, in bounded batches. */
  items(selection: Selection): Later<readonly Item[]>
}

export interface Store extends Reads {
  /**
   * A number that has changed whenever anything in the collection may have changed, by this process or another.
   * What was read while it had one value may be sent again while it still has it.
   */
  generation(collection: CollectionModel): number
  /** Runs `work` against one unchanging state of the database. */
  snapshot<T>(work: (reads: Reads) => Later<T>): Later<T>
  /**
   * Runs `work` alone and commits durably before answering; throws what `work` throws, with nothing written.
   * @throws ConstraintError where the database itself refuses; BusyError when another process holds it too long.
   */
  write<T>(work: (tx: Transaction) => Later<T>): Later<T>
  /**
   * Forgets what has had its time: keys, records and ended jobs that expired, tombstones left before `buried` (ms since the
   * epoch). At most `most` of each, so that writes are not kept waiting.
   * @returns how many were forgotten
   */
  prune(buried: number, most: number): Later<number>
  /** Batches of rows in plan order, of one unchanging state, read no faster than they are taken. */
  stream(plan: ListPlan): AsyncIterable<readonly Values[]>
  /** Whether the engine answers (readiness). */
  ping(): Later<void>
  close(): Later<void>
}

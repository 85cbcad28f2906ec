// What the exchange asks of an engine. A value may come at once or later: the embedded engine answers synchronously,
// and pays nothing for the one that cannot.
import type { CollectionModel, Field, Operator, Sort, Values } from '../model/model.ts'

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
export type CollectionState = { readonly revision: number; readonly modified: number }

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

/** Which items are meant: the filter of a list, a count, or a collective delete. */
export type Selection = {
  readonly collection: CollectionModel
  /** The parent's id, for a nested collection. */
  readonly parent: string | undefined
  readonly conditions: readonly Condition[]
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

export interface Reads {
  /** One item; for a nested collection only below the given parent. */
  get(collection: CollectionModel, id: string, parent?: string): Later<Item | Missing>
  page(plan: ListPlan): Later<Page>
  count(selection: Selection): Later<number>
  state(collection: CollectionModel, parent?: string): Later<CollectionState>
}

/**
 * All or nothing. Reads see the transaction's own writes. Every row written, created or deleted in one transaction
 * carries its one revision. Deleting an item deletes what is nested below it.
 */
export interface Transaction extends Reads {
  /** The transaction's time, in ms since the epoch. */
  readonly now: number
  /** `values` holds every declared member but the server's own (createdAt, updatedAt, parent's id); id included. */
  insert(collection: CollectionModel, values: Values, parent?: string): Later<Item>
  /** Changes only the members named. The item must be there. */
  update(collection: CollectionModel, id: string, changes: Values): Later<Item>
  /** Leaves a tombstone. */
  remove(collection: CollectionModel, id: string): Later<void>
  /** Returns how many were deleted; each leaves a tombstone. */
  removeWhere(selection: Selection): Later<number>
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
  /** Batches of rows in plan order, of one unchanging state, read no faster than they are taken. */
  stream(plan: ListPlan): AsyncIterable<readonly Values[]>
  /** Whether the engine answers (readiness). */
  ping(): Later<void>
  close(): Later<void>
}

/** A rule of the database that a write would break. */
export class ConstraintError extends Error {
  /** `exists`: the id; `unique`: another item has the value; `reference`: the item referred to is not there; `referenced`: others refer to this one. */
  readonly kind: 'exists' | 'unique' | 'reference' | 'referenced'
  /** Members concerned; empty where the engine does not say. */
  readonly members: readonly string[]
  constructor(kind: ConstraintError['kind'], members: readonly string[], options?: ErrorOptions) {
    super(`${kind}: ${members.join(', ')}`, options)
    this.name = 'ConstraintError'
    this.kind = kind
    this.members = members
  }
}

/** The database was locked by another process for longer than the busy timeout. */
export class BusyError extends Error {
  override name = 'BusyError'
}

/** A change of definition that would destroy data; `sql` is what an operator would have to run. */
export class DestructiveChangeError extends Error {
  readonly sql: readonly string[]
  constructor(message: string, sql: readonly string[]) {
    super(message)
    this.name = 'DestructiveChangeError'
    this.sql = sql
  }
}

// Resources that are things: a collection of items, which may hold collections of their own.
import type { TSchema } from 'typebox'
import type { Caller } from '../auth/caller.ts'
import type { Later } from '../store/store.ts'
import type { AccessDefinition } from './access.ts'
import type { CacheControlDefinition } from './caching.ts'
import type { Existing } from './existing.ts'
import type { Entry, Fields, LooseEntry } from './fields.ts'
import type { Files } from './files.ts'
import type { Related } from './related.ts'

/**
 * One collection as handlers reach it inside a transaction. Values are those of `Entry`: decimals are BigNumbers.
 * `add`, `set` and `remove` write what they are told. `create`, `change` and `delete` go the way of a caller's POST,
 * PATCH and DELETE: members are checked, those the server keeps are refused, hooks run. They throw the Refusal that the
 * caller would get; `at` is the JSON Pointer of the entry in the content, and is put before those of what is at fault.
 */
export type Table = {
  /** The item, or undefined. */
  get(id: string): Later<LooseEntry | undefined>
  /** Creates an item; fills in id, times and defaults. For a nested collection `parent` is the parent's id. */
  add(entry: Record<string, unknown>, parent?: string): Later<LooseEntry>
  /** Changes the named members only, read-only ones included. */
  set(id: string, changes: Record<string, unknown>): Later<LooseEntry>
  /** Deletes the item and what is nested below it. */
  remove(id: string): Later<void>
  /** Creates an item as a caller would; an id may be chosen, as in a PUT. Members are wire values or BigNumbers. */
  create(entry: Record<string, unknown>, parent?: string, at?: string): Promise<LooseEntry>
  /** Changes the named members as a caller would. Where nothing differs, nothing is written. */
  change(id: string, changes: Record<string, unknown>, at?: string): Promise<LooseEntry>
  /** Deletes the item as a caller would. */
  delete(id: string, at?: string): Promise<void>
  /** Items whose members equal the given ones, in order of id; all of them when none are given. */
  find(where?: Record<string, unknown>, parent?: string): Later<readonly LooseEntry[]>
  /**
   * What became of the collection since a token of `ServiceContext.token`; everything, as created, without one. Refuses
   * with `change-token-invalid` (400) or `change-token-expired` (410), and where there are more than `most` (100,000).
   */
  changes(token?: string | null, most?: number): Later<TableChanges>
}

/** What became of a collection since some moment, in the order in which it was written last. */
export type TableChanges = {
  /** Entries that were not there then, as they are now. */
  readonly created: readonly LooseEntry[]
  /** Entries that were, as they are now; one that was deleted and created again is among them. */
  readonly changed: readonly LooseEntry[]
  /** Only `id`, and the parent's id where nested. */
  readonly deleted: readonly LooseEntry[]
}

/**
 * Every collection by name, each a `Table`; a nested one as `parent.child`: `tx['accounts.transactions']`. A name that
 * is no collection's throws. (Not typed as `Table`, so that `tx.accounts.set(…)` needs no check for undefined.)
 */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Tables = Readonly<Record<string, any>>

/** What a hook is given besides the item. */
export type HookContext = {
  /** The transaction the write runs in: what is done here commits with it, or nothing does. */
  readonly tx: Tables
  /** The parent item, of a nested collection. */
  readonly parent: LooseEntry
  /** Who writes; undefined: nobody in particular, or the server itself. */
  readonly caller: Caller | undefined
}

/** Hooks as the stages call them: with entries whose shape only the definition knows. */
export interface CollectionHooks {
  check?(entry: LooseEntry): Later<void>
  created?(entry: LooseEntry, context: HookContext): Later<void>
  changed?(entry: LooseEntry, before: LooseEntry, context: HookContext): Later<void>
  removed?(entry: LooseEntry, context: HookContext): Later<void>
}

export type WritableMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What may stand below an item, by name. */
export type Nested = { readonly [name: string]: Collection | Files | Related }

/** A collection as its author writes it. */
export type CollectionDefinition<F extends Fields, N extends Nested = Nested> = {
  /** Members by name, camelCase. id, the parent's id, createdAt and updatedAt come by themselves. */
  readonly fields: F
  readonly description?: string
  /** The noun for one item, where English does not tell. */
  readonly singular?: string
  /**
   * Schema of ids the client chooses (`text({ pattern })`). Without it ids are UUIDv7, generated. `integer`: whole
   * numbers, each new one after the largest that is there or is remembered; `text`: whatever a source has, UUIDv7 for new items.
   */
  readonly id?: TSchema | 'integer' | 'text'
  /** Methods answered; HEAD and QUERY come with GET, OPTIONS always. All by default. */
  readonly methods?: readonly WritableMethod[]
  /** More telling query words: `{ dateFrom: 'date.gte' }`. */
  readonly filters?: Readonly<Record<string, string>>
  /** The order of a list that does not ask for one: `-date,amount`. By id when not given. */
  readonly sort?: string
  /** Items in a page: 25 and at most 1,000 by default. */
  readonly limit?: { readonly default?: number; readonly max?: number }
  /** Whether `limit=all` streams the whole collection. Allowed by default. */
  readonly exports?: 'allowed' | 'refused'
  /** `required`: PUT, PATCH and DELETE without a precondition are answered 428. */
  readonly preconditions?: 'required' | 'optional'
  /** `required`: POST and PATCH without an Idempotency-Key are answered 400. */
  readonly idempotency?: 'required' | 'optional'
  /** `hidden` leaves createdAt and updatedAt out of the representation. */
  readonly timestamps?: 'shown' | 'hidden'
  /** `kept`: who has an earlier state of an item may ask for what changed (226), while it is remembered. */
  readonly history?: 'kept' | 'none'
  /** Cache-Control of successful reads; `no-cache` (keep, but revalidate) by default. */
  readonly cacheControl?: CacheControlDefinition
  /** `true`: answers show a secret beside what a stranger may have written, so they are never compressed (BREACH). */
  readonly sensitive?: boolean
  /** Problem codes the hooks refuse with, for the documents; every one of the API's own when not given. */
  readonly refusals?: readonly string[]
  /** The table or view, made by others, whose rows are the items. `timestamps` are hidden then. */
  readonly existing?: Existing
  /** Collections and files below each item. */
  readonly nested?: N
  /** Who may do what with which rows and members. What the API says of all its resources, or what is above, when not given. */
  readonly access?: AccessDefinition
  /** Rules over several members; throw a Refusal. Runs before anything is written. */
  check?(entry: Entry<F>): Later<void>
  /** After an item is created, in the same transaction. */
  created?(entry: Entry<F>, context: HookContext): Later<void>
  /** After an item is replaced or patched, in the same transaction. */
  changed?(entry: Entry<F>, before: Entry<F>, context: HookContext): Later<void>
  /** Before an item is deleted, in the same transaction. */
  removed?(entry: Entry<F>, context: HookContext): Later<void>
}

/** A defined collection; `fields` and `nested` are kept in its type, for clients to be typed from. */
export type Collection<F extends Fields = Fields, N extends Nested = Nested> = {
  readonly kind: 'collection'
  readonly definition: Omit<CollectionDefinition<F, N>, keyof CollectionHooks> & CollectionHooks
}

/** Define a collection; see `CollectionDefinition`. Checked by `defineApi`. */
export function collection<const F extends Fields, const N extends Nested = Record<never, never>>(
  definition: CollectionDefinition<F, N>,
): Collection<F, N> {
  return { kind: 'collection', definition }
}

// What can be done to one item of a collection, inside a transaction that has it to itself.
import { type EntryRead, falseClaims, readEntry } from '../content/entry.ts'
import { formatPointer } from '../content/json-pointer.ts'
import { mergePatch } from '../content/merge-patch.ts'
import type { HookContext, Tables } from '../define/collection.ts'
import type { CollectionModel, Values } from '../model/model.ts'
import { after, type Item, type Later, type Transaction } from '../store/store.ts'
import { refuse, type Stop } from './answer.ts'
import { complete, enrich } from './entry-values.ts'
import type { Exchange } from './exchange.ts'
import { fieldsFor, invalidContent } from './gates/content.ts'

/** One collection being written to, in one transaction, below one parent, by a handler or a request. */
export type TableWriting = {
  /** The parent item, of a nested collection. */
  readonly x: Pick<Exchange, 'parent'>
  readonly tx: Transaction
  readonly tables: Tables
  readonly collection: CollectionModel
  readonly parent: string | undefined
}

/** The same, by a request. */
export type Writing = TableWriting & { readonly x: Exchange }

type Entry = Extract<EntryRead, { kind: 'entry' }>

/** What hooks are given besides the item. */
function contextOf({ x, tables, collection }: TableWriting): HookContext {
  const above = x.parent && collection.parent ? enrich(collection.parent.fields, x.parent.values) : {}
  return { tx: tables, parent: above }
}

export function create(writing: TableWriting, given: Values): Later<Item> {
  const { tx, collection, parent } = writing
  const values = complete(collection, given)
  const { check, created } = collection.hooks
  return after(check?.(enrich(collection.fields, values)), () =>
    after(tx.insert(collection, values, parent), item => {
      if (!created) return item
      return after(created(enrich(collection.fields, item.values), contextOf(writing)), () => again(writing, item))
    }),
  )
}

/** A handler may have written to the same item. */
const again = ({ tx, collection, parent }: TableWriting, item: Item): Later<Item> =>
  after(tx.get(collection, item.id, parent), found => (typeof found === 'string' ? item : found))

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** What stands against a new item at this id, with these members that the server keeps. */
export function faultOfNew(
  { collection, parent }: TableWriting,
  id: string,
  claims: Values,
  at: readonly (string | number)[],
): Stop | undefined {
  const field = collection.byName.get('id')
  const wrong =
    collection.ids === 'uuid' ? (uuid.test(id) ? undefined : 'must be a UUID in lower case') : field?.fault(id)
  if (wrong !== undefined)
    return invalidContent([{ pointer: formatPointer([...at, 'id']), detail: `The id “${id.slice(0, 100)}” ${wrong}.` }])
  const actual: Values = { id, ...(collection.parentField && { [collection.parentField.name]: parent }) }
  for (const { name, access, byDefault } of collection.fields)
    if (access === 'read-only') actual[name] = byDefault ?? null
  const errors = falseClaims(collection.fields, claims, actual, at)
  return errors.length > 0 ? invalidContent(errors) : undefined
}

export function claimed(
  { collection }: TableWriting,
  entry: Pick<Entry, 'values' | 'claims'>,
  item: Item,
  at: readonly (string | number)[] = [],
): Entry | Stop {
  const errors = falseClaims(collection.fields, entry.claims, item.values, at)
  return errors.length > 0 ? invalidContent(errors) : { kind: 'entry', ...entry }
}

/** RFC 7396. A patch that is not an object would replace the item by something that is none. */
export function merged(
  writing: TableWriting,
  item: Item,
  patch: unknown,
  at: readonly (string | number)[],
): Entry | Stop {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch))
    return invalidContent([{ pointer: formatPointer(at), detail: 'A merge patch of an item is an object.' }])
  return valid(writing, item, mergePatch(item.values, patch), at)
}

/** What a patch makes of an item; unlike the content of a PUT it has every member that the patch does not remove. */
export function valid(
  writing: TableWriting,
  item: Item,
  value: unknown,
  at: readonly (string | number)[],
): Entry | Stop {
  const { collection } = writing
  const fields = fieldsFor(collection, 'replace')
  const read = readEntry(fields, value, 'replace', collection.singular, at)
  if (read.kind === 'invalid') return invalidContent(read.errors)
  const removed = fields.filter(({ name, access }) => access !== 'read-write' && !Object.hasOwn(read.claims, name))
  const refused = removed.map(({ name }) => ({
    pointer: formatPointer([...at, name]),
    detail: `“${name}” is set by the server and cannot be removed.`,
  }))
  return refused.length > 0 ? invalidContent(refused) : claimed(writing, read, item, at)
}

/** Writes the members that differ; where none do, nothing is written and the revision stays. */
export function change(writing: TableWriting, item: Item, values: Values): Later<Item> {
  const { tx, collection } = writing
  const differing = Object.entries(values).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(item.values[name]),
  )
  if (differing.length === 0) return item
  const { check, changed } = collection.hooks
  return after(check?.(enrich(collection.fields, { ...item.values, ...values })), () =>
    after(tx.update(collection, item.id, Object.fromEntries(differing)), next => {
      if (!changed) return next
      const [entry, before] = [enrich(collection.fields, next.values), enrich(collection.fields, item.values)]
      return after(changed(entry, before, contextOf(writing)), () => again(writing, next))
    }),
  )
}

export function remove(writing: TableWriting, item: Item): Later<void> {
  const { tx, collection } = writing
  const asked = collection.hooks.removed?.(enrich(collection.fields, item.values), contextOf(writing))
  return after(asked, () => tx.remove(collection, item.id))
}

/** An item as a write leaves it. */
export type Written = { readonly kind: 'created' | 'changed'; readonly item: Item }

export const written =
  (kind: Written['kind']) =>
  (done: Item | Stop): Written | Stop =>
    'kind' in done ? done : { kind, item: done }

export function put(writing: TableWriting, entry: Pick<Entry, 'values' | 'claims'>, at: number): Later<Written | Stop> {
  const { tx, collection, parent } = writing
  const id = String(entry.claims.id)
  return after(tx.get(collection, id, parent), found => {
    if (typeof found === 'string')
      return (
        faultOfNew(writing, id, entry.claims, [at]) ??
        after(create(writing, { ...entry.values, id }), written('created'))
      )
    const read = claimed(writing, entry, found, [at])
    return read.kind === 'entry' ? after(change(writing, found, read.values), written('changed')) : read
  })
}

export function patchOne(
  writing: TableWriting,
  changes: Readonly<Record<string, unknown>>,
  at: number,
): Later<Item | Stop> {
  const { tx, collection, parent } = writing
  const id = String(changes.id)
  return after(tx.get(collection, id, parent), found => {
    if (typeof found === 'string') {
      const detail =
        found === 'gone'
          ? `The ${collection.singular} “${id}” was deleted.`
          : `There is no ${collection.singular} “${id}”.`
      return refuse('rule-refused', detail, { errors: [{ pointer: `/${at}/id`, detail }] })
    }
    const read = merged(writing, found, changes, [at])
    return read.kind === 'entry' ? change(writing, found, read.values) : read
  })
}

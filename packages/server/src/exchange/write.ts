// The only stage that writes. All of it runs inside one transaction, in which the state gates have just been asked.
import { type EntryRead, falseClaims, readEntry } from '../content/entry.ts'
import { applyJsonPatch } from '../content/json-patch.ts'
import { formatPointer } from '../content/json-pointer.ts'
import { mergePatch } from '../content/merge-patch.ts'
import type { Tables } from '../define/collection.ts'
import type { CollectionModel, Values } from '../model/model.ts'
import { after, type Item, type Later, type Transaction } from '../store/store.ts'
import { refuse, type Stop } from './answer.ts'
import type { Exchange } from './exchange.ts'
import { fieldsFor, invalidContent } from './gates/content.ts'
import { complete, enrich, tablesOf } from './tables.ts'

/** What came of a write. */
export type Outcome =
  | { readonly kind: 'created' | 'changed'; readonly item: Item }
  | { readonly kind: 'changed-many'; readonly items: readonly Item[] }
  | { readonly kind: 'deleted' }
  | Stop

/** One collection being written to, in one transaction, below one parent. */
type Writing = {
  readonly x: Exchange
  readonly tx: Transaction
  readonly tables: Tables
  readonly collection: CollectionModel
  readonly parent: string | undefined
}

export function write(x: Exchange, tx: Transaction): Later<Outcome> {
  const { place } = x.target
  if (place.kind !== 'item' && place.kind !== 'collection') throw new TypeError(`${x.method} writes nothing here`)
  const { collection, parent } = place
  const tables = tablesOf(x.runtime.model, tx, x.runtime.newId)
  const writing: Writing = { x, tx, tables, collection, parent }
  if (place.kind === 'collection') return writeCollection(writing)
  if (x.current.kind !== 'item') return createAt(writing, place.id)
  const { item } = x.current
  if (x.method === 'DELETE') return after(remove(writing, item), () => ({ kind: 'deleted' }) as const)
  const read = x.input?.kind === 'entry' ? claimed(writing, x.input, item) : patched(writing, item)
  if (read.kind !== 'entry') return read
  return after(change(writing, item, read.values), changed => ({ kind: 'changed', item: changed }) as const)
}

function writeCollection(writing: Writing): Later<Outcome> {
  const { x, collection } = writing
  if (x.method === 'DELETE') return removeSelected(writing)
  const { input } = x
  if (input?.kind === 'entry') {
    const id = collection.ids === 'given' ? String(input.values.id) : x.runtime.newId()
    return after(create(writing, { ...input.values, id }), item => ({ kind: 'created', item }) as const)
  }
  if (input?.kind === 'entries') return each(input.entries, (entry, at) => put(writing, entry, at))
  if (input?.kind === 'changes') return each(input.changes, (changes, at) => patchOne(writing, changes, at))
  throw new TypeError(`${x.method} has no input`)
}

function create(writing: Writing, given: Values): Later<Item> {
  const { tx, collection, parent, tables, x } = writing
  const values = complete(collection, given)
  const { check, created } = collection.hooks
  return after(check?.(enrich(collection.fields, values)), () =>
    after(tx.insert(collection, values, parent), item => {
      if (!created) return item
      const above = x.parent && collection.parent ? enrich(collection.parent.fields, x.parent.values) : {}
      return after(created(enrich(collection.fields, item.values), { tx: tables, parent: above }), () =>
        again(writing, item),
      )
    }),
  )
}

/** A handler may have written to the same item. */
const again = ({ tx, collection, parent }: Writing, item: Item): Later<Item> =>
  after(tx.get(collection, item.id, parent), found => (typeof found === 'string' ? item : found))

/** A PUT with `If-None-Match: *`: the client chooses the id. */
function createAt(writing: Writing, id: string): Later<Outcome> {
  const { x } = writing
  if (x.input?.kind !== 'entry') throw new TypeError('nothing to create')
  const fault = faultOfNew(writing, id, x.input.claims, [])
  if (fault) return fault
  return after(create(writing, { ...x.input.values, id }), item => ({ kind: 'created', item }) as const)
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** What stands against a new item at this id, with these members that the server keeps. */
function faultOfNew(
  { collection, parent }: Writing,
  id: string,
  claims: Values,
  at: readonly number[],
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

type Entry = Extract<EntryRead, { kind: 'entry' }>

function claimed(
  { collection }: Writing,
  entry: Pick<Entry, 'values' | 'claims'>,
  item: Item,
  at: readonly number[] = [],
): Entry | Stop {
  const errors = falseClaims(collection.fields, entry.claims, item.values, at)
  return errors.length > 0 ? invalidContent(errors) : { kind: 'entry', ...entry }
}

function patched(writing: Writing, item: Item): Entry | Stop {
  const { x } = writing
  if (x.input?.kind === 'merge-patch') return merged(writing, item, x.input.patch, [])
  if (x.input?.kind !== 'json-patch') throw new TypeError('nothing to patch with')
  const result = applyJsonPatch(item.values, x.input.patch)
  switch (result.kind) {
    case 'ok':
      return valid(writing, item, result.value, [])
    case 'malformed':
      return invalidContent([{ pointer: result.pointer, detail: result.detail }])
    case 'test-failed':
      return refuse('patch-test-failed', result.detail, {
        errors: [{ pointer: result.pointer, detail: result.detail }],
      })
    case 'no-target':
      return refuse('conflict', result.detail, { errors: [{ pointer: result.pointer, detail: result.detail }] })
  }
}

/** RFC 7396. A patch that is not an object would replace the item by something that is none. */
function merged(writing: Writing, item: Item, patch: unknown, at: readonly number[]): Entry | Stop {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch))
    return invalidContent([{ pointer: formatPointer(at), detail: 'A merge patch of an item is an object.' }])
  return valid(writing, item, mergePatch(item.values, patch), at)
}

/** What a patch makes of an item; unlike the content of a PUT it has every member that the patch does not remove. */
function valid(writing: Writing, item: Item, value: unknown, at: readonly number[]): Entry | Stop {
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
function change(writing: Writing, item: Item, values: Values): Later<Item> {
  const { tx, collection, tables, x } = writing
  const differing = Object.entries(values).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(item.values[name]),
  )
  if (differing.length === 0) return item
  const { check, changed } = collection.hooks
  return after(check?.(enrich(collection.fields, { ...item.values, ...values })), () =>
    after(tx.update(collection, item.id, Object.fromEntries(differing)), next => {
      if (!changed) return next
      const above = x.parent && collection.parent ? enrich(collection.parent.fields, x.parent.values) : {}
      const context = { tx: tables, parent: above }
      const done = changed(enrich(collection.fields, next.values), enrich(collection.fields, item.values), context)
      return after(done, () => again(writing, next))
    }),
  )
}

function remove(writing: Writing, item: Item): Later<void> {
  const { tx, collection, tables, x } = writing
  const above = x.parent && collection.parent ? enrich(collection.parent.fields, x.parent.values) : {}
  const asked = collection.hooks.removed?.(enrich(collection.fields, item.values), { tx: tables, parent: above })
  return after(asked, () => tx.remove(collection, item.id))
}

function removeSelected(writing: Writing): Later<Outcome> {
  const { x, tx, collection } = writing
  if (x.selection === undefined) throw new TypeError('nothing selected')
  const done = { kind: 'deleted' } as const
  if (!collection.hooks.removed) return after(tx.removeWhere(x.selection), () => done)
  return after(tx.items(x.selection), async items => {
    for (const item of items) await remove(writing, item)
    return done
  })
}

/** One after the other, as one: the first that is refused refuses them all. */
async function each<T>(inputs: readonly T[], act: (input: T, at: number) => Later<Item | Stop>): Promise<Outcome> {
  const items: Item[] = []
  for (const [index, input] of inputs.entries()) {
    const done = await act(input, index)
    if ('kind' in done) throw new Stopped(done)
    items.push(done)
  }
  return { kind: 'changed-many', items }
}

/** Leaves a transaction that has written already, so that it is rolled back. */
export class Stopped extends Error {
  readonly stop: Stop
  constructor(stop: Stop) {
    super(stop.kind)
    this.stop = stop
  }
}

function put(writing: Writing, entry: Pick<Entry, 'values' | 'claims'>, at: number): Later<Item | Stop> {
  const { tx, collection, parent } = writing
  const id = String(entry.claims.id)
  return after(tx.get(collection, id, parent), found => {
    if (typeof found === 'string')
      return faultOfNew(writing, id, entry.claims, [at]) ?? create(writing, { ...entry.values, id })
    const read = claimed(writing, entry, found, [at])
    return read.kind === 'entry' ? change(writing, found, read.values) : read
  })
}

function patchOne(writing: Writing, changes: Readonly<Record<string, unknown>>, at: number): Later<Item | Stop> {
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

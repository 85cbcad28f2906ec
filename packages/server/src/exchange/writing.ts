// What can be done to one item of a collection, inside a transaction that has it to itself.
import { type EntryRead, falseClaims, readEntry } from '../content/entry.ts'
import { formatPointer } from '../content/json-pointer.ts'
import { mergePatch } from '../content/merge-patch.ts'
import type { HookContext, Tables } from '../define/collection.ts'
import { idValue, mayBeId } from '../model/ids.ts'
import type { CollectionModel, Values } from '../model/model.ts'
import { after, type Item, type Later, type Missing, type Transaction } from '../store/store.ts'
import { raiseChanges, raiseNew } from '../versions/convert.ts'
import type { CollectionView } from '../versions/view.ts'
import { type Refused, refuse, type Stop } from './answer.ts'
import { complete, enrich } from './entry-values.ts'
import type { Exchange } from './exchange.ts'
import { fieldsFor, invalidContent } from './gates/content.ts'
import type { Guard } from './guard.ts'
import { newIdFor } from './new-id.ts'

/** One collection being written to, in one transaction, below one parent, by a handler or a request. */
export type TableWriting = {
  /** The parent item, of a nested collection, and whose write it is. */
  readonly x: Pick<Exchange, 'parent' | 'caller'>
  readonly tx: Transaction
  readonly tables: Tables
  readonly collection: CollectionModel
  readonly parent: string | undefined
  /** How the caller's version sees the collection; undefined: as it is. */
  readonly view?: CollectionView | undefined
  /** What the caller is held to; undefined: to nothing. */
  readonly guard?: Guard | undefined
}

/** The same, by a request. */
export type Writing = TableWriting & { readonly x: Exchange }

type Entry = Extract<EntryRead, { kind: 'entry' }>

/** What hooks are given besides the item. */
function contextOf({ x, tables, collection }: TableWriting): HookContext {
  const above = x.parent && collection.parent ? enrich(collection.parent.fields, x.parent.values) : {}
  return { tx: tables, parent: above, caller: x.caller }
}

/** `at`: where the item stands in the content. */
export function create(writing: TableWriting, given: Values, at: Tokens = []): Later<Item> {
  const { tx, collection, parent, guard } = writing
  const values = complete(collection, guard ? { ...guard.fills(collection), ...given } : given)
  const { check, created } = collection.hooks
  return after(check?.(enrich(collection.fields, values)), () =>
    after(
      guarded(writing, values, undefined, at, () => tx.insert(collection, values, parent)),
      item => {
        if (!created) return guard ? guard.written(writing, item) : item
        return after(created(enrich(collection.fields, item.values), contextOf(writing)), () => again(writing, item))
      },
    ),
  )
}

/** A new item of a request that does not choose its id, unless all of its kind are chosen. */
export const createNew = (writing: Writing, values: Values, at: Tokens = []): Later<Item> =>
  after(newIdFor(writing.collection, values, writing.tx, writing.x.runtime.newId), id =>
    create(writing, { ...values, id }, at),
  )

type Tokens = readonly (string | number)[]

/** A write of these members, held to what the caller may. */
function guarded(
  writing: TableWriting,
  values: Values,
  before: Values | undefined,
  at: Tokens,
  write: () => Later<Item>,
): Later<Item> {
  const { guard, collection } = writing
  if (guard === undefined) return write()
  return after(guard.setting(writing, values, before, at), () => {
    try {
      const done = write()
      if (!(done instanceof Promise)) return done
      return done.catch(error => {
        throw guard.told(collection, error)
      })
    } catch (error) {
      throw guard.told(collection, error)
    }
  })
}

/** A handler may have written to the same item. */
const again = (writing: TableWriting, item: Item): Later<Item> =>
  after(writing.tx.get(writing.collection, item.id, writing.parent), found => {
    const now = typeof found === 'string' ? item : found
    return writing.guard ? writing.guard.written(writing, now) : now
  })

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

function faultOfId(collection: CollectionModel, id: string): string | undefined {
  if (!mayBeId(collection, id)) return 'must be a whole number, without leading zeros'
  if (collection.ids === 'uuid') return uuid.test(id) ? undefined : 'must be a UUID in lower case'
  return collection.byName.get('id')?.fault(idValue(collection, id))
}

/** What stands against a new item at this id, with these members that the server keeps. */
export function faultOfNew(
  { collection, parent, view, guard }: TableWriting,
  id: string,
  claims: Values,
  at: readonly (string | number)[],
  given: Values = {},
): Stop | undefined {
  const wrong = faultOfId(collection, id)
  if (wrong !== undefined)
    return invalidContent([{ pointer: formatPointer([...at, 'id']), detail: `The id “${id.slice(0, 100)}” ${wrong}.` }])
  const choosing = guard?.choosing(collection)
  if (choosing) return choosing
  const { parent: above, parentField } = collection
  const below = above && parentField && { [parentField.name]: idValue(above, parent ?? '') }
  const actual: Values = { id: idValue(collection, id), ...below }
  const fills = guard?.fills(collection) ?? {}
  for (const { name, access, byDefault } of collection.fields)
    if (access === 'read-only') actual[name] = fills[name] ?? byDefault ?? null
  const errors = view
    ? falseClaims(view.fields, claims, view.down({ ...complete(collection, given), ...actual }), at)
    : falseClaims(collection.fields, claims, actual, at)
  return errors.length > 0 ? invalidContent(errors) : undefined
}

/** A new item where the caller chose the id. `values` are the newest version's. */
export function newAt(
  writing: TableWriting,
  id: string,
  { values, claims }: Pick<Entry, 'values' | 'claims'>,
  at: readonly (string | number)[],
): Entry | Stop {
  const { collection, view } = writing
  const raised = view && raiseNew(view, fieldsFor(collection, 'replace'), values, at)
  if (raised?.kind === 'invalid') return invalidContent(raised.errors)
  const whole = raised?.values ?? values
  return (
    faultOfNew(writing, id, claims, at, whole) ?? {
      kind: 'entry',
      values: { ...whole, id: idValue(collection, id) },
      claims,
    }
  )
}

/** What a content changes of an item, in values of the newest version. */
export function claimed(
  { collection, view }: TableWriting,
  entry: Pick<Entry, 'values' | 'claims'>,
  item: Item,
  at: readonly (string | number)[] = [],
): Entry | Stop {
  if (view) {
    const errors = falseClaims(view.fields, entry.claims, view.down(item.values), at)
    if (errors.length > 0) return invalidContent(errors)
    const raised = raiseChanges(view, item.values, entry.values, at)
    return raised.kind === 'invalid'
      ? invalidContent(raised.errors)
      : { kind: 'entry', values: raised.values, claims: entry.claims }
  }
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
  return valid(writing, item, mergePatch(seenValues(writing, item), patch), at)
}

/** An item as the caller sees it. */
export const seenValues = ({ view }: TableWriting, { values }: Item): Values => (view ? view.down(values) : values)

/** What a patch makes of an item; unlike the content of a PUT it has every member that the patch does not remove. */
export function valid(
  writing: TableWriting,
  item: Item,
  value: unknown,
  at: readonly (string | number)[],
): Entry | Stop {
  const seen = writing.view?.model ?? writing.collection
  // What a patch removes is not kept.
  const fields = fieldsFor(seen, 'replace').map(({ whenAbsent: _, ...field }) => field)
  const read = readEntry(fields, value, 'replace', seen.singular, at)
  if (read.kind === 'invalid') return invalidContent(read.errors)
  const removed = fields.filter(({ name, access }) => access !== 'read-write' && !Object.hasOwn(read.claims, name))
  const refused = removed.map(({ name }) => ({
    pointer: formatPointer([...at, name]),
    detail: `“${name}” is set by the server and cannot be removed.`,
  }))
  return refused.length > 0 ? invalidContent(refused) : claimed(writing, read, item, at)
}

/** Writes the members that differ; where none do, nothing is written and the revision stays. */
export function change(writing: TableWriting, item: Item, values: Values, at: Tokens = []): Later<Item> {
  const { tx, collection, guard } = writing
  const differing = Object.entries(values).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(item.values[name]),
  )
  if (differing.length === 0) return item
  const told = Object.fromEntries(differing)
  const { check, changed } = collection.hooks
  return after(check?.(enrich(collection.fields, { ...item.values, ...values })), () =>
    after(
      guarded(writing, told, item.values, at, () => tx.update(collection, item.id, told)),
      next => {
        if (!changed) return guard ? guard.written(writing, next) : next
        const [entry, before] = [enrich(collection.fields, next.values), enrich(collection.fields, item.values)]
        return after(changed(entry, before, contextOf(writing)), () => again(writing, next))
      },
    ),
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

/** The item to write to; refused where the caller may see it and not write it. */
const find = (writing: TableWriting, id: string): Later<Item | Missing | Refused> =>
  writing.guard ? writing.guard.find(writing, id) : writing.tx.get(writing.collection, id, writing.parent)

export function put(writing: TableWriting, entry: Pick<Entry, 'values' | 'claims'>, at: number): Later<Written | Stop> {
  const id = String(entry.claims.id)
  return after(find(writing, id), found => {
    if (typeof found === 'string') {
      const made = newAt(writing, id, entry, [at])
      return made.kind === 'entry' ? after(create(writing, made.values, [at]), written('created')) : made
    }
    if ('kind' in found) return found
    const read = claimed(writing, entry, found, [at])
    return read.kind === 'entry' ? after(change(writing, found, read.values, [at]), written('changed')) : read
  })
}

export function patchOne(
  writing: TableWriting,
  changes: Readonly<Record<string, unknown>>,
  at: number,
): Later<Item | Stop> {
  const { collection } = writing
  const id = String(changes.id)
  return after(find(writing, id), found => {
    if (typeof found === 'string') {
      const { singular } = writing.view?.model ?? collection
      const detail = found === 'gone' ? `The ${singular} “${id}” was deleted.` : `There is no ${singular} “${id}”.`
      return refuse('rule-refused', detail, { errors: [{ pointer: `/${at}/id`, detail }] })
    }
    if ('kind' in found) return found
    const read = merged(writing, found, changes, [at])
    return read.kind === 'entry' ? change(writing, found, read.values, [at]) : read
  })
}

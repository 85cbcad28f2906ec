// Writes of a handler that go the way of a caller's: members are checked as in a POST, PATCH or DELETE, and hooks run.
import BigNumber from 'bignumber.js'
import { fillerOf } from '../access/fill.ts'
import { viewWithout } from '../access/hide.ts'
import { getWithin } from '../access/reads.ts'
import type { Act } from '../access/rule.ts'
import { readEntry } from '../content/entry.ts'
import { parsePointer } from '../content/json-pointer.ts'
import type { Table, Tables } from '../define/collection.ts'
import { Refusal } from '../define/refusal.ts'
import { idValue } from '../model/ids.ts'
import type { CollectionModel } from '../model/model.ts'
import { ConstraintError } from '../store/errors.ts'
import type { Item, Later, Missing, Transaction } from '../store/store.ts'
import { raiseNew } from '../versions/convert.ts'
import type { CollectionView } from '../versions/view.ts'
import type { Refused, Stop } from './answer.ts'
import { enrich } from './entry-values.ts'
import { constraintRefusal, Stopped } from './failure.ts'
import { fieldsFor, invalidContent } from './gates/content.ts'
import { type Guard, guardOf } from './guard.ts'
import { newIdFor } from './new-id.ts'
import type { TablesOf } from './tables.ts'
import { change, create, faultOfNew, merged, remove, type TableWriting } from './writing.ts'

/** Where a handler writes. */
export type WritingPlace = TablesOf & {
  readonly collection: CollectionModel
  /** For hooks. */
  readonly tables: () => Tables
  /** @throws TypeError outside a transaction */
  readonly tx: () => Transaction
}

/** The writes of `Table` that go a caller's way. */
export function callersWrites({
  model,
  collection,
  tables,
  newId,
  caller,
  sight,
  tx,
}: WritingPlace): Pick<Table, 'create' | 'change' | 'delete'> {
  const { parent: aboveAll, parentField, singular } = collection
  /** The collection as whoever the handler acts for knows it. */
  const viewFor = (act: Act) =>
    sight &&
    viewWithout(collection, undefined, sight.hidden(collection, act), sight.rule(collection, act)?.readOnly ?? none)
  const rich = (item: Item, view: CollectionView | undefined) =>
    enrich(view?.fields ?? collection.fields, view ? view.down(item.values) : item.values)
  const getAbove = (above: CollectionModel, id: string) =>
    getWithin(tx(), above, id, undefined, sight?.seen(above, 'GET') ?? [])

  /** What the caller is held to, where the handler acts for them. */
  const guardFor = (act: Act): Guard | undefined => {
    if (sight === undefined) return undefined
    if (sight.rule(collection, act) === undefined)
      throw new Refusal('forbidden', `${act} is not for you in ${collection.name}.`)
    return guardOf(model, sight, act, viewFor(act))
  }

  const found = async (id: string, at: string, act: Act) => {
    const guard = guardFor(act)
    const place = { tx: tx(), collection, parent: undefined }
    const item = await (guard ? guard.find(place, id) : tx().get(collection, id))
    if (typeof item === 'string') throw nothingThere(singular, id, item, `${at}/id`)
    if ('kind' in item) throw refusalFor(item)
    const parent = parentField && String(item.values[parentField.name])
    const above = aboveAll && parent !== undefined ? await tx().get(aboveAll, parent) : undefined
    const writing: TableWriting = {
      x: { parent: whole(above), caller },
      tx: tx(),
      tables: tables(),
      collection,
      parent,
      view: viewFor(act),
      guard,
    }
    return { item, writing }
  }

  return {
    create: (entry, parent, at = '') =>
      telling(at, async () => {
        if (collection.files)
          throw new TypeError(`${collection.name} are files: they are sent, and cannot be made by a handler`)
        const guard = guardFor('POST')
        const above = aboveAll && (await getAbove(aboveAll, String(parent)))
        if (typeof above === 'string')
          throw nothingThere(aboveAll?.singular ?? '', String(parent), above, `${at}/${parentField?.name}`)
        const writing: TableWriting = {
          x: { parent: above, caller },
          tx: tx(),
          tables: tables(),
          collection,
          parent,
          view: viewFor('POST'),
          guard,
        }
        const { view } = writing
        const tokens = parsePointer(at) ?? []
        // As in a POST; with an id as in a PUT, which may send back what the server would say by itself.
        const chosen = collection.ids === 'uuid' && entry.id !== undefined
        const mode = chosen ? 'replace' : 'create'
        const fill = fillerOf(guard?.fills(collection) ?? {}, view, collection.fields)
        const known = fieldsFor(view?.model ?? collection, mode)
        const read = readEntry(known, fill(wire(entry)), mode, singular, tokens)
        if (read.kind === 'invalid') throw refusalFor(invalidContent(read.errors))
        const raised = view ? raiseNew(view, fieldsFor(collection, mode), read.values, tokens) : undefined
        if (raised?.kind === 'invalid') throw refusalFor(invalidContent(raised.errors))
        const values = raised?.values ?? read.values
        const id = chosen
          ? idValue(collection, String(read.claims.id))
          : await newIdFor(collection, values, tx(), newId)
        const fault = chosen ? faultOfNew(writing, String(id), read.claims, tokens, values) : undefined
        if (fault) throw refusalFor(fault)
        return rich(await stopless(create(writing, { ...values, id })), view)
      }),

    change: (id, changes, at = '') =>
      telling(at, async () => {
        const { item, writing } = await found(id, at, 'PATCH')
        const read = merged(writing, item, wire(changes), parsePointer(at) ?? [])
        if (read.kind !== 'entry') throw refusalFor(read)
        return rich(await stopless(change(writing, item, read.values)), writing.view)
      }),

    delete: (id, at = '') =>
      telling(at, async () => {
        const { item, writing } = await found(id, at, 'DELETE')
        await remove(writing, item)
      }),
  }
}

const none: ReadonlySet<string> = new Set()

const whole = (found: Item | Missing | undefined): Item | undefined => (typeof found === 'string' ? undefined : found)

/** Handlers may hold decimals as numbers that are exact; callers send text. */
function wire(entry: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(entry)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, BigNumber.isBigNumber(value) ? value.toFixed() : value]),
  )
}

function nothingThere(singular: string, id: string, how: Missing, pointer: string): Refusal {
  const detail = how === 'gone' ? `The ${singular} “${id}” was deleted.` : `There is no ${singular} “${id}”.`
  return new Refusal('rule-refused', { detail, errors: [{ pointer, detail }] })
}

/** What a caller would be refused with, for the handler to pass on or to catch. */
function refusalFor(stop: Stop): Refusal {
  if (stop.kind !== 'refused') throw new TypeError(`a write ended with ${stop.kind}`)
  const { code, detail, errors, members } = stop
  return new Refusal(code, { detail, ...(errors && { errors }), ...(members && { members }) })
}

/** What stops a caller's write stops the handler's, as a refusal. */
async function stopless(write: Later<Item>): Promise<Item> {
  try {
    return await write
  } catch (error) {
    throw error instanceof Stopped ? refusalFor(error.stop) : error
  }
}

/** Runs a write; where the entry stands in a content, what refuses it says so. */
async function telling<T>(at: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (at === '') throw error
    if (error instanceof ConstraintError) throw refusalFor(within(at, constraintRefusal(error)))
    if (!(error instanceof Refusal) || error.about.errors?.some(({ pointer }) => pointer?.startsWith(at))) throw error
    const { errors, detail = error.code } = error.about
    const placed = errors?.map(each => (each.pointer === undefined ? each : { ...each, pointer: at + each.pointer }))
    throw new Refusal(error.code, { ...error.about, errors: placed ?? [{ pointer: at, detail }] })
  }
}

function within(at: string, refused: Refused): Refused {
  const { errors, detail } = refused
  const placed = errors?.map(each => ({ ...each, pointer: at + (each.pointer ?? '') }))
  return { ...refused, errors: placed?.length ? placed : [{ pointer: at, detail }] }
}

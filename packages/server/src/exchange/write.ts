// The only stage that writes. All of it runs inside one transaction, in which the state gates have just been asked.
import { actOf } from '../access/rule.ts'
import type { EntryRead } from '../content/entry.ts'
import { applyJsonPatch } from '../content/json-patch.ts'
import { after, type Item, type Later, type Selection, type Transaction } from '../store/store.ts'
import { refuse, type Stop } from './answer.ts'
import type { Exchange } from './exchange.ts'
import { writeFiles } from './files/write.ts'
import { invalidContent } from './gates/content.ts'
import { guardOf, outOfReach } from './guard.ts'
import { type ManyOutcome, writeImport, writeMany } from './many.ts'
import { tablesOf } from './tables.ts'
import {
  change,
  claimed,
  create,
  createNew,
  merged,
  newAt,
  remove,
  seenValues,
  valid,
  type Writing,
} from './writing.ts'

/** What came of a write. */
export type Outcome =
  | { readonly kind: 'created' | 'changed'; readonly item: Item }
  | ManyOutcome
  | { readonly kind: 'deleted' }
  | Stop

export function write(x: Exchange, tx: Transaction): Later<Outcome> {
  const { place } = x.target
  if (!('collection' in place)) throw new TypeError(`${x.method} writes nothing here`)
  const { collection, parent } = place
  const { model, newId } = x.runtime
  const tables = tablesOf({ model, newId, caller: x.caller }, tx)
  const view = x.contentView()
  const guard = x.sight && guardOf(model, x.sight, actOf(x.method), view)
  const writing: Writing = { x, tx, tables, collection, parent, view, guard }
  if (x.input?.kind === 'files') return writeFiles(writing, x.input.files)
  if (place.kind === 'collection') return writeCollection(writing)
  if (x.current.kind !== 'item') return createAt(writing, place.id)
  const { item } = x.current
  if (x.method === 'DELETE') return after(remove(writing, item), () => ({ kind: 'deleted' }) as const)
  const read = x.input?.kind === 'entry' ? claimed(writing, x.input, item) : patched(writing, item)
  if (read.kind !== 'entry') return read
  return after(change(writing, item, read.values), changed => ({ kind: 'changed', item: changed }) as const)
}

function writeCollection(writing: Writing): Later<Outcome> {
  const { x } = writing
  if (x.method === 'DELETE') return removeSelected(writing)
  const { input } = x
  if (input?.kind === 'entry') {
    return after(createNew(writing, input.values), item => ({ kind: 'created', item }) as const)
  }
  if (input?.kind === 'many') return writeMany(writing, input.members)
  if (input?.kind === 'import') return writeImport(writing, input.source)
  throw new TypeError(`${x.method} has no input`)
}

/** A PUT with `If-None-Match: *`: the client chooses the id. */
function createAt(writing: Writing, id: string): Later<Outcome> {
  const { x } = writing
  if (x.input?.kind !== 'entry') throw new TypeError('nothing to create')
  const made = newAt(writing, id, x.input, [])
  if (made.kind !== 'entry') return made
  return after(create(writing, made.values), item => ({ kind: 'created', item }) as const)
}

type Entry = Extract<EntryRead, { kind: 'entry' }>

function patched(writing: Writing, item: Item): Entry | Stop {
  const { x } = writing
  if (x.input?.kind === 'merge-patch') return merged(writing, item, x.input.patch, [])
  if (x.input?.kind !== 'json-patch') throw new TypeError('nothing to patch with')
  const result = applyJsonPatch(seenValues(writing, item), x.input.patch)
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

function removeSelected(writing: Writing): Later<Outcome> {
  const { x, tx, collection } = writing
  if (x.selection === undefined) throw new TypeError('nothing selected')
  if (x.sight === undefined) return removeAll(writing, x.selection)
  const seen = { ...x.selection, within: x.sight.seen(collection, 'DELETE') }
  const reach = { ...x.selection, within: x.sight.reach(collection, 'DELETE') }
  return after(tx.count(seen), count =>
    after(
      tx.count(reach),
      (reached): Later<Outcome> =>
        reached === count ? removeAll(writing, reach) : outOfReach(`${x.seen(collection).name}`, 'DELETE'),
    ),
  )
}

function removeAll(writing: Writing, selection: Selection): Later<Outcome> {
  const { tx, collection } = writing
  const done = { kind: 'deleted' } as const
  if (!collection.hooks.removed) return after(tx.removeWhere(selection), () => done)
  return after(tx.items(selection), async items => {
    for (const item of items) await remove(writing, item)
    return done
  })
}

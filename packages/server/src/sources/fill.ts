// Items of a source, put into its store, and put right there when the source has changed.
import type { ApiModel, CollectionModel, Values } from '../model/model.ts'
import type { Transaction } from '../store/store.ts'
import type { Row } from './found.ts'
import type { InferredList } from './infer/definition.ts'
import { valuesOf } from './keep/rows.ts'

const collectionOf = (model: ApiModel, { segment }: InferredList): CollectionModel =>
  model.resources.get(segment) as CollectionModel

/** Everything, into a store that is empty. Lists come in an order in which what is named is there already. */
export async function fill(model: ApiModel, lists: readonly InferredList[], tx: Transaction): Promise<void> {
  for (const list of lists) {
    const collection = collectionOf(model, list)
    const later: { readonly id: string; readonly changes: Values }[] = []
    for (const values of itemsOf(collection, list)) {
      const toItself = ownLinks(collection, values)
      await tx.insert(collection, { ...values, ...toItself.none })
      if (toItself.there) later.push({ id: String(values.id), changes: toItself.links })
    }
    for (const { id, changes } of later) await tx.update(collection, id, changes)
  }
}

/** What differs, and no more: the rest keeps its validators. */
export async function refill(model: ApiModel, lists: readonly InferredList[], tx: Transaction): Promise<void> {
  for (const list of lists) {
    const collection = collectionOf(model, list)
    const later: { readonly id: string; readonly changes: Values }[] = []
    for (const values of itemsOf(collection, list)) {
      const id = String(values.id)
      const found = await tx.get(collection, id)
      const toItself = ownLinks(collection, values)
      if (typeof found === 'string') {
        await tx.insert(collection, { ...values, ...toItself.none })
        if (toItself.there) later.push({ id, changes: toItself.links })
        continue
      }
      const changes = Object.entries(values).filter(
        ([name, value]) => name !== 'id' && JSON.stringify(value) !== JSON.stringify(found.values[name]),
      )
      if (changes.length > 0) later.push({ id, changes: Object.fromEntries(changes) })
    }
    for (const { id, changes } of later) await tx.update(collection, id, changes)
  }
  // What names others goes before them.
  for (const list of lists.toReversed()) {
    const collection = collectionOf(model, list)
    const wanted = new Set(list.ids.values.map(String))
    for (const { id } of await tx.items({ collection, parent: undefined, conditions: [] }))
      if (!wanted.has(id) && typeof (await tx.get(collection, id)) !== 'string') await tx.remove(collection, id)
  }
}

function* itemsOf(collection: CollectionModel, list: InferredList): Generator<Values> {
  for (const [at, row] of list.found.rows.entries())
    yield valuesOf(collection, row as Row, list.ids.values[at] as string | number, list)
}

type OwnLinks = { readonly there: boolean; readonly links: Values; readonly none: Values }

/** Links of an item to others of its list, which may come later: they are written when all are there. */
function ownLinks({ fields, name }: CollectionModel, values: Values): OwnLinks {
  const own = fields.filter(field => field.references === name && (values[field.name] ?? null) !== null)
  return {
    there: own.length > 0,
    links: Object.fromEntries(own.map(field => [field.name, values[field.name]])),
    none: Object.fromEntries(own.map(field => [field.name, null])),
  }
}

// Which id a new item gets.
import { hasIntegerIds, mayChooseId } from '../model/ids.ts'
import type { CollectionModel, Values } from '../model/model.ts'
import type { Later, Transaction } from '../store/store.ts'

/** As the item holds it. `values` are those of the new item. */
export function newIdFor(
  collection: CollectionModel,
  values: Values,
  tx: Transaction,
  uuid: () => string,
): Later<unknown> {
  if (collection.ids === 'given' || (mayChooseId(collection) && (values.id ?? null) !== null)) return values.id
  return hasIntegerIds(collection) ? tx.nextId(collection) : uuid()
}

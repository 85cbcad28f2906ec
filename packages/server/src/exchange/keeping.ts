// Which representation of a URL is meant, and whether the one that was kept is still the current one.
import { formats } from '../formats/registry.ts'
import type { CollectionModel } from '../model/model.ts'
import type { Store } from '../store/store.ts'
import type { Exchange } from './exchange.ts'
import type { Kept } from './representation.ts'

/** What a representation depends on besides its URL: format, and whether a total was asked for. */
export function variantOf(x: Exchange): number {
  const counted = x.preferences.get('count')?.value === 'exact' ? formats.length : 0
  return (x.format ? formats.indexOf(x.format) : 0) + counted
}

/** What was kept for this URL and representation; a trusted proxy's prefix in its links makes it another one. */
export function keptFor(x: Exchange): Kept | undefined {
  return x.incoming.isForwarded() ? undefined : x.target.kept.get(variantOf(x))
}

/** Changes whenever the collection, or the one it is nested in, may have. Both only ever grow. */
export function generationOf(store: Store, collection: CollectionModel): number {
  const own = store.generation(collection)
  return collection.parent ? own + store.generation(collection.parent) : own
}

// Which representation of a URL is meant, and whether the one that was kept is still the current one.
import { forms } from '../formats/registry.ts'
import type { CollectionModel } from '../model/model.ts'
import type { Store } from '../store/store.ts'
import { codingVariants } from './coding/choice.ts'
import { codingOf } from './coding/of-exchange.ts'
import type { Exchange } from './exchange.ts'
import type { Kept } from './representation.ts'

/** What a representation depends on besides its URL: coding, language, format, and whether a total was asked for. */
export function variantOf(x: Exchange): number {
  return plainVariantOf(x) * codingVariants + codingOf(x).variant
}

/** The same before its coding is chosen. */
function plainVariantOf(x: Exchange): number {
  const counted = x.preferences.get('count')?.value === 'exact' ? forms.length : 0
  const form = x.format ? forms.findIndex(({ name }) => name === x.format?.name) : 0
  const language = x.language === undefined ? 0 : x.runtime.model.languages.indexOf(x.language)
  return form + counted + 2 * forms.length * language
}

/** What was kept for this URL and representation; a trusted proxy's prefix in its links makes it another one. */
export function keptFor(x: Exchange): Kept | undefined {
  return x.incoming.isForwarded() ? undefined : x.target.kept.get(variantOf(x))
}

/** Keeps what will be asked for again: in the coding that was chosen, or in none. */
export function remember(x: Exchange, kept: Kept, coding: 'chosen' | 'none' = 'chosen'): Kept {
  if (x.method === 'QUERY' || x.incoming.isForwarded()) return kept
  const variant = coding === 'chosen' ? variantOf(x) : plainVariantOf(x) * codingVariants
  const before = x.target.kept.get(variant)
  const how = before === undefined ? 'new' : before.revision === kept.revision ? 'confirmed' : 'renewed'
  x.stored = x.runtime.keep(x.target, variant, kept) ? how : 'too-large'
  return kept
}

/** What was kept for this URL and representation, in no coding. */
export function keptPlain(x: Exchange): Kept | undefined {
  return x.incoming.isForwarded() ? undefined : x.target.kept.get(plainVariantOf(x) * codingVariants)
}

/** Changes whenever the collection, or the one it is nested in, may have. Both only ever grow. */
export function generationOf(store: Store, collection: CollectionModel): number {
  const own = store.generation(collection)
  return collection.parent ? own + store.generation(collection.parent) : own
}

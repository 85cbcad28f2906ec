// A collection in another language than the first, as the ways that versions are seen by: `down` to what is read, `up` to
// what is kept. An older version looks at the newest through it.
import type { CollectionModel } from '../model/model.ts'
import { type CollectionView, itself } from '../versions/view.ts'
import { fromLanguage, inLanguage } from './translations.ts'

const known = new WeakMap<CollectionModel, Map<string, CollectionView>>()

/** `version`: how an older version sees the collection. `language`: undefined for the first. Undefined: as it is. */
export function viewIn(
  collection: CollectionModel,
  version: CollectionView | undefined,
  language: string | undefined,
): CollectionView | undefined {
  if (language === undefined || collection.translated.length === 0) return version
  const views = known.get(collection) ?? new Map<string, CollectionView>()
  known.set(collection, views)
  const key = `${version?.number ?? ''} ${language}`
  const view = views.get(key) ?? made(collection, version, language)
  views.set(key, view)
  return view
}

function made(collection: CollectionModel, version: CollectionView | undefined, language: string): CollectionView {
  const names = collection.translated
  const seen = version ?? { ...itself(collection.fields), number: '', newest: collection, model: collection }
  return {
    ...seen,
    down: values => seen.down(inLanguage(names, language, values)),
    up: (values, present) =>
      fromLanguage(names, language, seen.up(values, present && inLanguage(names, language, present)), present),
  }
}

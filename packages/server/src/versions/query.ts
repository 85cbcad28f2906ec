// Questions of an older version, as the newest is asked them.
import type { Sort } from '../model/model.ts'
import type { Condition } from '../store/store.ts'
import type { CollectionView } from './view.ts'

/** What cannot be asked is refused before (`unasked`): here only values may not fit, and are told of after the word's name. */
export function newestCondition(view: CollectionView, { field, operator, values }: Condition): Condition | string {
  const source = view.sourceOf(field)
  if (source.kind === 'none') return source.why
  if (operator === 'exists' || source.order === 'same') return { field: source.field, operator, values }
  try {
    return { field: source.field, operator, values: values.map(value => source.field.normalise(source.value(value))) }
  } catch (error) {
    return `cannot be asked of the newest version: ${error instanceof Error ? error.message : String(error)}`
  }
}

export function newestSort(view: CollectionView, sort: readonly Sort[]): readonly Sort[] {
  return sort.flatMap(({ field, direction }) => {
    const source = view.sourceOf(field)
    return source.kind === 'none' ? [] : [{ field: source.field, direction }]
  })
}

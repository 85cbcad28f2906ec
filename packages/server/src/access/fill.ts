// New items as their sender means them: what the rules say a member has to be need not be said again.
import type { Field, Values } from '../model/model.ts'
import type { CollectionView } from '../versions/view.ts'

export type Filler = (value: unknown) => unknown

const asSent: Filler = value => value

/** `fills` are members of the newest version; `view`: how their sender sees the collection. */
export function fillerOf(fills: Values, view: CollectionView | undefined, fields: readonly Field[]): Filler {
  const said = Object.entries(fills).flatMap(([name, value]) => {
    const field = (view?.fields ?? fields).find(each => {
      const source = view?.sourceOf(each)
      return source
        ? source.kind === 'field' && source.field.name === name && source.order === 'same'
        : each.name === name
    })
    return field?.access === 'read-write' ? [[field.name, value] as const] : []
  })
  if (said.length === 0) return asSent
  return value => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    const missing = said.filter(([name]) => !Object.hasOwn(value, name))
    return missing.length === 0 ? value : { ...value, ...Object.fromEntries(missing) }
  }
}

// A collection seen below the items that its own refer to: the same table, the same rules, another way to it.
import type { Fault } from '../define/definition-error.ts'
import type { Related } from '../define/related.ts'
import type { CollectionModel, Field } from './model.ts'

/** What a whole is told of its parts, while the model is built. */
export type Whole = CollectionModel & { readonly parts: CollectionModel[] }

export function relatedModel(name: string, { by }: Related, parent: CollectionModel, whole: Whole): CollectionModel {
  const fields = whole.fields.map(
    (field): Field => (field.name === by ? { ...field, access: 'server', presence: 'required' } : field),
  )
  const byName = new Map(fields.map(field => [field.name, field]))
  const mine = (field: Field): Field => byName.get(field.name) ?? field
  const part: CollectionModel = {
    ...whole,
    name,
    parent,
    parentField: byName.get(by),
    fields,
    byName,
    aliases: new Map([...whole.aliases].map(([word, { field, operator }]) => [word, { field: mine(field), operator }])),
    sort: whole.sort.map(({ field, direction }) => ({ field: mine(field), direction })),
    indexed: [],
    nested: [],
    whole,
    parts: [],
  }
  whole.parts.push(part)
  return part
}

type Resources = Readonly<Record<string, { readonly kind: string; readonly definition?: unknown }>>

/** What is wrong with a related collection, below the one called `parent`. */
export function checkRelated(
  place: string,
  { collection, by }: Related,
  parent: string,
  resources: Resources,
): readonly Fault[] {
  const resource = resources[collection]
  if (resource?.kind !== 'collection')
    return [{ place, problem: `relates to “${collection}”, which is not a collection of this API` }]
  const { fields } = resource.definition as { readonly fields: Readonly<Record<string, unknown>> }
  const schema = fields[by] as { readonly 'x-reference'?: string } | undefined
  if (schema?.['x-reference'] === parent) return []
  return [{ place, problem: `“${by}” of ${collection} is not a reference to ${parent}: reference('${parent}')` }]
}

/** Collections of which items go with an item that is deleted, however far: themselves, and never twice. */
export function takenAlong(collection: CollectionModel): ReadonlySet<CollectionModel> {
  const known = taken.get(collection)
  if (known) return known
  const found = new Set<CollectionModel>()
  const follow = ({ nested }: CollectionModel): void => {
    for (const each of nested) {
      const whole = each.whole ?? each
      if (found.has(whole)) continue
      found.add(whole)
      follow(whole)
    }
  }
  follow(collection.whole ?? collection)
  taken.set(collection, found)
  return found
}

const taken = new WeakMap<CollectionModel, ReadonlySet<CollectionModel>>()

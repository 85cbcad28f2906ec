// A collection without the members that are not there for a caller: a view, as an older version is one.
import type { CollectionModel, Field, Values } from '../model/model.ts'
import { samplesOf } from '../openapi/sample.ts'
import { type CollectionView, itself } from '../versions/view.ts'

const made = new WeakMap<object, Map<string, CollectionView>>()

/**
 * `base`: how the caller's version and language see the collection; undefined: as it is. `hidden` and `kept` are names of
 * the newest version: what there is not, and what stays as it is where a PUT leaves it out. There are as many views as
 * rules say.
 */
export function viewWithout(
  collection: CollectionModel,
  base: CollectionView | undefined,
  hidden: ReadonlySet<string>,
  kept: ReadonlySet<string>,
): CollectionView | undefined {
  if (hidden.size === 0 && kept.size === 0) return base
  const key = `${[...hidden].join()}|${[...kept].join()}`
  const views = made.get(base ?? collection) ?? new Map<string, CollectionView>()
  made.set(base ?? collection, views)
  const view = views.get(key) ?? build(collection, base, hidden, kept)
  views.set(key, view)
  return view
}

function build(
  collection: CollectionModel,
  base: CollectionView | undefined,
  hidden: ReadonlySet<string>,
  kept: ReadonlySet<string>,
): CollectionView {
  const whole = base ?? { ...itself(collection.fields), number: '', newest: collection, model: collection }
  const neutral = neutralOf(collection, hidden)
  const tells = tellersOf(collection, whole, hidden)
  const originals = new Map<Field, Field>()
  const fields = whole.fields
    .filter(field => !tells.has(field.name))
    .map(field => {
      const source = whole.sourceOf(field)
      if (source.kind !== 'field' || !kept.has(source.field.name)) return field
      const mine: Field = { ...field, whenAbsent: 'kept' }
      originals.set(mine, field)
      return mine
    })
  const byName = new Map(fields.map(field => [field.name, field]))
  const isHidden = (field: Field): boolean => {
    const source = whole.sourceOf(field)
    return tells.has(field.name) || (source.kind === 'field' && hidden.has(source.field.name))
  }
  const names = fields.map(({ name }) => name)
  const down = (values: Values): Values => {
    // Whatever a version makes of what is hidden, it makes of nothing.
    const seen = whole.down(hidden.size > 0 ? { ...values, ...neutral } : values)
    return Object.fromEntries(names.map(name => [name, seen[name]]))
  }
  const mine = (field: Field): Field => byName.get(field.name) ?? field
  const model: CollectionModel = {
    ...whole.model,
    fields,
    byName,
    aliases: new Map(
      [...whole.model.aliases].flatMap(([alias, { field, operator }]) =>
        isHidden(field) ? [] : [[alias, { field: mine(field), operator }] as const],
      ),
    ),
    sort: whole.model.sort.filter(({ field }) => !isHidden(field)).map(each => ({ ...each, field: mine(each.field) })),
  }
  return {
    ...whole,
    fields,
    parts: new Map([...whole.parts].filter(([, field]) => !isHidden(field))),
    down,
    sourceOf: field => whole.sourceOf(originals.get(field) ?? field),
    placeOf(tokens) {
      const place = whole.placeOf(tokens)
      return place !== undefined && tells.has(place[0] ?? '') ? undefined : place
    },
    sort: collection.sort.filter(({ field }) => !hidden.has(field.name)),
    model,
  }
}

/** A value that tells nothing, and that any version can make something of. */
function neutralOf({ byName }: CollectionModel, hidden: ReadonlySet<string>): Values {
  const values: Values = {}
  for (const name of hidden) {
    const field = byName.get(name)
    if (field) values[name] = field.byDefault ?? (field.presence === 'optional' ? null : (samplesOf(field)[0] ?? null))
  }
  return values
}

/** Members of a version that tell of what is hidden: those that stand for it, and those that differ where it does. */
function tellersOf(
  collection: CollectionModel,
  whole: CollectionView,
  hidden: ReadonlySet<string>,
): ReadonlySet<string> {
  const tellers = new Set<string>()
  for (const field of whole.fields) {
    const source = whole.sourceOf(field)
    if (source.kind === 'field' && hidden.has(source.field.name)) tellers.add(field.name)
  }
  const first = (field: Field) => samplesOf(field)[0] ?? null
  const usual = Object.fromEntries(collection.fields.map(field => [field.name, first(field)]))
  const seen = attempted(whole, usual)
  for (const name of hidden) {
    const [member] = whole.placeOf([name]) ?? []
    if (member !== undefined) tellers.add(member)
    const field = collection.byName.get(name)
    for (const value of field ? [...samplesOf(field), null] : []) {
      const other = attempted(whole, { ...usual, [name]: value })
      for (const { name: shown } of whole.fields)
        if (other && seen && JSON.stringify(other[shown]) !== JSON.stringify(seen[shown])) tellers.add(shown)
    }
  }
  return tellers
}

/** What a version's module makes of samples; undefined where it cannot. */
function attempted(view: CollectionView, values: Values): Values | undefined {
  try {
    return view.down(values)
  } catch {
    return undefined
  }
}

// The models of an older version: every resource as that version sees it, made from those of the next.
import { camelCase, isPlural, isSegment, singularOf } from '../define/names.ts'
import { type Changes, renamed, type ServiceChanges, type Step } from '../define/version.ts'
import type { CollectionModel, Field, Operator, ServiceModel } from '../model/model.ts'
import { hop, type Say } from './hop.ts'
import type { CollectionView, FieldsView, ServiceView } from './view.ts'

/** Names of the next version's resources, in this one. */
export type Names = ReadonlyMap<string, string>

type Called = Extract<Step, { kind: 'called' }>

export const calledIn = ({ steps }: Changes): Called | undefined =>
  steps.find((step): step is Called => step.kind === 'called')

/** One collection, one version back. `above` is the parent as this version sees it. */
export function collectionBefore(
  next: CollectionView,
  changes: Changes,
  number: string,
  above: CollectionView | undefined,
  names: Names,
  say: Say,
): CollectionView {
  const steps = [...changes.steps]
  const said = calledIn(changes)
  const after = next.model
  const name = said?.name ?? after.name
  const singular = said === undefined ? after.singular : (said.singular ?? singularOf(said.name))
  if (said && !isSegment(name)) say(`called(${name})`, 'a path segment is lower-case words joined by hyphens')
  else if (said && said.singular === undefined && !isPlural(name))
    say(`called(${name})`, 'a collection is named by a plural noun')
  const parentMember = above && `${camelCase(above.model.singular)}Id`
  const { parentField: nextParent } = after
  if (parentMember !== undefined && nextParent && parentMember !== nextParent.name)
    steps.push(renamed(parentMember, nextParent.name))
  const view = withReferences(hop(next, steps, number, say), names)
  const byName = new Map(view.fields.map(field => [field.name, field]))
  const model: CollectionModel = {
    ...after,
    name,
    singular,
    parent: above?.model,
    parentField: parentMember === undefined ? undefined : byName.get(parentMember),
    fields: view.fields,
    byName,
    aliases: aliasesOf(next, view, byName, steps, say),
    sort: after.sort.flatMap(({ field, direction }) => {
      const shown = shownOf(next.sourceOf(field), view)
      return shown ? [{ field: shown, direction }] : []
    }),
    unasked: unaskedOf(view),
    indexed: [],
    nested: [],
  }
  return { ...view, number, newest: next.newest, model }
}

/** What cannot be asked of the newest version in the words of this one. */
function unaskedOf(view: FieldsView): NonNullable<CollectionModel['unasked']> {
  return (field, how) => {
    const source = view.sourceOf(field)
    if (source.kind === 'none') return source.why
    if (source.order === 'same' || how === 'eq' || how === 'ne' || how === 'in' || how === 'exists') return undefined
    if (how === 'like') return 'is kept as another type by now, and has no text to look at'
    return source.order === 'kept' ? undefined : 'is kept as another type by now, whose order is another one'
  }
}

/** The field of a view that shows the same values. */
function shownOf(source: ReturnType<FieldsView['sourceOf']>, view: FieldsView): Field | undefined {
  if (source.kind === 'none') return undefined
  return view.fields.find(field => {
    const own = view.sourceOf(field)
    return own.kind === 'field' && own.field === source.field && own.order === 'same'
  })
}

function aliasesOf(
  next: CollectionView,
  view: FieldsView,
  byName: ReadonlyMap<string, Field>,
  steps: readonly Step[],
  say: Say,
): CollectionModel['aliases'] {
  const aliases = new Map<string, { readonly field: Field; readonly operator: Operator }>()
  const filters = steps.filter(step => step.kind === 'filter')
  for (const { from, to } of filters) {
    if (!next.model.aliases.has(to)) say(`filter(${from})`, `the next version has no query word “${to}”`)
    if (byName.has(from)) say(`filter(${from})`, 'is the name of a member')
  }
  for (const [alias, { field, operator }] of next.model.aliases) {
    if (next.parts.has(alias)) continue
    const name = filters.find(({ to }) => to === alias)?.from ?? alias
    const shown = shownOf(next.sourceOf(field), view) ?? field
    if (!byName.has(name)) aliases.set(name, { field: shown, operator })
  }
  for (const [word, field] of view.parts) {
    aliases.set(word, { field, operator: 'eq' })
    for (const operator of suiting(field)) aliases.set(`${word}.${operator}`, { field, operator })
  }
  return aliases
}

const suiting = ({ kind }: Field): readonly Operator[] => [
  'ne',
  ...(kind === 'boolean' ? [] : (['gt', 'gte', 'lt', 'lte'] as const)),
  ...(kind === 'text' ? (['like'] as const) : []),
  'exists',
]

/** Members that hold ids of a collection name it as this version does. */
function withReferences(view: FieldsView, names: Names): FieldsView {
  if (!view.fields.some(({ references }) => references !== undefined && names.has(references))) return view
  const originals = new Map<Field, Field>()
  const fields = view.fields.map(field => {
    const name = field.references === undefined ? undefined : names.get(field.references)
    if (name === undefined || name === field.references) return field
    const schema = { ...field.schema, 'x-reference': name }
    const mine = { ...field, schema, references: name }
    originals.set(mine, field)
    return mine
  })
  return { ...view, fields, sourceOf: field => view.sourceOf(originals.get(field) ?? field) }
}

/** One service, one version back. */
export function serviceBefore(next: ServiceView, changes: ServiceChanges, number: string, say: Say): ServiceView {
  const side = (part: 'input' | 'output' | 'query') =>
    hop(next[part], changes[part]?.steps ?? [], number, (place, problem) => say(`${part}.${place}`, problem))
  const name = changes.called ?? next.model.name
  if (!isSegment(name)) say(`called(${name})`, 'a path segment is lower-case words joined by hyphens')
  const [input, output, query] = [side('input'), side('output'), side('query')]
  const model: ServiceModel = { ...next.model, name, input: input.fields, output: output.fields, query: query.fields }
  return { newest: next.newest, model, input, output, query }
}

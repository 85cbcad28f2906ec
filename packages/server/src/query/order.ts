// Which members, and in which order: `fields=id,name` and `sort=-date,amount`.
import type { CollectionModel, Direction, Field, ProblemError, Sort } from '../model/model.ts'
import { splitValues } from './list.ts'
import { hint } from './nearest.ts'

export type FieldsRead =
  | { readonly kind: 'fields'; readonly fields: readonly Field[]; readonly selected: 'all' | 'some' }
  | { readonly kind: 'refused'; readonly error: ProblemError }

export type SortRead =
  | { readonly kind: 'sort'; readonly sort: readonly Sort[] }
  | { readonly kind: 'refused'; readonly error: ProblemError }

/** The members asked for, in the collection's own order, whatever order they were asked in. */
export function readFields(collection: CollectionModel, text: string): FieldsRead {
  const wanted = new Set<Field>()
  for (const name of splitValues(text)) {
    const field = collection.byName.get(name)
    if (field === undefined) return refused('fields', unknownMember(collection, name, collection.byName.keys()))
    wanted.add(field)
  }
  if (wanted.size === collection.fields.length) return { kind: 'fields', fields: collection.fields, selected: 'all' }
  return { kind: 'fields', fields: collection.fields.filter(field => wanted.has(field)), selected: 'some' }
}

/**
 * The order asked for, `-` descending, made total by the id, which goes in the direction of the last. What is said
 * after the id is checked and then dropped: it orders nothing.
 */
export function readSort(collection: CollectionModel, text: string): SortRead {
  const sort: Sort[] = []
  for (const word of splitValues(text)) {
    const direction: Direction = word.startsWith('-') ? 'desc' : 'asc'
    const name = direction === 'desc' ? word.slice(1) : word
    const field = sortedBy(collection, name)
    if (field === undefined) return refused('sort', unknownMember(collection, name, sortable(collection)))
    if (field.kind === 'json') return refused('sort', `“${name}” is structured and has no order.`)
    const unasked = collection.unasked?.(field, 'sort')
    if (unasked !== undefined) return refused('sort', `“${name}” ${unasked}: it cannot be sorted by.`)
    if (sort.some(earlier => earlier.field === field)) return refused('sort', `“${name}” is named twice.`)
    sort.push({ field, direction })
  }
  const id = sort.findIndex(({ field }) => field.name === 'id')
  if (id >= 0) return { kind: 'sort', sort: sort.slice(0, id + 1) }
  const field = collection.byName.get('id')
  const direction = sort.at(-1)?.direction ?? 'asc'
  return { kind: 'sort', sort: field ? [...sort, { field, direction }] : sort }
}

/** `-date,-id`: the order as a query would say it. */
export const sortText = (sort: readonly Sort[]): string =>
  sort.map(({ field, direction }) => (direction === 'desc' ? `-${field.name}` : field.name)).join(',')

/** A member, or, in an older version, one within an object that is a member of its own by now. */
const sortedBy = ({ byName, aliases }: CollectionModel, name: string): Field | undefined =>
  byName.get(name) ??
  (name.includes('.') && aliases.get(name)?.operator === 'eq' ? aliases.get(name)?.field : undefined)

function* sortable(collection: CollectionModel): Generator<string> {
  for (const field of collection.fields)
    if (field.kind !== 'json' && collection.unasked?.(field, 'sort') === undefined) yield field.name
}

function unknownMember(collection: CollectionModel, name: string, candidates: Iterable<string>): string {
  if (name === '') return `A member’s name is missing; members of ${collection.name} are ${[...candidates].join(', ')}.`
  return `“${name.slice(0, 60).toWellFormed()}” is not a member of ${collection.name}.${hint(name, candidates)}`
}

const refused = (parameter: string, detail: string): { readonly kind: 'refused'; readonly error: ProblemError } => ({
  kind: 'refused',
  error: { parameter, detail },
})

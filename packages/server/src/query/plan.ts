// Query words → what to read: a list's page, an item's members, a selection to delete. Says everything that is wrong
// with a query at once, each fault beside the word's name.
import type { CollectionModel, Field, Limits, ProblemError, Sort } from '../model/model.ts'
import type { Condition, ListPlan, PageStart, Selection } from '../store/store.ts'
import { newestCondition, newestSort } from '../versions/query.ts'
import type { CollectionView } from '../versions/view.ts'
import { parseCursor } from './cursor.ts'
import { filterNames, readFilter } from './filters.ts'
import { hint } from './nearest.ts'
import { readFields, readSort, sortText } from './order.ts'
import type { Word } from './words.ts'

/** A list asked for, checked and ready to be read. */
export type ListQuery = {
  /** `limit` is Infinity where `all` is true. */
  readonly plan: ListPlan
  /** Members of the answer; of an older version, those of that one, where the plan reads all there are. */
  readonly shown: readonly Field[]
  /** The order, in the members of the same version. */
  readonly sort: readonly Sort[]
  /** Whether the whole list is to be streamed (`limit=all`). */
  readonly all: boolean
  /** The same text for the same question about the same list, however it was worded; different for different ones. */
  readonly canonical: string
  /** Whether every member is shown. */
  readonly selected: 'all' | 'some'
}

export type ItemQuery = {
  readonly fields: readonly Field[]
  readonly selected: 'all' | 'some'
  /** Names of the members shown; empty where all are. */
  readonly canonical: string
}

export type Invalid = { readonly kind: 'invalid'; readonly errors: readonly ProblemError[] }

/** Words that belong to every exchange and say nothing about what is read. */
const elsewhere: ReadonlySet<string> = new Set(['always_success_code', 'v'])

const mostErrors = 20

/** Plans a page (or the whole, with `limit=all`) of a collection, below `parent` where it is nested. */
export function planList(
  collection: CollectionModel,
  parent: string | undefined,
  words: readonly Word[],
  limits: Pick<Limits, 'values'>,
  view?: CollectionView,
): { readonly kind: 'plan'; readonly query: ListQuery } | Invalid {
  const seen = view?.model ?? collection
  const { settings, conditions, errors } = sortOut(seen, words, limits, 'list', view)
  const order = settings.sort === undefined ? undefined : readSort(seen, settings.sort)
  if (order?.kind === 'refused') errors.push(order.error)
  const shown = settings.fields === undefined ? undefined : readFields(seen, settings.fields)
  if (shown?.kind === 'refused') errors.push(shown.error)
  const limit = readLimit(collection, settings.limit, errors)
  const sort =
    order?.kind !== 'sort' ? (view?.sort ?? collection.sort) : view ? newestSort(view, order.sort) : order.sort
  // A cursor is read by the sort: where that is at fault, the cursor would be blamed for it.
  const start: PageStart =
    order?.kind === 'refused' ? { kind: 'offset', offset: 0 } : readStart(collection, sort, settings, errors)
  if (start.kind === 'before' && limit === Number.POSITIVE_INFINITY)
    errors.push({ parameter: 'before', detail: '“before” cannot be used with “limit=all”, which reads forwards.' })
  if (errors.length > 0) return { kind: 'invalid', errors: errors.slice(0, mostErrors) }
  const { fields, selected } = shown?.kind === 'fields' ? shown : { fields: seen.fields, selected: 'all' as const }
  const plan: ListPlan = {
    collection,
    parent,
    conditions,
    sort,
    fields: view ? collection.fields : fields,
    start,
    limit,
  }
  const canonical = canonicalOf({ ...plan, fields }, selected)
  return {
    kind: 'plan',
    query: {
      plan,
      shown: fields,
      sort: order?.kind === 'sort' ? order.sort : seen.sort,
      all: limit === Number.POSITIVE_INFINITY,
      canonical,
      selected,
    },
  }
}

/** Plans which members of one item are shown. */
export function planItem(
  collection: CollectionModel,
  words: readonly Word[],
): ({ readonly kind: 'plan' } & ItemQuery) | Invalid {
  const { settings, errors } = sortOut(collection, words, { values: 0 }, 'item')
  const shown = settings.fields === undefined ? undefined : readFields(collection, settings.fields)
  if (shown?.kind === 'refused') errors.push(shown.error)
  if (errors.length > 0) return { kind: 'invalid', errors: errors.slice(0, mostErrors) }
  if (shown?.kind !== 'fields' || shown.selected === 'all')
    return { kind: 'plan', fields: collection.fields, selected: 'all', canonical: '' }
  return { kind: 'plan', fields: shown.fields, selected: 'some', canonical: namesOf(shown.fields) }
}

/** Plans which items a collective write means: filters only. No conditions: every one. */
export function planSelection(
  collection: CollectionModel,
  parent: string | undefined,
  words: readonly Word[],
  limits: Pick<Limits, 'values'>,
  view?: CollectionView,
): { readonly kind: 'plan'; readonly selection: Selection } | Invalid {
  const { conditions, errors } = sortOut(view?.model ?? collection, words, limits, 'selection', view)
  if (errors.length > 0) return { kind: 'invalid', errors: errors.slice(0, mostErrors) }
  return { kind: 'plan', selection: { collection, parent, conditions } }
}

const settingNames = {
  list: ['fields', 'sort', 'offset', 'limit', 'after', 'before'],
  item: ['fields'],
  selection: [],
} as const

type Asked = keyof typeof settingNames
type Setting = (typeof settingNames)['list'][number]
type Settings = { [Name in Setting]?: string }

function sortOut(
  collection: CollectionModel,
  words: readonly Word[],
  limits: Pick<Limits, 'values'>,
  asked: Asked,
  view?: CollectionView,
): { readonly settings: Settings; readonly conditions: readonly Condition[]; readonly errors: ProblemError[] } {
  const settings: Settings = {}
  const conditions = new Map<string, Condition>()
  const errors: ProblemError[] = []
  for (const word of words) {
    if (elsewhere.has(word.name)) continue
    if (errors.length >= mostErrors) break
    const setting = settingNames.list.find(name => name === word.name)
    if (setting !== undefined) {
      if (!(settingNames[asked] as readonly string[]).includes(setting)) errors.push(misplaced(word.name, asked))
      else if (settings[setting] !== undefined) errors.push(refusal(setting, 'is given twice'))
      else settings[setting] = word.value
      continue
    }
    const filter = asked === 'item' ? ({ kind: 'unknown' } as const) : readFilter(collection, word, limits)
    if (filter.kind === 'refused') errors.push(filter.error)
    else if (filter.kind === 'unknown') errors.push(unknown(collection, word.name, asked))
    else
      for (const condition of filter.conditions) {
        const meant = view ? newestCondition(view, condition) : condition
        if (typeof meant === 'string') errors.push(refusal(word.name, meant))
        else conditions.set(textOf(meant), meant)
      }
  }
  const ordered = [...conditions].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, condition]) => condition)
  return { settings, conditions: ordered, errors }
}

function readLimit(collection: CollectionModel, text: string | undefined, errors: ProblemError[]): number {
  const { byDefault, max } = collection.limit
  if (text === undefined) return byDefault
  if (text === 'all') {
    if (collection.exports === 'refused')
      errors.push(refusal('limit', `cannot be “all” for ${collection.name}; it is at most ${max}`))
    return Number.POSITIVE_INFINITY
  }
  const limit = /^\d+$/.test(text) ? Number(text) : 0
  if (limit >= 1 && limit <= max) return limit
  const whole = collection.exports === 'allowed' ? ', or “all”' : ''
  errors.push(refusal('limit', `must be a whole number from 1 to ${max}${whole}`))
  return byDefault
}

function readStart(
  collection: CollectionModel,
  sort: readonly Sort[],
  { offset, after, before }: Settings,
  errors: ProblemError[],
): PageStart {
  const given = [offset, after, before].filter(text => text !== undefined)
  if (given.length > 1) {
    const parameter = before !== undefined ? 'before' : 'after'
    errors.push(refusal(parameter, 'and “offset”, “after” or “before” exclude each other: a page starts at one place'))
  } else if (offset !== undefined) {
    if (/^\d+$/.test(offset) && Number.isSafeInteger(Number(offset))) return { kind: 'offset', offset: Number(offset) }
    errors.push(refusal('offset', 'must be a whole number, 0 or more'))
  } else if (after !== undefined || before !== undefined) {
    const kind = after !== undefined ? 'after' : 'before'
    const cursor = parseCursor(collection, sort, after ?? before ?? '')
    if (cursor.kind === 'key') return { kind, key: cursor.key }
    errors.push(refusal(kind, cursor.detail))
  }
  return { kind: 'offset', offset: 0 }
}

const refusal = (parameter: string, detail: string): ProblemError => ({
  parameter,
  detail: `“${parameter}” ${detail}.`,
})

function misplaced(name: string, asked: Asked): ProblemError {
  return refusal(
    name,
    asked === 'item' ? 'is for reading lists' : 'is for reading; a collective write takes filters only',
  )
}

function unknown(collection: CollectionModel, name: string, asked: Asked): ProblemError {
  const place = asked === 'item' ? 'here, where only “fields” is' : `of ${collection.name}`
  const known = [...settingNames[asked], ...(asked === 'item' ? [] : filterNames(collection))]
  const detail = `“${name.slice(0, 60).toWellFormed()}” is not a query word ${place}.${hint(name, known)}`
  return { parameter: name, detail }
}

function canonicalOf(
  { collection, parent, conditions, sort, fields, start, limit }: ListPlan,
  selected: 'all' | 'some',
): string {
  const from = start.kind === 'offset' ? start.offset : [start.kind, ...start.key]
  const shown = selected === 'all' ? '' : namesOf(fields)
  return JSON.stringify([collection.table, parent ?? null, conditions.map(textOf), sortText(sort), shown, from, limit])
}

const textOf = ({ field, operator, values }: Condition): string => `${field.name}.${operator}=${JSON.stringify(values)}`

const namesOf = (fields: readonly Field[]): string => fields.map(field => field.name).join(',')

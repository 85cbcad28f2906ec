// Filters: `member=value`, `member.operator=value` and declared aliases, as conditions of a selection.
import type { CollectionModel, Field, Limits, Operator, ProblemError } from '../model/model.ts'
import { operators } from '../model/model.ts'
import type { Condition } from '../store/store.ts'
import { splitValues } from './list.ts'
import { hint } from './nearest.ts'
import { readValue, wordsOf } from './values.ts'
import type { Word } from './words.ts'

/** What a word asks for: all of `conditions` must hold. */
export type FilterRead =
  | { readonly kind: 'conditions'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'refused'; readonly error: ProblemError }
  | { readonly kind: 'unknown' }

type Target = { readonly field: Field; readonly operator: Operator }

const longestPattern = 1_000

/** Reads one word as a filter. `a,b` is any of both (for `ne`: neither); see list.ts for commas inside values. */
export function readFilter(collection: CollectionModel, word: Word, limits: Pick<Limits, 'values'>): FilterRead {
  const target = targetOf(collection, word.name)
  if (target === undefined) return { kind: 'unknown' }
  const { field, operator } = target
  const refuse = (detail: string, suggestion = ''): FilterRead => ({
    kind: 'refused',
    error: { parameter: word.name, detail: `“${word.name}” ${detail}.${suggestion}` },
  })
  const unfit = misfit(collection, target)
  if (unfit !== undefined) return refuse(unfit)
  const texts = splitValues(word.value)
  const many = operator === 'eq' || operator === 'ne' || operator === 'in'
  if (texts.length > 1 && !many) return refuse('takes one value; a comma inside it is written \\,')
  if (texts.length > limits.values) return refuse(`takes at most ${limits.values} values, not ${texts.length}`)
  const values: unknown[] = []
  for (const text of texts) {
    const read = operator === 'exists' ? readExists(text) : readValue(field, text)
    if (read.kind === 'refused') return refuse(`${read.detail}, not “${abridge(text)}”`)
    const words = many ? wordsOf(field) : undefined
    if (words && !words.includes(text))
      return refuse(`must be one of ${words.join(', ')}, not “${abridge(text)}”`, hint(text, words))
    if (operator === 'like' && text.length > longestPattern)
      return refuse(`takes a pattern of at most ${longestPattern} characters`)
    const value = operator === 'like' ? text.replace(/\*+/g, '*') : read.value
    if (!values.includes(value)) values.push(value)
  }
  return { kind: 'conditions', conditions: conditionsOf(field, operator, values) }
}

/** The names that a filter of this collection may have, for hints: members, aliases, and members with operators. */
export function* filterNames(collection: CollectionModel): Generator<string> {
  for (const field of collection.fields)
    if (misfit(collection, { field, operator: 'eq' }) === undefined) yield field.name
  yield* collection.aliases.keys()
  for (const field of collection.fields)
    for (const operator of operators)
      if (misfit(collection, { field, operator }) === undefined) yield `${field.name}.${operator}`
}

export function targetOf(collection: CollectionModel, name: string): Target | undefined {
  const plain = collection.byName.get(name)
  if (plain) return { field: plain, operator: 'eq' }
  const alias = collection.aliases.get(name)
  if (alias) return alias
  const dot = name.lastIndexOf('.')
  const field = collection.byName.get(name.slice(0, Math.max(dot, 0)))
  const operator = operators.find(known => known === name.slice(dot + 1))
  return field && operator && { field, operator }
}

/** Why an operator does not suit a field, in words that follow the word's name. */
export function misfit({ unasked }: CollectionModel, { field, operator }: Target): string | undefined {
  const why = unasked?.(field, operator)
  if (why !== undefined) return `cannot be compared in this way: “${field.name}” ${why}`
  if (operator === 'exists') return undefined
  if (field.kind === 'json')
    return `cannot be compared, as “${field.name}” is structured; “${field.name}.exists” can be asked`
  if (operator === 'like' && field.kind !== 'text') return `does not suit “${field.name}”, which is not text`
  const ordering = operator === 'gt' || operator === 'gte' || operator === 'lt' || operator === 'lte'
  if (ordering && field.kind === 'boolean') return `does not suit “${field.name}”, which is true or false`
  return undefined
}

function conditionsOf(field: Field, operator: Operator, values: readonly unknown[]): readonly Condition[] {
  if (operator === 'ne') return values.map(value => ({ field, operator, values: [value] }))
  if (operator === 'eq' || operator === 'in')
    return [{ field, operator: values.length === 1 ? 'eq' : 'in', values: values.toSorted(byText) }]
  return [{ field, operator, values }]
}

function readExists(text: string): ReturnType<typeof readValue> {
  if (text === 'true' || text === 'false') return { kind: 'value', value: text === 'true' }
  return { kind: 'refused', detail: 'must be true or false' }
}

const byText = (one: unknown, other: unknown): number => (String(one) < String(other) ? -1 : 1)

/** Enough of a peer's text to recognise it by. */
const abridge = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text).toWellFormed()

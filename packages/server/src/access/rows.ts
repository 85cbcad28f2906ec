// Row policies: the words of a query (`branch=caller.branch`), read once, and the conditions that they are for one caller.
import type { Caller } from '../auth/caller.ts'
import type { CollectionModel, Field, Limits, Operator } from '../model/model.ts'
import { misfit, readFilter, targetOf } from '../query/filters.ts'
import { readValue } from '../query/values.ts'
import { readForm, type Word } from '../query/words.ts'
import type { Condition } from '../store/store.ts'

export type PolicyTerm = {
  readonly field: Field
  readonly operator: Operator
  readonly value:
    | { readonly kind: 'given'; readonly values: readonly unknown[] }
    /** `id`, `kind`, or a claim. */
    | { readonly kind: 'caller'; readonly name: string }
}

/** All of it must hold. */
export type Policy = readonly PolicyTerm[]

const ofCaller = /^caller\.([A-Za-z_][\w-]*)$/

/** Reads a policy; what is wrong with it is told in words that follow it. */
export function readPolicy(
  collection: CollectionModel,
  text: string,
  limits: Pick<Limits, 'words' | 'values'>,
): Policy | string {
  const read = readForm(text, limits)
  if (read.kind === 'malformed') return read.detail
  if (read.words.length === 0) return 'says nothing; leave it out where every row is meant'
  const terms: PolicyTerm[] = []
  for (const word of read.words) {
    const own = termsOf(collection, word, limits)
    if (typeof own === 'string') return own
    terms.push(...own)
  }
  return terms
}

function termsOf(
  collection: CollectionModel,
  word: Word,
  limits: Pick<Limits, 'values'>,
): readonly PolicyTerm[] | string {
  const [, name] = ofCaller.exec(word.value) ?? []
  if (name === undefined) {
    if (/(^|,)caller\./.test(word.value))
      return `“${word.name}=${word.value}” mixes the caller with other values; say “rows” as a list`
    const filter = readFilter(collection, word, limits)
    if (filter.kind === 'unknown') return `“${word.name}” is not a query word of ${collection.name}`
    if (filter.kind === 'refused') return filter.error.detail
    return filter.conditions.map(({ field, operator, values }) => ({
      field,
      operator,
      value: { kind: 'given', values },
    }))
  }
  const target = targetOf(collection, word.name)
  if (target === undefined) return `“${word.name}” is not a query word of ${collection.name}`
  const unfit = misfit(collection, target)
  if (unfit !== undefined) return `“${word.name}” ${unfit}`
  if (target.operator === 'exists' || target.operator === 'like')
    return `“${word.name}” cannot be compared with the caller`
  return [{ ...target, value: { kind: 'caller', name } }]
}

/** Values of a claim that is a list, at most: it stands in every statement. Rows of what is beyond are not seen. */
const mostValues = 1_000
/** The same where each keeps rows from sight: nothing may be left out of that, so who has more sees no row at all. */
const mostExcluded = 200

/** The alternatives that can hold for this caller: one that needs what it has not is none. */
export function conditionsFor(
  policies: readonly Policy[],
  caller: Caller | undefined,
): readonly (readonly Condition[])[] {
  return policies.flatMap(policy => {
    const conditions: Condition[] = []
    for (const term of policy) {
      const own = conditionFor(term, caller)
      if (own === undefined) return []
      conditions.push(...own)
    }
    return [conditions]
  })
}

function conditionFor(
  { field, operator, value }: PolicyTerm,
  caller: Caller | undefined,
): readonly Condition[] | undefined {
  if (value.kind === 'given') return [{ field, operator, values: value.values }]
  const values = valuesOf(caller, value.name, field)
  if (values === undefined || values.length === 0) return undefined
  if (operator === 'ne')
    return values.length > mostExcluded ? undefined : values.map(one => ({ field, operator, values: [one] }))
  if (values.length === 1) return [{ field, operator: operator === 'in' ? 'eq' : operator, values }]
  return operator === 'eq' || operator === 'in' ? [{ field, operator: 'in', values }] : undefined
}

/** What the caller has there, as wire values of the field; undefined where that cannot be. */
function valuesOf(caller: Caller | undefined, name: string, field: Field): readonly unknown[] | undefined {
  if (caller === undefined) return undefined
  const claim =
    name === 'id' || name === 'kind'
      ? caller[name]
      : Object.hasOwn(caller.claims, name)
        ? caller.claims[name]
        : undefined
  const many = (Array.isArray(claim) ? claim : [claim]).slice(0, mostValues)
  const values: unknown[] = []
  for (const one of many) {
    if (typeof one !== 'string' && typeof one !== 'number' && typeof one !== 'boolean') return undefined
    const read = readValue(field, String(one))
    if (read.kind === 'refused') return undefined
    values.push(read.value)
  }
  return values
}

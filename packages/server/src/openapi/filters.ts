// The filters of a collection as parameters: members, declared aliases, members with operators.

import { capitalised } from '../define/names.ts'
import type { CollectionModel, Field, Operator } from '../model/model.ts'
import { filterNames } from '../query/filters.ts'
import { type Draft, share } from './draft.ts'
import type { Parameter, Ref, Schema } from './kind.ts'
import { sampleOf } from './sample.ts'
import { valueSchema } from './schemas.ts'

/** A query word that filters, and what it compares. */
export type Filter = {
  readonly name: string
  readonly field: Field
  readonly operator: Operator
  readonly kind: 'member' | 'alias' | 'with-operator'
}

/** Every filter a collection understands: its members, its aliases, then its members with operators. */
export function filtersOf(collection: CollectionModel): readonly Filter[] {
  const filters: Filter[] = []
  for (const name of filterNames(collection)) {
    const [member = '', operator] = name.split('.')
    const alias = collection.aliases.get(name)
    const field = alias?.field ?? collection.byName.get(member)
    if (field === undefined) continue
    if (alias) filters.push({ name, ...alias, kind: 'alias' })
    else if (operator) filters.push({ name, field, operator: operator as Operator, kind: 'with-operator' })
    else filters.push({ name, field, operator: 'eq', kind: 'member' })
  }
  return filters
}

/** What each operator asks of a member, in words that follow its name. */
export const operatorMeanings: Readonly<Record<Operator, string>> = {
  eq: 'is this, or one of several joined by commas',
  ne: 'is not this, nor any of several joined by commas',
  gt: 'is more than this',
  gte: 'is this or more',
  lt: 'is less than this',
  lte: 'is this or less',
  in: 'is one of these, joined by commas',
  like: 'matches this, where * stands for any text; case does not matter',
  exists: 'is there (true), or is null (false)',
}

const instants: Readonly<Partial<Record<Operator, string>>> = {
  gt: 'is after this',
  gte: 'is this or after it',
  lt: 'is before this',
  lte: 'is this or before it',
}

/** What the filter asks for, as a sentence. */
export function filterMeaning({ field, operator, kind }: Filter): string {
  const isTime = field.kind === 'date' || field.kind === 'date-time'
  const meaning = (isTime ? instants[operator] : undefined) ?? operatorMeanings[operator]
  const same = kind === 'alias' ? ` The same as \`${field.name}.${operator}\`.` : ''
  return `Those whose \`${field.name}\` ${meaning}.${same}`
}

export function filterParameter(draft: Draft, collection: CollectionModel, filter: Filter): Ref {
  const resource = draft.names.of.get(collection) ?? collection.name
  return share(draft, 'parameters', `${resource}.${filter.name}`, (): Parameter => {
    const { field, operator } = filter
    const many = comparesWhole(operator)
    const one = operandSchema(field, operator)
    const sample = operator === 'exists' ? true : sampleOf(field)
    return {
      name: filter.name,
      in: 'query',
      description: capitalised(filterMeaning(filter)),
      ...(many
        ? {
            style: 'form' as const,
            explode: false,
            schema: { type: 'array', items: one, minItems: 1, maxItems: draft.model.limits.values },
          }
        : { schema: one }),
      ...(sample !== undefined && { examples: { one: { value: many ? [sample] : sample } } }),
    }
  })
}

/** Whether the operator takes several values, each of them one that the member could have. */
const comparesWhole = (operator: Operator): boolean => operator === 'eq' || operator === 'ne' || operator === 'in'

/** Values of a query are text: what a member may hold is not what one may ask about it. */
function operandSchema(field: Field, operator: Operator): Schema {
  if (operator === 'exists') return { type: 'boolean' }
  const schema = valueSchema(field)
  switch (field.kind) {
    case 'text':
      return { type: 'string', ...(Array.isArray(schema.enum) && comparesWhole(operator) && { enum: schema.enum }) }
    case 'decimal':
      return { type: 'string', pattern: '^-?\\d+(\\.\\d+)?$', format: 'decimal' }
    case 'date':
      return { type: 'string', format: 'date' }
    case 'date-time':
      return { type: 'string', description: 'An instant (RFC 3339), or a date, which is its beginning in UTC.' }
    default:
      return { type: field.kind === 'json' ? 'string' : field.kind }
  }
}

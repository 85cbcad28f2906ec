// A TypeBox schema as a field: its kind, its column, what is wrong with a value, and the one form it is kept in.
import BigNumber from 'bignumber.js'
import Type, { type TSchema } from 'typebox'
import Schema from 'typebox/schema'
import { snakeCase } from '../define/names.ts'
import type { Field, FieldKind } from './model.ts'
import { nestedFaults } from './nested-faults.ts'

type Keywords = {
  readonly type?: string
  readonly format?: string
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Keywords[]
  readonly const?: unknown
  readonly default?: unknown
  readonly readOnly?: boolean
  readonly description?: string
  readonly examples?: unknown
  readonly 'x-decimal'?: { readonly digits: number; readonly scale: number }
  readonly 'x-unique'?: boolean
  readonly 'x-translatable'?: boolean
  readonly 'x-reference'?: string
}

/** The JSON Schema keywords of a TypeBox schema. */
export const keywordsOf = (schema: TSchema): Keywords => schema as Keywords

/** Which kind of column and text form a schema's values have. */
export function kindOf(schema: TSchema): FieldKind {
  const { type, format, 'x-decimal': decimal, enum: words, anyOf } = keywordsOf(schema)
  if (decimal) return 'decimal'
  if (words) return words.every(word => typeof word === 'string') ? 'text' : 'json'
  if (anyOf) return anyOf.every(option => typeof option.const === 'string') ? 'text' : 'json'
  if (type === 'string') return format === 'date' || format === 'date-time' ? format : 'text'
  if (type === 'integer' || type === 'number' || type === 'boolean') return type
  return 'json'
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const unsendable = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/

function faultOfText(value: unknown): string | undefined {
  if (typeof value !== 'string') return
  if (!value.isWellFormed()) return 'must not hold lone surrogates'
  if (unsendable.test(value)) return 'must not hold control characters other than tab, line feed and carriage return'
  return
}

const decimalFault = (schema: TSchema): string => {
  const { digits, scale } = keywordsOf(schema)['x-decimal'] ?? { digits: 15, scale: 2 }
  return `must be a decimal in a string, such as "${new BigNumber('12.5').toFixed(scale)}", with at most ${digits - scale} digits before the point and ${scale} after it`
}

function faultFinder(schema: TSchema, kind: FieldKind): Field['fault'] {
  const validator = Schema.Compile(schema)
  return value => {
    if (validator.Check(value)) {
      if (kind === 'text') return faultOfText(value)
      if (kind === 'date-time' && Number.isNaN(Date.parse(String(value)))) return 'must be an instant that exists'
      return undefined
    }
    const [, errors] = validator.Errors(value)
    const { keyword, message, params } = errors[0] ?? { keyword: '', message: 'is not valid', params: {} }
    if (keyword === 'type' && kind === 'decimal') return decimalFault(schema)
    if (keyword === 'pattern' && kind === 'decimal') return decimalFault(schema)
    if (keyword === 'enum') return `must be one of ${keywordsOf(schema).enum?.join(', ')}`
    if (keyword === 'pattern') return `must match the pattern ${(params as { pattern?: unknown }).pattern}`
    if (keyword === 'format' && kind === 'date') return 'must be a date that exists, such as "2014-12-31"'
    if (keyword === 'format' && kind === 'date-time')
      return 'must be an instant with its offset, such as "2014-12-31T23:59:59Z"'
    return message
  }
}

function normaliser(schema: TSchema, kind: FieldKind): Field['normalise'] {
  if (kind === 'decimal') {
    const { scale } = keywordsOf(schema)['x-decimal'] ?? { scale: 2 }
    return value => decimalText(new BigNumber(String(value)), scale)
  }
  if (kind === 'date-time') return value => new Date(String(value)).toISOString()
  return value => value
}

/** A decimal with exactly `scale` digits after its point, and no negative zero. */
export const decimalText = (value: BigNumber, scale: number): string =>
  (value.isZero() ? new BigNumber(0) : value).toFixed(scale)

/** A declared field. */
export function fieldOf(name: string, schema: TSchema): Field {
  const kind = kindOf(schema)
  const words = keywordsOf(schema)
  const normalise = normaliser(schema, kind)
  const fault = faultFinder(schema, kind)
  return {
    name,
    column: snakeCase(name),
    kind,
    schema,
    access: words.readOnly ? 'read-only' : 'read-write',
    presence: Type.IsOptional(schema) ? 'optional' : 'required',
    byDefault: words.default === undefined || fault(words.default) ? words.default : normalise(words.default),
    scale: words['x-decimal']?.scale ?? 0,
    unique: words['x-unique'] === true,
    translatable: words['x-translatable'] === true,
    references: words['x-reference'],
    description: words.description,
    example: Array.isArray(words.examples) ? words.examples[0] : words.examples,
    fault,
    nested: kind === 'json' ? nestedIn(schema) : () => [],
    normalise,
  }
}

/** Columns that the engine has for itself, whatever members there are. */
const takenColumns = ['created_at', 'updated_at', 'comity_revision', 'comity_born']

/** SQL does not tell `URL` from `url`, nor `user_id` from what becomes of `userId`: each has a column of its own. */
export function withOwnColumns(fields: readonly Field[]): readonly Field[] {
  const taken = new Set<string>(takenColumns)
  return fields.map(field => {
    if (field.access === 'server' && takenColumns.includes(field.column)) return field
    let { column } = field
    while (taken.has(column.toLowerCase())) column += '_'
    taken.add(column.toLowerCase())
    return column === field.column ? field : { ...field, column }
  })
}

function nestedIn(schema: TSchema): Field['nested'] {
  const validator = Schema.Compile(schema)
  return value => nestedFaults(validator.Errors(value)[1])
}

/** A member that the server fills in. */
export function serverField(name: string, schema: TSchema): Field {
  return { ...fieldOf(name, schema), access: 'server' }
}

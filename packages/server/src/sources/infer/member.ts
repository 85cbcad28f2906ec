// What a member holds, told by its values.
import Type, { type TSchema } from 'typebox'
import { boolean, date, dateTime, decimal, integer, json, list, number, object, text } from '../../define/fields.ts'
import { isFoundMember } from '../../define/names.ts'
import { fieldOf } from '../../model/field.ts'

/** Texts may become longer than any that is there: at most, in characters. */
const longTexts = 1_000_000
const texts = 10_000

/** Longest example that is shown in the documents. */
const longestExample = 60

/**
 * The schema of these values, of which null and what is missing are no part. What has no single kind is any JSON value.
 * `form`: whether texts may stand for decimals, as in CSV.
 */
export function schemaOf(values: readonly unknown[], form: 'json' | 'text'): TSchema {
  const schema = simpleSchema(values, form) ?? structuredSchema(values)
  // What the schema does not admit (a control character, say) is kept as JSON.
  const { fault } = fieldOf('member', schema)
  return values.every(value => fault(value) === undefined) ? schema : json()
}

function simpleSchema(values: readonly unknown[], form: 'json' | 'text'): TSchema | undefined {
  const kinds = new Set(values.map(value => typeof value))
  const [kind] = kinds
  if (kinds.size !== 1) return undefined
  const example = exampleOf(values[0])
  if (kind === 'boolean') return boolean()
  if (kind === 'number') return values.every(Number.isSafeInteger) ? integer(example) : number(example)
  return kind === 'string' ? textSchema(values as readonly string[], form) : undefined
}

const exampleOf = (value: unknown): { readonly example?: unknown } =>
  String(value).length <= longestExample && value !== '' ? { example: value } : {}

const fullDate = /^\d{4}-\d\d-\d\d$/
/** The one form in which instants are answered. */
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

function textSchema(values: readonly string[], form: 'json' | 'text'): TSchema {
  const example = exampleOf(values[0])
  if (values.every(value => fullDate.test(value) && isDate(value))) return date(example)
  if (values.every(value => instant.test(value) && isInstant(value))) return dateTime(example)
  const scale = form === 'text' ? scaleOf(values) : undefined
  if (scale !== undefined) return decimal({ scale, ...example })
  const longest = values.reduce((most, { length }) => Math.max(most, length), 0)
  return text({ max: longest > texts ? Math.max(longTexts, longest * 2) : texts, ...example })
}

const isDate = (value: string): boolean => isInstant(`${value}T00:00:00.000Z`)
const isInstant = (value: string): boolean => {
  const time = Date.parse(value)
  return !Number.isNaN(time) && new Date(time).toISOString() === value
}

/** Digits after the point, if all have as many; undefined where they do not, or do not fit. */
function scaleOf(values: readonly string[]): number | undefined {
  const scale = values[0]?.split('.')[1]?.length
  const fits = new RegExp(`^-?(0|[1-9]\\d{0,${14 - (scale ?? 0)}})\\.\\d{${scale}}$`)
  const all = scale !== undefined && scale < 15 && values.every(value => fits.test(value) && !/^-[0.]+$/.test(value))
  return all ? scale : undefined
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Objects that know their members, and lists of one kind; anything else is JSON. */
function structuredSchema(values: readonly unknown[]): TSchema {
  if (values.length > 0 && values.every(isObject)) return objectSchema(values)
  if (values.length > 0 && values.every(value => Array.isArray(value))) {
    const elements = values.flat()
    if (elements.length === 0) return list(json())
    return list(bare(schemaOf(elements, 'json')))
  }
  return json()
}

function objectSchema(values: readonly Readonly<Record<string, unknown>>[]): TSchema {
  const names = [...new Set(values.flatMap(Object.keys))]
  if (names.length === 0 || names.length > 200 || !names.every(isFoundMember) || names.includes('__proto__'))
    return json()
  const members = names.map(name => {
    const there = values.map(value => value[name]).filter(value => value !== undefined && value !== null)
    return [name, Type.Optional(bare(schemaOf(there, 'json')))] as const
  })
  return object(Object.fromEntries(members))
}

/** One example is enough for a member: that of the whole. */
function bare(schema: TSchema): TSchema {
  const { examples: _, ...rest } = schema as TSchema & { readonly examples?: unknown }
  return rest as TSchema
}

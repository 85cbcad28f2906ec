// A schema as the words that make it.
import Type, { type TSchema } from 'typebox'
import { type Code, call, literal, member, members } from './code.ts'

type Keywords = {
  readonly type?: unknown
  readonly format?: string
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly TSchema[]
  readonly properties?: Readonly<Record<string, TSchema>>
  readonly additionalProperties?: unknown
  readonly items?: TSchema
  readonly maxItems?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly title?: string
  readonly description?: string
  readonly readOnly?: boolean
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly xml?: { readonly name?: string }
  readonly 'x-decimal'?: { readonly digits: number; readonly scale: number }
  readonly 'x-exclusiveMinimum'?: string
  readonly 'x-minimum'?: string
  readonly 'x-maximum'?: string
  readonly 'x-unique'?: boolean
  readonly 'x-reference'?: string
  readonly 'x-translatable'?: boolean
}

/** Notes which words of `@comity/server` are used. */
export type Used = (word: string) => string

/** `optional(text({ max: 80 }))` */
export function fieldCode(schema: TSchema, used: Used): Code {
  const code = valueCode(schema, used)
  return Type.IsOptional(schema) ? call(used('optional'), code) : code
}

export const fieldsCode = (fields: Readonly<Record<string, TSchema>>, used: Used): Code =>
  members(Object.entries(fields).map(([name, schema]) => member(name, fieldCode(schema, used))))

type Options = Readonly<Record<string, unknown>>

/** What every field may say of itself. */
function annotations(words: Keywords): Options {
  return {
    readOnly: words.readOnly,
    default: words.default,
    title: words.title,
    description: words.description,
    example: words.examples?.[0],
    unique: words['x-unique'],
  }
}

/** `word({ … })`; options that are not said are left out. */
function built(word: string, first: readonly Code[], options: Options): Code {
  const said = Object.entries(options).filter(([, value]) => value !== undefined)
  return call(word, ...first, ...(said.length > 0 ? [literal(Object.fromEntries(said))] : []))
}

const unlessSafe = (bound: number | undefined): number | undefined =>
  bound !== undefined && Math.abs(bound) === Number.MAX_SAFE_INTEGER ? undefined : bound

function valueCode(schema: TSchema, used: Used): Code {
  const words = schema as Keywords
  const said = annotations(words)
  const reference = words['x-reference']
  const decimal = words['x-decimal']
  if (reference !== undefined)
    return built(used('reference'), [literal(reference)], {
      ids: words.type === 'integer' ? 'integer' : undefined,
      ...said,
    })
  if (decimal)
    return built(used('decimal'), [], {
      scale: decimal.scale === 2 ? undefined : decimal.scale,
      digits: decimal.digits === 15 ? undefined : decimal.digits,
      over: words['x-exclusiveMinimum'],
      min: words['x-minimum'],
      max: words['x-maximum'],
      ...said,
    })
  if (isWords(words)) {
    const listed = words.enum ?? []
    const options = Object.entries(said).filter(([, value]) => value !== undefined)
    if (options.length === 0) return call(used('oneOf'), ...listed.map(literal))
    return call(used('oneOf'), literal(listed), literal(Object.fromEntries(options)))
  }
  switch (words.type) {
    case 'string':
      if (words.format === 'date') return built(used('date'), [], said)
      if (words.format === 'date-time') return built(used('dateTime'), [], said)
      return words.format === undefined ? textCode(words, used) : any(schema, used)
    case 'integer':
      return built(used('integer'), [], { min: unlessSafe(words.minimum), max: unlessSafe(words.maximum), ...said })
    case 'number':
      return built(used('number'), [], { min: words.minimum, max: words.maximum, ...said })
    case 'boolean':
      return built(used('boolean'), [], said)
    case 'array':
      return words.items
        ? built(used('list'), [fieldCode(words.items, used)], { max: words.maxItems, ...said })
        : any(schema, used)
    case 'object':
      return words.properties && words.additionalProperties === false ? objectCode(words, used) : any(schema, used)
    default:
      return any(schema, used)
  }
}

/** A closed list of words, and what every field may say of itself. */
const annotated: ReadonlySet<string> = new Set(
  'type enum title description readOnly default examples x-unique'.split(' '),
)

const isWords = (words: Keywords): boolean =>
  words.type === 'string' &&
  words.enum !== undefined &&
  Object.keys(words).every(word => annotated.has(word)) &&
  words.enum.every(word => typeof word === 'string')

const textCode = (words: Keywords, used: Used): Code =>
  built(used('text'), [], {
    min: words.minLength,
    max: words.maxLength === 255 ? undefined : (words.maxLength ?? 1_000_000),
    pattern: words.pattern,
    translatable: words['x-translatable'],
    ...annotations(words),
  })

function objectCode(words: Keywords, used: Used): Code {
  const fields = Object.entries(words.properties ?? {}).map(([name, schema]) => member(name, memberCode(schema, used)))
  return built(used('object'), [members(fields)], { element: words.xml?.name, ...annotations(words) })
}

/** What may be left out may be null too: `object` says so by itself. */
function memberCode(schema: TSchema, used: Used): Code {
  const [value, none, ...more] = (schema as Keywords).anyOf ?? []
  if (Type.IsOptional(schema) && value && (none as Keywords | undefined)?.type === 'null' && more.length === 0)
    return call(used('optional'), valueCode(value, used))
  return fieldCode(schema, used)
}

/** A JSON value of any schema. */
function any(schema: TSchema, used: Used): Code {
  const plain = JSON.parse(JSON.stringify(schema)) as Record<string, unknown>
  return call(used('json'), ...(Object.keys(plain).length > 0 ? [literal(plain)] : []))
}

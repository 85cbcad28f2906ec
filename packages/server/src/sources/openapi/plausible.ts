// A schema as examples are made of it: without what would go round in circles, and with a plausible value where it
// leaves everything open. `name` in `/animals` is “Name”, and not a row of random letters.
import { isObject } from './document.ts'
import type { JsonSchema } from './schema.ts'

type Keywords = { readonly [keyword: string]: unknown }

const refPrefix = '#/$defs/'

/** `values`: whether plausible values are put in; else circles are cut, and that is all. */
export function plausible(schema: JsonSchema, values: 'put-in' | 'left-open'): JsonSchema {
  if (typeof schema === 'boolean') return schema
  const definitions = isObject(schema.$defs) ? schema.$defs : {}
  const reached = reachOf(definitions)
  const seen = (one: unknown, within: string | undefined, name: string): unknown => {
    if (Array.isArray(one)) return one.map(each => seen(each, within, name))
    if (!isObject(one)) return one
    const made: Record<string, unknown> = {}
    for (const [keyword, inside] of Object.entries(one)) {
      if (keyword === 'properties' && isObject(inside)) made.properties = members(inside, one.required, within)
      else if (
        keyword === '$defs' ||
        keyword === 'examples' ||
        keyword === 'enum' ||
        keyword === 'const' ||
        keyword === 'default'
      )
        made[keyword] = inside
      else made[keyword] = isObject(inside) || Array.isArray(inside) ? seen(inside, within, name) : inside
    }
    return values === 'put-in' ? withValue(withoutNull(made), name) : made
  }
  const members = (properties: Keywords, required: unknown, within: string | undefined): Keywords =>
    Object.fromEntries(
      Object.entries(properties).flatMap(([name, property]) => {
        const isCircular =
          within !== undefined && refsIn(property).some(ref => ref === within || reached.get(ref)?.has(within))
        if (!isCircular) return [[name, seen(property, within, name)]]
        if (!(Array.isArray(required) && required.includes(name))) return []
        return [[name, isObject(property) && property.type === 'array' ? { ...property, maxItems: 0 } : property]]
      }),
    )
  const made = seen(schema, undefined, 'value') as Keywords
  const cut = Object.entries(definitions).map(([name, definition]) => [name, seen(definition, name, 'value')])
  return { ...made, ...(cut.length > 0 && { $defs: Object.fromEntries(cut) }) }
}

function refsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([keyword, inside]) =>
    keyword === '$ref' && typeof inside === 'string' ? [inside.slice(refPrefix.length)] : refsIn(inside),
  )
}

/** Which definitions each leads to, however far. */
function reachOf(definitions: Keywords): ReadonlyMap<string, ReadonlySet<string>> {
  const direct = new Map(Object.entries(definitions).map(([name, definition]) => [name, refsIn(definition)]))
  return new Map(
    [...direct.keys()].map(name => {
      const found = new Set<string>()
      const waiting = [...(direct.get(name) ?? [])]
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        if (found.has(next)) continue
        found.add(next)
        waiting.push(...(direct.get(next) ?? []))
      }
      return [name, found]
    }),
  )
}

const said = ['examples', 'enum', 'const', 'default', 'pattern', '$ref', 'allOf', 'anyOf', 'oneOf', 'not', 'if']

function withValue(schema: Keywords, name: string): Keywords {
  const { type } = schema
  const [word] = Array.isArray(schema.enum) && schema.examples === undefined ? schema.enum : []
  if (word !== undefined && word !== null && schema.default === undefined) return { ...schema, enum: [word] }
  const isOpen =
    said.every(keyword => schema[keyword] === undefined) && (type !== 'string' || schema.format === undefined)
  if (!isOpen) return schema
  const value =
    type === 'string'
      ? textFor(schema, name)
      : type === 'integer' || type === 'number'
        ? numberFor(schema, type)
        : undefined
  return value === undefined ? schema : { ...schema, examples: [value] }
}

/** What may be null is shown as it is where it is not. */
function withoutNull(schema: Keywords): Keywords {
  const { type, anyOf } = schema
  const alternatives = Array.isArray(anyOf) ? anyOf.filter(one => !(isObject(one) && one.type === 'null')) : []
  const types = Array.isArray(type) ? type.filter(one => one !== 'null') : []
  return {
    ...schema,
    ...(types.length > 0 && { type: types.length === 1 ? types[0] : types }),
    ...(alternatives.length > 0 && { anyOf: alternatives }),
  }
}

function textFor({ minLength = 0, maxLength = 200 }: Keywords, name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .toLowerCase()
  const text = words.charAt(0).toUpperCase() + words.slice(1)
  return text.padEnd(Number(minLength), '.').slice(0, Number(maxLength))
}

function numberFor(schema: Keywords, type: 'integer' | 'number'): number | undefined {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum, multipleOf } = schema as Readonly<
    Record<string, number | undefined>
  >
  const fits = (value: number): boolean =>
    value >= (minimum ?? value) &&
    value > (exclusiveMinimum ?? value - 1) &&
    value <= (maximum ?? value) &&
    value < (exclusiveMaximum ?? value + 1) &&
    (multipleOf === undefined || Number.isInteger(value / multipleOf))
  const candidates = [...(type === 'number' ? [1.5] : []), 1, 10, 100, 1000, 0, minimum, maximum, multipleOf]
  return candidates.find(value => value !== undefined && fits(value) && (type === 'number' || Number.isInteger(value)))
}

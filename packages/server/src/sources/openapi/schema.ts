// A schema of a document as one JSON Schema 2020-12 that stands alone. OpenAPI 3.0 §4.7.24, 3.1 §4.8.24.
import { type Documents, isObject } from './document.ts'
import { followed, type Located, locate, member, membersOf, refOf } from './refs.ts'

export type JsonSchema = boolean | { readonly [keyword: string]: unknown }

/** `request`: what only the server sets need not be sent. `response`: what is only ever sent is not answered. */
export type Direction = 'request' | 'response'

/** Schemas in one, at most. */
const mostSchemas = 20_000

const ofOne: ReadonlySet<string> = new Set([
  'items',
  'additionalProperties',
  'not',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
])
const ofMany: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems'])
const byName: ReadonlySet<string> = new Set(['properties', 'patternProperties', 'dependentSchemas'])
/** What says nothing of values, or is said otherwise here. */
const leftOut: ReadonlySet<string> = new Set([
  '$id',
  '$anchor',
  '$dynamicRef',
  '$dynamicAnchor',
  '$schema',
  '$comment',
  '$defs',
  'definitions',
  'discriminator',
  'xml',
  'externalDocs',
  'deprecated',
  'example',
  'nullable',
  'contentSchema',
  'id',
])

/** Definitions that an example is made of. */
const enoughForExample = 100

function refsIn(value: unknown, depth = 0): readonly string[] {
  if (typeof value !== 'object' || value === null || depth > 32) return []
  const ref = refOf(value)
  return [...(ref === undefined ? [] : [ref]), ...Object.values(value).flatMap(inside => refsIn(inside, depth + 1))]
}

/** Anything goes where a reference leads nowhere, or where there are too many schemas. */
export function standingAlone(documents: Documents, schema: Located, direction: Direction): JsonSchema {
  const names = new Map<string, string>()
  const waiting: (readonly [string, Located])[] = []
  let converted = 0

  const nameOf = (target: Located): string => {
    const key = `${target.base}#${target.pointer}`
    const known = names.get(key)
    if (known !== undefined) return known
    const name = `s${names.size}`
    names.set(key, name)
    waiting.push([name, target])
    return name
  }

  /** An answer is an example: what need not be in it is left out where it would bring in ever more. */
  const isLeft = (name: string, { value, base }: Located, { required }: { readonly required?: unknown }): boolean => {
    if (direction === 'request' || names.size < enoughForExample) return false
    if (Array.isArray(required) && required.includes(name)) return false
    return refsIn(value).some(ref => {
      const target = locate(documents, ref, base)
      return target !== undefined && !names.has(`${target.base}#${target.pointer}`)
    })
  }

  const convert = (located: Located): JsonSchema => {
    const { value, base } = located
    if (typeof value === 'boolean') return value
    if (!isObject(value) || ++converted > mostSchemas) return {}
    const made: Record<string, unknown> = {}
    const ref = refOf(value)
    if (ref !== undefined) {
      const target = locate(documents, ref, base)
      if (target !== undefined) made.$ref = `#/$defs/${nameOf(target)}`
    }
    for (const [keyword, inside] of membersOf(located)) {
      if (keyword === '$ref' || leftOut.has(keyword)) continue
      if (ofOne.has(keyword)) made[keyword] = convert(inside)
      else if (ofMany.has(keyword)) made[keyword] = membersOf(inside).map(([, one]) => convert(one))
      else if (byName.has(keyword))
        made[keyword] = Object.fromEntries(
          membersOf(inside).flatMap(([name, one]) => (isLeft(name, one, value) ? [] : [[name, convert(one)]])),
        )
      else made[keyword] = inside.value
    }
    if (value.example !== undefined && made.examples === undefined) made.examples = [value.example]
    return asToday(made, value, oneWay(documents, located, direction), direction)
  }

  const root = convert(schema)
  const definitions: Record<string, JsonSchema> = {}
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) definitions[next[0]] = convert(next[1])
  if (typeof root === 'boolean' || names.size === 0) return root
  return { ...root, $defs: definitions }
}

/** Properties that go the other way only. */
function oneWay(documents: Documents, schema: Located, direction: Direction): ReadonlySet<string> {
  const mark = direction === 'request' ? 'readOnly' : 'writeOnly'
  const marked = membersOf(member(schema, 'properties')).filter(([, property]) => {
    const isMarked = (value: unknown) => isObject(value) && value[mark] === true
    return isMarked(property.value) || isMarked(followed(documents, property)?.value)
  })
  return new Set(marked.map(([name]) => name))
}

function asToday(
  made: Record<string, unknown>,
  was: { readonly [keyword: string]: unknown },
  otherWay: ReadonlySet<string>,
  direction: Direction,
): JsonSchema {
  if (Array.isArray(made.required)) made.required = made.required.filter(name => !otherWay.has(String(name)))
  else delete made.required
  if (direction === 'response' && isObject(made.properties))
    made.properties = Object.fromEntries(Object.entries(made.properties).filter(([name]) => !otherWay.has(name)))
  // JSON Schema of 2010: a flag that makes the bound beside it exclusive.
  for (const [flag, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const)
    if (typeof was[flag] === 'boolean') {
      delete made[flag]
      if (was[flag] && typeof made[bound] === 'number') {
        made[flag] = made[bound]
        delete made[bound]
      }
    }
  if (was.nullable !== true) return made
  if (typeof made.type === 'string') made.type = [made.type, 'null']
  if (Array.isArray(made.enum) && !made.enum.includes(null)) made.enum = [...made.enum, null]
  return made.$ref === undefined && !Array.isArray(made.allOf) ? made : { anyOf: [made, { type: 'null' }] }
}

// What a structured field is made of, as far as its schema tells: for those who write it in other words than JSON's.
import type { TSchema } from 'typebox'
import { singularOf } from '../define/names.ts'
import { keywordsOf, kindOf } from './field.ts'
import type { FieldKind } from './model.ts'

export type Structure =
  /** An object of the members named, and of no others. */
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, Structure> }
  /** `element`: what one of it is called: `transaction`, in `transactions`. */
  | { readonly kind: 'array'; readonly element: string; readonly of: Structure }
  | { readonly kind: 'value'; readonly as: Exclude<FieldKind, 'json'>; readonly scale: number }
  /** Not told by the schema. */
  | { readonly kind: 'json' }

type Keywords = {
  readonly type?: string
  readonly properties?: Readonly<Record<string, TSchema>>
  readonly patternProperties?: unknown
  readonly additionalProperties?: unknown
  readonly items?: TSchema
  readonly anyOf?: readonly TSchema[]
  readonly xml?: { readonly name?: string }
}

const untold: Structure = { kind: 'json' }
const known = new WeakMap<TSchema, Map<string, Structure>>()

/** The structure of a schema's values; `name` is the member that holds them. Null may stand in any place. */
export function structureOf(schema: TSchema, name: string): Structure {
  const named = known.get(schema) ?? new Map<string, Structure>()
  known.set(schema, named)
  const found = named.get(name)
  if (found !== undefined) return found
  // A schema that holds itself is not told beyond its first round.
  named.set(name, untold)
  const made = describe(schema, name)
  named.set(name, made)
  return made
}

function describe(schema: TSchema, name: string): Structure {
  const as = kindOf(schema)
  if (as !== 'json') return { kind: 'value', as, scale: keywordsOf(schema)['x-decimal']?.scale ?? 0 }
  const words = schema as Keywords
  if (words.type === 'object' && words.properties && words.patternProperties === undefined) {
    const members = Object.entries(words.properties).map(([member, of]) => [member, structureOf(of, member)] as const)
    return { kind: 'object', members: new Map(members) }
  }
  if (words.type === 'array' && words.items && !Array.isArray(words.items))
    return { kind: 'array', element: elementOf(words.items, name), of: structureOf(words.items, name) }
  const [only, ...more] = (words.anyOf ?? []).filter(option => (option as Keywords).type !== 'null')
  return only && more.length === 0 ? structureOf(only, name) : untold
}

/** What OpenAPI's `xml.name` says (3.1.1 §4.8.26); else the singular of the array's name, or `item`. */
function elementOf(items: TSchema, name: string): string {
  const said = (items as Keywords).xml?.name
  if (said !== undefined) return said
  const singular = singularOf(name)
  return singular === name ? 'item' : singular
}

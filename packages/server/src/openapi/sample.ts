// Example values: what the definition says, or one that its schema admits. The same model gives the same examples.

import BigNumber from 'bignumber.js'
import type { TSchema } from 'typebox'
import { fieldOf } from '../model/field.ts'
import { idValue } from '../model/ids.ts'
import type { CollectionModel, Field, Values } from '../model/model.ts'
import { textMatching } from './pattern.ts'

/** UUIDv7s of 2014, for generated ids: an item's, and its parent's. */
const itemId = '0149f2c1-5c00-7a3e-8f4d-2b6c9e1d7a50'
const parentId = '0149f2c0-1a80-7c41-9b2f-6d3e8a5c4f10'
const otherId = '0149f2c2-7e40-7b58-a1c6-4f9d3e2b8c70'

/** One wire value of the field; undefined where none could be made. */
export function sampleOf(field: Field): unknown {
  for (const candidate of candidatesOf(field)) {
    const value = typeof candidate === 'function' ? candidate() : candidate
    if (value !== undefined && field.fault(value) === undefined) return field.normalise(value)
  }
  return undefined
}

/** Several wire values of the field, as unlike as its schema tells them to be; none where none could be made. */
export function samplesOf(field: Field): readonly unknown[] {
  const found = new Map<string, unknown>()
  const words = (field.schema as { enum?: readonly unknown[] }).enum ?? []
  for (const candidate of [...candidatesOf(field), ...words]) {
    const value = typeof candidate === 'function' ? candidate() : candidate
    if (value === undefined || field.fault(value) !== undefined) continue
    const normal = field.normalise(value)
    found.set(JSON.stringify(normal), normal)
  }
  return [...found.values()]
}

function* candidatesOf(field: Field): Generator<unknown> {
  const words = field.schema as { enum?: readonly unknown[]; anyOf?: readonly { const?: unknown }[]; const?: unknown }
  yield field.example
  yield field.byDefault
  yield words.const
  yield words.enum?.[0]
  yield words.anyOf?.[0]?.const
  yield* byKind[field.kind](field.schema as unknown as Bounds)
}

type Bounds = {
  readonly properties?: Readonly<Record<string, TSchema>>
  readonly items?: TSchema
  readonly anyOf?: readonly TSchema[]
  readonly type?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly 'x-reference'?: string
  readonly 'x-minimum'?: string
  readonly 'x-maximum'?: string
  readonly 'x-exclusiveMinimum'?: string
}

const byKind: Readonly<Record<Field['kind'], (schema: Bounds) => Iterable<unknown>>> = {
  text: ({ pattern, minLength = 0, maxLength = 255, 'x-reference': reference }) => [
    reference === undefined ? undefined : otherId,
    pattern === undefined ? 'Some text'.padEnd(minLength, '.').slice(0, maxLength) : textMatching(pattern),
  ],
  integer: ({ minimum, maximum }) => [1, 10, minimum, maximum],
  number: ({ minimum, maximum }) => [1.5, 10.5, minimum, maximum],
  boolean: () => [true, false],
  decimal: ({ 'x-minimum': minimum, 'x-maximum': maximum, 'x-exclusiveMinimum': over }) => [
    '12.50',
    '1',
    minimum,
    maximum,
    over && new BigNumber(over).plus(1).toFixed(),
    over && maximum && new BigNumber(over).plus(maximum).div(2).toFixed(),
  ],
  date: () => ['2014-12-31'],
  'date-time': () => ['2014-12-31T12:00:00.000Z'],
  json: schema => [structured(schema), ...unstructured(schema)],
}

const unstructured = ({ type }: Bounds): readonly unknown[] =>
  type === 'array' ? [[], ['a']] : [{}, { note: 'text' }, [], 'text', 1]

/** Members and elements as their own schemas have them; undefined where those do not say. */
function structured({ properties, items, anyOf }: Bounds): unknown {
  if (properties) return sampleContent(Object.entries(properties).map(([name, member]) => fieldOf(name, member)))
  if (items) {
    const element = sampleOf(fieldOf('element', items))
    return element === undefined ? undefined : [element]
  }
  const [first] = anyOf ?? []
  return first && sampleOf(fieldOf('value', first))
}

/** A member of an item as the server would write it. */
function stored(collection: CollectionModel, field: Field): unknown {
  if (field.access === 'server' && field.name === 'id') return idValue(collection, sampleId(collection, 'as-item'))
  if (field === collection.parentField && collection.parent)
    return idValue(collection.parent, sampleId(collection.parent))
  return sampleOf(field)
}

/** The id of an item in examples of paths; of a parent where it is looked at from below. */
export function sampleId(collection: CollectionModel | undefined, seen: 'as-item' | 'as-parent' = 'as-parent'): string {
  const field = collection?.byName.get('id')
  if (field?.kind === 'integer') return seen === 'as-item' ? '7' : '1'
  if (field === undefined || field.access === 'server') return seen === 'as-item' ? itemId : parentId
  return String(sampleOf(field) ?? 'id')
}

/** An item as it is answered; undefined where a member's schema gave no example. */
export function sampleItem(collection: CollectionModel): Values | undefined {
  return valuesOf(collection.fields, field =>
    isNullable(field) ? (stored(collection, field) ?? null) : stored(collection, field),
  )
}

/** What `fields` of the name and the first member of the definition would leave of it. */
export function samplePart(
  collection: CollectionModel,
): { readonly fields: string; readonly values: Values } | undefined {
  const item = sampleItem(collection)
  const second = collection.fields.find(field => field.access === 'read-write' && field.name !== 'id')
  if (item === undefined || second === undefined) return undefined
  return { fields: `id,${second.name}`, values: { id: item.id, [second.name]: item[second.name] } }
}

/** Content with the given members; those that have no example are left out if they may be. */
export function sampleContent(fields: readonly Field[]): Values | undefined {
  return valuesOf(fields, sampleOf)
}

function valuesOf(fields: readonly Field[], choose: (field: Field) => unknown): Values | undefined {
  const values: Values = {}
  for (const field of fields) {
    const value = choose(field)
    if (value !== undefined) values[field.name] = value
    else if (!isNullable(field)) return undefined
  }
  return values
}

export const isNullable = (field: Field): boolean => field.presence === 'optional'

// Members as handlers compute with them, and back as they travel.
import BigNumber from 'bignumber.js'
import type { LooseEntry } from '../define/fields.ts'
import { decimalText } from '../model/field.ts'
import type { CollectionModel, Field, Values } from '../model/model.ts'
import { type Structure, structureOf } from '../model/structure.ts'

/** Wire values as a handler receives them: decimals are BigNumbers. */
export function enrich(fields: readonly Field[], values: Values): LooseEntry {
  const entry: Record<string, unknown> = { ...values }
  for (const { name, kind } of fields) {
    const value = entry[name]
    if (kind === 'decimal' && typeof value === 'string') entry[name] = new BigNumber(value)
  }
  return entry
}

/**
 * What a handler gave, as wire values. Decimals may be BigNumbers, strings or numbers, and must fit their scale.
 * @throws TypeError where a value is not one of its field: a fault of the handler.
 */
export function toWire(fields: readonly Field[], given: Readonly<Record<string, unknown>>, place: string): Values {
  const values: Values = {}
  for (const [name, value] of Object.entries(given)) {
    const field = fields.find(candidate => candidate.name === name)
    if (!field) throw new TypeError(`${place} has no member “${name}”`)
    values[name] = wireValue(field, value, place)
  }
  return values
}

function wireValue(field: Field, value: unknown, place: string): unknown {
  if (value === null || value === undefined) {
    if (field.presence === 'optional') return null
    throw new TypeError(`${place}.${field.name} must not be null`)
  }
  const text =
    field.kind === 'decimal' ? exactText(field, value, place) : plain(structureOf(field.schema, field.name), value)
  const fault = field.fault(text)
  if (fault !== undefined) throw new TypeError(`${place}.${field.name} ${fault}`)
  return field.normalise(text)
}

function exactText(field: Field, value: unknown, place: string): string {
  const number = new BigNumber(value as BigNumber.Value)
  if (number.decimalPlaces() !== null && (number.decimalPlaces() ?? 0) > field.scale)
    throw new TypeError(
      `${place}.${field.name} has more than ${field.scale} decimals: ${number.toFixed()}; round it first`,
    )
  return decimalText(number, field.scale)
}

/** Every declared member of a new item: what was given, else the default, else null. */
export function complete(collection: CollectionModel, given: Values): Values {
  const values: Values = {}
  for (const field of collection.fields) {
    if (field.access === 'server' && field.name !== 'id') continue
    values[field.name] = Object.hasOwn(given, field.name) ? given[field.name] : (field.byDefault ?? null)
  }
  return values
}

/** A structured value that may hold entries: decimals in it become the strings they travel as, and what is undefined goes. */
function plain(structure: Structure, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (BigNumber.isBigNumber(value))
    return structure.kind === 'value' ? decimalText(value, structure.scale) : value.toFixed()
  if (Array.isArray(value))
    return value.map(element => plain(structure.kind === 'array' ? structure.of : untold, element))
  const members = structure.kind === 'object' ? structure.members : undefined
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      member === undefined ? [] : [[name, plain(members?.get(name) ?? untold, member)]],
    ),
  )
}

const untold: Structure = { kind: 'json' }

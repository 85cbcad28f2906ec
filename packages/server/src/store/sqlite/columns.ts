// A field as a column: its SQL type, and its wire value as a cell and back.
import type { CollectionModel, Field, Values } from '../../model/model.ts'
import { decodeAs, encodeAs } from './cells.ts'

/** What a cell holds. Decimals are integers scaled by ten to the field's `scale`, so that SQL compares them exactly. */
export type Cell = null | number | string | bigint | Uint8Array

/** One row, as SQLite gives it. */
export type Row = readonly Cell[]

/**
 * Columns every table has besides its members': names no camelCase member turns into, or members of their own. `born`
 * is the revision that created the row; 0 where it is older than that column.
 */
export const serverColumns = {
  revision: 'comity_revision',
  born: 'comity_born',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
} as const

/** The SQL type of a member. */
export function columnType(field: Field): 'TEXT' | 'INTEGER' | 'REAL' {
  switch (field.kind) {
    case 'integer':
    case 'boolean':
    case 'decimal':
      return 'INTEGER'
    case 'number':
      return 'REAL'
    case 'text':
    case 'date':
    case 'date-time':
    case 'json':
      return 'TEXT'
  }
}

/** Whether a cell may be null. */
export const isNullable = (field: Field): boolean => field.presence === 'optional'

/** The declared members: all but id, the parent's id and the times, which the engine writes by itself. */
export const declaredFields = (collection: CollectionModel): readonly Field[] =>
  collection.fields.filter(field => field.name !== 'id' && field.access !== 'server')

/** A wire value as a cell; undefined is null. @throws RangeError for a decimal beyond ±(2^53 − 1) scaled. */
export function encode(field: Field, value: unknown): Cell {
  if (value === null || value === undefined) return null
  if (field.stored) return encodeAs(field.stored.as, field, value)
  switch (field.kind) {
    case 'decimal':
      return scaledInteger(String(value), field.scale)
    case 'boolean':
      return value ? 1 : 0
    case 'json':
      return JSON.stringify(value)
    case 'integer':
    case 'number':
      return value as number
    default:
      return value as string
  }
}

function scaledInteger(text: string, scale: number): number {
  const point = text.indexOf('.')
  const fraction = point < 0 ? '' : text.slice(point + 1)
  const scaled = Number((point < 0 ? text : text.slice(0, point)) + fraction.padEnd(scale, '0'))
  if (fraction.length > scale || !Number.isSafeInteger(scaled))
    throw new RangeError(`${text} does not fit a decimal of scale ${scale}`)
  return scaled
}

function decimalText(scaled: number, scale: number): string {
  if (scale === 0) return String(scaled)
  const digits = String(Math.abs(scaled)).padStart(scale + 1, '0')
  return `${scaled < 0 ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** How a cell that is not null becomes a wire value; undefined where the cell is the value. */
function cellDecoder(field: Field): ((cell: never) => unknown) | undefined {
  const { kind, scale, stored } = field
  if (stored) return decodeAs(stored.as, field) as (cell: never) => unknown
  if (kind === 'decimal') return (cell: number) => decimalText(cell, scale)
  if (kind === 'boolean') return (cell: number) => cell === 1
  if (kind === 'json') return (cell: string) => JSON.parse(cell)
  return undefined
}

/** Reads the first cells of a row as the values of `fields`, in their order. */
export function rowDecoder(fields: readonly Field[]): (row: Row) => Values {
  const names = fields.map(field => field.name)
  const decoders = fields.map(cellDecoder)
  return row => {
    const values: Values = {}
    for (let i = 0; i < names.length; i++) {
      const cell = row[i]
      const decode = decoders[i]
      values[names[i] as string] = decode === undefined || cell === null ? cell : decode(cell as never)
    }
    return values
  }
}

/** Reads the cells at `places` as the wire values of `fields`. */
export function keyDecoder(fields: readonly Field[], places: readonly number[]): (row: Row) => readonly unknown[] {
  const decoders = fields.map(cellDecoder)
  return row =>
    places.map((place, i) => {
      const cell = row[place]
      const decode = decoders[i]
      return decode === undefined || cell === null ? cell : decode(cell as never)
    })
}

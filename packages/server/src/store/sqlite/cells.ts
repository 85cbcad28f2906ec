// Values as others keep them in their columns. SQLite lets any column hold anything, so reading never fails: what is not
// in the form that was found is shown as it is.
import { Buffer } from 'node:buffer'
import type { CellForm } from '../../define/existing.ts'
import type { Field } from '../../model/model.ts'

/** What a column of others may hold. */
export type ForeignCell = null | number | bigint | string | Uint8Array

/** The parts of a text that tells an instant, such as `2014-12-31 23:59:59.123+00:00`. */
const instantText = /^(\d{4}-\d{2}-\d{2})([T ])(\d{2}:\d{2})(:\d{2})?(\.\d{1,9})?(Z|[-+]\d{2}:?\d{2})?$/

/** A wire value as a cell of the column's form; the value is not null. */
export function encodeAs(
  as: CellForm | undefined,
  { kind }: Pick<Field, 'kind'>,
  value: unknown,
): null | number | string | Uint8Array {
  if (typeof as === 'object') return instantLike(as.like, String(value))
  switch (as) {
    case 'base64':
      return Buffer.from(String(value), 'base64')
    case 'seconds':
      return Date.parse(String(value)) / 1000
    case 'milliseconds':
      return Date.parse(String(value))
    case 'word':
      return value === true ? 'true' : 'false'
    case 'value':
      return typeof value === 'boolean'
        ? Number(value)
        : typeof value === 'object'
          ? JSON.stringify(value)
          : (value as string)
    default:
      if (kind === 'boolean') return value === true ? 1 : 0
      if (kind === 'json') return JSON.stringify(value)
      // A column of numbers makes a number of the text; one of text keeps every digit.
      return kind === 'integer' || kind === 'number' ? (value as number) : String(value)
  }
}

/** A cell of the column's form as a wire value. */
export function decodeAs(
  as: CellForm | undefined,
  { kind, scale }: Pick<Field, 'kind' | 'scale'>,
): (cell: ForeignCell) => unknown {
  const told = decoderOf(as, kind, scale)
  return cell => {
    if (cell === null) return null
    if (cell instanceof Uint8Array) return base64(cell)
    const value = typeof cell === 'bigint' ? numberOf(cell) : cell
    // NaN is no value of SQLite's; infinity is, and no value of JSON's.
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
    return told(value)
  }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/** A whole number that JavaScript has exactly, else its digits. */
const numberOf = (cell: bigint): number | string => {
  const number = Number(cell)
  return Number.isSafeInteger(number) ? number : String(cell)
}

function decoderOf(as: CellForm | undefined, kind: Field['kind'], scale: number): (cell: number | string) => unknown {
  if (typeof as === 'object') return cell => (typeof cell === 'string' ? (instantOf(cell) ?? cell) : cell)
  if (as === 'seconds' || as === 'milliseconds') {
    const unit = as === 'seconds' ? 1000 : 1
    return cell =>
      typeof cell === 'number' && Math.abs(cell * unit) <= 8.64e15 ? new Date(cell * unit).toISOString() : cell
  }
  if (as === 'value' || as === 'base64') return cell => cell
  switch (kind) {
    case 'boolean':
      return cell => (cell === 1 || cell === 'true' ? true : cell === 0 || cell === 'false' ? false : cell)
    case 'decimal':
      return cell => decimalOf(cell, scale)
    case 'json':
      return cell => (typeof cell === 'string' ? parsed(cell) : cell)
    case 'text':
    case 'date':
    case 'date-time':
      return cell => String(cell)
    default:
      return cell => cell
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** With its scale, unless that would lose digits that are there. */
function decimalOf(cell: number | string, scale: number): string {
  if (typeof cell === 'string') return cell
  const fixed = cell.toFixed(scale)
  return Math.abs(cell) < 1e15 && Number(fixed) === cell ? fixed : String(cell)
}

/** The text of an instant as it travels; what has no offset is in UTC. Undefined where it tells none. */
export function instantOf(text: string): string | undefined {
  const [, day, , time, seconds = ':00', fraction = '', offset = 'Z'] = instantText.exec(text) ?? []
  if (day === undefined) return undefined
  const zone = /^[-+]\d{4}$/.test(offset) ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset
  const at = Date.parse(`${day}T${time}${seconds}${fraction.slice(0, 4)}${zone}`)
  return Number.isNaN(at) ? undefined : new Date(at).toISOString()
}

/** The form of an instant's text: two have the same where they differ in digits only. Undefined where it is none. */
export function formOfInstant(text: string): string | undefined {
  if (instantOf(text) === undefined) return undefined
  const [, , separator, , seconds, fraction = '', offset = ''] = instantText.exec(text) ?? []
  // Text of several offsets has no order.
  if (!['', 'Z', '+00:00', '+0000'].includes(offset)) return undefined
  return `2014-12-31${separator}23:59${seconds ? ':59' : ''}${fraction.replace(/\d/g, '0')}${offset}`
}

function instantLike(like: string, value: string): string {
  const [, , separator = 'T', , seconds, fraction, offset = ''] = instantText.exec(like) ?? []
  const [, day, , time, second = ':00', part = ''] = instantText.exec(value) ?? []
  if (day === undefined) return value
  const digits = fraction === undefined ? '' : part.padEnd(fraction.length, '0').slice(0, fraction.length)
  return `${day}${separator}${time}${seconds ? second : ''}${digits}${offset}`
}

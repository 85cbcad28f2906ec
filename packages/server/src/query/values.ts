// The text of a query's value as the wire value of a field: what it is compared with, which need not be a value that
// the field could take (`amount.gte=0` is a fair question where amounts are over 0).
import { keywordsOf } from '../model/field.ts'
import type { Field, FieldKind } from '../model/model.ts'

export type ValueRead =
  | { readonly kind: 'value'; readonly value: unknown }
  /** `detail` follows the word's name: “must be …”. */
  | { readonly kind: 'refused'; readonly detail: string }

/** Reads a value by its field's kind, into the one form in which the store keeps such values. */
export function readValue(field: Field, text: string): ValueRead {
  // No number or time is longer; what is, is refused without being looked at, in the words for a text that is neither.
  const readable = field.kind === 'text' || text.length <= 64 ? text : '?'
  return readers[field.kind](readable, field)
}

/** Whether a value is one that `readValue` could have given for this field: the check of what a cursor carries. */
export function isValue(field: Field, value: unknown): boolean {
  if (typeof value !== typeOf[field.kind]) return false
  const read = readValue(field, String(value))
  return read.kind === 'value' && read.value === value
}

/** The words of a field that has a closed list of them. */
export function wordsOf(field: Field): readonly string[] | undefined {
  const { enum: words, anyOf } = keywordsOf(field.schema)
  if (field.kind !== 'text') return undefined
  return (words ?? anyOf?.map(option => option.const)) as readonly string[] | undefined
}

const typeOf: Readonly<Record<FieldKind, string>> = {
  text: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  decimal: 'string',
  date: 'string',
  'date-time': 'string',
  json: 'none',
}

const readers: Readonly<Record<FieldKind, (text: string, field: Field) => ValueRead>> = {
  text: readText,
  integer: readInteger,
  number: readNumber,
  boolean: readBoolean,
  decimal: readDecimal,
  date: readDate,
  'date-time': readInstant,
  json: () => refused('is structured and cannot be compared'),
}

function readText(text: string): ValueRead {
  if (text.includes('\0') || !text.isWellFormed()) return refused('must be text without U+0000 and lone surrogates')
  return value(text)
}

function readInteger(text: string): ValueRead {
  const number = Number(text)
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(number))
    return refused('must be a whole number within ±9007199254740991')
  return value(number + 0)
}

function readNumber(text: string): ValueRead {
  const number = Number(text)
  if (!/^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(text) || !Number.isFinite(number))
    return refused('must be a number, such as 12.5')
  return value(number + 0)
}

function readBoolean(text: string): ValueRead {
  return text === 'true' || text === 'false' ? value(text === 'true') : refused('must be true or false')
}

/** Digits beyond the scale are refused unless they are zeros: rounding them would answer another question. */
function readDecimal(text: string, field: Field): ValueRead {
  const { digits, scale } = keywordsOf(field.schema)['x-decimal'] ?? { digits: 15, scale: field.scale }
  const [, sign = '', whole, fraction = ''] = /^(-?)0*(\d+?)(?:\.(\d+?)0*)?$/.exec(text) ?? []
  const places = fraction === '0' ? 0 : fraction.length
  if (whole === undefined || places > scale || whole.length > digits - scale)
    return refused(
      `must be a decimal number with at most ${digits - scale} digits before the point and ${scale} after it`,
    )
  return value(field.normalise(places === 0 ? `${sign}${whole}` : `${sign}${whole}.${fraction}`))
}

const isCalendarDate = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true

function readDate(text: string): ValueRead {
  return isCalendarDate(text) ? value(text) : refused('must be a date that exists, such as 2014-12-31')
}

const instant = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[-+]([01]\d|2[0-3]):[0-5]\d)$/i

/**
 * RFC 3339 §5.6. A bare date is its first instant in UTC. A blank before the offset was a plus sign that was not
 * percent-encoded. Finer fractions than milliseconds are cut, as they are in what is stored.
 */
function readInstant(text: string): ValueRead {
  if (isCalendarDate(text)) return value(`${text}T00:00:00.000Z`)
  const signed = text.replace(/ (\d{2}:\d{2})$/, '+$1')
  const day = instant.exec(signed)?.[1]
  const milliseconds = day !== undefined && isCalendarDate(day) ? Date.parse(signed.toUpperCase()) : Number.NaN
  const normal = Number.isNaN(milliseconds) ? '' : new Date(milliseconds).toISOString()
  // Beyond the years 0000–9999 the form has a sign, and would not sort as text.
  if (normal.length !== 24)
    return refused('must be a date such as 2014-12-31, or an instant with its offset such as 2014-12-31T23:59:59Z')
  return value(normal)
}

const value = (read: unknown): ValueRead => ({ kind: 'value', value: read })
const refused = (detail: string): ValueRead => ({ kind: 'refused', detail })

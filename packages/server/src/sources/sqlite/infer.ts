// What kind of values a column has: what is declared, where the values that are there bear it out; else what they are.
import type { CellForm } from '../../define/existing.ts'
import { type ForeignCell, formOfInstant } from '../../store/sqlite/cells.ts'
import type { CatalogColumn } from './catalog.ts'

export type ColumnType =
  | { readonly kind: 'text'; readonly max: number | undefined }
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'integer' | 'number'; readonly min?: number; readonly max?: number }
  | { readonly kind: 'decimal'; readonly digits: number; readonly scale: number }
  | { readonly kind: 'boolean' | 'date' | 'date-time' | 'json' | 'anything' }

/** A type, and how its values are kept where that is not the usual way. */
export type Inferred = { readonly type: ColumnType; readonly as?: CellForm }

type Value = Exclude<ForeignCell, null>

const is = {
  whole: (value: Value) => typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value)),
  number: (value: Value) => typeof value === 'bigint' || typeof value === 'number',
  text: (value: Value) => typeof value === 'string',
  bytes: (value: Value) => value instanceof Uint8Array,
  date: (value: Value) => typeof value === 'string' && /^\d{4}-(0[1-9]|1[0-2])-([0-2]\d|3[01])$/.test(value),
}

/** @param checks what the table's CHECK constraints say of the column */
export function inferColumn({ type: declared, samples }: CatalogColumn, checks: Checks = {}): Inferred {
  const type = declared.toUpperCase()
  const all = (test: (value: Value) => boolean) => samples.every(test)
  if (/BOOL|^BIT$|^TINYINT\(1\)$/.test(type)) {
    if (all(value => value === 0n || value === 1n)) return { type: { kind: 'boolean' } }
    if (all(value => value === 'true' || value === 'false')) return { type: { kind: 'boolean' }, as: 'word' }
  }
  if (/DATE|TIMESTAMP/.test(type)) {
    const found = inferTime(type, samples)
    if (found) return found
  }
  if (/JSON/.test(type) && all(is.text)) return { type: { kind: 'json' } }
  if (/DEC|NUMERIC|MONEY/.test(type) && all(is.number)) return inferDecimal(type, samples)
  if (/INT/.test(type) && all(is.whole)) return { type: { kind: 'integer', ...checks.bounds } }
  if (/CHAR|CLOB|TEXT|STRING|UUID|GUID|ENUM/.test(type) && all(is.text)) return inferText(type, checks)
  if (/REAL|FLOA|DOUB/.test(type) && all(is.number)) return { type: { kind: 'number', ...checks.bounds } }
  if (/BLOB|BINARY|IMAGE/.test(type) && all(is.bytes)) return bytes
  return inferValues(samples, checks)
}

const bytes: Inferred = { type: { kind: 'text', max: undefined }, as: 'base64' }

function inferValues(samples: readonly Value[], checks: Checks): Inferred {
  const all = (test: (value: Value) => boolean) => samples.length > 0 && samples.every(test)
  if (all(is.whole)) return { type: { kind: 'integer', ...checks.bounds } }
  if (all(is.number)) return { type: { kind: 'number', ...checks.bounds } }
  if (all(is.text)) return inferText('', checks)
  if (all(is.bytes)) return bytes
  return { type: { kind: 'anything' }, as: 'value' }
}

function inferText(type: string, { words }: Checks): Inferred {
  if (words !== undefined && words.length > 0) return { type: { kind: 'words', words } }
  const max = Number(/\(\s*(\d+)\s*\)/.exec(type)?.[1] ?? Number.NaN)
  return { type: { kind: 'text', max: max > 0 ? max : undefined } }
}

/** As CURRENT_TIMESTAMP writes it. */
const usualForm = '2014-12-31 23:59:59'

function inferTime(type: string, samples: readonly Value[]): Inferred | undefined {
  if (samples.length === 0)
    return type === 'DATE' ? { type: { kind: 'date' } } : { type: { kind: 'date-time' }, as: { like: usualForm } }
  if (samples.every(is.date)) return { type: { kind: 'date' } }
  if (samples.every(is.whole)) {
    // Seconds since 1970 reach 10^11 in the year 5138.
    const isFine = samples.some(value => Math.abs(Number(value)) >= 1e11)
    return { type: { kind: 'date-time' }, as: isFine ? 'milliseconds' : 'seconds' }
  }
  const forms = new Set(samples.map(value => (typeof value === 'string' ? formOfInstant(value) : undefined)))
  const [form] = forms
  return forms.size === 1 && form !== undefined ? { type: { kind: 'date-time' }, as: { like: form } } : undefined
}

const mostDigits = 15

function inferDecimal(type: string, samples: readonly Value[]): Inferred {
  const [, precision, places] = /\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)/.exec(type) ?? []
  const scale = places === undefined ? (/MONEY/.test(type) ? 2 : 0) : Number(places)
  const digits = Math.min(Number(precision ?? mostDigits), mostDigits)
  const fits = samples.every(
    value => Math.abs(Number(value)) < 1e15 && Number(Number(value).toFixed(scale)) === Number(value),
  )
  if (precision === undefined && scale === 0) return { type: { kind: 'number' } }
  if (!fits || scale >= digits) return { type: { kind: 'number' } }
  return scale === 0 ? { type: { kind: 'integer' } } : { type: { kind: 'decimal', digits, scale }, as: 'number' }
}

/** What can be told of a column from simple CHECK constraints; the others are left to the database. */
export type Checks = {
  readonly words?: readonly string[]
  readonly bounds?: { readonly min?: number; readonly max?: number }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const numeral = String.raw`(-?\d+(?:\.\d+)?)`

/** `CHECK (status IN ('new', 'paid'))`, `CHECK (stars BETWEEN 1 AND 5)`, `CHECK (price >= 0)`. */
export function checksOf(sql: string, column: string): Checks {
  const called = String.raw`["\[\x60]?${escaped(column)}["\]\x60]?`
  const check = (rest: string) => new RegExp(String.raw`CHECK\s*\(\s*${called}\s*${rest}\s*\)`, 'i').exec(sql)
  const list = check(String.raw`IN\s*\(\s*('(?:[^']|'')*'(?:\s*,\s*'(?:[^']|'')*')*)\s*\)`)?.[1]
  const words = list && [...list.matchAll(/'((?:[^']|'')*)'/g)].map(([, word = '']) => word.replaceAll("''", "'"))
  const [, low, high] = check(`BETWEEN\\s+${numeral}\\s+AND\\s+${numeral}`) ?? []
  const min = low ?? check(`>=\\s*${numeral}`)?.[1]
  const max = high ?? check(`<=\\s*${numeral}`)?.[1]
  const bounds = { ...(min !== undefined && { min: Number(min) }), ...(max !== undefined && { max: Number(max) }) }
  return { ...(words && { words }), ...(Object.keys(bounds).length > 0 && { bounds }) }
}

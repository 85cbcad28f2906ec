// RFC 4180, read: rows as objects, by the names in the header row
import { parse } from 'csv-parse/sync'
import { decodeUtf8 } from '../content/utf8.ts'
import type { Field, Limits, Values } from '../model/model.ts'
import type { Parsed, Shape } from './format.ts'
import { unguardFormula } from './formula.ts'
import { parseText } from './text-form.ts'

type Cell = string | null

/** Stops the parser and says what is wrong with the row it is at. */
class RowFault extends Error {}

const syntaxFaults: ReadonlyMap<unknown, string> = new Map([
  ['CSV_QUOTE_NOT_CLOSED', 'A quoted cell is not closed.'],
  ['CSV_INVALID_CLOSING_QUOTE', 'A closing quote must be followed by a comma or the end of the row.'],
  ['INVALID_OPENING_QUOTE', 'A quote must open its cell; within a quoted cell it is doubled.'],
])

/**
 * Reads content whose first row names its columns. Rows end with CRLF or LF. An empty cell is null; a quoted empty one
 * is empty text, and null where the field is none of text. A member without a column stays absent. A blank line is
 * passed over, but where there is one column only it is a row. A fault comes with the line its row starts at.
 */
export function parseCsv(content: Uint8Array, shape: Shape, expect: 'item' | 'list', limits: Limits): Parsed {
  const decoded = decodeUtf8(content)
  if (decoded.kind === 'malformed') return decoded
  const rows: Values[] = []
  let columns: readonly Field[] | undefined
  let members = 0
  let start = 0 // of the row that is being read, in bytes of the decoded text
  const readRecord = (cells: Cell[]) => {
    members += cells.length
    if (members > limits.members) throw new RowFault(`The content has more than ${limits.members} cells.`)
    if (!columns) columns = readHeader(cells, shape)
    else if (cells.length > 1 || cells[0] !== null || columns.length === 1) rows.push(readRow(cells, columns, limits))
  }
  try {
    parse(decoded.text, {
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: true, // readRow counts, and says it in our words
      cast: (cell, { quoting }) => (cell === '' && !quoting ? null : cell),
      onRecord: (cells: Cell[], { bytes }) => {
        readRecord(cells)
        start = bytes
        return null
      },
    })
  } catch (error) {
    const detail = error instanceof RowFault ? error.message : syntaxFaults.get((error as { code?: unknown }).code)
    if (detail === undefined) throw error
    return { kind: 'malformed', detail, line: lineAt(decoded.text, start) }
  }
  if (!columns) return { kind: 'malformed', detail: 'Expected a header row with the names of the members.', line: 1 }
  if (expect === 'list') return { kind: 'value', value: rows }
  if (rows.length === 1) return { kind: 'value', value: rows[0] }
  return { kind: 'malformed', detail: `Expected one row below the header but found ${rows.length}.` }
}

function readHeader(cells: readonly Cell[], { fields }: Shape): readonly Field[] {
  const columns = cells.map(cell => {
    const field = fields.find(({ name }) => name === cell)
    if (!field) throw new RowFault(`The column ${JSON.stringify(cell ?? '')} is not known.`)
    return field
  })
  const repeated = columns.find((field, index) => columns.indexOf(field) !== index)
  if (repeated) throw new RowFault(`The column "${repeated.name}" is repeated.`)
  return columns
}

function readRow(cells: readonly Cell[], columns: readonly Field[], limits: Limits): Values {
  if (cells.length !== columns.length)
    throw new RowFault(`The row has ${cells.length} cells where the header has ${columns.length}.`)
  const values: Values = {}
  for (const [index, { name, kind }] of columns.entries()) {
    const cell = cells[index] as Cell
    if (cell === null || (cell === '' && kind !== 'text')) values[name] = null
    else if (kind === 'text') values[name] = unguardFormula(cell)
    else {
      const parsed = parseText(cell, kind, limits)
      if (parsed.kind === 'malformed') throw new RowFault(`The cell of the column "${name}" ${parsed.detail}`)
      values[name] = parsed.value
    }
  }
  return values
}

/** The parser's own count takes a CRLF within quotes for two lines. */
function lineAt(text: string, bytes: number): number {
  return new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, bytes)).split('\n').length
}

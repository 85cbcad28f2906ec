// RFC 4180, read: what the cells of a record stand for, whether the content is there as a whole or comes in pieces
import type { Field, Limits, Values } from '../model/model.ts'
import type { Shape } from './format.ts'
import { unguardFormula } from './formula.ts'
import { parseText } from './text-form.ts'

/** Null where nothing stands between the commas. */
export type Cell = string | null

/** What a record is; `header` is the first, `blank` a line with nothing on it. */
export type CsvRecord =
  | { readonly kind: 'header' | 'blank' }
  | { readonly kind: 'row'; readonly values: Values }
  | { readonly kind: 'malformed'; readonly detail: string }

/** The parser's rules: rows end with CRLF or LF, an empty cell is null, a quoted empty one empty text. */
export const csvRules = {
  record_delimiter: ['\r\n', '\n'],
  relax_column_count: true, // the reader of records counts, and says it in our words
  cast: (cell: string, { quoting }: { readonly quoting: boolean }): Cell => (cell === '' && !quoting ? null : cell),
}

const syntaxFaults: ReadonlyMap<unknown, string> = new Map([
  ['CSV_QUOTE_NOT_CLOSED', 'A quoted cell is not closed.'],
  ['CSV_INVALID_CLOSING_QUOTE', 'A closing quote must be followed by a comma or the end of the row.'],
  ['INVALID_OPENING_QUOTE', 'A quote must open its cell; within a quoted cell it is doubled.'],
  ['CSV_MAX_RECORD_SIZE', 'The row is longer than is read.'],
])

/** What the parser holds against the text, in our words; undefined for an error that is none of the text's. */
export const syntaxFault = (error: unknown): string | undefined => syntaxFaults.get((error as { code?: unknown }).code)

/** The line feeds within a record: its lines, but for the one that ends it. */
export function breaksIn(cells: readonly Cell[]): number {
  let breaks = 0
  for (const cell of cells)
    if (cell !== null) for (let at = cell.indexOf('\n'); at !== -1; at = cell.indexOf('\n', at + 1)) breaks++
  return breaks
}

/**
 * Reads records in their order, the header first: one `malformed` there leaves nothing to read the others by. A quoted
 * empty cell is empty text, and null where the field is none of text. A member without a column stays absent.
 */
export function recordReader(shape: Shape, limits: Limits): (cells: readonly Cell[]) => CsvRecord {
  let columns: readonly Field[] | undefined
  return cells => {
    if (columns === undefined) {
      const header = readHeader(cells, shape)
      if (typeof header === 'string') return { kind: 'malformed', detail: header }
      columns = header
      return { kind: 'header' }
    }
    // Where there is one column only, a blank line is a row.
    if (cells.length === 1 && cells[0] === null && columns.length > 1) return { kind: 'blank' }
    return readRow(cells, columns, limits)
  }
}

/** The columns, or what is wrong with them. */
function readHeader(cells: readonly Cell[], { fields }: Shape): readonly Field[] | string {
  const columns: Field[] = []
  for (const cell of cells) {
    const field = fields.find(({ name }) => name === cell)
    if (!field) return `The column ${JSON.stringify(cell ?? '')} is not known.`
    if (columns.includes(field)) return `The column "${field.name}" is repeated.`
    columns.push(field)
  }
  return columns
}

function readRow(cells: readonly Cell[], columns: readonly Field[], limits: Limits): CsvRecord {
  if (cells.length !== columns.length)
    return malformed(`The row has ${cells.length} cells where the header has ${columns.length}.`)
  const values: Values = {}
  let index = 0
  for (const { name, kind } of columns) {
    const cell = cells[index++] as Cell
    if (cell === null || (cell === '' && kind !== 'text')) values[name] = null
    else if (kind === 'text') values[name] = unguardFormula(cell)
    else {
      const parsed = parseText(cell, kind, limits)
      if (parsed.kind === 'malformed') return malformed(`The cell of the column "${name}" ${parsed.detail}`)
      values[name] = parsed.value
    }
  }
  return { kind: 'row', values }
}

const malformed = (detail: string): CsvRecord => ({ kind: 'malformed', detail })

// RFC 4180, read: a content that is there as a whole, as objects by the names in the header row
import { parse } from 'csv-parse/sync'
import { decodeUtf8 } from '../content/utf8.ts'
import type { Limits, Values } from '../model/model.ts'
import { breaksIn, type Cell, csvRules, recordReader, syntaxFault } from './csv-rows.ts'
import type { Expected, Parsed, Shape } from './format.ts'

/** Stops the parser and says what is wrong with the row it is at. */
class RowFault extends Error {}

/**
 * Reads content whose first row names its columns. A blank line is passed over, but where there is one column only it
 * is a row. A fault comes with the line its row starts at.
 */
export function parseCsv(content: Uint8Array, shape: Shape, expect: Expected, limits: Limits): Parsed {
  const decoded = decodeUtf8(content)
  if (decoded.kind === 'malformed') return decoded
  const rows: Values[] = []
  const read = recordReader(shape, limits)
  let members = 0
  let line = 1 // at which the row that is being read starts; the parser takes a CRLF within quotes for two
  const readRecord = (cells: Cell[]) => {
    members += cells.length
    if (members > limits.members) throw new RowFault(`The content has more than ${limits.members} cells.`)
    const record = read(cells)
    if (record.kind === 'malformed') throw new RowFault(record.detail)
    if (record.kind === 'row') rows.push(record.values)
    line += breaksIn(cells) + 1
    return null
  }
  try {
    parse(decoded.text, { ...csvRules, onRecord: readRecord })
  } catch (error) {
    const detail = error instanceof RowFault ? error.message : syntaxFault(error)
    if (detail === undefined) throw error
    return { kind: 'malformed', detail, line }
  }
  if (line === 1) return { kind: 'malformed', detail: noHeader, line }
  if (expect !== 'item') return { kind: 'value', value: rows }
  if (rows.length === 1) return { kind: 'value', value: rows[0] }
  return { kind: 'malformed', detail: `Expected one row below the header but found ${rows.length}.` }
}

export const noHeader = 'Expected a header row with the names of the members.'

// The cells of a CSV row as members of a JSON object.
import { formatJson } from '../output/json-value.ts'

/** `typed`: what looks like a number or a truth value is one; `text`: all is text. Nothing is null either way. */
export type Cells = 'typed' | 'text'

/** @param names of the columns */
export function objectOf(names: readonly (string | null)[], cells: readonly (string | null)[], as: Cells): string {
  return formatJson(Object.fromEntries(names.map((name, at) => [name ?? '', memberOf(cells[at] ?? null, as)])), 0)
}

// Text that a spreadsheet would run is written with an apostrophe before it.
const guarded = /^'+[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/

function memberOf(cell: string | null, as: Cells): unknown {
  if (cell === null) return null
  if (as === 'typed') {
    if (cell === 'true' || cell === 'false') return cell === 'true'
    // What would not be written so again is a word: 007, 1e5, a long id.
    const number = Number(cell)
    if (cell !== '' && String(number) === cell && Number.isFinite(number)) return number
  }
  return guarded.test(cell) ? cell.slice(1) : cell
}

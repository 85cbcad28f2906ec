// A CSV or TSV file: a header row, and a row for each item. Its values are text; what looks like numbers or words for
// true and false throughout a column is read as such, where it can be written back as it was.
import { basename, extname } from 'node:path'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { type Cell, csvRules, syntaxFault } from '../../formats/csv-rows.ts'
import type { FoundList, ReadFile, Row } from '../found.ts'
import { SourceError } from '../source.ts'

type Columns = ReadonlyMap<string, (cell: string) => unknown>

/** @throws SourceError for what is no CSV, and for columns without a name of their own */
export function readCsv(path: string, text: string): ReadFile {
  const bare = text.replace(/^\uFEFF/, '')
  const delimiter = delimiterOf(bare, path)
  const [header = [], ...records] = recordsOf(path, bare, delimiter)
  const names = namesOf(path, header)
  const columns = new Map(names.map((name, at) => [name, readerOf(records.map(record => record[at] ?? null))]))
  const list: FoundList = {
    name: basename(path, extname(path)),
    rows: records.map(record => rowOf(names, record, columns)),
    form: 'text',
    place: basename(path),
  }
  const rules = {
    delimiter,
    record_delimiter: /\r\n/.test(bare) ? '\r\n' : '\n',
    quoted_match: /^$/,
    quote_record_delimiter: true,
  }
  // What had no ids gets some, in a column before the others.
  const written = names.includes('id') ? names : ['id', ...names]
  const mark = text === bare ? '' : '\uFEFF'
  return {
    path,
    text,
    lists: [list],
    things: [],
    writeRow: row => stringify([written.map(name => cellOf(row[name]))], rules),
    write: rows => [mark, stringify([written], rules), ...(rows.get(list.name) ?? [])].join(''),
  }
}

function recordsOf(path: string, text: string, delimiter: string): readonly Cell[][] {
  try {
    return parse(text, { ...csvRules, delimiter, skip_empty_lines: true }) as Cell[][]
  } catch (error) {
    const { lines = 0 } = error as { lines?: number }
    throw new SourceError(
      `${basename(path)} cannot be read at line ${lines}: ${syntaxFault(error) ?? (error as Error).message}`,
      'Mend that line; a cell with commas, quotes or line ends stands in quotes.',
    )
  }
}

function namesOf(path: string, header: readonly Cell[]): readonly string[] {
  const names = header.map(cell => (cell ?? '').trim())
  const repeated = names.find((name, at) => names.indexOf(name) !== at)
  if (names.length === 0 || names.includes('') || repeated !== undefined)
    throw new SourceError(
      names.length === 0
        ? `${basename(path)} is empty.`
        : `${basename(path)} has ${repeated ? `two columns called “${repeated}”` : 'a column without a name'}.`,
      'Its first row names the columns, each by a name of its own.',
    )
  return names
}

/** The one that the first line has most of. */
function delimiterOf(text: string, path: string): string {
  if (path.toLowerCase().endsWith('.tsv')) return '\t'
  const [first = ''] = text.split('\n', 1)
  const count = (delimiter: string) => first.split(delimiter).length
  return [',', ';', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best), ',')
}

function readerOf(cells: readonly Cell[]): (cell: string) => unknown {
  const there = cells.filter(cell => cell !== null && cell !== '') as readonly string[]
  if (there.length > 0 && there.every(cell => cell === 'true' || cell === 'false')) return cell => cell === 'true'
  if (there.length > 0 && there.every(isPlainNumber)) return Number
  return cell => cell
}

/** What comes out again as it went in: not 007, not 1.50. */
const isPlainNumber = (cell: string): boolean =>
  /^-?\d+(\.\d+)?$/.test(cell) && String(Number(cell)) === cell && Math.abs(Number(cell)) <= Number.MAX_SAFE_INTEGER

function rowOf(names: readonly string[], record: readonly Cell[], columns: Columns): Row {
  const row: Record<string, unknown> = {}
  for (const [at, name] of names.entries()) {
    const cell = record[at] ?? null
    const read = columns.get(name)
    if (cell === null) row[name] = null
    else row[name] = cell === '' && read === Number ? null : read?.(cell)
  }
  return row
}

const cellOf = (value: unknown): string | null =>
  value === null || value === undefined ? null : typeof value === 'object' ? JSON.stringify(value) : String(value)

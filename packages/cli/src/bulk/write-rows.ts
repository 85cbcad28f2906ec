// Rows into a file of their format, whole or not at all.
import { stringify } from 'csv-stringify/sync'
import { csvCell } from '../output/formats.ts'
import { formatJson } from '../output/json-value.ts'
import { writeFileAside } from '../output/write-file.ts'
import { namesOfAll, type Row, type Rows } from './rows.ts'

export const rowFormats = ['csv', 'ndjson', 'json', 'sqlite'] as const
export type RowFormat = (typeof rowFormats)[number]

export type Written = {
  readonly path: string
  /** As the user wrote it. */
  readonly shown: string
  readonly format: RowFormat
  /** The names of the columns; those of all rows unless told. */
  readonly columns: readonly string[] | undefined
  /** Of SQLite. */
  readonly table: { readonly name: string; readonly existing: 'replace' | 'refuse' }
}

/** The format that a file's ending stands for. */
export function rowFormatOf(path: string): RowFormat | undefined {
  const ending = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''
  if (ending === 'db' || ending === 'sqlite3' || ending === 'sqlite') return 'sqlite'
  if (ending === 'jsonl') return 'ndjson'
  return rowFormats.find(format => format === ending)
}

export async function writeRows(rows: Rows, written: Written): Promise<void> {
  if (written.format === 'sqlite') {
    const { writeTable } = await import('./write-table.ts')
    return writeTable(rows, written)
  }
  await writeFileAside(written.path, textOfRows(rows, written.format, written.columns))
}

export async function* textOfRows(
  rows: Rows,
  format: Exclude<RowFormat, 'sqlite'>,
  columns: readonly string[] | undefined,
): AsyncGenerator<string, void, undefined> {
  if (format === 'csv') yield* csvText(rows, columns ?? (await namesOfAll(rows)))
  else if (format === 'json') yield* jsonText(rows, columns)
  else for await (const row of rows()) yield `${formatJson(chosen(row, columns), 0)}\n`
}

// RFC 4180, but for its CR LF, which the tools of a shell take for text. Nothing is an empty cell, and empty text a quoted
// one; a lone CR is quoted, since it would end a row for some.
const rules = { record_delimiter: '\n', quoted_match: /^$|\r/ }

async function* csvText(rows: Rows, names: readonly string[]): AsyncGenerator<string, void, undefined> {
  yield stringify([names.map(csvCell)], rules)
  let waiting: (string | null)[][] = []
  const taken = () => {
    const text = stringify(waiting, rules)
    waiting = []
    return text
  }
  for await (const row of rows()) {
    waiting.push(names.map(name => cellOf(row[name])))
    if (waiting.length >= 500) yield taken()
  }
  if (waiting.length > 0) yield taken()
}

const cellOf = (value: unknown): string | null => (value === null || value === undefined ? null : csvCell(value))

async function* jsonText(rows: Rows, columns: readonly string[] | undefined): AsyncGenerator<string, void, undefined> {
  let before = '[\n'
  for await (const row of rows()) {
    yield `${before}${formatJson(chosen(row, columns), 0)}`
    before = ',\n'
  }
  yield before === '[\n' ? '[]\n' : '\n]\n'
}

/** With columns, each row has them all: what is missing is null. */
function chosen(row: Row, columns: readonly string[] | undefined): Row {
  return columns === undefined ? row : Object.fromEntries(columns.map(name => [name, row[name] ?? null]))
}

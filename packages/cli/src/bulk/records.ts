// The rows of a file, one by one and as they are written there; a CSV or NDJSON file may be of any length.
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import type { Parser } from 'csv-parse'
import { UsageError } from '../output/complain.ts'
import { type Line, linesOf } from './lines.ts'

export const fileFormats = ['csv', 'ndjson', 'json'] as const
export type FileFormat = (typeof fileFormats)[number]

export type Record = {
  /** As in the file, without the end of its line; one line of JSON where the file is JSON. */
  readonly text: string
  /** Of CSV: null where nothing stands between the commas. */
  readonly cells: readonly (string | null)[] | undefined
  /** Where it begins: a line of the file, counted from 1; in a JSON file the place in the array. */
  readonly place: number
  /** Of the file, up to the end of this row. */
  readonly bytes: number
}

export type Records = {
  /** Of CSV. */
  readonly header: Record | undefined
  readonly rows: AsyncIterable<Record>
  /** Bytes of the file. */
  readonly size: number
  /** What a place is called. */
  readonly unit: 'line' | 'item'
}

/** JSON is read whole: longer files have better forms. */
const mostJson = 2 ** 28
const longestRow = 16 * 2 ** 20

/** @throws UsageError where the file cannot be read as what it should be */
export async function recordsOf(path: string, shown: string, format: FileFormat): Promise<Records> {
  const { size } = await stat(path).catch(error => {
    throw new UsageError(error.code === 'ENOENT' ? `${shown} is not there` : `${shown} cannot be read: ${error.code}`)
  })
  if (format === 'csv') return csvRecords(path, shown, size)
  if (format === 'ndjson') return { header: undefined, rows: lineRecords(path, shown), size, unit: 'line' }
  if (size > mostJson)
    throw new UsageError(`${shown} is longer than JSON is read`, 'Write it as NDJSON: one object a line.')
  return { header: undefined, rows: itemRecords(await readFile(path, 'utf8'), shown, size), size, unit: 'item' }
}

async function csvRecords(path: string, shown: string, size: number): Promise<Records> {
  const { parse } = await import('csv-parse')
  const stream = createReadStream(path)
  const parser = stream.pipe(
    parse({
      bom: true,
      raw: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: longestRow,
      record_delimiter: ['\r\n', '\n'],
      cast: (cell, { quoting }) => (cell === '' && !quoting ? null : cell),
    }),
  )
  stream.on('error', error => parser.destroy(error))
  const all = csvRows(parser, shown)
  const first = await all.next()
  if (first.done === true) throw new UsageError(`${shown} is empty`, 'The first line of a CSV file names its columns.')
  return { header: first.value, rows: all, size, unit: 'line' }
}

type Parsed = {
  readonly record: readonly (string | null)[]
  readonly raw: string
  readonly info: { readonly bytes: number; readonly lines: number }
}

async function* csvRows(parser: Parser, shown: string): AsyncGenerator<Record, void, undefined> {
  let columns: number | undefined
  try {
    for await (const { record, raw, info } of parser as AsyncIterable<Parsed>) {
      columns ??= record.length
      const text = raw.replace(/^[\r\n]+|[\r\n]+$/g, '')
      const place = info.lines - (text.match(/\n/g)?.length ?? 0)
      if (record.length !== columns)
        throw new UsageError(`${shown}, line ${place} has ${record.length} cells where the first has ${columns}`)
      yield { text, cells: record, place, bytes: info.bytes }
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_'))
      throw new UsageError(`${shown} is no CSV: ${error.message}`)
    throw error
  }
}

async function* lineRecords(path: string, shown: string): AsyncGenerator<Record, void, undefined> {
  let place = 0
  for await (const line of lines(path, shown)) {
    place++
    const text = (place === 1 ? line.text.replace(/^\uFEFF/, '') : line.text).trim()
    if (text === '') continue
    if (!isObject(text)) throw new UsageError(`${shown}, line ${place} is no JSON object`)
    yield { text, cells: undefined, place, bytes: line.to }
  }
}

async function* lines(path: string, shown: string): AsyncGenerator<Line, void, undefined> {
  try {
    yield* linesOf(path, longestRow)
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`${shown}: ${error.message}`)
    throw error
  }
}

async function* itemRecords(text: string, shown: string, size: number): AsyncGenerator<Record, void, undefined> {
  const { formatJson, parseJson } = await import('../output/json-value.ts')
  const value = read(() => parseJson(text.replace(/^\uFEFF/, '')), shown)
  if (!Array.isArray(value)) throw new UsageError(`${shown} is no array`, 'Rows are the objects of an array.')
  for (const [at, item] of value.entries()) {
    if (typeof item !== 'object' || item === null) throw new UsageError(`${shown}, item ${at + 1} is no object`)
    const bytes = Math.round((size * (at + 1)) / value.length)
    yield { text: formatJson(item, 0), cells: undefined, place: at + 1, bytes }
  }
}

function read(parse: () => unknown, shown: string): unknown {
  try {
    return parse()
  } catch (error) {
    throw new UsageError(`${shown} is no JSON: ${(error as Error).message}`)
  }
}

function isObject(text: string): boolean {
  if (!text.startsWith('{')) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

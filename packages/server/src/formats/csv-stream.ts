// RFC 4180, read: a content of any length, in pieces
import { isUtf8 } from 'node:buffer'
import { parse } from 'csv-parse'
import { decodeUtf8 } from '../content/utf8.ts'
import type { Limits } from '../model/model.ts'
import { noHeader } from './csv-reader.ts'
import { breaksIn, type Cell, csvRules, recordReader, syntaxFault } from './csv-rows.ts'
import type { Row, Shape } from './format.ts'
import { linesOf, startOfLine } from './lines.ts'

/** Stops the parser at a fault that has been told as a row. */
class Ended extends Error {}

/** Reads as `parseCsv` does; a row that its columns do not fit is `malformed` by itself, broken quoting ends all. */
export async function* csvRows(
  pieces: AsyncIterable<Uint8Array>,
  shape: Shape,
  limits: Limits,
): AsyncGenerator<readonly Row[], undefined> {
  const read = recordReader(shape, limits)
  let rows: Row[] = []
  let line = 1 // at which the row that is being read starts
  const readRecord = (cells: Cell[]) => {
    const start = line
    line += breaksIn(cells) + 1
    const record = cells.length > limits.members ? tooMany(limits) : read(cells)
    if (record.kind === 'row') rows.push({ kind: 'value', value: record.values, line: start })
    if (record.kind !== 'malformed') return null
    rows.push({ ...record, line: start, extent: start === 1 ? 'rest' : 'row' })
    if (start === 1) throw new Ended()
    return null
  }
  const parser = parse({ ...csvRules, maxRecordSize: limits.body, onRecord: readRecord })
  parser.on('error', () => {}) // each is given to what it was met by
  const give = (bytes: Uint8Array | 'end'): Promise<unknown> =>
    new Promise(resolve => (bytes === 'end' ? parser.end(resolve) : parser.write(bytes, resolve)))
  /** Whether the parser can go on. */
  const feed = async (bytes: Uint8Array | 'end'): Promise<boolean> => {
    const error = await give(bytes)
    if (!error || error instanceof Ended) return !error
    const detail = syntaxFault(error)
    if (detail === undefined) throw error
    rows.push({ kind: 'malformed', detail, line, extent: 'rest' })
    return false
  }
  /** What the parser still holds of whole rows comes first; what is not whole is at fault already. */
  const end = async (detail: string, at: number, column?: number) => {
    await give('end')
    rows.push({ kind: 'malformed', detail, line: at, ...(column !== undefined && { column }), extent: 'rest' })
  }
  const taken = (): readonly Row[] => {
    const batch = rows
    rows = []
    return batch
  }
  for await (const lines of linesOf(pieces, limits.body)) {
    let goesOn = false
    if (lines.kind === 'too-long') await end(`The line has more than ${limits.body} bytes.`, lines.line)
    else if (isUtf8(lines.bytes)) goesOn = await feed(lines.bytes)
    else {
      const decoded = decodeUtf8(lines.bytes)
      if (decoded.kind === 'text') throw new TypeError('two decoders disagree')
      const above = lines.bytes.subarray(0, startOfLine(lines.bytes, decoded.line - 1))
      if (await feed(above)) await end(decoded.detail, lines.line + decoded.line - 1, decoded.column)
    }
    if (rows.length > 0) yield taken()
    if (!goesOn) return
  }
  await feed('end')
  if (line === 1 && rows.length === 0) rows.push({ kind: 'malformed', detail: noHeader, line, extent: 'rest' })
  if (rows.length > 0) yield taken()
}

const tooMany = ({ members }: Limits) =>
  ({ kind: 'malformed', detail: `The row has more than ${members} cells.` }) as const

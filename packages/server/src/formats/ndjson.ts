// NDJSON: a JSON text (RFC 8259) a line, each ended by LF
import { measureJson } from '../content/depth.ts'
import { parseJson } from '../content/parse-json.ts'
import { placeAt } from '../content/utf8.ts'
import type { Limits } from '../model/model.ts'
import type { Expected, Format, ListWriter, Parsed, Row, Shape } from './format.ts'
import { linesOf } from './lines.ts'

const write = (values: unknown): string => `${JSON.stringify(values)}\n`

const listWriter: ListWriter<string> = {
  open: () => '',
  rows: rows => rows.map(write).join(''),
  close: () => '',
}

/** `application/x-ndjson`: an item a line. Blank lines are passed over; lines ended by CRLF are read too. */
export const ndjson: Format<string> = {
  name: 'ndjson',
  mediaType: 'application/x-ndjson',
  contentType: 'application/x-ndjson',
  item: write,
  list: () => listWriter,
  parse,
  rows,
}

function parse(content: Uint8Array, _shape: Shape, expect: Expected, limits: Limits): Parsed {
  const extent = measureJson(content, { depth: Number.POSITIVE_INFINITY, members: limits.members })
  if (extent.kind === 'too-many') {
    const before = new TextDecoder().decode(content.subarray(0, extent.at))
    const detail = `The content has more than ${limits.members} members and elements.`
    return { kind: 'malformed', detail, ...placeAt(before, before.length) }
  }
  const items: unknown[] = []
  for (const row of rowsIn(content, 1, limits)) {
    if (row.kind === 'malformed') {
      const { detail, line, column } = row
      return { kind: 'malformed', detail, line, ...(column !== undefined && { column }) }
    }
    items.push(row.value)
  }
  if (expect !== 'item') return { kind: 'value', value: items }
  if (items.length === 1) return { kind: 'value', value: items[0] }
  return { kind: 'malformed', detail: `Expected one line but found ${items.length}.` }
}

async function* rows(
  pieces: AsyncIterable<Uint8Array>,
  _shape: Shape,
  limits: Limits,
): AsyncGenerator<readonly Row[], undefined> {
  for await (const lines of linesOf(pieces, limits.body)) {
    if (lines.kind === 'lines') yield rowsIn(lines.bytes, lines.line, limits)
    else {
      const detail = `The line has more than ${limits.body} bytes.`
      yield [{ kind: 'malformed', detail, line: lines.line, extent: 'rest' }]
    }
  }
}

const LF = 0x0a
const blanks: ReadonlySet<number | undefined> = new Set([0x20, 0x09, 0x0d])

function rowsIn(bytes: Uint8Array, first: number, limits: Limits): readonly Row[] {
  const rows: Row[] = []
  let line = first
  for (let start = 0; start < bytes.length; line++) {
    const feed = bytes.indexOf(LF, start)
    const end = feed === -1 ? bytes.length : feed
    let from = start
    while (from < end && blanks.has(bytes[from])) from++
    if (from < end) {
      const parsed = parseJson(bytes.subarray(start, end), limits)
      rows.push(parsed.kind === 'value' ? { ...parsed, line } : { ...parsed, line, extent: 'row' })
    }
    start = end + 1
  }
  return rows
}

// Long contents in the formats of lines, piece by piece.
import type { Thing } from './things.ts'

/** Rows of a large import, and of one that is as long as it takes not to be read at once. */
export const mostLines = process.env.COMITY_LONG ? 100_000 : 20_000
export const manyLines = process.env.COMITY_LONG ? 20_000 : 6_000

type LineType = 'text/csv' | 'application/x-ndjson'

/** The line that is to be another: `thing` has other members, or is the line itself. The first is 1. */
export type Odd = { readonly line: number; readonly thing: Thing | string }

const written: Readonly<Record<LineType, (thing: Thing) => string>> = {
  'text/csv': ({ name, rank }) => `"${name}",${rank}\r\n`,
  'application/x-ndjson': thing => `${JSON.stringify(thing)}\n`,
}

/** A header line where the format has one, then so many things; all with names and ranks of their own. */
export function* piecesOf(type: LineType, things: number, odd?: Odd): Generator<string> {
  const header = type === 'text/csv' ? 1 : 0
  let piece = header === 1 ? 'name,rank\r\n' : ''
  for (let at = 0; at < things; at++) {
    const thing = { name: `Thing number ${at}`, rank: at + 14 }
    const isOdd = odd !== undefined && at + 1 + header === odd.line
    if (!isOdd) piece += written[type](thing)
    else piece += typeof odd.thing === 'string' ? odd.thing : written[type]({ ...thing, ...odd.thing })
    if (piece.length < 30_000) continue
    yield piece
    piece = ''
  }
  yield piece
}

export const linesOfThings = (type: LineType, things: number): readonly string[] => [...piecesOf(type, things)]

/** The same as a stream, which is sent without Content-Length. */
export const streamOf = (type: LineType, things: number, odd?: Odd): ReadableStream<Uint8Array> =>
  ReadableStream.from(encoded(piecesOf(type, things, odd)))

function* encoded(pieces: Iterable<string>): Generator<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece)
}

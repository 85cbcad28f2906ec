// A content of any length as items, one after the other, in constant memory.
import type { ProblemError } from '@comity/http'
import type { Filler } from '../access/fill.ts'
import type { Row, RowReader } from '../formats/format.ts'
import type { CollectionModel, Limits, Values } from '../model/model.ts'
import { readNew } from '../versions/convert.ts'
import type { CollectionView } from '../versions/view.ts'
import { shapeOf } from './shape.ts'

/** One item of an import, and the line it starts at. */
export type ImportRow =
  | { readonly kind: 'entry'; readonly values: Values; readonly line: number }
  | { readonly kind: 'invalid'; readonly errors: readonly ProblemError[]; readonly line: number }
  | Extract<Row, { kind: 'malformed' }>

/** Reads the content from its start, some rows at a time. */
export type ImportSource = (collection: CollectionModel) => AsyncIterable<readonly ImportRow[]>

/** What can be read more than once, from its start. */
export type Pieces = () => AsyncIterable<Uint8Array>

/** Rows as new items of the collection, each valid as far as can be told without the database. */
export function importFrom(
  pieces: Pieces,
  reader: RowReader,
  limits: Limits,
  view: CollectionView | undefined,
  fill: Filler,
): ImportSource {
  return async function* (collection) {
    const seen = view?.model ?? collection
    for await (const rows of reader(pieces(), shapeOf(seen, seen.fields), limits))
      yield rows.map((row): ImportRow => {
        if (row.kind === 'malformed') return row
        const read = readNew(view, collection, fill(row.value))
        return { ...read, line: row.line }
      })
  }
}

/** Bytes that are looked at in one go. */
export const pieceSize = 16_384

/** A content in memory, in pieces. */
export async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array, undefined> {
  for (let at = 0; at < bytes.length; at += pieceSize) yield bytes.subarray(at, at + pieceSize)
}

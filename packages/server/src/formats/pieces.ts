// The parts of a document put together.
import type { Values } from '../model/model.ts'
import type { ListWriter, Piece } from './format.ts'

/** The bytes of the parts, one after the other. */
export function bytesOf(...pieces: readonly Piece[]): Uint8Array {
  const [only] = pieces
  if (pieces.length === 1 && only !== undefined) return typeof only === 'string' ? Buffer.from(only) : only
  if (pieces.every(piece => typeof piece === 'string')) return Buffer.from(pieces.join(''))
  return Buffer.concat(pieces.map(piece => (typeof piece === 'string' ? Buffer.from(piece) : piece)))
}

/** A whole list. */
export const listBytes = (writer: ListWriter, rows: readonly Values[]): Uint8Array =>
  rows.length > 0
    ? bytesOf(writer.open(), writer.rows(rows, true), writer.close())
    : bytesOf(writer.open(), writer.close())

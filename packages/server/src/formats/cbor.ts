// RFC 8949: CBOR, with the meaning that JSON gives the same members
import { parseCbor } from './cbor-reader.ts'
import { rowsWriter } from './cbor-writer.ts'
import type { Format, ListWriter, Shape } from './format.ts'

/** §3.2.2: an array whose end is told by a break, so that a list need not be counted before it is sent. */
const openArray = Uint8Array.of(0x9f)
const closeArray = Uint8Array.of(0xff)

const listWriter = ({ fields }: Shape): ListWriter<Uint8Array> => ({
  open: () => openArray,
  rows: rowsWriter(fields),
  close: () => closeArray,
})

/** `application/cbor`: an item is a map, a list an array. Decimals, dates and instants are text, as in JSON. */
export const cbor: Format<Uint8Array> = {
  name: 'cbor',
  mediaType: 'application/cbor',
  contentType: 'application/cbor',
  item: (values, { fields }) => rowsWriter(fields)([values]),
  list: listWriter,
  parse: (content, _shape, _expect, limits) => parseCbor(content, limits),
}

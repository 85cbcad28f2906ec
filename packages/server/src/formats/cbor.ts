// RFC 8949: CBOR, with the meaning that JSON gives the same members. Read: see cbor-reader.ts.
import { encode } from 'cborg'
import type { Values } from '../model/model.ts'
import { parseCbor } from './cbor-reader.ts'
import type { Format, ListWriter } from './format.ts'

/** §3.2.2: an array whose end is told by a break, so that a list need not be counted before it is sent. */
const openArray = Uint8Array.of(0x9f)
const closeArray = Uint8Array.of(0xff)

// Members keep the order they have in the other formats.
const rules = { mapSorter: () => 0, ignoreUndefinedProperties: true }

/** Extension members of a problem may be anything; what CBOR has no word for is told as JSON tells it. */
function encoded(values: Values): Uint8Array {
  try {
    return encode(values, rules)
  } catch {
    return encode(JSON.parse(JSON.stringify(values)), rules)
  }
}

const listWriter: ListWriter<Uint8Array> = {
  open: () => openArray,
  rows: rows => Buffer.concat(rows.map(encoded)),
  close: () => closeArray,
}

/** `application/cbor`: an item is a map, a list an array. Decimals, dates and instants are text, as in JSON. */
export const cbor: Format<Uint8Array> = {
  name: 'cbor',
  mediaType: 'application/cbor',
  contentType: 'application/cbor',
  item: encoded,
  list: () => listWriter,
  parse: (content, _shape, _expect, limits) => parseCbor(content, limits),
}

// RFC 8949 §3, written: items of one shape, their keys encoded once. Plain values are written where they stand; what is
// structured, and numbers that are not whole, are left to the library.
import { encode } from 'cborg'
import type { Field, Values } from '../model/model.ts'

// Members keep the order they have in the other formats.
const rules = { mapSorter: () => 0, ignoreUndefinedProperties: true }

/** Extension members of a problem may be anything; what CBOR has no word for is told as JSON tells it. */
function encoded(value: unknown): Uint8Array {
  try {
    return encode(value, rules)
  } catch {
    return encode(JSON.parse(JSON.stringify(value)), rules)
  }
}

/** What is being written; nothing here waits, so there is one for all. */
let bytes = Buffer.allocUnsafe(64 * 1024)
let at = 0

/** Above this, a buffer that one long value needed is not kept. */
const mostKept = 1024 * 1024

/** Room for so many bytes more. */
function reserve(more: number): void {
  if (at + more <= bytes.length) return
  const larger = Buffer.allocUnsafe(Math.max(2 * bytes.length, at + more))
  bytes.copy(larger, 0, 0, at)
  bytes = larger
}

/** The head of a data item (§3): its major type, and a number of up to 2^53. Reserves nine bytes. */
function writeHead(major: number, count: number): void {
  reserve(9)
  const type = major << 5
  if (count < 24) bytes[at++] = type | count
  else if (count < 0x100) {
    bytes[at++] = type | 24
    bytes[at++] = count
  } else if (count < 0x10000) {
    bytes[at++] = type | 25
    at = bytes.writeUInt16BE(count, at)
  } else if (count < 0x100000000) {
    bytes[at++] = type | 26
    at = bytes.writeUInt32BE(count, at)
  } else {
    bytes[at++] = type | 27
    at = bytes.writeUInt32BE(Math.floor(count / 0x100000000), at)
    at = bytes.writeUInt32BE(count % 0x100000000, at)
  }
}

/** Longer text is measured before it is written. */
const shortText = 64

function writeText(text: string): void {
  const { length } = text
  if (length <= shortText) {
    reserve(2 + length)
    const start = at
    if (length < 24) bytes[at++] = 0x60 | length
    else {
      bytes[at++] = 0x78
      bytes[at++] = length
    }
    let index = 0
    for (; index < length; index++) {
      const code = text.charCodeAt(index)
      if (code > 0x7f) break
      bytes[at++] = code
    }
    if (index === length) return
    at = start
  }
  const size = Buffer.byteLength(text)
  writeHead(3, size)
  reserve(size)
  at += bytes.write(text, at)
}

function writeBytes(piece: Uint8Array): void {
  reserve(piece.length)
  bytes.set(piece, at)
  at += piece.length
}

function writeValue(value: unknown): void {
  if (typeof value === 'string') writeText(value)
  else if (typeof value === 'number' && Number.isSafeInteger(value)) {
    if (value >= 0) writeHead(0, value)
    else writeHead(1, -1 - value)
  } else {
    reserve(1)
    if (value === null || value === undefined) bytes[at++] = 0xf6
    else if (value === true) bytes[at++] = 0xf5
    else if (value === false) bytes[at++] = 0xf4
    else writeBytes(encoded(value))
  }
}

/** Items as maps, one after the other. Members of other names, and those that are undefined, are not written. */
export function rowsWriter(fields: readonly Field[]): (rows: readonly Values[]) => Uint8Array {
  const keys = fields.map(({ name }) => ({ name, key: encode(name) }))
  return rows => {
    at = 0
    for (const values of rows) {
      let present = 0
      for (const { name } of keys) if (values[name] !== undefined) present++
      writeHead(5, present)
      for (const { name, key } of keys) {
        const value = values[name]
        if (value === undefined) continue
        writeBytes(key)
        writeValue(value)
      }
    }
    const written = Buffer.from(bytes.subarray(0, at))
    if (bytes.length > mostKept) bytes = Buffer.allocUnsafe(64 * 1024)
    return written
  }
}

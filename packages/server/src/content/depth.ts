// How deep and how large a JSON text is, counted over its bytes before anything is built from it.
import type { Limits } from '../model/model.ts'

/** The bounds of one content: nesting of arrays and objects, and members and elements in all. */
export type Bounds = Pick<Limits, 'depth' | 'members'>

/**
 * `plain`: within the bounds. `odd`: too, but with escapes of surrogates or numbers so large that the text needs a
 * closer look. Otherwise the bound that was passed, and the byte at which it was.
 */
export type Extent =
  | { readonly kind: 'plain' }
  | { readonly kind: 'odd' }
  | { readonly kind: 'too-deep'; readonly at: number }
  | { readonly kind: 'too-many'; readonly at: number }

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** Digits in a row that a double can always hold without overflow. */
const ordinaryNumber = 300

/**
 * Counts the depth and the members of a JSON text in one pass, building nothing. Of text that is not JSON it says only
 * that it is not too deep or too large to be looked at by a parser. Never throws.
 */
export function measureJson(content: Uint8Array, { depth: deepest, members: most }: Bounds): Extent {
  let kind: 'plain' | 'odd' = 'plain'
  let depth = 0
  let members = 0
  let opened = false // the bracket before this byte has nothing in it yet
  let start = 0 // of the token this byte may belong to
  for (let at = 0; at < content.length; at++) {
    const byte = content[at] as number
    if (byte <= 0x20) continue
    if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
      if (at - start > ordinaryNumber) kind = 'odd'
      depth--
      opened = false
      start = at
      continue
    }
    if (opened) {
      opened = false
      if (++members > most) return { kind: 'too-many', at }
    }
    if (byte === QUOTE) {
      for (at++; at < content.length && content[at] !== QUOTE; at++) {
        if (content[at] !== BACKSLASH) continue
        at++
        // \uD800 to \uDFFF
        if (content[at] === 0x75 && ((content[at + 1] as number) | 0x20) === 0x64) kind = 'odd'
      }
      start = at
    } else if (byte === COMMA) {
      if (at - start > ordinaryNumber) kind = 'odd'
      if (++members > most) return { kind: 'too-many', at }
      start = at
    } else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      if (++depth > deepest) return { kind: 'too-deep', at }
      opened = true
      start = at
    } else if ((byte | 0x20) === 0x65 && isDigit(content[at - 1])) kind = 'odd'
  }
  return { kind: content.length - start > ordinaryNumber ? 'odd' : kind }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}

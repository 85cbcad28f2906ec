// RFC 8949, read: what JSON could say too, and nothing else, so that both formats have one meaning.
import { isUtf8 } from 'node:buffer'
import { decodeFirst, Token, Tokenizer, Type } from 'cborg'
import type { Bounds } from '../content/depth.ts'
import type { Parsed } from './format.ts'

/** Stops the decoder and says what is wrong, and where. */
class CborFault extends Error {
  readonly offset: number

  constructor(detail: string, offset: number) {
    super(detail)
    this.offset = offset
  }
}

const rules = {
  allowIndefinite: true,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: false,
}

/**
 * Reads one CBOR data item of maps with text keys, arrays, text, numbers, true, false and null, within the bounds of
 * JSON. Arrays and maps may be of indefinite length. Refused, with the byte it starts at: any tag, byte strings,
 * undefined, NaN and infinities, integers that a double does not hold, a key that is repeated (§5.6). Never throws.
 */
export function parseCbor(content: Uint8Array, bounds: Bounds): Parsed {
  const tokens = new BoundedTokens(content, bounds)
  try {
    const [value, rest] = decodeFirst(content, { ...rules, rejectDuplicateMapKeys: true, tokenizer: tokens })
    if (rest.length === 0) return { kind: 'value', value }
    return {
      kind: 'malformed',
      detail: 'The content goes on after its data item.',
      offset: content.length - rest.length,
    }
  } catch (error) {
    if (error instanceof CborFault) return { kind: 'malformed', detail: error.message, offset: error.offset }
    const said = (error as Error).message.replace(/^CBOR decode error: /, '')
    return { kind: 'malformed', detail: `The content is not CBOR as it is read here: ${said}.`, offset: tokens.start }
  }
}

/** An array or map whose end has not come; `left` counts its data items, keys included. */
type Open = { readonly kind: 'array' | 'map'; left: number; at: 'key' | 'value' }

/** Tokens that are looked at before anything is built from them, so that no nesting and no length can be a burden. */
class BoundedTokens extends Tokenizer {
  /** Where the token that was read last begins. */
  start = 0
  readonly #bounds: Bounds
  readonly #open: Open[] = []
  #members = 0

  constructor(content: Uint8Array, bounds: Bounds) {
    // The decoder slices plain arrays faster than Buffers.
    super(new Uint8Array(content.buffer, content.byteOffset, content.byteLength), rules)
    this.#bounds = bounds
  }

  override done(): boolean {
    if (!super.done()) return false
    this.start = this._pos
    if (this.#open.length > 0) throw this.#fault('The content ends before its data item does')
    return true
  }

  override next(): Token {
    this.start = this._pos
    const token = super.next()
    const inside = this.#open.at(-1)
    const { type } = token
    if (type === Type.break) this.#close(inside)
    else {
      if (inside) this.#enter(inside, type)
      if (type === Type.array || type === Type.map) this.#begin(type === Type.map ? 'map' : 'array', token.value)
      else if (type === Type.tag)
        throw this.#fault(`Tag ${token.value} is not read; send what it stands for as JSON would`)
      else if (type === Type.bytes) throw this.#fault('Byte strings are not read')
    }
    while (this.#open.at(-1)?.left === 0) this.#open.pop()
    return type === Type.string ? this.#text(token) : token
  }

  #enter(inside: Open, type: Type): void {
    inside.left--
    if (inside.kind === 'map' && inside.at === 'value') {
      inside.at = 'key'
      return
    }
    if (inside.kind === 'map') {
      if (type !== Type.string) throw this.#fault('The key of a map must be text')
      inside.at = 'value'
    }
    if (++this.#members > this.#bounds.members) throw this.#tooMany()
  }

  #begin(kind: Open['kind'], length: number): void {
    if (this.#open.length >= this.#bounds.depth)
      throw this.#fault(`The content nests deeper than ${this.#bounds.depth} levels`)
    // What is declared need not be there: it is counted all the same, since it would have to come.
    if (Number.isFinite(length) && this.#members + length > this.#bounds.members) throw this.#tooMany()
    this.#open.push({ kind, left: kind === 'map' ? 2 * length : length, at: 'key' })
  }

  #close(inside: Open | undefined): void {
    if (inside === undefined || Number.isFinite(inside.left)) throw this.#fault('A break ends nothing here')
    if (inside.kind === 'map' && inside.at === 'value') throw this.#fault('A key has no value')
    inside.left = 0
  }

  /** §3.1: text is UTF-8. The decoder would mend what is not, and drop a byte order mark. */
  #text(token: Token): Token {
    const length = this._pos - this.start
    const head = this.data[this.start] as number
    const bytes = this.data.subarray(this.start + (headLengths.get(head & 0x1f) ?? 1), this._pos)
    if (!isUtf8(bytes)) throw this.#fault('The text is not UTF-8')
    if (bytes[0] !== 0xef || bytes[1] !== 0xbb || bytes[2] !== 0xbf) return token
    return new Token(Type.string, `\uFEFF${token.value}`, length)
  }

  #fault(detail: string): CborFault {
    return new CborFault(`${detail}.`, this.start)
  }

  #tooMany(): CborFault {
    return this.#fault(`The content has more than ${this.#bounds.members} members and elements`)
  }
}

/** §3: by the low five bits of the first byte, how many bytes come before the text. */
const headLengths: ReadonlyMap<number, number> = new Map([
  [24, 2],
  [25, 3],
  [26, 5],
  [27, 9],
])

// RFC 8259 §2–§7: where and why a text is not JSON. Run only over texts that a parser refused or that look odd, since
// it says what the parser does not: the place, in words that do not change from one engine to the next.

/** Why, and the position (in UTF-16 code units) in the text. */
export type JsonFault = { readonly detail: string; readonly at: number }

type Expected = 'value' | 'value or ]' | 'name' | 'name or }' | ':' | ', or ]' | ', or }' | 'end'

const whitespace = /[ \t\n\r]*/y
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const word = /true|false|null/y
const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

const words: Readonly<Record<Expected, string>> = {
  value: 'a value',
  'value or ]': 'a value or "]"',
  name: 'a member name in double quotes',
  'name or }': 'a member name in double quotes or "}"',
  ':': '":"',
  ', or ]': '"," or "]"',
  ', or }': '"," or "}"',
  end: 'the end of the content',
}

/**
 * The first fault of a JSON text. Besides the grammar it refuses what could not be kept: an escaped half of a surrogate
 * pair, which UTF-8 cannot carry (§8.2), and a number beyond the range of a double (§6). Undefined where there is none.
 */
export function findJsonFault(text: string): JsonFault | undefined {
  const open: ('[' | '{')[] = []
  let expected: Expected = 'value'
  for (let at = lengthOf(whitespace, text, 0); ; at += lengthOf(whitespace, text, at)) {
    const character = text[at]
    const unexpected = (): JsonFault => ({ detail: `Expected ${words[expected]} but found ${nameOf(text, at)}.`, at })
    if (expected === 'end') return character === undefined ? undefined : unexpected()
    const inside = (): Expected => (open.length === 0 ? 'end' : open.at(-1) === '[' ? ', or ]' : ', or }')
    if ((character === ']' && expected.endsWith(']')) || (character === '}' && expected.endsWith('}'))) {
      open.pop()
      expected = inside()
      at++
    } else if (character === ',' && expected.startsWith(',')) {
      expected = open.at(-1) === '[' ? 'value' : 'name'
      at++
    } else if (character === ':' && expected === ':') {
      expected = 'value'
      at++
    } else if (character === '"' && expected.startsWith('name')) {
      const string = readString(text, at)
      if (string.kind === 'fault') return string.fault
      expected = ':'
      at = string.end
    } else if (!expected.startsWith('value')) return unexpected()
    else if (character === '[' || character === '{') {
      open.push(character)
      expected = character === '[' ? 'value or ]' : 'name or }'
      at++
    } else if (character === '"') {
      const string = readString(text, at)
      if (string.kind === 'fault') return string.fault
      expected = inside()
      at = string.end
    } else {
      const digits = lengthOf(number, text, at)
      if (digits > 0 && !Number.isFinite(Number(text.slice(at, at + digits))))
        return { detail: 'The number is too large to be kept.', at }
      const length = digits || lengthOf(word, text, at)
      if (length === 0) return unexpected()
      expected = inside()
      at += length
    }
  }
}

type StringEnd =
  | { readonly kind: 'string'; readonly end: number }
  | { readonly kind: 'fault'; readonly fault: JsonFault }

/** A loop and not a pattern: a pattern with a choice inside a repetition runs out of stack on a long string. */
function readString(text: string, start: number): StringEnd {
  const fault = (detail: string, at: number): StringEnd => ({ kind: 'fault', fault: { detail, at } })
  let escapes = false
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x22) {
      const odd = escapes && !(JSON.parse(text.slice(start, at + 1)) as string).isWellFormed()
      if (odd) return fault('The string escapes half of a surrogate pair.', start)
      return { kind: 'string', end: at + 1 }
    }
    if (code < 0x20) return fault(`The string holds ${nameOf(text, at)}, which must be escaped.`, at)
    if (code !== 0x5c) continue
    const length = lengthOf(escapeSequence, text, at)
    if (length === 0) return fault(`The string holds the unknown escape ${text.slice(at, at + 2)}.`, at)
    escapes = true
    at += length - 1
  }
  return fault('The string is not closed.', start)
}

function lengthOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex - at : 0
}

function nameOf(text: string, at: number): string {
  const point = text.codePointAt(at)
  if (point === undefined) return 'the end of the content'
  if (point <= 0x20 || (point >= 0x7f && point <= 0xa0)) return `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
  return JSON.stringify(String.fromCodePoint(point))
}

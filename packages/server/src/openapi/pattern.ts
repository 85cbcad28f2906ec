// ECMA-262 §22.2: the common part of regular expressions, read backwards: a text that the pattern matches.

/** How many times a part is repeated where the pattern leaves it open. */
const few = 2

/**
 * A short text that an anchored or unanchored pattern matches: `^[A-Z]{2}-\d{4}$` gives `AB-1234`. Undefined where the
 * pattern says more than this reads (look-around, back-references, classes by property); the caller checks the text.
 */
export function textMatching(pattern: string): string | undefined {
  const reading: Reading = { pattern, at: 0, taken: 0 }
  const text = readAlternatives(reading)
  return reading.at === pattern.length ? text : undefined
}

type Reading = { readonly pattern: string; at: number; taken: number }

function readAlternatives(reading: Reading): string | undefined {
  const first = readSequence(reading)
  while (reading.pattern[reading.at] === '|') {
    reading.at++
    if (readSequence(reading) === undefined) return undefined
  }
  return first
}

function readSequence(reading: Reading): string | undefined {
  let text = ''
  while (reading.at < reading.pattern.length && !'|)'.includes(reading.pattern[reading.at] ?? '')) {
    const start = reading.at
    const once = readAtom(reading)
    if (once === undefined) return undefined
    const end = reading.at
    const times = readTimes(reading)
    const after = reading.at
    text += times > 0 ? once : ''
    for (let repeated = 1; repeated < times; repeated++) {
      reading.at = start // again, so that a class gives its next character
      text += readAtom(reading) ?? ''
      reading.at = end
    }
    reading.at = after
  }
  return text
}

function readAtom(reading: Reading): string | undefined {
  const character = reading.pattern[reading.at++]
  switch (character) {
    case '^':
    case '$':
      return ''
    case '(':
      return readGroup(reading)
    case '[':
      return readClass(reading)
    case '\\':
      return readEscape(reading)
    case '.':
      return pick(reading, letters)
    default:
      return character
  }
}

function readGroup(reading: Reading): string | undefined {
  const [opening] = /^\?(?::|<[A-Za-z]\w*>)/.exec(reading.pattern.slice(reading.at)) ?? ['']
  reading.at += opening.length
  if (reading.pattern[reading.at] === '?') return undefined
  const text = readAlternatives(reading)
  return reading.pattern[reading.at++] === ')' ? text : undefined
}

function readClass(reading: Reading): string | undefined {
  const [whole, not, members = ''] = /^(\^?)((?:\\.|[^\]\\])*)\]/.exec(reading.pattern.slice(reading.at)) ?? []
  if (whole === undefined) return undefined
  reading.at += whole.length
  const tests = new RegExp(`[${not}${members}]`)
  const fitting = [...printable].filter(character => tests.test(character)).join('')
  return fitting === '' ? undefined : pick(reading, fitting)
}

function readEscape(reading: Reading): string | undefined {
  const character = reading.pattern[reading.at++] ?? ''
  if (character === 'd') return pick(reading, '123456789')
  if (character === 'w') return pick(reading, letters)
  if (character === 's') return ' '
  if (character === 'b') return ''
  return /[A-Za-z0-9]/.test(character) ? undefined : character
}

function readTimes(reading: Reading): number {
  const [whole, sign, least, open, most] =
    /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/.exec(reading.pattern.slice(reading.at)) ?? []
  if (whole === undefined) return 1
  reading.at += whole.length
  if (sign !== undefined) return sign === '?' ? 1 : few
  const atLeast = Number(least)
  return open === '' ? atLeast : Math.max(atLeast, Math.min(few, most === '' ? few : Number(most)))
}

const letters = 'abcdefghijklmnopqrstuvwxyz'
/** In the order in which they are preferred. */
const printable = `${letters.toUpperCase()}${letters}1234567890-_ .,:;/+@#!?'"()&%$*=<>[]{}|~^\`\\`

/** The next of the characters, so that a repeated class does not give `AAA`; within runs only. */
const pick = (reading: Reading, characters: string): string => characters[reading.taken++ % characters.length] ?? ''

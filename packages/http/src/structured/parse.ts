// RFC 9651 §4.2: parsing structured fields. Every function returns undefined where the algorithm says to fail.

import type { BareItem, Dictionary, InnerList, Item, List, Parameters } from './kind.ts'

type Cursor = { readonly text: string; at: number }

const keyPattern = /[a-z*][a-z0-9_\-.*]*/y
const numberPattern = /-?(?:[0-9]{1,12}\.[0-9]{1,3}|[0-9]{1,15})/y
const tokenPattern = /[A-Za-z*][!#$%&'*+\-.^_`|~:/0-9A-Za-z]*/y
const bytesPattern = /:[A-Za-z0-9+/=]*:/y
const datePattern = /@-?[0-9]{1,15}/y
const escaped = /^[0-9a-f]{2}$/

function take(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at
  const match = pattern.exec(cursor.text)
  if (match === null) return undefined
  cursor.at = pattern.lastIndex
  return match[0]
}

function skipSpaces(cursor: Cursor): void {
  while (cursor.text[cursor.at] === ' ') cursor.at++
}

function skipOptionalWhitespace(cursor: Cursor): void {
  while (cursor.text[cursor.at] === ' ' || cursor.text[cursor.at] === '\t') cursor.at++
}

function isAtEnd(cursor: Cursor): boolean {
  return cursor.at >= cursor.text.length
}

/** §4.2.1 and §4.2.2: reads members divided by commas until the end; false where one fails or a comma trails. */
function eachMember(text: string, read: (cursor: Cursor) => boolean): boolean {
  const cursor = { text, at: 0 }
  skipSpaces(cursor)
  while (!isAtEnd(cursor)) {
    if (!read(cursor)) return false
    skipOptionalWhitespace(cursor)
    if (isAtEnd(cursor)) return true
    if (text[cursor.at] !== ',') return false
    cursor.at++
    skipOptionalWhitespace(cursor)
    if (isAtEnd(cursor)) return false
  }
  return true
}

export function readList(text: string): List | undefined {
  const list: (Item | InnerList)[] = []
  const isRead = eachMember(text, cursor => {
    const member = readMember(cursor)
    if (member !== undefined) list.push(member)
    return member !== undefined
  })
  return isRead ? list : undefined
}

export function readDictionary(text: string): Dictionary | undefined {
  const dictionary = new Map<string, Item | InnerList>()
  const isRead = eachMember(text, cursor => {
    const key = take(cursor, keyPattern)
    if (key === undefined) return false
    const member = cursor.text[cursor.at] === '=' ? readValue(cursor) : withParameters(cursor, true)
    if (member !== undefined) dictionary.set(key, member)
    return member !== undefined
  })
  return isRead ? dictionary : undefined
}

export function readItem(text: string): Item | undefined {
  const cursor = { text, at: 0 }
  skipSpaces(cursor)
  const item = readParameterisedItem(cursor)
  skipSpaces(cursor)
  return isAtEnd(cursor) ? item : undefined
}

function readValue(cursor: Cursor): Item | InnerList | undefined {
  cursor.at++
  return readMember(cursor)
}

function readMember(cursor: Cursor): Item | InnerList | undefined {
  return cursor.text[cursor.at] === '(' ? readInnerList(cursor) : readParameterisedItem(cursor)
}

/** §4.2.1.2 */
function readInnerList(cursor: Cursor): InnerList | undefined {
  const items: Item[] = []
  cursor.at++
  while (!isAtEnd(cursor)) {
    skipSpaces(cursor)
    if (cursor.text[cursor.at] === ')') {
      cursor.at++
      return withParameters(cursor, items)
    }
    const item = readParameterisedItem(cursor)
    if (item === undefined) return undefined
    items.push(item)
    if (cursor.text[cursor.at] !== ' ' && cursor.text[cursor.at] !== ')') return undefined
  }
  return undefined
}

function readParameterisedItem(cursor: Cursor): Item | undefined {
  const value = readBareItem(cursor)
  return value === undefined ? undefined : withParameters(cursor, value)
}

/** §4.2.3.2 */
function withParameters<Value>(cursor: Cursor, value: Value): readonly [Value, Parameters] | undefined {
  const parameters = new Map<string, BareItem>()
  while (cursor.text[cursor.at] === ';') {
    cursor.at++
    skipSpaces(cursor)
    const key = take(cursor, keyPattern)
    if (key === undefined) return undefined
    let parameter: BareItem | undefined = true
    if (cursor.text[cursor.at] === '=') {
      cursor.at++
      parameter = readBareItem(cursor)
    }
    if (parameter === undefined) return undefined
    parameters.set(key, parameter)
  }
  return [value, parameters]
}

/** §4.2.3.1. What may not follow a bare item, such as a 16th digit, fails where the next delimiter is expected. */
function readBareItem(cursor: Cursor): BareItem | undefined {
  switch (cursor.text[cursor.at]) {
    case '"':
      return readString(cursor)
    case '?':
      return readBoolean(cursor)
    case ':':
      return readBytes(cursor)
    case '%':
      return readDisplayString(cursor)
    case '@': {
      const date = take(cursor, datePattern)
      return date === undefined ? undefined : { kind: 'date', seconds: Number(date.slice(1)) + 0 }
    }
  }
  const number = take(cursor, numberPattern)
  // Adding 0 makes -0 into 0.
  if (number !== undefined)
    return number.includes('.') ? { kind: 'decimal', value: Number(number) } : Number(number) + 0
  const text = take(cursor, tokenPattern)
  return text === undefined ? undefined : { kind: 'token', text }
}

/** §4.2.5 */
function readString(cursor: Cursor): string | undefined {
  let value = ''
  for (cursor.at++; !isAtEnd(cursor); cursor.at++) {
    let character = cursor.text.charAt(cursor.at)
    if (character === '"') {
      cursor.at++
      return value
    }
    if (character === '\\') {
      character = cursor.text.charAt(++cursor.at)
      if (character !== '"' && character !== '\\') return undefined
    }
    if (character < ' ' || character > '~') return undefined
    value += character
  }
  return undefined
}

/** §4.2.8 */
function readBoolean(cursor: Cursor): boolean | undefined {
  const digit = cursor.text[cursor.at + 1]
  if (digit !== '0' && digit !== '1') return undefined
  cursor.at += 2
  return digit === '1'
}

/** §4.2.7: missing padding and pad bits other than zero are forgiven, as it recommends. */
function readBytes(cursor: Cursor): BareItem | undefined {
  const text = take(cursor, bytesPattern)
  if (text === undefined) return undefined
  try {
    return { kind: 'bytes', bytes: Uint8Array.from(atob(text.slice(1, -1)), character => character.charCodeAt(0)) }
  } catch {
    return undefined
  }
}

/** §4.2.10 */
function readDisplayString(cursor: Cursor): BareItem | undefined {
  if (cursor.text[cursor.at + 1] !== '"') return undefined
  const bytes: number[] = []
  for (cursor.at += 2; !isAtEnd(cursor); cursor.at++) {
    const character = cursor.text.charAt(cursor.at)
    if (character < ' ' || character > '~') return undefined
    if (character === '"') {
      cursor.at++
      return decode(bytes)
    }
    if (character === '%') {
      const digits = cursor.text.slice(cursor.at + 1, cursor.at + 3)
      if (!escaped.test(digits)) return undefined
      bytes.push(Number.parseInt(digits, 16))
      cursor.at += 2
    } else {
      bytes.push(character.charCodeAt(0))
    }
  }
  return undefined
}

function decode(bytes: readonly number[]): BareItem | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes))
    return { kind: 'display', text }
  } catch {
    return undefined
  }
}

// RFC 9651 §4.1: serialising structured fields. Every function returns undefined where the algorithm says to fail.

import type { BareItem, Dictionary, InnerList, Item, List, Parameters } from './kind.ts'

const keyPattern = /^[a-z*][a-z0-9_\-.*]*$/
const tokenPattern = /^[A-Za-z*][!#$%&'*+\-.^_`|~:/0-9A-Za-z]*$/
const printable = /^[ -~]*$/
const largestInteger = 999_999_999_999_999

/** Tells an inner list from an item. RFC 9651 §3.1.1. */
export function isInnerList(member: Item | InnerList): member is InnerList {
  return Array.isArray(member[0])
}

/** The parts joined, or undefined if one of them is. */
function joined(parts: readonly (string | undefined)[], between: string): string | undefined {
  return parts.includes(undefined) ? undefined : parts.join(between)
}

export function writeList(list: List): string | undefined {
  return joined(list.map(writeMember), ', ')
}

/** §4.1.2: the value true is not written. */
export function writeDictionary(dictionary: Dictionary): string | undefined {
  const members = Array.from(dictionary, ([key, member]) =>
    member[0] === true
      ? joined([writeKey(key), writeParameters(member[1])], '')
      : joined([writeKey(key), writeMember(member)], '='),
  )
  return joined(members, ', ')
}

export function writeItem(item: Item): string | undefined {
  return joined([writeBareItem(item[0]), writeParameters(item[1])], '')
}

function writeMember(member: Item | InnerList): string | undefined {
  if (!isInnerList(member)) return writeItem(member)
  return joined(['(', joined(member[0].map(writeItem), ' '), ')', writeParameters(member[1])], '')
}

function writeParameters(parameters: Parameters): string | undefined {
  const parts = Array.from(parameters, ([key, value]) =>
    value === true ? joined([';', writeKey(key)], '') : joined([';', writeKey(key), '=', writeBareItem(value)], ''),
  )
  return joined(parts, '')
}

function writeKey(key: string): string | undefined {
  return keyPattern.test(key) ? key : undefined
}

function writeBareItem(value: BareItem): string | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? writeInteger(value) : writeDecimal(value)
  if (typeof value === 'boolean') return value ? '?1' : '?0'
  if (typeof value === 'string') return printable.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : undefined
  switch (value.kind) {
    case 'decimal':
      return writeDecimal(value.value)
    case 'token':
      return tokenPattern.test(value.text) ? value.text : undefined
    case 'bytes':
      return `:${btoa(Array.from(value.bytes, byte => String.fromCharCode(byte)).join(''))}:`
    case 'date':
      return joined(['@', writeInteger(value.seconds)], '')
    case 'display':
      return writeDisplayString(value.text)
  }
}

/** §4.1.4 */
function writeInteger(value: number): string | undefined {
  return Number.isInteger(value) && Math.abs(value) <= largestInteger ? String(value) : undefined
}

/** §4.1.5: rounded to three digits, a tie to the even one. Works on the digits, since 1.0015 × 1000 is not 1001.5. */
function writeDecimal(value: number): string | undefined {
  const size = Math.abs(value)
  if (!(size <= largestInteger)) return undefined
  const [whole = '0', fraction = ''] = size < 0.000_1 ? [] : String(size).split('.')
  const kept = Number(whole + fraction.slice(0, 3).padEnd(3, '0'))
  const rest = fraction.slice(3)
  const isUp = rest > '5' || (rest === '5' && kept % 2 === 1)
  const thousandths = kept + (isUp ? 1 : 0)
  if (thousandths > largestInteger) return undefined
  const digits = String(thousandths).padStart(4, '0')
  const sign = value < 0 && thousandths > 0 ? '-' : ''
  return `${sign}${digits.slice(0, -3)}.${digits.slice(-3).replace(/0{1,2}$/, '')}`
}

/** §4.1.11 */
function writeDisplayString(text: string): string | undefined {
  if (!text.isWellFormed()) return undefined
  let written = '%"'
  for (const byte of new TextEncoder().encode(text)) {
    const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x22 && byte !== 0x25
    written += isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, '0')}`
  }
  return `${written}"`
}

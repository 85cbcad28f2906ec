// Members as XML elements, and back. A structured member is as deep in elements as its schema tells; what the schema
// does not tell stands as JSON text in the element, and may stand so anywhere.

import { isObject } from '../content/json-value.ts'
import { placeAt } from '../content/utf8.ts'
import type { Limits } from '../model/model.ts'
import type { Structure } from '../model/structure.ts'
import type { Parsed } from './format.ts'
import { formatText, parseText } from './text-form.ts'
import type { Element } from './xml-reader.ts'
import { canStandInXml, escapeXml, isXmlName } from './xml-text.ts'

/** Any bounds: what was just written is read to see whether it comes back. */
const unbounded = { depth: Number.POSITIVE_INFINITY, members: Number.POSITIVE_INFINITY } as const

const jsonText = (value: unknown): string => escapeXml(formatText(value, 'json'))

/** What stands in the element of a structured value that is not null. */
export function writeInside(value: unknown, structure: Structure): string {
  return elementsOf(value, structure) ?? jsonText(value)
}

/** Undefined where the value is not of the structure, or would not come back as it is. */
function elementsOf(value: unknown, structure: Structure): string | undefined {
  switch (structure.kind) {
    case 'json':
      return jsonText(value)
    case 'value': {
      const text = formatText(value, structure.as)
      const back = parseText(structure.as === 'text' ? text : trimmed(text), structure.as, unbounded)
      return back.kind === 'value' && back.value === value && canStandInXml(text) ? escapeXml(text) : undefined
    }
    case 'array':
      if (!Array.isArray(value)) return undefined
      return joined(value.map(each => element(structure.element, each, structure.of)))
    case 'object': {
      if (!isObject(value)) return undefined
      const names = Object.keys(value).filter(name => value[name] !== undefined)
      if (names.some(name => !structure.members.has(name))) return undefined
      const parts: (string | undefined)[] = []
      for (const [name, member] of structure.members)
        if (names.includes(name)) parts.push(element(name, value[name], member))
      return joined(parts)
    }
  }
}

function element(name: string, value: unknown, structure: Structure): string | undefined {
  if (!isXmlName(name)) return undefined
  if (value === null) return `<${name} xsi:nil="true"/>`
  const isScalar = structure.kind === 'value'
  const inside = isScalar ? elementsOf(value, structure) : writeInside(value, structure)
  return inside === undefined ? undefined : `<${name}>${inside}</${name}>`
}

const joined = (parts: readonly (string | undefined)[]): string | undefined =>
  parts.includes(undefined) ? undefined : parts.join('')

/** A document being read. */
export type Reading = { readonly limits: Limits; readonly source: string }

export type Read =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'fault'; readonly parsed: Parsed }

/** The value of a member's element. */
export function readInside(from: Element, structure: Structure, reading: Reading): Read {
  const { localName, children, text, at } = from
  const wrong = attributeFault(from, reading)
  if (wrong) return wrong
  if (isNil(from)) {
    if (text === '' && children.length === 0) return { kind: 'value', value: null }
    return fault(reading, `The element ${localName} is nil and yet holds ${text === '' ? 'elements' : 'text'}.`, at)
  }
  if (structure.kind === 'object' || structure.kind === 'array') {
    if (children.length === 0 && trimmed(text) !== '') return readText(from, 'json', reading)
    return (
      textFault(from, reading) ??
      (structure.kind === 'array' ? readArray : readObject)(from, structure as never, reading)
    )
  }
  if (children.length > 0) return fault(reading, `The element ${localName} must hold text only.`, at)
  return readText(from, structure.kind === 'value' ? structure.as : 'json', reading)
}

function readText({ localName, text, at }: Element, kind: Parameters<typeof parseText>[1], reading: Reading): Read {
  const parsed = parseText(kind === 'text' ? text : trimmed(text), kind, reading.limits)
  return parsed.kind === 'value' ? parsed : fault(reading, `The element ${localName} ${parsed.detail}`, at)
}

function readArray(from: Element, { element, of }: Extract<Structure, { kind: 'array' }>, reading: Reading): Read {
  const values: unknown[] = []
  for (const child of from.children) {
    if (child.localName !== element)
      return fault(reading, `Expected the element ${element} but found ${child.localName}.`, child.at)
    const read = readInside(child, of, reading)
    if (read.kind === 'fault') return read
    values.push(read.value)
  }
  return { kind: 'value', value: values }
}

function readObject(from: Element, { members }: Extract<Structure, { kind: 'object' }>, reading: Reading): Read {
  return readMembers(from, reading, child => {
    const member = members.get(child.localName)
    if (member) return readInside(child, member, reading)
    if (child.children.length > 0) return fault(reading, `The element ${child.localName} is not known here.`, child.at)
    return { kind: 'value', value: child.text }
  })
}

/** An object of the members whose elements `from` holds, each once. */
export function readMembers(from: Element, reading: Reading, read: (child: Element) => Read): Read {
  const members = new Map<string, unknown>()
  for (const child of from.children) {
    if (members.has(child.localName)) return fault(reading, `The element ${child.localName} is repeated.`, child.at)
    const member = read(child)
    if (member.kind === 'fault') return member
    members.set(child.localName, member.value)
  }
  // Makes own members only, whatever their names.
  return { kind: 'value', value: Object.fromEntries(members) }
}

export function textFault({ localName, text, at }: Element, reading: Reading): Read | undefined {
  return trimmed(text) === '' ? undefined : fault(reading, `The element ${localName} must hold elements only.`, at)
}

/** Attributes that say something of the document are passed over; any other would be lost. */
export function attributeFault({ localName, attributes, at }: Element, reading: Reading): Read | undefined {
  for (const name of Object.keys(attributes)) {
    if (name === 'xmlns' || /^(xmlns|xml|xsi):/.test(name) || name.endsWith(':nil')) continue
    return fault(reading, `The element ${localName} has the attribute ${name}; members are elements.`, at)
  }
  return undefined
}

function isNil({ attributes }: Element): boolean {
  for (const [name, value] of Object.entries(attributes))
    if (name.endsWith(':nil')) return trimmed(value) === 'true' || trimmed(value) === '1'
  return false
}

/**
 * Without the blanks of XML at both ends; others, such as a no-break space, are text. A loop and not a pattern, which
 * would start again at each blank of a long run.
 */
function trimmed(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

export function fault(
  { source }: Reading,
  detail: string,
  at: number,
): { readonly kind: 'fault'; readonly parsed: Parsed } {
  return { kind: 'fault', parsed: { kind: 'malformed', detail, ...placeAt(source, at) } }
}

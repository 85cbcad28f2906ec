// XML: an element for each item and member, the list's plural around them. `json` members hold JSON text.
import { decodeUtf8, placeAt } from '../content/utf8.ts'
import type { Limits, Values } from '../model/model.ts'
import type { Format, ListWriter, Parsed, Shape } from './format.ts'
import { formatText, parseText } from './text-form.ts'
import { type Element, readXml } from './xml-reader.ts'
import { escapeXml, xmlDeclaration } from './xml-text.ts'

const instance = 'http://www.w3.org/2001/XMLSchema-instance'
const namespace = ` xmlns:xsi="${instance}"`

/**
 * `application/xml`: `<account><id>…</id></account>`. Null is `<name xsi:nil="true"/>`, empty text an empty element;
 * blanks and line ends in text are kept. Read: namespaces other than that of `nil` are ignored, an unknown member is
 * left for validation to refuse.
 */
export const xml: Format = {
  name: 'xml',
  mediaType: 'application/xml',
  contentType: 'application/xml; charset=utf-8',
  item: (values, shape) => xmlDeclaration + elementWriter(shape, namespace)(values),
  list: listWriter,
  parse,
}

function listWriter(shape: Shape): ListWriter {
  const write = elementWriter(shape, '')
  return {
    open: () => `${xmlDeclaration}<${shape.plural}${namespace}>\n`,
    rows: rows => rows.map(values => `${write(values)}\n`).join(''),
    close: () => `</${shape.plural}>`,
  }
}

function elementWriter({ singular, fields }: Shape, attributes: string): (values: Values) => string {
  const members = fields.map(({ name, kind }) => ({
    name,
    kind,
    nil: `<${name} xsi:nil="true"/>`,
    start: `<${name}>`,
    end: `</${name}>`,
  }))
  return values => {
    let text = `<${singular}${attributes}>`
    for (const { name, kind, nil, start, end } of members) {
      const value = values[name]
      if (value === null || value === undefined) text += nil
      else text += start + escapeXml(formatText(value, kind)) + end
    }
    return `${text}</${singular}>`
  }
}

type Reading = { readonly shape: Shape; readonly limits: Limits; readonly source: string }
type Read = { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'fault'; readonly parsed: Parsed }

function parse(content: Uint8Array, shape: Shape, expect: 'item' | 'list', limits: Limits): Parsed {
  const decodedContent = decodeUtf8(content)
  if (decodedContent.kind === 'malformed') return decodedContent
  const reading = { shape, limits, source: decodedContent.text }
  const document = readXml(reading.source, limits)
  if (document.kind === 'malformed') return fault(reading, document.detail, document.at).parsed
  const { root } = document
  const read = expect === 'item' ? readItem(root, reading) : readList(root, reading)
  return read.kind === 'value' ? read : read.parsed
}

function readList(root: Element, reading: Reading): Read {
  const wrong = elementFault(root, reading.shape.plural, reading) ?? textFault(root, reading)
  if (wrong) return wrong
  const items: unknown[] = []
  for (const child of root.children) {
    const read = readItem(child, reading)
    if (read.kind === 'fault') return read
    items.push(read.value)
  }
  return { kind: 'value', value: items }
}

function readItem(element: Element, reading: Reading): Read {
  const wrong = elementFault(element, reading.shape.singular, reading) ?? textFault(element, reading)
  if (wrong) return wrong
  const members = new Map<string, unknown>()
  for (const child of element.children) {
    if (members.has(child.localName)) return fault(reading, `The element ${child.localName} is repeated.`, child.at)
    const read = readMember(child, reading)
    if (read.kind === 'fault') return read
    members.set(child.localName, read.value)
  }
  // Makes own members only, whatever their names.
  return { kind: 'value', value: Object.fromEntries(members) }
}

function readMember(element: Element, reading: Reading): Read {
  const { localName, text, at } = element
  const wrong = attributeFault(element, reading)
  if (wrong) return wrong
  const field = reading.shape.fields.find(({ name }) => name === localName)
  if (!field) return { kind: 'value', value: text }
  if (element.children.length > 0) return fault(reading, `The element ${localName} must hold text only.`, at)
  if (isNil(element)) {
    if (text !== '') return fault(reading, `The element ${localName} is nil and yet holds text.`, at)
    return { kind: 'value', value: null }
  }
  const parsed = parseText(field.kind === 'text' ? text : trimmed(text), field.kind, reading.limits)
  if (parsed.kind === 'malformed') return fault(reading, `The element ${localName} ${parsed.detail}`, at)
  return parsed
}

function elementFault(element: Element, expected: string, reading: Reading): Read | undefined {
  if (element.localName === expected) return attributeFault(element, reading)
  return fault(reading, `Expected the element ${expected} but found ${element.localName}.`, element.at)
}

function textFault(element: Element, reading: Reading): Read | undefined {
  if (trimmed(element.text) === '') return undefined
  return fault(reading, `The element ${element.localName} must hold elements only.`, element.at)
}

/** Attributes that say something of the document are passed over; any other would be lost. */
function attributeFault({ localName, attributes, at }: Element, reading: Reading): Read | undefined {
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

function fault({ source }: Reading, detail: string, at: number): { readonly kind: 'fault'; readonly parsed: Parsed } {
  return { kind: 'fault', parsed: { kind: 'malformed', detail, ...placeAt(source, at) } }
}

// XML: an element for each item and member, the list's plural around them. Structured members: see xml-members.ts.
import { decodeUtf8 } from '../content/utf8.ts'
import type { Field, Limits, Values } from '../model/model.ts'
import { type Structure, structureOf } from '../model/structure.ts'
import type { Expected, Format, ListWriter, Parsed, Shape } from './format.ts'
import { formatText } from './text-form.ts'
import {
  attributeFault,
  fault,
  type Read,
  type Reading,
  readInside,
  readMembers,
  textFault,
  writeInside,
} from './xml-members.ts'
import { type Element, readXml } from './xml-reader.ts'
import { escapeXml, xmlDeclaration } from './xml-text.ts'

const instance = 'http://www.w3.org/2001/XMLSchema-instance'
const namespace = ` xmlns:xsi="${instance}"`

/**
 * `application/xml`: `<account><id>…</id></account>`. Null is `<name xsi:nil="true"/>`, empty text an empty element;
 * blanks and line ends in text are kept. Read: namespaces other than that of `nil` are ignored, an unknown member is
 * left for validation to refuse.
 */
export const xml: Format<string> = {
  name: 'xml',
  mediaType: 'application/xml',
  contentType: 'application/xml; charset=utf-8',
  item: (values, shape) => xmlDeclaration + elementWriter(shape, namespace)(values),
  list: listWriter,
  parse,
}

function listWriter(shape: Shape): ListWriter<string> {
  const write = elementWriter(shape, '')
  return {
    open: () => `${xmlDeclaration}<${shape.plural}${namespace}>\n`,
    rows: rows => rows.map(values => `${write(values)}\n`).join(''),
    close: () => `</${shape.plural}>`,
  }
}

function elementWriter({ singular, fields }: Shape, attributes: string): (values: Values) => string {
  const members = fields.map(({ name, kind, schema }) => ({
    name,
    kind,
    structure: kind === 'json' ? structureOf(schema, name) : undefined,
    nil: `<${name} xsi:nil="true"/>`,
    start: `<${name}>`,
    end: `</${name}>`,
  }))
  return values => {
    let text = `<${singular}${attributes}>`
    for (const { name, kind, structure, nil, start, end } of members) {
      const value = values[name]
      if (value === null || value === undefined) text += nil
      else text += start + (structure ? writeInside(value, structure) : escapeXml(formatText(value, kind))) + end
    }
    return `${text}</${singular}>`
  }
}

type ShapeReading = Reading & { readonly shape: Shape }

function parse(content: Uint8Array, shape: Shape, expect: Expected, limits: Limits): Parsed {
  const decodedContent = decodeUtf8(content)
  if (decodedContent.kind === 'malformed') return decodedContent
  const reading = { shape, limits, source: decodedContent.text }
  const document = readXml(reading.source, limits)
  if (document.kind === 'malformed') return fault(reading, document.detail, document.at).parsed
  const { root } = document
  const { singular, plural } = shape
  const isList = expect === 'list' || (expect === 'either' && root.localName === plural && plural !== singular)
  const read = isList ? readList(root, reading) : readItem(root, reading)
  return read.kind === 'value' ? read : read.parsed
}

function readList(root: Element, reading: ShapeReading): Read {
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

function readItem(element: Element, reading: ShapeReading): Read {
  const wrong = elementFault(element, reading.shape.singular, reading) ?? textFault(element, reading)
  if (wrong) return wrong
  return readMembers(element, reading, child => {
    const field = reading.shape.fields.find(({ name }) => name === child.localName)
    if (field) return readInside(child, structureIn(field), reading)
    return attributeFault(child, reading) ?? { kind: 'value', value: child.text }
  })
}

const structureIn = ({ kind, scale, schema, name }: Field): Structure =>
  kind === 'json' ? structureOf(schema, name) : { kind: 'value', as: kind, scale }

function elementFault(element: Element, expected: string, reading: Reading): Read | undefined {
  if (element.localName === expected) return attributeFault(element, reading)
  return fault(reading, `Expected the element ${expected} but found ${element.localName}.`, element.at)
}

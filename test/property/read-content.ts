// A body of any format as the JSON value that it stands for, by the schema that describes it.
import { parse as parseCsv } from 'csv-parse/sync'
import { SaxesParser } from 'saxes'

export type Schema = Readonly<Record<string, unknown>>
export type Resolve = (schema: unknown) => Schema

/** The first of the alternatives: the one that has every member. */
export function fullest(schema: unknown, resolve: Resolve): Schema {
  const resolved = resolve(schema)
  return Array.isArray(resolved.anyOf) && resolved.properties === undefined
    ? fullest(resolved.anyOf[0], resolve)
    : resolved
}

/** What a schema may be one of: an item, or a list of them. */
export function alternativesOf(schema: unknown, resolve: Resolve): readonly Schema[] {
  const resolved = resolve(schema)
  return Array.isArray(resolved.anyOf) && resolved.properties === undefined
    ? resolved.anyOf.flatMap(one => alternativesOf(one, resolve))
    : [resolved]
}

/** The alternative for a list, or for one; the first where there is none. */
export function alternativeFor(schema: unknown, resolve: Resolve, kind: 'list' | 'one'): Schema {
  const isWanted = ({ type }: Schema) => (type === 'array') === (kind === 'list')
  return alternativesOf(schema, resolve).find(isWanted) ?? fullest(schema, resolve)
}

/** A line each; one that is described as an item stands for it. @throws where a line is no JSON. */
export function fromNdjson(text: string, schema: unknown, resolve: Resolve): unknown {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line has no end')
  const values = text
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line))
  if (alternativeFor(schema, resolve, values.length === 1 ? 'one' : 'list').type === 'array') return values
  if (values.length !== 1) throw new Error(`${values.length} lines where one item is described`)
  return values[0]
}

type Element = {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Element[]
  text: string
}

/** @throws where the text is not well-formed, or an element has not the name that the schema gives it. */
export function fromXml(text: string, schema: unknown, resolve: Resolve): unknown {
  const root = treeOf(text)
  const alternatives = alternativesOf(schema, resolve)
  const isNamed = ({ xml }: Schema) => (xml as { name?: string } | undefined)?.name === root.name
  const named = alternatives.find(isNamed) ?? fullest(schema, resolve)
  expectName(root, named)
  return readElement(root, named, resolve)
}

function treeOf(text: string): Element {
  const open: Element[] = [{ name: '', attributes: {}, children: [], text: '' }]
  const parser = new SaxesParser({ xmlns: false })
  parser.on('error', error => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    const element: Element = { name, attributes, children: [], text: '' }
    open.at(-1)?.children.push(element)
    open.push(element)
  })
  parser.on('text', piece => {
    const element = open.at(-1)
    if (element) element.text += piece
  })
  parser.on('closetag', () => void open.pop())
  parser.write(text).close()
  const [root] = open[0]?.children ?? []
  if (root === undefined) throw new Error('no element')
  return root
}

function expectName({ name }: Element, { xml }: Schema): void {
  const expected = (xml as { name?: string } | undefined)?.name
  if (expected !== undefined && name !== expected) throw new Error(`<${name}> where <${expected}> is described`)
}

function readElement(element: Element, schema: Schema, resolve: Resolve): unknown {
  if (element.attributes['xsi:nil'] === 'true') return null
  if ([schema.type].flat().includes('array')) {
    const items = fullest(schema.items ?? {}, resolve)
    return element.children.map(child => {
      expectName(child, items)
      return readElement(child, items, resolve)
    })
  }
  const properties = schema.properties as Readonly<Record<string, unknown>> | undefined
  if (properties !== undefined || element.children.length > 0)
    return Object.fromEntries(
      element.children.map(child => [
        child.name,
        readElement(child, fullest(properties?.[child.name] ?? {}, resolve), resolve),
      ]),
    )
  return scalarOf(element.text, schema)
}

function scalarOf(text: string, { type }: Schema): unknown {
  const types = Array.isArray(type) ? type : [type]
  if ((types.includes('integer') || types.includes('number')) && text !== '') return Number(text)
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

const isStructured = ({ type }: Schema): boolean => ['object', 'array'].some(name => [type].flat().includes(name))

/** @throws where the text is no CSV, or its rows are not of one length. */
export function fromCsv(text: string, schema: unknown, resolve: Resolve): unknown {
  const isOne = text.split('\r\n').length === 3 // header, row, nothing: a cell may hold breaks too
  const top = alternativeFor(schema, resolve, isOne ? 'one' : 'list')
  const item = top.type === 'array' ? fullest(top.items ?? {}, resolve) : top
  const properties = item.properties as Readonly<Record<string, unknown>>
  const [header = [], ...rows] = parseCsv(text, {
    record_delimiter: '\r\n',
    cast: (cell, { quoting, header }) => (cell === '' && !quoting && !header ? null : unguarded(cell)),
  }) as (string | null)[][]
  const values = rows.map(row =>
    Object.fromEntries(
      row.map((cell, at) => {
        const name = header[at] ?? ''
        const described = fullest(properties[name] ?? {}, resolve)
        if (cell !== null && isStructured(described)) return [name, JSON.parse(cell)]
        return [name, cell === null ? null : scalarOf(cell, described)]
      }),
    ),
  )
  if (top.type === 'array') return values
  if (values.length !== 1) throw new Error(`${values.length} rows where one item is described`)
  return values[0]
}

/** An apostrophe stands before what a spreadsheet would take for a formula. */
const unguarded = (cell: string): string =>
  /^'+[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(cell) ? cell.slice(1) : cell

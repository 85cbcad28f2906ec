// The content of an answer as a value that can be selected from: JSON, NDJSON, CSV, XML, CBOR; other text as its lines.
import type { HttpResponse, XmlNode } from '@comity/client'
import { parseJson } from './json-value.ts'

const isText = (type: string): boolean => /^text\/|^application\/(?:yaml|x-yaml|javascript|xml)$/.test(type)

/**
 * @throws SyntaxError where JSON is not well-formed; DecodeError of the client for the others; Unreadable where the
 * content is of a type that has no values here.
 */
export async function readValue(response: HttpResponse): Promise<unknown> {
  const { type } = response
  if (/ndjson|jsonl|json-seq/.test(type)) return valuesOfLines(await response.text())
  if (type === 'text/csv') return response.csv()
  if (/^(?:application|text)\/xml$|\+xml$/.test(type)) return valueOfXml(await response.xml())
  if (/[/+]json$/.test(type)) return fromJson(await response.text())
  if (/[/+]cbor$/.test(type)) return fromCbor(await response.bytes())
  const text = type === '' || isText(type) ? await response.text() : undefined
  if (text === undefined) throw new Unreadable(`The content is ${type}, which cannot be read as values`)
  if (text === '') return undefined
  try {
    return parseJson(text)
  } catch {
    return linesOf(text)
  }
}

/** Content that has no values. */
export class Unreadable extends Error {}

async function fromCbor(content: Uint8Array): Promise<unknown> {
  const { valueOfCbor } = await import('./cbor-value.ts')
  try {
    return valueOfCbor(content)
  } catch (error) {
    throw new Unreadable(`The content says that it is CBOR, and cannot be read as that: ${(error as Error).message}`)
  }
}

function fromJson(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    return parseJson(text)
  } catch (error) {
    throw new Unreadable(`The content says that it is JSON, and is not: ${(error as Error).message}`)
  }
}

export function valuesOfLines(text: string): readonly unknown[] {
  return text
    .replaceAll('\u001e', '\n')
    .split('\n')
    .flatMap(line => (line.trim() === '' ? [] : [fromJson(line)]))
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r\n|\n/)
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

/**
 * An element as a value: text alone where it has nothing else; children of one and the same name, more than one, as an
 * array; else an object of its children by name and its attributes by `@name`.
 */
export function valueOfXml({ attributes, children, text }: XmlNode): unknown {
  const names = Object.keys(attributes)
  if (children.length === 0 && names.length === 0) return text
  const first = children[0]?.name
  if (names.length === 0 && children.length > 1 && children.every(({ name }) => name === first))
    return children.map(valueOfXml)
  const value: Record<string, unknown> = Object.create(null)
  for (const name of names) value[`@${name}`] = attributes[name]
  for (const [name, alike] of Map.groupBy(children, child => child.name)) {
    const values = alike.map(valueOfXml)
    value[name] = values.length === 1 ? values[0] : values
  }
  if (text.trim() !== '') value['#text'] = text.trim()
  return value
}

// A value in XML, as the schema where it stands says. OpenAPI 3.1 §4.8.26
import { escapeXml, isXmlName, xmlDeclaration } from '../../formats/xml-text.ts'
import { type Documents, isObject } from './document.ts'
import { followed, type Located, member, membersOf, refOf } from './refs.ts'

/** Levels that are written. */
const deepest = 32

/** The document; what has no name that XML allows is left out. */
export function xmlOf(documents: Documents, schema: Located, value: unknown): string {
  const name = wordsOf(documents, schema).name ?? refOf(schema.value)?.split('/').at(-1) ?? 'root'
  return xmlDeclaration + element(documents, isXmlName(name) ? name : 'root', schema, value, 0)
}

type XmlWords = { readonly name?: string; readonly isAttribute: boolean; readonly isWrapped: boolean }

function wordsOf(documents: Documents, schema: Located): XmlWords {
  const words = [schema, followed(documents, schema)]
    .map(at => (isObject(at?.value) ? at.value.xml : undefined))
    .find(isObject)
  if (words === undefined) return { isAttribute: false, isWrapped: false }
  const name = typeof words.name === 'string' ? words.name : undefined
  const isNamed = name !== undefined && isXmlName(name)
  return { ...(isNamed && { name }), isAttribute: words.attribute === true, isWrapped: words.wrapped === true }
}

/** The schema of a member, wherever the parts of its object say it. */
function memberOf(documents: Documents, schema: Located, name: string, depth = 0): Located {
  const here = followed(documents, schema)
  const nowhere = { value: undefined, base: schema.base, pointer: '' }
  if (here === undefined || depth > 8) return nowhere
  const own = member(member(here, 'properties'), name)
  if (own.value !== undefined) return own
  for (const keyword of ['allOf', 'oneOf', 'anyOf'])
    for (const [, part] of membersOf(member(here, keyword))) {
      const found = memberOf(documents, part, name, depth + 1)
      if (found.value !== undefined) return found
    }
  return nowhere
}

function element(documents: Documents, name: string, schema: Located, value: unknown, depth: number): string {
  if (value === null || value === undefined || depth > deepest) return ''
  if (Array.isArray(value)) return elements(documents, name, schema, value, depth)
  if (!isObject(value)) return `<${name}>${escapeXml(String(value))}</${name}>`
  let attributes = ''
  let inside = ''
  for (const [key, each] of Object.entries(value)) {
    const of = memberOf(documents, schema, key)
    const words = wordsOf(documents, of)
    const called = words.name ?? key
    if (!isXmlName(called)) continue
    if (words.isAttribute) attributes += ` ${called}="${escapeXml(String(each)).replaceAll('"', '&quot;')}"`
    else inside += element(documents, called, of, each, depth + 1)
  }
  return `<${name}${attributes}>${inside}</${name}>`
}

function elements(
  documents: Documents,
  name: string,
  schema: Located,
  values: readonly unknown[],
  depth: number,
): string {
  const here = followed(documents, schema)
  const items = here ? member(here, 'items') : schema
  const { isWrapped } = wordsOf(documents, schema)
  const called = wordsOf(documents, items).name ?? name
  const inside = values.map(each => element(documents, called, items, each, depth + 1)).join('')
  // A list that is the whole document needs an element around it.
  return isWrapped || depth === 0 ? `<${name}>${inside}</${name}>` : inside
}

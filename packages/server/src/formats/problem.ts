// RFC 9457: a problem as content, in JSON (§3) and in XML (appendix B)
import type { Problem } from '@comity/http'
import { escapeXml, isXmlName, xmlDeclaration } from './xml-text.ts'

/** Levels of an extension member that are written in XML. */
const deepest = 16

/** The Content-Type of each. */
export const problemTypes = { json: 'application/problem+json', xml: 'application/problem+xml' } as const

/**
 * The document. Never fails: an extension member that has no form in the format (a cycle, a function, a name that no
 * XML element can have, null in XML) is left out.
 */
export function writeProblem(problem: Problem, format: 'json' | 'xml'): string {
  const text = jsonOf(problem) ?? jsonOf(Object.fromEntries(writable(problem))) ?? '{}'
  if (format === 'json') return text
  // Through JSON, so that both documents say the same of a date or any other object.
  return `${xmlDeclaration}<problem xmlns="urn:ietf:rfc:7807">${membersOf(JSON.parse(text), 1)}</problem>`
}

function writable(problem: Problem): readonly (readonly [string, unknown])[] {
  return Object.keys(problem).flatMap(name => {
    const text = jsonOf({ member: problem[name] })
    return text === undefined ? [] : [[name, (JSON.parse(text) as { member?: unknown }).member]]
  })
}

function jsonOf(value: object): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

function membersOf(value: object, depth: number): string {
  return Object.entries(value)
    .map(([name, member]) => (isXmlName(name) ? element(name, member, depth) : ''))
    .join('')
}

// Appendix B: an array is a sequence of <i> elements
function element(name: string, value: unknown, depth: number): string {
  if (value === null || depth > deepest) return ''
  if (typeof value !== 'object') return `<${name}>${escapeXml(String(value))}</${name}>`
  const inside = Array.isArray(value)
    ? value.map(member => element('i', member, depth + 1)).join('')
    : membersOf(value, depth + 1)
  return `<${name}>${inside}</${name}>`
}

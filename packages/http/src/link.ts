// RFC 8288: web linking; RFC 8187: parameters beyond ASCII
import { endOfQuoted, endOfToken, isToken, nextMember, quote, skipSpace, unquote } from './field-syntax.ts'

/**
 * A link. `target` is the reference as written, unresolved. `rel` holds the relation types in lower case. `params` are
 * the other parameters, names in lower case, without prototype; `title*` and its like are decoded and stand without
 * the star.
 */
export type Link = {
  readonly target: string
  readonly rel: readonly string[]
  readonly params: Readonly<Record<string, string>>
}

/** Reads a Link field, in the order sent (RFC 8288 §3). A link that is not well-formed is left out. */
export function parseLinks(field: string): readonly Link[] {
  const links: Link[] = []
  let at = nextMember(field, 0)
  while (at < field.length) {
    const targetEnd = field.charCodeAt(at) === 60 ? field.indexOf('>', at + 1) : -1
    if (targetEnd === -1) {
      at = nextMember(field, endOfLink(field, at))
      continue
    }
    const target = field.slice(at + 1, targetEnd).trim()
    const params: Record<string, string> = Object.create(null)
    const starred: Record<string, string> = Object.create(null)
    at = readParams(field, targetEnd + 1, params, starred)
    const isWhole = at === field.length || field.charCodeAt(at) === 44
    if (isWhole) links.push(linkOf(target, params, starred))
    at = nextMember(field, isWhole ? at : endOfLink(field, at))
  }
  return links
}

function linkOf(target: string, params: Record<string, string>, starred: Record<string, string>): Link {
  const rel = params.rel?.toLowerCase().split(/[ \t]+/) ?? []
  delete params.rel
  // §3.4.1: what is written with a star is preferred
  return { target, rel: rel.filter(type => type !== ''), params: Object.assign(params, starred) }
}

// Reads what follows the target into both records; the index where reading stopped, at a comma or the end if all is well.
function readParams(
  field: string,
  start: number,
  params: Record<string, string>,
  starred: Record<string, string>,
): number {
  let at = skipSpace(field, start)
  while (field.charCodeAt(at) === 59) {
    at = skipSpace(field, at + 1)
    const nameEnd = endOfToken(field, at)
    if (nameEnd === at) continue // an empty parameter; anything else stops the loop
    const name = field.slice(at, nameEnd).toLowerCase()
    let value = ''
    at = skipSpace(field, nameEnd)
    if (field.charCodeAt(at) === 61) {
      const valueStart = skipSpace(field, at + 1)
      const quoted = field.charCodeAt(valueStart) === 34
      at = quoted ? endOfQuoted(field, valueStart) : endOfBare(field, valueStart)
      if (at === -1) return valueStart
      value = quoted ? unquote(field, valueStart, at) : field.slice(valueStart, at)
      at = skipSpace(field, at)
    }
    if (name.endsWith('*')) {
      const decoded = decodeExtended(value)
      if (decoded !== undefined) starred[name.slice(0, -1)] ??= decoded
    } else params[name] ??= value // §3.3, §3.4.1: the first counts
  }
  return at
}

// Looser than a token, because §3 lets older senders leave media types and URIs unquoted.
function endOfBare(field: string, start: number): number {
  let at = start
  for (; at < field.length; at++) {
    const code = field.charCodeAt(at)
    if (code === 44 || code === 59 || code === 32 || code === 9 || code === 34) break
  }
  return at
}

// The comma that ends a link, not counting those inside quotes or angle brackets.
function endOfLink(field: string, start: number): number {
  let inside: 'nothing' | 'quotes' | 'brackets' = 'nothing'
  for (let at = start; at < field.length; at++) {
    const code = field.charCodeAt(at)
    if (inside === 'quotes') {
      if (code === 92) at++
      else if (code === 34) inside = 'nothing'
    } else if (inside === 'brackets') {
      if (code === 62) inside = 'nothing'
    } else if (code === 34) inside = 'quotes'
    else if (code === 60) inside = 'brackets'
    else if (code === 44) return at
  }
  return field.length
}

// RFC 8187 §3.2: charset'language'percent-encoded; undefined where it cannot be read
function decodeExtended(value: string): string | undefined {
  const charsetEnd = value.indexOf("'")
  const languageEnd = value.indexOf("'", charsetEnd + 1)
  if (charsetEnd === -1 || languageEnd === -1) return undefined
  if (value.slice(0, charsetEnd).toLowerCase() !== 'utf-8') return undefined
  try {
    return decodeURIComponent(value.slice(languageEnd + 1))
  } catch {
    return undefined
  }
}

/**
 * Writes a Link field (RFC 8288 §3). Characters that a target may not hold are percent-encoded; a parameter beyond
 * ASCII is written with a star (RFC 8187); one whose name is no token is left out. The empty string for no links.
 */
export function formatLinks(links: readonly Link[]): string {
  return links.map(formatLink).join(', ')
}

function formatLink({ target, rel, params }: Link): string {
  let text = `<${target.toWellFormed().replace(/[^!#-;=?-~]/gu, encodeURIComponent)}>`
  if (rel.length > 0) text += `; rel=${quote(rel.join(' '))}`
  for (const [name, value] of Object.entries(params)) {
    if (!isToken(name)) continue
    text += /^[\t -~]*$/.test(value) ? `; ${name}=${quote(value)}` : `; ${name}*=UTF-8''${encodeExtended(value)}`
  }
  return text
}

function encodeExtended(value: string): string {
  const percentEncode = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  return encodeURIComponent(value.toWellFormed()).replace(/['()*]/g, percentEncode)
}

/**
 * The first link of a relation type, in any case (RFC 8288 §2.1). Links with an `anchor` are passed over: they speak of
 * another resource than the one that was asked (§3.2).
 */
export function findLink(links: readonly Link[], rel: string): Link | undefined {
  const type = rel.toLowerCase()
  return links.find(link => link.params.anchor === undefined && link.rel.includes(type))
}

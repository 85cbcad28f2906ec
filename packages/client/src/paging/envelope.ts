// What a page holds: its items, and where the next one is, in the forms that APIs have.
import { findLink, parseLinks } from '@comity/http'

/** RFC 6901: the value at a pointer (`/data/items`); undefined where there is none. */
export function valueAt(body: unknown, pointer: string): unknown {
  if (pointer === '') return body
  let value = body
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Readonly<Record<string, unknown>>)[name]
  }
  return value
}

/** Names under which envelopes have their items, most usual first. */
const itemNames = ['items', 'data', 'results', 'value', 'records', 'entries', 'content', 'rows']

/** The items of a body: itself where it is an array, else the array in its envelope; undefined where none can be told. */
export function itemsOf(body: unknown): readonly unknown[] | undefined {
  if (Array.isArray(body)) return body
  if (typeof body !== 'object' || body === null) return undefined
  const members = body as Readonly<Record<string, unknown>>
  for (const name of itemNames) {
    const value = Object.hasOwn(members, name) ? members[name] : undefined
    if (Array.isArray(value)) return value
  }
  const arrays = Object.values(members).filter(Array.isArray)
  return arrays.length === 1 ? arrays[0] : undefined
}

/** Where envelopes name the next page, most usual first. */
const nextPointers = [
  '/next',
  '/links/next',
  '/links/next/href',
  '/_links/next/href',
  '/_links/next',
  '/paging/next',
  '/pagination/next',
  '/meta/next',
  '/@odata.nextLink',
  '/nextLink',
  '/next_url',
  '/nextUrl',
]

/** The target of the next page as the response names it: in `Link` (RFC 8288), or in its envelope. */
export function nextTarget(link: string | undefined, body: unknown): string | undefined {
  const found = link === undefined ? undefined : findLink(parseLinks(link), 'next')
  if (found !== undefined) return found.target
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined
  for (const pointer of nextPointers) {
    const value = valueAt(body, pointer)
    // What has neither a path nor a query is a cursor, and no target.
    if (typeof value === 'string' && /^(?:https?:)?\/|^\?/.test(value)) return value
  }
  return undefined
}

/** The URL with another value of a query word. */
export function withWord(url: string, name: string, value: string): string {
  const changed = new URL(url)
  changed.searchParams.set(name, value)
  return changed.href
}

/** Finds that a sequence of URLs comes round, however long the round: all of a short one, some of a long one remembered. */
export function roundFinder(remembered = 1000): (url: string) => boolean {
  const seen = new Set<string>()
  let count = 0
  let stone = ''
  let power = 1
  return url => {
    if (seen.has(url) || url === stone) return true
    if (seen.size < remembered) seen.add(url)
    // Brent: a stone is laid after 1, 2, 4, 8… steps; who walks a round comes upon it.
    if (++count === power) {
      stone = url
      power *= 2
    }
    return false
  }
}

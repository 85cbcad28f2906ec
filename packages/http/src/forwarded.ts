// RFC 7239: Forwarded, by which proxies tell what they hide

import { endOfQuoted, endOfToken, skipSpace, unquote } from './field-syntax.ts'

/** What one proxy says of the request as it came to it. `for` and `by` are addresses without port, or what hides them. */
export type ForwardedElement = {
  readonly for?: string
  readonly by?: string
  readonly host?: string
  readonly proto?: string
}

/** Reads `Forwarded`, the nearest proxy last. A field that is malformed says nothing. RFC 7239 §4. */
export function parseForwarded(field: string | undefined): readonly ForwardedElement[] {
  if (field === undefined) return []
  const elements: ForwardedElement[] = []
  let element: Record<string, string> = {}
  let at = skipSpace(field, 0)
  while (at < field.length) {
    if (field[at] === ',' || field[at] === ';') {
      if (field[at] === ',') elements.push(element)
      if (field[at] === ',') element = {}
      at = skipSpace(field, at + 1)
      continue
    }
    const equals = endOfToken(field, at)
    if (equals === at || field[equals] !== '=') return []
    const start = equals + 1
    const quoted = field[start] === '"'
    const end = quoted ? endOfQuoted(field, start) : endOfToken(field, start)
    if (end <= start) return []
    const name = field.slice(at, equals).toLowerCase()
    // §4: each parameter at most once in an element.
    if (Object.hasOwn(element, name)) return []
    const value = quoted ? unquote(field, start, end) : field.slice(start, end)
    element[name] = name === 'for' || name === 'by' ? withoutPort(value) : value
    at = skipSpace(field, end)
    if (at < field.length && field[at] !== ',' && field[at] !== ';') return []
  }
  elements.push(element)
  return elements
}

/** §6: an IPv6 address is in brackets; a port may follow. */
function withoutPort(node: string): string {
  const [, inBrackets] = /^\[([0-9A-Fa-f:.]+)\](?::[\w.-]+)?$/.exec(node) ?? []
  return inBrackets ?? node.replace(/:[\w.-]+$/, '')
}

/**
 * What is believed of the request of a peer at `address`: an element where it was added by who is trusted, the nearest
 * first. `undefined` where the peer is not trusted, or says nothing. §8.1.
 */
export function believed(
  elements: readonly ForwardedElement[],
  address: string,
  isTrusted: (address: string) => boolean,
): ForwardedElement | undefined {
  let from = address
  let last: ForwardedElement | undefined
  for (const element of elements.toReversed()) {
    if (!isTrusted(from)) break
    last = { ...last, ...element }
    if (element.for === undefined) break
    from = element.for
  }
  return last
}

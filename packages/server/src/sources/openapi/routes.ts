// Which path of the document a request means. OpenAPI 3.1 §4.8.8.2: what has no templates is matched first.
import { type Documents, isObject } from './document.ts'
import { type Operation, operationsAt } from './operation.ts'
import { member, membersOf, rootOf } from './refs.ts'

export type Route = {
  /** As the document has it: `/pets/{petId}`. */
  readonly template: string
  readonly operations: ReadonlyMap<string, Operation>
}

export type Matched = { readonly route: Route; readonly values: Readonly<Record<string, string>> }

export type Routes = {
  readonly all: readonly Route[]
  /** `path` is percent-encoded, as it was sent; values are decoded. */
  readonly match: (path: string) => Matched | undefined
}

type Pattern = {
  readonly route: Route
  readonly expression: RegExp
  readonly names: readonly string[]
  readonly rank: string
}

export function routesOf(documents: Documents): Routes {
  const root = rootOf(documents)
  const patterns = membersOf(member(root, 'paths')).flatMap(([template, at]): Pattern[] => {
    if (!template.startsWith('/')) return []
    const operations = operationsAt(documents, at)
    return operations.size > 0 ? [patternOf({ template, operations })] : []
  })
  patterns.sort((one, other) => (one.rank < other.rank ? -1 : one.rank > other.rank ? 1 : 0))
  const base = basePath(member(member(root, 'servers'), 0).value)
  const find = (path: string): Matched | undefined => {
    for (const { route, expression, names } of patterns) {
      const found = expression.exec(path)
      const values = found && valuesOf(names, found.slice(1))
      if (values) return { route, values }
    }
    return undefined
  }
  return {
    all: patterns.map(({ route }) => route),
    // With the path of the server that the document names, or without.
    match: path =>
      find(path) ?? (base !== '' && path.startsWith(`${base}/`) ? find(path.slice(base.length)) : undefined),
  }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

function patternOf(route: Route): Pattern {
  const names: string[] = []
  const source = route.template.split(/(\{[^{}/]+\})/).map(part => {
    if (!part.startsWith('{')) return escaped(encoded(part))
    names.push(part.slice(1, -1))
    return '([^/]+)'
  })
  // Literal segments go before templated ones, from the left.
  const rank = route.template.replace(/\{[^{}/]+\}/g, '￿')
  return { route, names, expression: new RegExp(`^${source.join('')}$`), rank }
}

/** As a client sends it. */
const encoded = (text: string): string => encodeURI(text).replaceAll('%25', '%')

function valuesOf(names: readonly string[], found: readonly string[]): Readonly<Record<string, string>> | undefined {
  try {
    return Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(found[i] ?? '')]))
  } catch {
    return undefined
  }
}

function basePath(server: unknown): string {
  if (!isObject(server) || typeof server.url !== 'string') return ''
  const { variables } = server
  const url = server.url.replace(/\{([^{}]+)\}/g, (whole, name: string) => {
    const variable = isObject(variables) ? variables[name] : undefined
    return isObject(variable) ? String(variable.default) : whole
  })
  try {
    return new URL(url, 'http://mock.invalid/').pathname.replace(/\/$/, '')
  } catch {
    return ''
  }
}

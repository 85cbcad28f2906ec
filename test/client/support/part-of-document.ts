// The part of an OpenAPI document that a few of its paths need, without its prose: what a fixture can hold.

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }
type Members = { readonly [name: string]: Json }

const prose = new Set(['description', 'summary', 'example', 'examples', 'headers', 'externalDocs', 'tags'])

/** Query words such as `balance.lt`, of which one kind is enough to see. */
const operator = /\.(?:eq|ne|gt|lt|lte|in|like|exists)$/

/** The document with these paths only, and the components that they refer to. Errors are left out. */
export function partOfDocument(document: unknown, paths: readonly string[]): Members {
  const whole = document as Members & {
    readonly paths: Members
    readonly components: { readonly [kind: string]: Members }
  }
  const kept = Object.fromEntries(paths.map(path => [path, stripped(whole.paths[path] ?? null)]))
  const components: Record<string, Record<string, Json>> = {}
  const visit = (value: Json): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [name, inner] of Object.entries(value)) {
      if (name === '$ref' && typeof inner === 'string') take(inner)
      else visit(inner)
    }
  }
  const take = (ref: string): void => {
    const [, , kind = '', name = ''] = ref.split('/')
    const found = whole.components[kind]?.[name]
    if (found === undefined || components[kind]?.[name] !== undefined) return
    components[kind] ??= {}
    const bare = stripped(found)
    components[kind][name] = bare
    visit(bare)
  }
  visit(kept)
  return { openapi: whole.openapi ?? '3.1.0', info: { title: 'Bank', version: '1' }, paths: kept, components }
}

function stripped(value: Json, parent = ''): Json {
  if (Array.isArray(value)) return value.filter(item => !operator.test(item?.$ref ?? '')).map(item => stripped(item))
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value as Members).filter(
    ([name]) => parent === 'properties' || !(prose.has(name) || (parent === 'responses' && /^[45]/.test(name))),
  )
  return Object.fromEntries(members.map(([name, inner]) => [name, stripped(inner, name)]))
}

// Query words from values: WHATWG URL §5.2 decides what is percent-encoded, these rules decide what is written.

/**
 * A value of a query word. `undefined` and `null` are left out; a Date is written as ISO 8601 in UTC; what has a `toJSON`
 * is written as that says; members of an object are named by dots (`{ amount: { gte: 5 } }` is `amount.gte=5`).
 */
export type ParamValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | Date
  | { readonly toJSON: () => unknown }
  | readonly ParamValue[]
  | { readonly [member: string]: ParamValue }

export type Params = Readonly<Record<string, ParamValue>> | URLSearchParams | string

/**
 * How several values of one word are written: `repeat` as `a=1&a=2`, `comma` as `a=1,2` (a comma or backslash in any value
 * is escaped by a backslash), `brackets` as `a[]=1&a[]=2`.
 */
export type ArrayStyle = 'repeat' | 'comma' | 'brackets'

/** The query without its `?`; empty where there is nothing to say. */
export function encodeParams(params: Params, arrays: ArrayStyle = 'repeat'): string {
  if (typeof params === 'string') return params.startsWith('?') ? params.slice(1) : params
  if (params instanceof URLSearchParams) return params.toString()
  const words: string[] = []
  for (const name in params) if (Object.hasOwn(params, name)) write(words, name, params[name], arrays, 0)
  return words.join('&')
}

function write(words: string[], name: string, given: unknown, arrays: ArrayStyle, depth: number): void {
  const value = plain(given)
  if (value === undefined || value === null) return
  if (typeof value !== 'object') {
    words.push(`${encodeURIComponent(name)}=${written(value, arrays)}`)
    return
  }
  if (depth > 8) throw new TypeError(`the parameter “${name}” is nested too deeply`)
  if (!Array.isArray(value)) {
    for (const [member, inner] of Object.entries(value)) write(words, `${name}.${member}`, inner, arrays, depth + 1)
    return
  }
  if (arrays !== 'comma') {
    const each = arrays === 'brackets' ? `${name}[]` : name
    for (const item of value) write(words, each, item, arrays, depth + 1)
    return
  }
  const items: string[] = []
  for (const item of value.map(plain)) {
    if (item === undefined || item === null) continue
    if (typeof item === 'object') throw new TypeError(`the parameter “${name}” is a list of more than plain values`)
    items.push(written(item, arrays))
  }
  if (items.length > 0) words.push(`${encodeURIComponent(name)}=${items.join(',')}`)
}

function written(value: unknown, arrays: ArrayStyle): string {
  const text = String(value)
  return encodeURIComponent(arrays === 'comma' ? text.replace(/[\\,]/g, '\\$&') : text)
}

function plain(value: unknown): unknown {
  if (typeof value === 'function' || typeof value === 'symbol')
    throw new TypeError('a parameter cannot be a function or symbol')
  if (typeof value !== 'object' || value === null) return value
  if ('toJSON' in value && typeof value.toJSON === 'function') return value.toJSON()
  return value
}

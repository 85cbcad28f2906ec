// Where a request goes: RFC 3986 §5 as far as a client needs it, without parsing what is plain already.
import { type ArrayStyle, encodeParams, type Params } from './params.ts'

/** A base that was parsed once. `prefix` is its path without the last slash. */
export type Base = { readonly origin: string; readonly prefix: string }

/** @throws TypeError where it is not an absolute URL of http or https, or holds a user and password. */
export function parseBase(baseUrl: string | URL): Base {
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol))
    throw new TypeError(`“${shownTarget(String(baseUrl))}” is no base URL: it begins with “https://” or “http://”`)
  const url = checked(new URL(baseUrl))
  if (url.search !== '' || url.hash !== '') throw new TypeError('a base URL has neither query nor fragment')
  return { origin: url.origin, prefix: url.pathname.replace(/\/+$/, '') }
}

// What WHATWG URL §4.4 would change: characters beyond the visible ones of ASCII, dot segments, fragments.
const unplain = /[^!-~]|["#<>\\^`{|}]|\/\.{1,2}(?:[/?]|$)|%2e/i
const absolute = /^[a-z][a-z0-9+.-]*:/i

/**
 * The absolute URL of a target. A path is put behind the base's (`/x` on `https://h/api` is `https://h/api/x`); an
 * absolute URL stays as it is; `{name}` is replaced by the value of that name, as one segment.
 */
export function targetUrl(
  base: Base | undefined,
  target: string,
  path?: Readonly<Record<string, string | number | bigint>>,
  params?: Params,
  arrays?: ArrayStyle,
): string {
  let url = path !== undefined || /^[^?#]*\{[^{}]+\}/.test(target) ? filled(target, path ?? {}) : target
  if (params !== undefined) {
    const query = encodeParams(params, arrays)
    if (query !== '') url = withQuery(url, query)
  }
  if (url.charCodeAt(0) === 47 && base !== undefined && url.charCodeAt(1) !== 47) {
    return unplain.test(url) ? normal(base.origin + base.prefix + url) : base.origin + base.prefix + url
  }
  if (absolute.test(url)) return normal(url)
  if (base === undefined) throw new TypeError(`“${shownTarget(target)}” is not absolute, and the client has no baseUrl`)
  if (url === '' || url.startsWith('?')) return normal(base.origin + (base.prefix === '' ? '/' : base.prefix) + url)
  if (url.startsWith('//')) throw new TypeError('a target with an authority needs its scheme: “https://…”')
  return normal(`${base.origin}${base.prefix}/${url}`)
}

/** The scheme and authority of an absolute URL. */
export function originOf(url: string): string {
  const slash = url.indexOf('/', 8)
  return slash === -1 ? url : url.slice(0, slash)
}

/** A URL as it may stand in a message: without its query, which may hold secrets. */
export function shownUrl(url: string): string {
  const query = url.indexOf('?')
  return query === -1 ? url : `${url.slice(0, query)}?…`
}

function withQuery(url: string, query: string): string {
  const hash = url.indexOf('#')
  const bare = hash === -1 ? url : url.slice(0, hash)
  const mark = bare.indexOf('?')
  return mark === -1 ? `${bare}?${query}` : mark === bare.length - 1 ? bare + query : `${bare}&${query}`
}

function filled(target: string, path: Readonly<Record<string, string | number | bigint>>): string {
  return target.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const value = Object.hasOwn(path, name) ? path[name] : undefined
    if (value === undefined) throw new TypeError(`the path needs a value for “${name}”`)
    return segment(String(value))
  })
}

/** One segment of a path. @throws TypeError where it would be none: empty, `.` and `..` lead elsewhere. */
export function segment(value: string): string {
  if (value === '' || value === '.' || value === '..')
    throw new TypeError(`“${value}” cannot be a segment of a path: it would lead to another resource`)
  return encodeURIComponent(value)
}

function normal(text: string): string {
  const url = checked(new URL(text))
  const { href } = url
  const hash = href.indexOf('#')
  return hash === -1 ? href : href.slice(0, hash)
}

function checked(url: URL): URL {
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new TypeError(`a client of HTTP cannot ask ${url.protocol}`)
  if (url.username !== '' || url.password !== '')
    throw new TypeError('a user and password do not belong in a URL, where logs would show them; give them to basic()')
  return url
}

const shownTarget = (target: string): string => shownUrl(target).slice(0, 100)

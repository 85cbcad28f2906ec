// RFC 9111 §5.2: Cache-Control, with RFC 5861 (stale-while-revalidate, stale-if-error) and RFC 8246 (immutable)

import { endOfMember, endOfQuoted, isToken, nextMember, quote, tokenOrQuoted, unquote } from './field-syntax.ts'
import { fieldNames } from './fields.ts'

/**
 * The directives of a request or a response. Times are whole seconds, 0 to 2^31. `noCache` and `private` are `'all'` in
 * their unqualified form, else the lower-case names of the fields they are about. `extensions` has what this module
 * does not know, by lower-case name; the value is `''` where there is none.
 */
export type CacheControl = {
  readonly maxAge?: number
  readonly sMaxage?: number
  readonly maxStale?: number | 'any'
  readonly minFresh?: number
  readonly staleWhileRevalidate?: number
  readonly staleIfError?: number
  readonly noCache?: 'all' | readonly string[]
  readonly private?: 'all' | readonly string[]
  readonly noStore?: true
  readonly noTransform?: true
  readonly onlyIfCached?: true
  readonly mustRevalidate?: true
  readonly mustUnderstand?: true
  readonly proxyRevalidate?: true
  readonly public?: true
  readonly immutable?: true
  readonly extensions?: ReadonlyMap<string, string>
}

type Directives = { -readonly [Name in keyof CacheControl]: CacheControl[Name] }
type Seconds = 'maxAge' | 'sMaxage' | 'staleWhileRevalidate' | 'staleIfError'
type Lists = 'noCache' | 'private'
type Flags = 'noStore' | 'noTransform' | 'onlyIfCached' | 'mustRevalidate' | 'proxyRevalidate'
type Grants = 'public' | 'immutable' | 'mustUnderstand'

const seconds = { 'max-age': 'maxAge', 's-maxage': 'sMaxage' } as const satisfies Record<string, Seconds>
const staleSeconds = {
  'stale-while-revalidate': 'staleWhileRevalidate',
  'stale-if-error': 'staleIfError',
} as const satisfies Record<string, Seconds>
const lists = { 'no-cache': 'noCache', private: 'private' } as const satisfies Record<string, Lists>
const flags = {
  'no-store': 'noStore',
  'no-transform': 'noTransform',
  'only-if-cached': 'onlyIfCached',
  'must-revalidate': 'mustRevalidate',
  'proxy-revalidate': 'proxyRevalidate',
} as const satisfies Record<string, Flags>
const grants = {
  public: 'public',
  immutable: 'immutable',
  'must-understand': 'mustUnderstand',
} as const satisfies Record<string, Grants>

const secondsByName: ReadonlyMap<string, Seconds> = new Map(Object.entries({ ...seconds, ...staleSeconds }))
const listByName: ReadonlyMap<string, Lists> = new Map(Object.entries(lists))
const flagByName: ReadonlyMap<string, Flags> = new Map(Object.entries(flags))
const grantByName: ReadonlyMap<string, Grants> = new Map(Object.entries(grants))

/** The fields a cache decides by; a response without them cannot be judged, so they cannot be held back on their own. */
const decisive: ReadonlySet<string> = new Set(['age', 'cache-control', 'date', 'expires', 'vary'])

const greatest = 2_147_483_648

/**
 * Reads delta-seconds: digits only; more than 2^31 is 2^31. `undefined` where the text is anything else.
 * RFC 9111 §1.2.2.
 */
export function parseDeltaSeconds(value: string): number | undefined {
  return /^\d+$/.test(value) ? Math.min(Number(value), greatest) : undefined
}

/**
 * Reads `Cache-Control`. Nothing is refused: where directives repeat or conflict the most restrictive counts; a time
 * that cannot be read is 0 (for `min-fresh`, where less is more lenient, 2^31), so that it makes a response stale. Both
 * forms of an argument are read. A grant (`public`, `immutable`, `must-understand`) with an argument is not one.
 * RFC 9111 §4.2.1, §5.2.
 */
export function parseCacheControl(field: string | undefined): CacheControl {
  if (field === undefined) return nothing
  const known = read.get(field)
  if (known !== undefined) return known
  const parsed = parse(field)
  if (read.size >= 500) read.clear()
  // A long field is as unlikely to come again as it is cheap to send.
  if (field.length <= 200) read.set(field, parsed)
  return parsed
}

const nothing: CacheControl = Object.freeze({})

/** The same few values come again and again, and a cache asks several times for each. */
const read = new Map<string, CacheControl>()

function parse(field: string): CacheControl {
  const found: Directives = {}
  let extensions: Map<string, string> | undefined
  let quotes: 'closed' | 'open' = 'closed'
  for (let at = nextMember(field, 0); at < field.length; at = nextMember(field, at)) {
    let end = quotes === 'closed' ? endOfMember(field, at) : endOfPlain(field, at)
    if (end === field.length && quotes === 'closed' && hasOpenQuote(field, at)) {
      // A quote that never closes must not swallow the directives after it.
      quotes = 'open'
      end = endOfPlain(field, at)
    }
    const { name, argument } = split(field.slice(at, end).trimEnd())
    at = end
    if (!readDirective(found, name, argument) && isToken(name)) {
      extensions ??= new Map()
      if (!extensions.has(name)) extensions.set(name, argument ?? '')
    }
  }
  if (extensions !== undefined) found.extensions = extensions
  return found
}

function endOfPlain(field: string, at: number): number {
  const comma = field.indexOf(',', at)
  return comma === -1 ? field.length : comma
}

function hasOpenQuote(field: string, at: number): boolean {
  let open = false
  for (; at < field.length; at++) {
    const character = field[at]
    if (open && character === '\\') at++
    else if (character === '"') open = !open
  }
  return open
}

function split(member: string): { readonly name: string; readonly argument: string | undefined } {
  const equals = member.indexOf('=')
  if (equals === -1) return { name: member.toLowerCase(), argument: undefined }
  const name = member.slice(0, equals)
  const argument = member.slice(equals + 1)
  if (argument.startsWith('"') && endOfQuoted(argument, 0) === argument.length) {
    return { name: name.toLowerCase(), argument: unquote(argument, 0, argument.length) }
  }
  // `max-age =5` is not the grammar's; keeping the space in the argument makes the time unreadable, hence stale.
  return { name: name.trimEnd().toLowerCase(), argument: name === name.trimEnd() ? argument : ` ${argument}` }
}

function readDirective(found: Directives, name: string, argument: string | undefined): boolean {
  const time = secondsByName.get(name)
  if (time !== undefined) {
    found[time] = Math.min(found[time] ?? greatest, parseDeltaSeconds(argument ?? '') ?? 0)
    return true
  }
  const list = listByName.get(name)
  if (list !== undefined) {
    const names = fieldNames(argument)
    const earlier = found[list]
    const whole = names.length === 0 || earlier === 'all' || !names.every(one => isToken(one) && !decisive.has(one))
    found[list] = whole ? 'all' : [...new Set([...(earlier ?? []), ...names])]
    return true
  }
  const flag = flagByName.get(name)
  if (flag !== undefined) {
    found[flag] = true
    return true
  }
  const grant = grantByName.get(name)
  if (grant !== undefined) {
    if (argument === undefined) found[grant] = true
    return true
  }
  if (name === 'max-stale') {
    const limit = argument === undefined ? 'any' : (parseDeltaSeconds(argument) ?? 0)
    const earlier = found.maxStale ?? 'any'
    found.maxStale = limit === 'any' ? earlier : Math.min(limit, earlier === 'any' ? greatest : earlier)
    return true
  }
  if (name === 'min-fresh') {
    found.minFresh = Math.max(found.minFresh ?? 0, parseDeltaSeconds(argument ?? '') ?? greatest)
    return true
  }
  return false
}

/**
 * Writes `Cache-Control`; `''` where there is no directive. Times are cut to whole seconds from 0 to 2^31, in token
 * form; lists of fields are quoted, as §5.2.2.4 asks. RFC 9111 §5.2.
 */
export function formatCacheControl(control: CacheControl): string {
  const parts: string[] = []
  for (const [name, grant] of grantByName) if (control[grant] === true) parts.push(name)
  for (const [name, list] of listByName) {
    const value = control[list]
    if (value !== undefined) parts.push(value === 'all' ? name : `${name}=${quote(value.join(', '))}`)
  }
  for (const [name, flag] of flagByName) if (control[flag] === true) parts.push(name)
  for (const [name, time] of secondsByName) {
    const value = control[time]
    if (value !== undefined) parts.push(`${name}=${wholeSeconds(value)}`)
  }
  if (control.maxStale !== undefined) {
    parts.push(control.maxStale === 'any' ? 'max-stale' : `max-stale=${wholeSeconds(control.maxStale)}`)
  }
  if (control.minFresh !== undefined) parts.push(`min-fresh=${wholeSeconds(control.minFresh)}`)
  for (const [name, value] of control.extensions ?? []) {
    if (isToken(name)) parts.push(value === '' ? name : `${name}=${tokenOrQuoted(value)}`)
  }
  return parts.join(', ')
}

function wholeSeconds(value: number): number {
  return Math.min(Math.max(Math.floor(value) || 0, 0), greatest)
}

// Names that a definition may not take, and the forms they must have.
import { pluralize, singularize } from 'inflection'

/** First path segments that belong to every API. */
export const reservedPaths: ReadonlySet<string> = new Set([
  'openapi.json',
  'docs',
  'problems',
  'console',
  'traces',
  'metrics',
  'livez',
  'readyz',
  'jobs',
  'changelog',
  'uploads',
  'oauth',
])

/** First path segments of what schemes of authentication answer by themselves. */
export const sitePaths: ReadonlySet<string> = new Set(['oauth', '.well-known'])

/** Query words that every resource understands; no member or alias may take them. */
export const reservedWords: ReadonlySet<string> = new Set([
  'fields',
  'sort',
  'offset',
  'limit',
  'after',
  'before',
  'v',
  'always_success_code',
])

/** Members that come by themselves. */
export const serverMembers: ReadonlySet<string> = new Set(['id', 'createdAt', 'updatedAt'])

/** A path segment: lower-case words joined by hyphens. */
export const isSegment = (name: string): boolean => /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)

/** A path segment as a source may have it: what needs no escape. */
export const isFoundSegment = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_-]*$/.test(name)

/** A member as a source may have it: what is a name in XML, in a query word and in JavaScript. */
export const isFoundMember = (name: string): boolean => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)

/** `v1`, `v2` …: where versions live. */
export const isVersionSegment = (name: string): boolean => /^v[0-9]+$/.test(name)

/** `2.1.0` → `2`: the number that a version is asked for by. */
export const majorOf = (version: string): string => version.split('.')[0] ?? '1'

/** A member: camelCase. */
export const isMember = (name: string): boolean => /^[a-z][a-zA-Z0-9]*$/.test(name)

const lastWord = (name: string): readonly [string, string] => {
  const at = name.lastIndexOf('-') + 1
  return [name.slice(0, at), name.slice(at)]
}

/** `transactions` → `transaction`, by English rules; the last word of a compound. */
export function singularOf(plural: string): string {
  const [head, last] = lastWord(plural)
  return head + singularize(last)
}

export function isPlural(name: string): boolean {
  const [, last] = lastWord(name)
  return pluralize(singularize(last)) === last
}

/** `createdAt` → `created_at`, `bank-accounts` → `bank_accounts`. */
export const snakeCase = (name: string): string =>
  name.replaceAll('-', '_').replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)

/** `bank-account` → `bankAccount`. */
export const camelCase = (name: string): string =>
  name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

/** `bank-account` → `bank account` */
export const spoken = (name: string): string => name.replaceAll('-', ' ')

/** `an account`, `a transaction` */
export const oneOfThem = (name: string): string => `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${spoken(name)}`

/** `accounts` → `Accounts` */
export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

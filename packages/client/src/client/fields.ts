// What stands in every request of a client: RFC 9110 §5, and §12.5.1 for Accept.
import { type Fields, isSecretField } from '@comity/http'
import type { Params } from '../exchange/params.ts'
import type { GivenFields } from './options.ts'

/** What can be read, in order of preference. */
const readable = 'application/json, application/x-ndjson;q=0.8, text/csv;q=0.7, application/xml;q=0.6, */*;q=0.1'

const wishes = new Map<string, string>()

/** Accept for a reader that wants one media type; for any reader where none is told. */
export function acceptFor(type: string | undefined): string {
  if (type === undefined) return readable
  const known = wishes.get(type)
  if (known !== undefined) return known
  const wish = `${type}, ${type === 'application/xml' ? 'text/xml;q=0.9, ' : ''}*/*;q=0.1`
  wishes.set(type, wish)
  return wish
}

const otherwise: Readonly<Record<string, string>> = {
  headers: 'fields',
  json: 'body',
  data: 'body',
  query: 'params',
  searchParams: 'params',
}

/** @throws TypeError for an option by the name that it has in other libraries, which would else go unheard */
export function checkNames(options: object): void {
  for (const name in otherwise)
    if (name in options) throw new TypeError(`there is no option “${name}”: here it is “${otherwise[name]}”`)
}

/** Names in lower case; what is given as `undefined` is taken away. */
export function mergedFields(base: Fields, given: GivenFields | undefined): Fields {
  if (given === undefined) return base
  const fields: Record<string, string | undefined> = { ...base }
  for (const name in given) {
    if (!Object.hasOwn(given, name)) continue
    const value = given[name]
    const lower = name.toLowerCase()
    if (value === undefined) delete fields[lower]
    else fields[lower] = typeof value === 'string' ? value : String(value)
  }
  return fields
}

/** The fields that may go to any origin. */
export function withoutSecrets(fields: Fields): Fields {
  const names = Object.keys(fields).filter(isSecretField)
  if (names.length === 0) return fields
  const others: Record<string, string | undefined> = { ...fields }
  for (const name of names) delete others[name]
  return others
}

/** Query words of the client and of the call, those of the call over the client's where both are records. */
export function mergedParams(own: Params | undefined, given: Params | undefined): { readonly params?: Params } {
  if (own === undefined) return given === undefined ? {} : { params: given }
  if (given === undefined) return { params: own }
  if (isRecord(own) && isRecord(given)) return { params: { ...own, ...given } }
  throw new TypeError('params of a client and of its calls can be joined only where both are records')
}

const isRecord = (params: Params): params is Exclude<Params, string | URLSearchParams> =>
  typeof params === 'object' && !(params instanceof URLSearchParams)

/**
 * The client's query words for a target: an absolute URL, such as that of a next page, has its own already, and none of them
 * go to another origin, since keys may be among them.
 */
export function paramsFor(own: Params, target: string, origin: string | undefined): Params | undefined {
  if (!/^https?:/i.test(target) || origin === undefined) return own
  const url = new URL(target)
  if (url.origin !== origin) return undefined
  if (!isRecord(own)) return own
  return Object.fromEntries(Object.entries(own).filter(([name]) => !url.searchParams.has(name)))
}

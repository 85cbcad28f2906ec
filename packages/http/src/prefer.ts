// RFC 7240: Prefer and Preference-Applied
import { endOfMember, endOfQuoted, endOfToken, nextMember, skipSpace, tokenOrQuoted, unquote } from './field-syntax.ts'

/** The preferences by name in lower case; a preference or parameter without a value has the empty value. */
export type Preferences = ReadonlyMap<string, { readonly value: string; readonly params: ReadonlyMap<string, string> }>

const noPreferences: Preferences = new Map()
const noParams: ReadonlyMap<string, string> = new Map()

/**
 * Reads Prefer (RFC 7240 §2). Of a preference, or a parameter, named twice the first counts; a member that is not
 * well-formed is left out. `undefined` gives no preferences.
 */
export function parsePrefer(field: string | undefined): Preferences {
  if (field === undefined) return noPreferences
  const preferences = new Map<string, { value: string; params: ReadonlyMap<string, string> }>()
  let at = nextMember(field, 0)
  while (at < field.length) {
    const preference = readPair(field, at)
    let params: Map<string, string> | undefined
    at = preference === undefined ? at : skipSpace(field, preference.end)
    let wellFormed = preference !== undefined
    while (wellFormed && field.charCodeAt(at) === 59) {
      at = skipSpace(field, at + 1)
      if (at === field.length || field.charCodeAt(at) === 44 || field.charCodeAt(at) === 59) continue // §2: it may be empty
      const param = readPair(field, at)
      if (param === undefined) {
        wellFormed = false
        break
      }
      params ??= new Map()
      if (!params.has(param.name)) params.set(param.name, param.value)
      at = skipSpace(field, param.end)
    }
    if (preference !== undefined && wellFormed && (at === field.length || field.charCodeAt(at) === 44)) {
      if (!preferences.has(preference.name)) {
        preferences.set(preference.name, { value: preference.value, params: params ?? noParams })
      }
    } else at = endOfMember(field, at)
    at = nextMember(field, at)
  }
  return preferences
}

// §2: token [ BWS "=" BWS word ]
function readPair(field: string, start: number): { name: string; value: string; end: number } | undefined {
  const nameEnd = endOfToken(field, start)
  if (nameEnd === start) return undefined
  const name = field.slice(start, nameEnd).toLowerCase()
  const equals = skipSpace(field, nameEnd)
  if (field.charCodeAt(equals) !== 61) return { name, value: '', end: nameEnd }
  const valueStart = skipSpace(field, equals + 1)
  if (field.charCodeAt(valueStart) === 34) {
    const end = endOfQuoted(field, valueStart)
    return end === -1 ? undefined : { name, value: unquote(field, valueStart, end), end }
  }
  const end = endOfToken(field, valueStart)
  return end === valueStart ? undefined : { name, value: field.slice(valueStart, end), end }
}

/** Writes Preference-Applied from names and values (RFC 7240 §3); the empty string where nothing was applied. */
export function formatPreferenceApplied(applied: readonly (readonly [name: string, value?: string])[]): string {
  return applied
    .map(([name, value]) => (value === undefined || value === '' ? name : `${name}=${tokenOrQuoted(value)}`))
    .join(', ')
}

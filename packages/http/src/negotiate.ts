// RFC 9110 §12: content negotiation
import { parseWeighted, type Weighted } from './weighted.ts'

export { parseWeighted, type Weighted }

/**
 * The index of the offer that suits Accept best, -1 where none is acceptable (RFC 9110 §12.5.1).
 * Offers are media types in the server's order of preference, which decides ties. For each offer the most specific range
 * speaks; one that says `q=0` excludes it. An Accept that is absent, empty or unreadable accepts anything.
 */
export function negotiateMediaType(accept: string | undefined, offers: readonly string[]): number {
  if (offers.length === 0) return -1
  if (accept === undefined || accept === '*/*' || accept === offers[0]) return 0
  const ranges = parseWeighted(accept)
  if (ranges.length === 0) return 0
  let best = -1
  let bestQ = 0
  for (let index = 0; index < offers.length; index++) {
    const q = mediaTypeWeight(ranges, offers[index] as string)
    if (q > bestQ) {
      best = index
      bestQ = q
    }
  }
  return best
}

function mediaTypeWeight(ranges: readonly Weighted[], offer: string): number {
  const semicolon = offer.indexOf(';')
  const essence = (semicolon === -1 ? offer : offer.slice(0, semicolon)).trimEnd().toLowerCase()
  const slash = essence.indexOf('/')
  let params: Weighted['params']
  let bestRank = -1
  let q = 0
  for (const range of ranges) {
    const rank = rangeRank(range.value, essence, slash)
    if (rank === -1) continue
    let precedence = rank
    if (range.params !== undefined) {
      params ??= parseWeighted(offer)[0]?.params ?? []
      if (!hasParameters(params, range.params)) continue
      precedence += Math.min(range.params.length, 999)
    }
    if (precedence > bestRank) {
      bestRank = precedence
      q = range.q
    }
  }
  return q
}

function rangeRank(range: string, essence: string, slash: number): number {
  if (range === essence) return 2000
  if (range === '*/*') return 0
  const isTypeWildcard = range.length === slash + 2 && range.charCodeAt(slash + 1) === 42
  return isTypeWildcard && range.startsWith(essence.slice(0, slash + 1)) ? 1000 : -1
}

function hasParameters(offered: NonNullable<Weighted['params']>, asked: NonNullable<Weighted['params']>): boolean {
  return asked.every(([name, value]) => {
    const wanted = value.toLowerCase()
    const match = offered.find(([offeredName]) => offeredName === name)
    if (match !== undefined) return match[1].toLowerCase() === wanted
    // Against §12.5.1, because many clients ask for `application/json; charset=utf-8`, a type that has no charset:
    // an offer that names no charset is in UTF-8.
    return name === 'charset' && wanted === 'utf-8'
  })
}

/**
 * The index of the offered language tag that suits Accept-Language best, -1 where none is acceptable (RFC 9110 §12.5.4).
 * A range matches the tags it begins (basic filtering, RFC 4647 §3.3.1: `en` matches `en-GB`) and, failing that, the tags
 * it can be cut down to (lookup, RFC 4647 §3.4: `ru-RU` matches `ru`). Ties go to the range named first, then to the
 * closer match, then to the server's order. An Accept-Language that is absent, empty or unreadable accepts anything.
 */
export function negotiateLanguage(acceptLanguage: string | undefined, offers: readonly string[]): number {
  if (offers.length === 0) return -1
  const ranges = acceptLanguage === undefined ? [] : parseWeighted(acceptLanguage)
  if (ranges.length === 0) return 0
  let best = -1
  let bestMatch: LanguageMatch = { q: 0, position: 0, distance: 0 }
  for (let index = 0; index < offers.length; index++) {
    const match = languageMatch(ranges, (offers[index] as string).toLowerCase())
    if (match !== undefined && match.q > 0 && isBetter(match, bestMatch)) {
      best = index
      bestMatch = match
    }
  }
  return best
}

type LanguageMatch = { readonly q: number; readonly position: number; readonly distance: 0 | 1 | 2 | 3 }

function isBetter(a: LanguageMatch, b: LanguageMatch): boolean {
  if (a.q !== b.q) return a.q > b.q
  return a.position !== b.position ? a.position < b.position : a.distance < b.distance
}

function languageMatch(ranges: readonly Weighted[], tag: string): LanguageMatch | undefined {
  let filtered: LanguageMatch | undefined
  let filteredLength = 0
  let lookedUp: LanguageMatch | undefined
  let wildcard: LanguageMatch | undefined
  for (let position = 0; position < ranges.length; position++) {
    const { value: range, q } = ranges[position] as Weighted
    if (range === '*') wildcard ??= { q, position, distance: 3 }
    else if (range === tag || isPrefixOf(range, tag)) {
      if (range.length <= filteredLength) continue
      filtered = { q, position, distance: range === tag ? 0 : 1 }
      filteredLength = range.length
    } else if (q > 0 && isPrefixOf(tag, range)) {
      const match: LanguageMatch = { q, position, distance: 2 }
      if (lookedUp === undefined || isBetter(match, lookedUp)) lookedUp = match
    }
  }
  if (filtered?.q === 0) return filtered
  if (filtered !== undefined && lookedUp !== undefined) return isBetter(lookedUp, filtered) ? lookedUp : filtered
  return filtered ?? lookedUp ?? wildcard
}

function isPrefixOf(short: string, long: string): boolean {
  return long.charCodeAt(short.length) === 45 && long.startsWith(short)
}

/**
 * The index of the offered content coding that suits Accept-Encoding best, -1 where none is acceptable
 * (RFC 9110 §12.5.3). Offers are in the server's order, which decides ties; `identity` must be among them to be chosen.
 * `identity` is acceptable, after everything named, unless `identity;q=0` or `*;q=0` excludes it. Without the field
 * `identity` is preferred; with an empty one nothing else is acceptable.
 */
export function negotiateEncoding(acceptEncoding: string | undefined, offers: readonly string[]): number {
  if (acceptEncoding === undefined) {
    const identity = offers.indexOf('identity')
    return identity === -1 && offers.length > 0 ? 0 : identity
  }
  const codings = parseWeighted(acceptEncoding)
  let best = -1
  let bestQ = 0
  for (let index = 0; index < offers.length; index++) {
    const offer = codingName((offers[index] as string).toLowerCase())
    let named = -1
    let wildcard = -1
    for (const { value, q } of codings) {
      if (value === '*') wildcard = wildcard === -1 ? q : wildcard
      else if (named === -1 && codingName(value) === offer) named = q
    }
    const leastOfAll = offer === 'identity' ? 0.0001 : 0
    const q = named !== -1 ? named : wildcard !== -1 ? wildcard : leastOfAll
    if (q > bestQ) {
      best = index
      bestQ = q
    }
  }
  return best
}

// §8.4.1: recipients take the x- names as equivalent
function codingName(coding: string): string {
  return coding === 'x-gzip' ? 'gzip' : coding === 'x-compress' ? 'compress' : coding
}

/**
 * The index of the offered charset that suits Accept-Charset best, -1 where none is acceptable (RFC 9110 §12.5.2).
 * Ties go to the server's order. An Accept-Charset that is absent, empty or unreadable accepts anything.
 */
export function negotiateCharset(acceptCharset: string | undefined, offers: readonly string[]): number {
  if (offers.length === 0) return -1
  const charsets = acceptCharset === undefined ? [] : parseWeighted(acceptCharset)
  if (charsets.length === 0) return 0
  let best = -1
  let bestQ = 0
  for (let index = 0; index < offers.length; index++) {
    const offer = (offers[index] as string).toLowerCase()
    const named = charsets.find(charset => charset.value === offer) ?? charsets.find(charset => charset.value === '*')
    if (named !== undefined && named.q > bestQ) {
      best = index
      bestQ = named.q
    }
  }
  return best
}

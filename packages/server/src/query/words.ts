// URL Standard §5: application/x-www-form-urlencoded, read strictly: what cannot be decoded is refused, not replaced.
import type { Limits } from '../model/model.ts'

/** One name and value of a query, decoded. */
export type Word = { readonly name: string; readonly value: string }

export type WordsRead =
  | { readonly kind: 'words'; readonly words: readonly Word[] }
  | { readonly kind: 'malformed'; readonly detail: string }

const beyondPrintable = /[^\x21-\x7e]/

/**
 * The words of a URL's query, in order; a leading `?` is skipped. Malformed: percent signs without two hex digits,
 * bytes that are not UTF-8, characters that a URI cannot hold (RFC 3986 §2), more words than `limits.words`.
 */
export function readWords(search: string, limits: Pick<Limits, 'words'>): WordsRead {
  const text = search.startsWith('?') ? search.slice(1) : search
  if (text === '') return { kind: 'words', words: [] }
  if (beyondPrintable.test(text))
    return malformed('The query holds characters that a URI may only carry percent-encoded.')
  return readForm(text, limits)
}

/** As `readWords`, for a form in the content of a request, where characters beyond ASCII may stand as they are. */
export function readForm(text: string, limits: Pick<Limits, 'words'>): WordsRead {
  const words: Word[] = []
  for (let start = 0; start <= text.length; ) {
    const ampersand = text.indexOf('&', start)
    const end = ampersand < 0 ? text.length : ampersand
    if (end > start) {
      if (words.length === limits.words) return malformed(`The query holds more than ${limits.words} words.`)
      const word = readWord(text.slice(start, end))
      if (word === undefined)
        return malformed(`Word ${words.length + 1} of the query is not percent-encoded UTF-8 (a “%” itself is “%25”).`)
      words.push(word)
    }
    start = end + 1
  }
  return { kind: 'words', words }
}

function readWord(text: string): Word | undefined {
  const equals = text.indexOf('=')
  const name = decode(equals < 0 ? text : text.slice(0, equals))
  const value = equals < 0 ? '' : decode(text.slice(equals + 1))
  return name === undefined || value === undefined ? undefined : { name, value }
}

function decode(text: string): string | undefined {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    return undefined
  }
}

const readable: Readonly<Record<string, string>> = { '%2C': ',', '%3A': ':', '%2F': '/', '%40': '@' }

const encode = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(/%(?:2C|3A|2F|40)/g, code => readable[code] ?? code)

/** Words as a query, without `?`, in their one canonical encoding; `readWords` reads it back. */
export const formatWords = (words: readonly Word[]): string =>
  words.map(({ name, value }) => `${encode(name)}=${encode(value)}`).join('&')

const malformed = (detail: string): WordsRead => ({ kind: 'malformed', detail })

// What a recording must not hold: credentials, wherever they stand.
import { type Fields, isSecretField as isCredential } from '@comity/http'
import { secretNames } from '../exchange/secret-names.ts'

export const redacted = '[redacted]'

/** Beside those that requests have. */
const secretField = /^(?:authentication-info|set-cookie|dpop)$|api-?key|token|signature/
const secretWord =
  /(?:pass(?:word|wd)?$|secret|token|api_?-?key|credential|signature|^sig$|^code(?:_verifier)?$|^key$|session|assertion)/i

export const isSecretField = (name: string): boolean =>
  isCredential(name) || secretField.test(name) || secretNames.has(name)

export const isSecretWord = (name: string): boolean => secretWord.test(name) || secretNames.has(name.toLowerCase())

/** The value of a field; the scheme of credentials stays, since it is no secret. */
export function redactedField(name: string, value: string): string {
  if (!isSecretField(name))
    return isTarget(name) ? redactedUrl(value) : name === 'link' ? value.replace(/<[^>]*>/g, redactedUrl) : value
  const scheme = name.endsWith('authorization') ? /^([\w-]+) /.exec(value)?.[1] : undefined
  return scheme === undefined ? redacted : `${scheme} ${redacted}`
}

const isTarget = (name: string): boolean => name === 'location' || name === 'content-location' || name === 'referer'

/** The URL without the values of words whose names tell of secrets. */
export function redactedUrl(url: string): string {
  const query = url.indexOf('?')
  if (query === -1) return url
  const words = url.slice(query + 1).split('&')
  const safe = words.map(word => {
    const equals = word.indexOf('=')
    return equals > 0 && isSecretWord(plain(word.slice(0, equals)))
      ? `${word.slice(0, equals)}=${encodeURIComponent(redacted)}`
      : word
  })
  return `${url.slice(0, query)}?${safe.join('&')}`
}

/** A name as it is read at the other end. */
function plain(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '))
  } catch {
    return name
  }
}

/** Text of JSON or of a form without the values of such members; other text as it is. */
export function redactedText(text: string, type: string): string {
  if (/^application\/x-www-form-urlencoded/i.test(type)) return redactedUrl(`?${text}`).slice(1)
  if (!/json/i.test(type)) return text
  try {
    return JSON.stringify(JSON.parse(text, (name, value) => (isSecretWord(name) && isPlain(value) ? redacted : value)))
  } catch {
    // Cut short, or no JSON: what looks like such a member goes all the same.
    return text.replace(/"([^"\\]{1,100})"(\s*:\s*)"(?:[^"\\]|\\.)*"?/g, (whole, name: string, colon: string) =>
      isSecretWord(name) ? `"${name}"${colon}"${redacted}"` : whole,
    )
  }
}

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null

export type Named = { readonly name: string; readonly value: string }

/** Fields in the form of HAR. */
export function namedFields(fields: Fields, redact: boolean): readonly Named[] {
  return Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value: redact ? redactedField(name, value) : value }],
  )
}

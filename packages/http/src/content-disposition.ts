// RFC 6266: Content-Disposition in HTTP, with the extended values of RFC 8187; read as browsers read it
import { isToken, quote, skipSpace } from './field-syntax.ts'

/** `type` in lower case: `attachment`, `inline`, `form-data`, or any other token. */
export type ContentDisposition = {
  readonly type: string
  /** What the file is called: of `filename*` where that can be read (§4.3), else of `filename`. */
  readonly filename?: string
  /** Of `form-data` (RFC 7578 §4.2): the field's name. */
  readonly name?: string
}

/** Reads a Content-Disposition; undefined where it has no type or is not well-formed. */
export function parseContentDisposition(field: string): ContentDisposition | undefined {
  const end = field.indexOf(';')
  const type = (end === -1 ? field : field.slice(0, end)).trim().toLowerCase()
  if (!isToken(type)) return undefined
  const parameters = end === -1 ? new Map<string, string>() : readParameters(field, end)
  if (parameters === undefined) return undefined
  const extended = parameters.get('filename*')
  const filename = (extended === undefined ? undefined : readExtended(extended)) ?? parameters.get('filename')
  const name = parameters.get('name')
  return { type, ...(filename !== undefined && { filename }), ...(name !== undefined && { name }) }
}

/**
 * Writes `attachment; filename="report.pdf"`. A name that is not all of ASCII is told twice (§4.3, RFC 8187 §3.2): for
 * whoever reads `filename*`, and as near as ASCII comes for whoever does not. Control characters become spaces.
 */
export function formatContentDisposition({ type, filename }: Pick<ContentDisposition, 'type' | 'filename'>): string {
  if (filename === undefined) return type
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
  const name = filename.replace(/[\x00-\x1f\x7f]/g, ' ').toWellFormed()
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^ -~]/gu, '_')
  // Appendix D: a percent sign or a backslash in `filename` is read in several ways.
  const isPlain = plain === name && !/[%\\]/.test(name)
  return `${type}; filename=${quote(plain.replace(/[%\\]/g, '_'))}${isPlain ? '' : `; filename*=UTF-8''${percentEncoded(name)}`}`
}

/** The pairs of `;name=value`, the first of each name; undefined where the text is not such pairs (RFC 6266 §4.1). */
function readParameters(text: string, start: number): Map<string, string> | undefined {
  const parameters = new Map<string, string>()
  for (let at = start; at < text.length; ) {
    at = skipSpace(text, at + 1)
    if (at >= text.length) break
    if (text[at] === ';') continue
    const equals = text.indexOf('=', at)
    const name = equals === -1 ? '' : text.slice(at, equals).trim().toLowerCase()
    if (!isToken(name)) return undefined
    at = skipSpace(text, equals + 1)
    let value: string
    if (text[at] === '"') {
      const read = readQuoted(text, at)
      if (read === undefined) return undefined
      ;[value, at] = read
      at = skipSpace(text, at)
      if (at < text.length && text[at] !== ';') return undefined
    } else {
      const stop = text.indexOf(';', at)
      const end = stop === -1 ? text.length : stop
      value = text.slice(at, end).trim()
      at = end
    }
    if (!parameters.has(name)) parameters.set(name, value)
  }
  return parameters
}

/** What stands between the quotes, and the place after them. */
function readQuoted(text: string, at: number): [value: string, end: number] | undefined {
  let value = ''
  for (let index = at + 1; index < text.length; index++) {
    const character = text[index] as string
    if (character === '"') return [value, index + 1]
    if (character !== '\\') value += character
    else if (++index < text.length) value += text[index]
  }
  return undefined
}

/** RFC 8187 §3.2: charset, language, percent-encoded bytes; UTF-8 is the one charset that a recipient must read. */
function readExtended(value: string): string | undefined {
  const [, charset, encoded = ''] = /^([A-Za-z0-9!#$%&+^_`{}~-]+)'[^']*'(.*)$/.exec(value) ?? []
  if (charset?.toLowerCase() !== 'utf-8' || !/^(?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-Fa-f]{2})*$/.test(encoded))
    return undefined
  try {
    return decodeURIComponent(encoded)
  } catch {
    return undefined
  }
}

/** RFC 8187 §3.2.1: all but attr-char is percent-encoded. */
const percentEncoded = (text: string): string =>
  encodeURIComponent(text).replace(/['()*]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)

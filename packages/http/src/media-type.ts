// RFC 9110 §8.3.1: media types, read as the WHATWG MIME Sniffing standard §4 reads them

/**
 * A media type, all names in lower case. `essence` is `type/subtype`; `suffix` is what follows the last `+` of the
 * subtype (`json` of `problem+json`, RFC 6839). `parameters` has no prototype; its values keep their case.
 */
export type MediaType = {
  readonly type: string
  readonly subtype: string
  readonly essence: string
  readonly suffix?: string
  readonly parameters: Readonly<Record<string, string>>
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const quotable = /^[\t -~\u0080-\u00ff]*$/

/**
 * Reads a media type. `undefined` where the type or subtype is missing or not a token. A parameter that is ill-formed
 * is dropped and the rest kept; the first of two with one name wins. RFC 9110 §8.3.1.
 */
export function parseMediaType(value: string): MediaType | undefined {
  const text = trimmed(value)
  const slash = text.indexOf('/')
  const semicolon = text.indexOf(';', slash)
  const type = text.slice(0, Math.max(slash, 0)).toLowerCase()
  const subtype = trimmedEnd(text, slash + 1, semicolon === -1 ? text.length : semicolon).toLowerCase()
  if (!token.test(type) || !token.test(subtype)) return undefined
  const plus = subtype.lastIndexOf('+')
  const suffix = plus > 0 ? subtype.slice(plus + 1) : ''
  return {
    type,
    subtype,
    essence: `${type}/${subtype}`,
    ...(suffix === '' ? undefined : { suffix }),
    parameters: semicolon === -1 ? Object.create(null) : readParameters(text, semicolon),
  }
}

/** Writes a media type, `text/html;charset=utf-8`; a value that is not a token is quoted. RFC 9110 §8.3.1. */
export function formatMediaType(mediaType: MediaType): string {
  let text = `${mediaType.type}/${mediaType.subtype}`
  for (const [name, value] of Object.entries(mediaType.parameters)) {
    text += `;${name}=${token.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`}`
  }
  return text
}

/** Reads `;name=value` pairs of `text`, from `start`, the place of a semicolon. */
function readParameters(text: string, start: number): Record<string, string> {
  const parameters: Record<string, string> = Object.create(null)
  let at = start
  while (at < text.length) {
    at++
    while (isSpace(text.charCodeAt(at))) at++
    const nameStart = at
    while (at < text.length && text[at] !== ';' && text[at] !== '=') at++
    const name = text.slice(nameStart, at).toLowerCase()
    if (text[at] !== '=') continue
    at++
    let value: string
    let quoted = false
    if (text[at] === '"') {
      quoted = true
      ;[value, at] = readQuoted(text, at)
      // Whatever stands between the closing quote and the next semicolon is dropped.
      at = nextSemicolon(text, at)
    } else {
      const end = nextSemicolon(text, at)
      value = trimmedEnd(text, at, end)
      at = end
    }
    if ((quoted || value !== '') && token.test(name) && quotable.test(value) && parameters[name] === undefined) {
      parameters[name] = value
    }
  }
  return parameters
}

/** The value of the quoted string that opens at `at`, and the place after it. A missing closing quote is forgiven. */
function readQuoted(text: string, at: number): [value: string, end: number] {
  let value = ''
  let index = at + 1
  while (index < text.length && text[index] !== '"') {
    if (text[index] === '\\' && index + 1 < text.length) index++
    value += text[index]
    index++
  }
  return [value, index + 1]
}

function nextSemicolon(text: string, at: number): number {
  const semicolon = text.indexOf(';', at)
  return semicolon === -1 ? text.length : semicolon
}

/** `text` without outer HTTP whitespace, which is less than what String.trim takes away. */
function trimmed(text: string): string {
  let start = 0
  while (isSpace(text.charCodeAt(start))) start++
  return trimmedEnd(text, start, text.length)
}

function trimmedEnd(text: string, start: number, end: number): string {
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d
}

// RFC 9110 §5.6: the small grammar that field values share: lists, whitespace, tokens, quoted strings
//
// Every reader takes the text and an index and returns an index, so that parsers go over a value once,
// without regular expressions and without copies.

const tokenCodes = new Uint8Array(128)
for (const character of "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") {
  tokenCodes[character.charCodeAt(0)] = 1
}

/** Whether a character code may stand in a token (RFC 9110 §5.6.2). `NaN`, the code past the end, may not. */
export function isTokenCode(code: number): boolean {
  return code < 128 && tokenCodes[code] === 1
}

/** Whether the text is a token (RFC 9110 §5.6.2): one or more characters. */
export function isToken(text: string): boolean {
  return text.length > 0 && endOfToken(text, 0) === text.length
}

/** The index after the optional whitespace (spaces and tabs) at `at` (RFC 9110 §5.6.3). */
export function skipSpace(text: string, at: number): number {
  for (;;) {
    const code = text.charCodeAt(at)
    if (code !== 32 && code !== 9) return at
    at++
  }
}

/** The index after the token at `at`; `at` itself where there is none. */
export function endOfToken(text: string, at: number): number {
  while (isTokenCode(text.charCodeAt(at))) at++
  return at
}

/** The index after the quoted string whose opening quote is at `at` (RFC 9110 §5.6.4); -1 where it is not well-formed. */
export function endOfQuoted(text: string, at: number): number {
  if (text.charCodeAt(at) !== 34) return -1
  for (at++; at < text.length; at++) {
    let code = text.charCodeAt(at)
    if (code === 34) return at + 1
    if (code === 92) code = text.charCodeAt(++at)
    if (!(code >= 32 || code === 9) || code === 127) return -1
  }
  return -1
}

/** What the quoted string in `text` from `start` to `end`, both quotes included, stands for. */
export function unquote(text: string, start: number, end: number): string {
  const inner = text.slice(start + 1, end - 1)
  return inner.includes('\\') ? inner.replace(/\\(.)/gs, '$1') : inner
}

/** The text as a quoted string. Control characters, which no field may carry, become spaces. */
export function quote(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return `"${text.replace(/[\x00-\x08\x0a-\x1f\x7f]/g, ' ').replace(/["\\]/g, '\\$&')}"`
}

/** The text as it is where it is a token, quoted where it is not. */
export function tokenOrQuoted(text: string): string {
  return isToken(text) ? text : quote(text)
}

/** The index of the comma that ends the list member around `at`, not counting commas inside quotes; else the length. */
export function endOfMember(text: string, at: number): number {
  let quoted = false
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (quoted && code === 92) at++
    else if (code === 34) quoted = !quoted
    else if (code === 44 && !quoted) return at
  }
  return text.length
}

/** The index of the next list member: past spaces, tabs, commas and so past empty members (RFC 9110 §5.6.1.2). */
export function nextMember(text: string, at: number): number {
  for (;;) {
    const code = text.charCodeAt(at)
    if (code !== 44 && code !== 32 && code !== 9) return at
    at++
  }
}

// XML 1.0: text as it stands between tags, and the names of these
import { NC_NAME_RE } from 'xmlchars/xmlns/1.0/ed3.js'

/** What every document starts with. */
export const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>\n'

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is escaped or replaced
const special = /[<>&\r\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const specials = /[<>&\r\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g

const written: ReadonlyMap<string, string> = new Map([
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['&', '&amp;'],
  ['\r', '&#13;'], // §2.11: as it is, it would be read as a line feed
])

/** Text for an element's content. Characters that XML cannot carry at all become U+FFFD. */
export function escapeXml(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed()
  return special.test(whole) ? whole.replace(specials, character => written.get(character) ?? '\uFFFD') : whole
}

/** Whether a name can name an element: a member so named can be written. No prefixes. */
export function isXmlName(text: string): boolean {
  return NC_NAME_RE.test(text)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const lost = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/

/** Whether text comes back as it was written: all its characters are ones that XML can carry. */
export function canStandInXml(text: string): boolean {
  return text.isWellFormed() && !lost.test(text)
}

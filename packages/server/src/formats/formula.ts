// A spreadsheet takes a cell that starts with one of these for a formula, and runs it. Such text is written with an
// apostrophe before it, which spreadsheets hide, and read back without. Text that already starts with apostrophes
// before such a character gets one more, so that every text comes back as it was.

const tempting = /^'*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/
const guarded = /^'+[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/

/** Text that no spreadsheet runs. */
export function guardFormula(text: string): string {
  return tempting.test(text) ? `'${text}` : text
}

/** The text that was guarded; other text as it is. */
export function unguardFormula(text: string): string {
  return guarded.test(text) ? text.slice(1) : text
}

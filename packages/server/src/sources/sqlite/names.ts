// Tables and columns as resources and members: `InvoiceLine` → `invoice-lines`, `Customer ID` → `customerId`.
import { pluralize } from 'inflection'
import { isPlural, isVersionSegment, reservedPaths, reservedWords } from '../../define/names.ts'

/** The words of a name, in lower-case ASCII; none where it has no such letters. */
export function wordsOf(text: string): readonly string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '')
  const parted = plain.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
  return parted.split(/[^A-Za-z0-9]+/).flatMap(word => (word === '' ? [] : [word.toLowerCase()]))
}

/** What a name lacks to be one: letters to begin with. */
const begun = (words: readonly string[], otherwise: string): readonly string[] =>
  /^[a-z]/.test(words[0] ?? '') ? words : [otherwise, ...words]

/** Names that were given already get a number behind them. */
export function naming(): (wanted: string) => string {
  const given = new Set<string>()
  return wanted => {
    let name = wanted
    for (let n = 2; given.has(name.toLowerCase()); n++) name = `${wanted}${/\d$/.test(wanted) ? 'n' : ''}${n}`
    given.add(name.toLowerCase())
    return name
  }
}

/** A plural noun for a table. */
export function resourceName(table: string): string {
  const words = begun(wordsOf(table), 'table')
  const last = words.at(-1) ?? 'rows'
  const name = [...words.slice(0, -1), isPlural(last) ? last : pluralize(last)].join('-')
  return name.length < 2 || reservedPaths.has(name) || isVersionSegment(name) ? `${words.join('-')}-records` : name
}

/** A member for a column. */
export function memberName(column: string): string {
  const [first = '', ...rest] = begun(wordsOf(column), 'column')
  const name = first + rest.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  return name.length < 2 || name === 'id' || reservedWords.has(name) ? `${name}Value` : name
}

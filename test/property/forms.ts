// An entry of the bank, or several, written in each format by other means than the server's.
import type { Entry } from './entries.ts'

/** What the place and the method may be sent. */
export type Wanted = 'account' | 'transaction' | 'transfer' | 'statement' | 'rate' | 'synchronization' | 'run' | 'none'

export const isCollection = (wanted: Wanted): boolean => ['account', 'transaction', 'transfer'].includes(wanted)

export const isList = (value: Entry | readonly Entry[]): value is readonly Entry[] => Array.isArray(value)

export function xmlOf(wanted: Wanted, value: Entry | readonly Entry[]): string {
  if (isList(value)) return `<${wanted}s>${value.map(entry => xmlOf(wanted, entry)).join('')}</${wanted}s>`
  const inside = Object.entries(value).map(([name, member]) =>
    Object.hasOwn(nestedIn, name) && typeof member === 'object' && member !== null
      ? `<${name}>${structured(member as Entry, nestedIn[name] ?? '')}</${name}>`
      : member === null
        ? `<${name} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>`
        : `<${name}>${String(member).replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</${name}>`,
  )
  return `<${wanted}>${inside.join('')}</${wanted}>`
}

/** Members of a synchronisation that are elements in XML, and what their lists hold. */
const nestedIn: Readonly<Record<string, Wanted>> = { accounts: 'account', transactions: 'transaction' }
const structured = (sides: Entry, element: Wanted | ''): string =>
  Object.entries(sides)
    .map(([side, list]) =>
      Array.isArray(list) && element !== ''
        ? `<${side}>${list.map(entry => xmlOf(element, entry)).join('')}</${side}>`
        : `<${side}/>`,
    )
    .join('')

export function csvOf(value: Entry | readonly Entry[]): string {
  const rows = isList(value) ? value : [value]
  const names = Object.keys(rows[0] ?? { id: '' })
  const cell = (member: unknown) => (member === null ? '' : `"${textOf(member).replaceAll('"', '""')}"`)
  return [names, ...rows.map(row => names.map(name => cell(row[name])))].map(row => `${row.join(',')}\r\n`).join('')
}

const textOf = (member: unknown): string => (typeof member === 'object' ? JSON.stringify(member) : String(member))

export const ndjsonOf = (value: Entry | readonly Entry[]): string =>
  (isList(value) ? value : [value]).map(entry => `${JSON.stringify(entry)}\n`).join('')

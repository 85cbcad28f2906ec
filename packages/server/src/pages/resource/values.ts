// Values as people read them. Everything is text first, and escaped; an address becomes a link only where it is a web's.
import type { Field } from '../../model/model.ts'
import { escapeHtml } from '../html.ts'

/** Markup for one value of a field. */
export type ValueWriter = (value: unknown) => string

const none = '<span class="none" aria-label="none">–</span>'
const webAddress = /^https?:\/\/[^\s<>"'\\^`{|}]+$/
/** Levels of a structured value that are laid out; what is deeper stands as JSON. */
const deepest = 6

/** `href`: where a value leads, if it is the id of something. */
export function valueWriter({ kind }: Field, href?: (id: string) => string): ValueWriter {
  const write = writers[kind]
  return value => {
    if (value === null || value === undefined) return none
    if (href !== undefined)
      return `<a class="id" href="${escapeHtml(href(String(value)))}">${escapeHtml(String(value))}</a>`
    return write(value)
  }
}

/** Numbers stand at the right, so that their digits can be compared. */
export const isNumeric = ({ kind }: Field): boolean => kind === 'integer' || kind === 'number' || kind === 'decimal'

const plain = (value: unknown): string => escapeHtml(String(value))

const writers: Readonly<Record<Field['kind'], ValueWriter>> = {
  text: value => textOf(String(value)),
  integer: plain,
  number: plain,
  decimal: plain,
  boolean: plain,
  date: value => `<time datetime="${plain(value)}">${plain(value)}</time>`,
  'date-time': value => instantOf(String(value)),
  json: value => structured(value, deepest),
}

function textOf(text: string): string {
  if (text.length < 2_000 && webAddress.test(text))
    return `<a href="${escapeHtml(text)}" rel="external nofollow noopener noreferrer">${escapeHtml(text)}</a>`
  return text.includes('\n') ? `<span class="lines">${escapeHtml(text)}</span>` : escapeHtml(text)
}

/** `2014-12-31T23:59:59.000Z` → `2014-12-31 23:59:59 UTC` */
function instantOf(text: string): string {
  const shown = text.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.0+)?(\.\d+)?Z$/, '$1 $2$3 UTC')
  return `<time datetime="${escapeHtml(text)}">${escapeHtml(shown)}</time>`
}

/** Objects are lists of terms, arrays lists. */
export function structured(value: unknown, depth: number = deepest): string {
  if (value === null || value === undefined) return none
  if (typeof value === 'string') return textOf(value)
  if (typeof value !== 'object') return plain(value)
  if (depth === 0) return `<code>${escapeHtml(JSON.stringify(value))}</code>`
  if (Array.isArray(value)) {
    if (value.length === 0) return '<span class="none">empty list</span>'
    return `<ol class="inner">${value.map(element => `<li>${structured(element, depth - 1)}</li>`).join('')}</ol>`
  }
  const members = Object.entries(value)
  if (members.length === 0) return '<span class="none">empty</span>'
  const rows = members.map(
    ([name, member]) => `<div><dt>${escapeHtml(name)}</dt><dd>${structured(member, depth - 1)}</dd></div>`,
  )
  return `<dl class="inner">${rows.join('')}</dl>`
}

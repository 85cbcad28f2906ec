// What every page of a resource has around it: the way there, the pages beside it, the formats it comes in too.
import type { Link } from '@comity/http'
import { formats } from '../../formats/registry.ts'
import type { Field } from '../../model/model.ts'
import { formatWords } from '../../query/words.ts'
import { escapeHtml, type Html, html } from '../html.ts'
import { frame, pagePolicy } from '../layout.ts'
import { pageAt, type Subject, segmentsOf } from './subject.ts'
import { isNumeric, type ValueWriter, valueWriter } from './values.ts'

/** `createdAt` → `Created at` */
export const labelOf = (name: string): string => {
  const spoken = name.replaceAll('-', ' ').replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
  return spoken.charAt(0).toUpperCase() + spoken.slice(1)
}

/** Forms of a page go to the page itself; all else is forbidden as everywhere. */
export const resourcePolicy: string = pagePolicy.replace("form-action 'none'", "form-action 'self'")

export type Framed = { readonly open: string; readonly close: string }

/** The document around the main part. */
export const resourceFrame = (subject: Subject, title: string): Framed =>
  frame({ title, base: subject.base, language: 'en', current: undefined, width: 'wide' })

/** Start, the collections and items above; `here` is the page itself. */
export function crumbs(subject: Subject, here: string): Html {
  const { place } = subject
  const above: Html[] = []
  const step = (href: string, text: string) => above.push(html`<li><a href="${href}">${text}</a></li>`)
  if (place.kind !== 'other') {
    const { collection, parent } = place
    const outer = collection.parent
    if (outer && parent !== undefined) {
      step(pageAt(subject, outer.name), labelOf(outer.name))
      step(pageAt(subject, outer.name, parent), parent)
    }
    if (place.kind === 'item') step(pageAt(subject, ...segmentsOf(collection, parent)), labelOf(collection.name))
  }
  return html`<nav class="crumbs" aria-label="Breadcrumb"><ol><li><a href="${subject.base.path}/">Start</a></li>${above}<li aria-current="page">${here}</li></ol></nav>`
}

/** The same in every format, at the same words. */
export function otherFormats({ root, path, words, occasion }: Subject): Html | undefined {
  if (occasion === 'write') return undefined
  const query = words.length > 0 ? `?${formatWords(words)}` : ''
  return html`<nav class="formats" aria-label="Other formats"><h2>Other formats</h2><ul>${formats.map(
    ({ name, mediaType }) =>
      html`<li><a rel="alternate" type="${mediaType}" href="${root + path}.${name}${query}">${name.toUpperCase()}</a></li>`,
  )}</ul></nav>`
}

const labels: Readonly<Record<string, string>> = {
  first: '« First',
  prev: '‹ Previous',
  next: 'Next ›',
  last: 'Last »',
}

/** The links of a page of a list (RFC 8288), for people. */
export function pageNav(links: readonly Link[]): Html | undefined {
  const relations = new Set(links.map(({ rel }) => rel[0]))
  // The first page leads to itself.
  const shown = links.filter(({ rel: [rel = ''] }) => labels[rel] && (rel !== 'first' || relations.has('prev')))
  if (shown.length === 0) return undefined
  return html`<nav class="pages" aria-label="Pages"><ul>${shown.map(
    ({ rel: [rel = ''], target }) => html`<li><a rel="${rel}" href="${target}">${labels[rel]}</a></li>`,
  )}</ul></nav>`
}

/** How the values of a member are written on this page: what is an id leads to what it names. */
export type Column = { readonly field: Field; readonly numeric: boolean; readonly write: (value: unknown) => string }

export function columnsOf(subject: Subject, fields: readonly Field[]): readonly Column[] {
  const { place, collections, language } = subject
  return fields.map(field => {
    const to = collections.find(({ name, parent }) => parent === undefined && name === field.references)
    const above = place.kind !== 'other' && field === place.collection.parentField ? place.collection.parent : undefined
    const named = [to, above].find(collection => collection?.methods.item.includes('GET'))
    const href = named && ((id: string) => pageAt(subject, named.name, id))
    const write = valueWriter(field, href)
    return { field, numeric: isNumeric(field), write: field.translatable ? spoken(write, language) : write }
  })
}

/** WCAG 2.2 §3.1.2: the page is in English, its texts need not be. */
const spoken = (write: ValueWriter, language: string | undefined): ValueWriter =>
  language === undefined ? write : value => `<span lang="${escapeHtml(language)}">${write(value)}</span>`

/** A description as text; what has none leaves nothing. */
export const lead = (description: string | undefined): string =>
  description === undefined ? '' : `<p class="lead">${escapeHtml(description)}</p>`

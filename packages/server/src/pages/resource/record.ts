// One thing for people: its members as a list of terms, and what is related to it.
import type { Link } from '@comity/http'
import type { Shape } from '../../formats/format.ts'
import type { CollectionModel, Values } from '../../model/model.ts'
import { formatWords } from '../../query/words.ts'
import { type Html, html } from '../html.ts'
import { columnsOf, crumbs, labelOf, otherFormats, resourceFrame } from './frame.ts'
import { pageAt, type Subject, segmentsOf } from './subject.ts'

export function recordPage(subject: Subject, shape: Shape, values: Values, links: readonly Link[]): string {
  const noun = labelOf(shape.singular)
  const name = nameOf(values) ?? (subject.place.kind === 'item' ? String(values.id ?? noun) : noun)
  const { open, close } = resourceFrame(subject, name === noun ? noun : `${name} · ${noun}`)
  const main = html`${crumbs(subject, name)}
<article>
<header class="title">${name !== noun && html`<p class="eyebrow">${noun}</p>`}<h1>${name}</h1></header>
<dl class="record">
${columnsOf(subject, shape.fields).map(
  ({ field, write }) =>
    html`<div><dt>${labelOf(field.name)}</dt><dd>${{ html: write(values[field.name]) }}</dd></div>\n`,
)}</dl>
${related(subject, values, links)}
</article>
${otherFormats(subject)}`
  return open + main.html + close
}

/** What people would call it: its name or title, where it has one. */
function nameOf({ name, title }: Values): string | undefined {
  const found = [name, title].find(value => typeof value === 'string' && value.trim() !== '')
  return typeof found === 'string' && found.length <= 120 ? found : undefined
}

const readable = ({ methods }: CollectionModel): boolean => methods.collection.includes('GET')

/** What is nested below an item, what names it elsewhere, and where the answer's own links lead. */
function related(subject: Subject, { id }: Values, links: readonly Link[]): Html | undefined {
  const { place } = subject
  const entries: Html[] = []
  const entry = (href: string, text: string) => entries.push(html`<li><a href="${href}">${text}</a></li>`)
  if (place.kind === 'item' && id !== undefined) {
    const { collection, parent } = place
    for (const nested of collection.nested.filter(readable))
      entry(pageAt(subject, ...segmentsOf(nested, String(id))), labelOf(nested.name))
    if (collection.parent === undefined) naming(subject, collection, String(id), entry)
    entry(pageAt(subject, ...segmentsOf(collection, parent)), `All ${labelOf(collection.name).toLowerCase()}`)
  } else
    for (const { rel, target } of links) if (rel[0] !== undefined && rel[0] !== 'self') entry(target, labelOf(rel[0]))
  if (entries.length === 0) return undefined
  return html`<nav class="related" aria-labelledby="related"><h2 id="related">Related</h2><ul class="plain">${entries}</ul></nav>`
}

/** Lists of those at the top level whose members hold this id. */
function naming(
  subject: Subject,
  { name }: CollectionModel,
  id: string,
  entry: (href: string, text: string) => void,
): void {
  for (const other of subject.collections.filter(other => other.parent === undefined && readable(other)))
    for (const field of other.fields.filter(({ references }) => references === name)) {
      const words = formatWords([{ name: field.name, value: id.replace(/[\\,]/g, '\\$&') }])
      entry(`${pageAt(subject, other.name)}?${words}`, `${labelOf(other.name)} by ${labelOf(field.name).toLowerCase()}`)
    }
}

// A list for people: a table whose heads sort it, the words that filter it, the pages beside it. Written as it is read.
import type { Link } from '@comity/http'
import type { ListWriter, Shape } from '../../formats/format.ts'
import type { Values } from '../../model/model.ts'
import { formatWords } from '../../query/words.ts'
import { escapeHtml, type Html, html } from '../html.ts'
import { filterForm } from './filter-form.ts'
import { type Column, columnsOf, crumbs, labelOf, lead, otherFormats, pageNav, resourceFrame } from './frame.ts'
import { pageAt, type Subject, segmentsOf } from './subject.ts'

export function listPage(subject: Subject, shape: Shape, links: readonly Link[]): ListWriter<string> {
  const title = labelOf(shape.plural)
  const { open, close } = resourceFrame(subject, title)
  const columns = columnsOf(subject, shape.fields)
  const writeRow = rowWriter(subject, shape, columns)
  let isEmpty = true
  return {
    open: () => `${open}${head(subject, shape, title).html}
<div class="scroll" role="region" aria-label="${escapeHtml(title)}" tabindex="0"><table class="list">
<caption>${escapeHtml(captionOf(subject, title))}</caption>
<thead><tr>${columns.map(column => headCell(subject, column).html).join('')}</tr></thead>
<tbody>
`,
    rows: rows => {
      if (rows.length > 0) isEmpty = false
      let text = ''
      for (const values of rows) text += writeRow(values)
      return text
    },
    close: () =>
      html`${isEmpty && html`<tr><td class="nothing" colspan="${columns.length}">There is nothing here.</td></tr>\n`}</tbody></table></div>
${pageNav(links)}
${otherFormats(subject)}`.html + close,
  }
}

function head(subject: Subject, { plural }: Shape, title: string): Html {
  const { place } = subject
  const isOwn = place.kind === 'list' && place.collection.name === plural
  return html`${crumbs(subject, title)}
<header class="title"><h1>${title}</h1>${isOwn && { html: lead(place.collection.description) }}</header>
${isOwn && subject.occasion === 'read' && filterForm(subject, place.collection)}`
}

function captionOf({ sort, occasion }: Subject, title: string): string {
  const order = sort.map(
    ({ field, direction }) => `${labelOf(field.name).toLowerCase()}${direction === 'desc' ? ', descending' : ''}`,
  )
  return occasion === 'read' && order.length > 0 ? `${title}, by ${order[0]}` : title
}

/** A head sorts by its member; once more, the other way round. */
function headCell(subject: Subject, { field, numeric }: Column): Html {
  const { place, sort, occasion, root, path, extension, words } = subject
  const label = labelOf(field.name)
  const kind = numeric && html` class="number"`
  const orders = place.kind === 'list' && place.collection.byName.get(field.name) === field && field.kind !== 'json'
  if (!orders || occasion === 'write') return html`<th scope="col"${kind}>${label}</th>`
  const [first] = sort
  const now = first?.field === field ? first.direction : undefined
  const kept = words.filter(({ name }) => !moving.has(name))
  const query = formatWords([...kept, { name: 'sort', value: now === 'asc' ? `-${field.name}` : field.name }])
  const said = now && html` aria-sort="${now === 'asc' ? 'ascending' : 'descending'}"`
  const arrow = now && html` <span aria-hidden="true">${now === 'asc' ? '↑' : '↓'}</span>`
  return html`<th scope="col"${kind}${said}><a href="${root + path + extension}?${query}">${label}${arrow}</a></th>`
}

/** Words that say which page, and in which order. */
const moving: ReadonlySet<string> = new Set(['sort', 'offset', 'after', 'before'])

type RowWriter = (values: Values) => string

/** A row's own member leads to the item. */
function rowWriter(subject: Subject, { plural }: Shape, columns: readonly Column[]): RowWriter {
  const addressOf = addressesOf(subject, plural)
  return values => {
    let text = '<tr>'
    for (const { field, numeric, write } of columns) {
      const value = values[field.name]
      const address = field.name === 'id' ? addressOf(values) : undefined
      if (address !== undefined)
        text += `<th scope="row"><a class="id" href="${escapeHtml(address)}">${escapeHtml(String(value))}</a></th>`
      else text += `<td${numeric ? ' class="number"' : ''}>${write(value)}</td>`
    }
    return `${text}</tr>\n`
  }
}

/** Where the thing in a row is; undefined where it is nowhere. */
function addressesOf(subject: Subject, plural: string): (values: Values) => string | undefined {
  const { place, path } = subject
  if (place.kind === 'other') return ({ id }) => (path === '/jobs' ? pageAt(subject, 'jobs', String(id)) : undefined)
  const { collection, parent } = place
  if (collection.name !== plural || !collection.methods.item.includes('GET')) return () => undefined
  const above = segmentsOf(collection, parent)
  if (!collection.files) return ({ id }) => pageAt(subject, ...above, String(id))
  // A file is its bytes, at its name.
  const bare = { ...subject, extension: '' }
  return ({ name }) => (typeof name === 'string' ? pageAt(bare, ...above, name) : undefined)
}

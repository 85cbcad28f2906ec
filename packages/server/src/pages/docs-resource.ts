// One resource as people read it: what its items are made of, how lists are filtered, its operations.

import { capitalised, oneOfThem, spoken } from '../define/names.ts'
import { keywordsOf, kindOf } from '../model/field.ts'
import type { CollectionModel, Field, ServiceModel } from '../model/model.ts'
import { pathOf, pathOfItem } from '../openapi/document.ts'
import { type OpenApiDocument, type Operation, operationMethods, type PathItem } from '../openapi/kind.ts'
import { sortOf } from '../openapi/parameters.ts'
import { badge, operationSection, pathText } from './docs-operation.ts'
import { type Html, html, phrase } from './html.ts'
import type { PageBase } from './layout.ts'

/** The fragment under which a resource stands: `accounts`, `accounts.transactions`. No other fragment is without a colon. */
export const anchorOf = (resource: CollectionModel | ServiceModel): string =>
  resource.kind === 'collection' && resource.parent ? `${resource.parent.name}.${resource.name}` : resource.name

/** An operation with its place, in the order in which they are shown. */
export type Placed = { readonly method: string; readonly path: string; readonly operation: Operation }

/** The operations of a resource, without HEAD and OPTIONS: those say the same of every one. */
export function placedOperations(
  document: OpenApiDocument,
  resource: CollectionModel | ServiceModel,
): readonly Placed[] {
  const paths = resource.kind === 'collection' ? [pathOf(resource), pathOfItem(resource)] : [`/${resource.name}`]
  return paths.flatMap(path => inOrder(path, document.paths[path] ?? {}))
}

function inOrder(path: string, item: PathItem): readonly Placed[] {
  const placed: Placed[] = []
  for (const method of operationMethods) {
    const operation = item[method]
    if (operation && method !== 'head' && method !== 'options')
      placed.push({ method: method.toUpperCase(), path, operation })
    if (method === 'get' && item['x-query']) placed.push({ method: 'QUERY', path, operation: item['x-query'] })
  }
  return placed
}

export function collectionSection(document: OpenApiDocument, base: PageBase, collection: CollectionModel): Html {
  const { name, description, singular, parent, preconditions, methods } = collection
  const anchor = anchorOf(collection)
  return html`
<section class="resource" id="${anchor}" aria-labelledby="${anchor}:title">
<h2 id="${anchor}:title">${capitalised(spoken(name))}${parent && html` <span class="note">of ${oneOfThem(parent.singular)}</span>`}<a class="anchor" href="#${anchor}" aria-label="Link to ${name}">#</a></h2>
<p class="where"><code class="path">${pathText(pathOf(collection))}</code></p>
${description !== undefined && html`<p class="lead">${phrase(description)}</p>`}
${preconditions === 'required' && html`<p class="callout">To write here, say which state you have seen: <code>If-Match</code> with the ETag, or the answer is <a href="${base.path}/problems/precondition-required">428</a>.</p>`}
<h3 id="${anchor}:members">Members of ${oneOfThem(singular)}</h3>
${memberTable(collection)}
${filterNote(collection)}
<p class="note">Lists come in the order <code>${sortOf(collection)}</code>, ${collection.limit.byDefault} at a time, at most ${collection.limit.max}${collection.exports === 'allowed' && html`, or all of them with <code>limit=all</code>`}.</p>
<h3 id="${anchor}:operations">Operations</h3>
${operationsOf(document, base, collection)}
${alsoAnswered([...new Set([...methods.collection, ...methods.item])])}
</section>`
}

export function serviceSection(document: OpenApiDocument, base: PageBase, service: ServiceModel): Html {
  const { name, description, input, output, methods } = service
  const anchor = anchorOf(service)
  return html`
<section class="resource" id="${anchor}" aria-labelledby="${anchor}:title">
<h2 id="${anchor}:title">${capitalised(spoken(name))} <span class="note">service</span><a class="anchor" href="#${anchor}" aria-label="Link to ${name}">#</a></h2>
<p class="where"><code class="path">/${name}</code></p>
${description !== undefined && html`<p class="lead">${phrase(description)}</p>`}
<h3 id="${anchor}:input">Called with</h3>
${fieldTable(input, 'input')}
<h3 id="${anchor}:output">Answers</h3>
${fieldTable(output, 'output')}
<h3 id="${anchor}:operations">Operations</h3>
${operationsOf(document, base, service)}
${alsoAnswered(methods)}
</section>`
}

const operationsOf = (
  document: OpenApiDocument,
  base: PageBase,
  resource: CollectionModel | ServiceModel,
): readonly Html[] =>
  placedOperations(document, resource).map(placed => operationSection({ document, base, ...placed }))

function alsoAnswered(methods: readonly string[]): Html {
  const [head, options] = [methods.includes('HEAD'), methods.includes('OPTIONS')]
  return html`<p class="note">${head && html`${badge('HEAD')} answers wherever GET does, with the same fields and no body. `}${options && html`${badge('OPTIONS')} tells which methods are answered and what they read.`}</p>`
}

function memberTable(collection: CollectionModel): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Members of ${oneOfThem(collection.singular)}"><table>
<thead><tr><th scope="col">Member</th><th scope="col">Kind</th><th scope="col">Written by</th></tr></thead>
<tbody>${collection.fields.map(
    field =>
      html`<tr><th scope="row"><code>${field.name}</code></th><td>${kindText(field)}${field.description !== undefined && html`<p>${phrase(field.description)}</p>`}</td><td>${writerOf(field)}</td></tr>`,
  )}</tbody></table></div>`
}

function fieldTable(fields: readonly Field[], way: 'input' | 'output'): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${way === 'input' ? 'Parameters' : 'Members of the answer'}"><table>
<thead><tr><th scope="col">${way === 'input' ? 'Parameter' : 'Member'}</th><th scope="col">Kind</th>${way === 'input' && html`<th scope="col">Needed</th>`}</tr></thead>
<tbody>${fields.map(
    field =>
      html`<tr><th scope="row"><code>${field.name}</code></th><td>${kindText(field)}${field.description !== undefined && html`<p>${phrase(field.description)}</p>`}</td>${way === 'input' && html`<td>${needOf(field)}</td>`}</tr>`,
  )}</tbody></table></div>`
}

/** One member that people would compare, for the example: an amount, a date, else whatever there is. */
function comparable({ fields }: CollectionModel): Field | undefined {
  const kinds = ['decimal', 'date', 'date-time', 'integer', 'number', 'text'] as const
  return kinds.flatMap(kind => fields.filter(field => field.kind === kind && field.access !== 'server'))[0] ?? fields[0]
}

function filterNote(collection: CollectionModel): Html {
  const field = comparable(collection)
  const structured = collection.fields.filter(({ kind }) => kind === 'json').map(({ name }) => name)
  const ordered = field?.kind === 'text' ? 'like' : 'gte'
  return html`<p>Lists can be filtered by ${structured.length > 0 ? html`every member but <code>${structured.join(', ')}</code>` : 'every member'}, plain or with an <a href="#guide:query-words">operator</a>: <code>${field?.name}=…</code>, <code>${field?.name}.${ordered}=…</code>.</p>`
}

function writerOf(field: Field): Html {
  if (field.access !== 'read-write') return html`<span class="note">the server</span>`
  return html`you, ${needOf(field)}`
}

function needOf(field: Field): Html {
  if (field.byDefault !== undefined) return html`<code>${JSON.stringify(field.byDefault)}</code> when not given`
  return field.presence === 'optional' ? html`optional` : html`required`
}

/** What a value looks like, in words. */
function kindText(field: Field): Html {
  const words = keywordsOf(field.schema)
  const { maxLength, minLength, pattern, minimum, maximum } = field.schema as { [name: string]: unknown }
  const {
    'x-exclusiveMinimum': over,
    'x-minimum': least,
    'x-maximum': most,
  } = field.schema as { [name: string]: unknown }
  if (words.enum && kindOf(field.schema) === 'text')
    return html`one of ${words.enum.map((word, index) => html`${index > 0 && ', '}<code>${String(word)}</code>`)}`
  const bounds = [
    over !== undefined && `over ${over}`,
    least !== undefined && `at least ${least}`,
    most !== undefined && `at most ${most}`,
    isTelling(minimum) && `at least ${minimum}`,
    isTelling(maximum) && `at most ${maximum}`,
    minLength !== undefined && maxLength !== undefined && `${minLength}–${maxLength} characters`,
    minLength === undefined &&
      maxLength !== undefined &&
      field.kind === 'text' &&
      pattern === undefined &&
      `up to ${maxLength} characters`,
  ].filter(bound => typeof bound === 'string')
  const unique = field.unique ? ', unique' : ''
  const references =
    field.references === undefined
      ? undefined
      : html`, the id of <a href="#${field.references}">one of ${field.references}</a>`
  return html`${nouns[field.kind](field)}${bounds.length > 0 && `, ${bounds.join(', ')}`}${unique}${references}${field.kind === 'text' && typeof pattern === 'string' && html`, matching <code>${pattern}</code>`}`
}

const isTelling = (bound: unknown): boolean =>
  typeof bound === 'number' && Number.isFinite(bound) && Math.abs(bound) < Number.MAX_SAFE_INTEGER

const nouns: Readonly<Record<Field['kind'], (field: Field) => string>> = {
  text: () => 'text',
  integer: () => 'whole number',
  number: () => 'number',
  boolean: () => 'true or false',
  decimal: ({ scale }) =>
    scale === 0 ? 'decimal in a string' : `decimal in a string, ${scale} digits after the point`,
  date: () => 'date',
  'date-time': () => 'instant in UTC',
  json: () => 'structured',
}

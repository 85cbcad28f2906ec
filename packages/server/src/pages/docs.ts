// The documentation page: the whole description for reading, made from the same values as the OpenAPI document.
import type { ApiModel } from '../model/model.ts'
import { openApiDocument } from '../openapi/document.ts'
import type { SecuritySchemes } from '../openapi/kind.ts'
import { credentialsGuide } from './docs-credentials.ts'
import { guidesOf } from './docs-guides.ts'
import { badge } from './docs-operation.ts'
import { anchorOf, collectionSection, placedOperations, serviceSection } from './docs-resource.ts'
import { html, phrase } from './html.ts'
import { type PageBase, page } from './layout.ts'

/** One HTML document without scripts and without a request to anywhere. Make it once for each base. */
export function docsPage(model: ApiModel, base: PageBase, schemes: SecuritySchemes = {}): string {
  const document = openApiDocument(model, base, schemes)
  const guides = [...credentialsGuide(schemes), ...guidesOf(model, base)]
  const resources = [...model.collections, ...model.services]
  const sections = resources.map(resource =>
    resource.kind === 'collection'
      ? collectionSection(document, base, resource)
      : serviceSection(document, base, resource),
  )
  const aside = html`
<nav class="contents" aria-label="Contents">
<p><a href="#page:main">${model.title}</a></p>
<h2>Resources</h2>
<ul>${resources.map(
    resource => html`<li><a href="#${anchorOf(resource)}">${nameOf(resource)}</a>
<ul>${placedOperations(document, resource).map(({ method, operation }) => html`<li><a href="#operation:${operation.operationId}">${badge(method)} ${shorten(operation.summary)}</a></li>`)}</ul></li>`,
  )}</ul>
<h2>In common</h2>
<ul>${guides.map(({ id, title }) => html`<li><a href="#guide:${id}">${title}</a></li>`)}</ul>
</nav>`
  const main = html`
<header class="hero"><p class="eyebrow">Version ${model.version}</p><h1>${model.title}</h1>
${model.description !== undefined && html`<p class="lead">${phrase(model.description)}</p>`}
<p class="where">Served at <code>${base.url || '/'}</code></p>
<p class="actions"><a class="button" href="${base.path}/openapi.json">OpenAPI description</a> <a href="${base.path}/problems">Problems</a></p></header>
${sections}
${guides.map(
  ({ id, title, body }) =>
    html`<section class="guide" id="guide:${id}" aria-labelledby="guide:${id}:title"><h2 id="guide:${id}:title">${title}<a class="anchor" href="#guide:${id}" aria-label="Link to ${title}">#</a></h2>${body}</section>`,
)}`
  return page({ title: `${model.title}: documentation`, base, language: 'en', current: 'docs', aside, main })
}

const nameOf = (resource: ApiModel['collections'][number] | ApiModel['services'][number]): string =>
  resource.kind === 'collection' && resource.parent ? `${resource.parent.name} / ${resource.name}` : resource.name

/** “List the accounts” stands under “accounts”: what the badge and the heading say already is left out. */
const shorten = (summary: string): string => summary.replace(/,? (?:or create it .*|of an? .*)$/, '')

// The entry point: what is here, and where. RFC 8288 relations lead on from it (RFC 8631 for the service’s documents).
import type { Link } from '@comity/http'
import type { ApiModel, CollectionModel, ServiceModel } from '../model/model.ts'
import { changelogDocument } from './changelog.ts'
import { type Html, html, phrase } from './html.ts'
import { type PageBase, page } from './layout.ts'

/** A resource of the API; `href` of a nested one is a URI Template (RFC 6570). */
export type EntryResource = {
  readonly name: string
  readonly href: string
  readonly methods: readonly string[]
  readonly description?: string
  readonly nested?: readonly EntryResource[]
}

export type EntryDocument = {
  readonly title: string
  readonly description?: string
  readonly version: string
  readonly resources: readonly EntryResource[]
  readonly services: readonly EntryResource[]
  readonly versions: readonly { readonly version: string; readonly href: string; readonly status: string }[]
  readonly links: readonly { readonly rel: string; readonly href: string; readonly type?: string }[]
}

/** The entry point for programs. */
export function entryDocument(model: ApiModel, base: PageBase): EntryDocument {
  const { title, description, version, services } = model
  return {
    title,
    ...(description !== undefined && { description }),
    version,
    resources: topCollections(model).map(collection => {
      const nested = collection.nested.map(child => resourceOf(child, base))
      return { ...resourceOf(collection, base), ...(nested.length > 0 && { nested }) }
    }),
    services: services.map(service => resourceOf(service, base)),
    versions: changelogDocument(model, base)
      .versions.filter(({ status }) => status !== 'retired')
      .map(({ version: number, href, status }) => ({ version: number, href, status })),
    links: documentLinks.map(({ rel, path, type }) => ({ rel, href: base.url + path, type })),
  }
}

const topCollections = (model: ApiModel): readonly CollectionModel[] =>
  model.collections.filter(({ parent }) => parent === undefined)

function resourceOf(resource: CollectionModel | ServiceModel, base: PageBase): EntryResource {
  const { name, description } = resource
  const parent = resource.kind === 'collection' ? resource.parent : undefined
  const above = parent && resource.kind === 'collection' ? `/${parent.name}/{${resource.parentField?.name}}` : ''
  return {
    name,
    href: `${base.url}${above}/${name}`,
    methods: resource.kind === 'collection' ? resource.methods.collection : resource.methods,
    ...(description !== undefined && { description }),
  }
}

const openapiType = 'application/vnd.oai.openapi+json;version=3.1'

const documentLinks = [
  { rel: 'service-desc', path: '/openapi.json', type: openapiType },
  { rel: 'describedby', path: '/openapi.json', type: openapiType },
  { rel: 'service-doc', path: '/docs', type: 'text/html' },
  { rel: 'version-history', path: '/changelog', type: 'text/html' },
  { rel: 'status', path: '/readyz', type: 'application/json' },
] as const

/** The Link field of the entry point: the documents, then every resource as an `item`. */
export function entryLinks(model: ApiModel, base: PageBase): readonly Link[] {
  const resources = [...topCollections(model), ...model.services]
  return [
    ...documentLinks.map(({ rel, path, type }) => ({ target: base.path + path, rel: [rel], params: { type } })),
    ...resources.map(({ name }) => ({ target: `${base.path}/${name}`, rel: ['item'], params: { title: name } })),
  ]
}

/** The entry point for people. */
export function entryPage(model: ApiModel, base: PageBase): string {
  const { title, description, version } = model
  const document = entryDocument(model, base)
  const main = html`
<header class="hero"><p class="eyebrow">Version ${version}</p><h1>${title}</h1>
${description !== undefined && html`<p class="lead">${phrase(description)}</p>`}
<p class="actions"><a class="button" href="${base.path}/docs">Read the documentation</a> <a href="${base.path}/openapi.json">OpenAPI description</a></p></header>
<section aria-labelledby="resources"><h2 id="resources">Resources</h2>
<ul class="cards">${document.resources.map(resource => card(resource, base))}</ul></section>
${document.services.length > 0 && html`<section aria-labelledby="services"><h2 id="services">Services</h2><ul class="cards">${document.services.map(service => card(service, base))}</ul></section>`}
<section aria-labelledby="try"><h2 id="try">Try it</h2>
<pre tabindex="0"><code>curl -i ${base.url}/${document.resources[0]?.name ?? document.services[0]?.name ?? ''}</code></pre></section>
<section aria-labelledby="about"><h2 id="about">About</h2>
<ul class="plain"><li><a href="${base.path}/changelog">Changelog</a>: the versions, and how to move from one to the next</li>
<li><a href="${base.path}/problems">Problems</a>: every answer that is not what was asked for, explained</li>
<li><a href="${base.path}/readyz">Readiness</a> and <a href="${base.path}/livez">liveness</a></li></ul></section>`
  return page({ title, base, language: 'en', current: 'entry', main })
}

function card(resource: EntryResource, base: PageBase): Html {
  const { name, methods, description, nested = [] } = resource
  return html`<li><a href="${base.path}/docs#${name}"><strong>${name}</strong> <code>/${name}</code></a>
${description !== undefined && html`<p>${phrase(description)}</p>`}
<p class="methods">${methods.map(method => html`<span class="method method-${method.toLowerCase()}">${method}</span> `)}</p>
${nested.map(child => html`<p class="nested"><a href="${base.path}/docs#${name}.${child.name}">${child.name}</a> <code>${child.href.slice(base.url.length)}</code></p>`)}</li>`
}

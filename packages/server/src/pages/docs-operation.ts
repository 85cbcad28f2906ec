// One operation as people read it: what it does, a line to try it with, an answer, the statuses.
import { reasonOf } from '@comity/http'
import type { Content, OpenApiDocument, Operation, Parameter, Ref, Response } from '../openapi/kind.ts'
import { anyRequest } from '../openapi/refusals.ts'
import { curlLine, firstExample } from './curl.ts'
import { credentialOptions } from './docs-credentials.ts'
import { type Html, html, phrase } from './html.ts'
import type { PageBase } from './layout.ts'

export type Shown = {
  readonly document: OpenApiDocument
  readonly base: PageBase
  readonly path: string
  /** `GET`; also the member of the path item, in lower case, or `x-query`. */
  readonly method: string
  readonly operation: Operation
}

/** A badge that names a method. */
export const badge = (method: string): Html =>
  html`<span class="method method-${method.toLowerCase()}">${method}</span>`

/** A path with its parameters set apart. */
export const pathText = (path: string): Html =>
  html`${path.split(/(\{[^}]+\})/).map(piece => (piece.startsWith('{') ? html`<var>${piece}</var>` : html`${piece}<wbr>`))}`

/** The component that a reference names. */
export function resolved<T extends object>(document: OpenApiDocument, value: T | Ref): T {
  if (!('$ref' in value)) return value
  const [kind = '', name = ''] = value.$ref.slice('#/components/'.length).split('/')
  return document.components[kind as 'schemas' | 'parameters' | 'headers' | 'responses'][name] as T
}

export function operationSection(shown: Shown): Html {
  const { document, operation, method, path, base } = shown
  const { operationId, summary, description } = operation
  const parameters = (operation.parameters ?? []).map(parameter => resolved(document, parameter))
  const credentials = credentialOptions(operation, document.components.securitySchemes ?? {})
  const line = curlLine({ method, url: base.url, path, operation, parameters, credentials })
  return html`
<article class="operation" id="operation:${operationId}" aria-labelledby="title:${operationId}">
<h4 id="title:${operationId}">${badge(method)} <code class="path">${pathText(path)}</code><a class="anchor" href="#operation:${operationId}" aria-label="Link to ${summary}">#</a></h4>
<p class="summary">${phrase(summary)}.</p>
${description !== undefined && html`<p>${phrase(description)}</p>`}
<div class="exchange">
<figure><figcaption>Request</figcaption><pre tabindex="0"><code>${line}</code></pre></figure>
${answer(shown)}
</div>
${parameterList(parameters)}
${otherContents('Content in other formats', operation.requestBody?.content)}
${otherContents('The answer in other formats', success(shown)?.[1].content)}
${statusList(shown)}
</article>`
}

function success({ document, operation }: Shown): readonly [status: string, response: Response] | undefined {
  const [entry] = Object.entries(operation.responses)
  return entry && [entry[0], resolved(document, entry[1])]
}

function answer(shown: Shown): Html | undefined {
  const [status, response] = success(shown) ?? []
  if (status === undefined || response === undefined) return undefined
  const [type, value] = firstExample(response.content) ?? []
  const lines = [
    `HTTP/1.1 ${status} ${reasonOf(Number(status))}`,
    ...(type === undefined ? [] : [`Content-Type: ${type}`]),
    ...Object.keys(response.headers ?? {}).flatMap(name => (samples[name] ? [`${name}: ${samples[name](shown)}`] : [])),
  ]
  const body = value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value, undefined, 2)
  return html`<figure><figcaption>Answer</figcaption><pre tabindex="0"><code><span class="head">${lines.join('\n')}</span>${body && `\n\n${body}`}</code></pre></figure>`
}

/** Fields worth showing, as they might be. */
const samples: Readonly<Record<string, (shown: Shown) => string>> = {
  ETag: () => '"4q-json"',
  Location: ({ base, path, document, operation }) => {
    const [, value] = firstExample(resolved(document, operation.responses['201'] ?? { description: '' }).content) ?? []
    const { id, name } = (value ?? {}) as { id?: unknown; name?: unknown }
    // Files are found by their names, which their ids end with.
    const last = String(id ?? 'id').endsWith(`/${name}`) ? name : (id ?? 'id')
    return `${base.path}${path}/${last}`.replace(/\{[^}]+\}/g, '…')
  },
}

/** Query words of lists are told once a resource, and what every request may carry once for all. */
const toldElsewhere: ReadonlySet<string> = new Set([
  'always_success_code',
  'v',
  'API-Version',
  'Accept-Language',
  'sort',
  'offset',
  'limit',
  'after',
  'before',
  'fields',
  'If-Match',
  'If-None-Match',
  'If-Modified-Since',
  'If-Unmodified-Since',
  'Prefer',
])

/** A filter is known by its siblings with operators: `type`, as there is `type.eq`. Aliases have none and are shown. */
const filtersAmong = (parameters: readonly Parameter[]): readonly string[] =>
  parameters.flatMap(({ name }) => (name.includes('.') ? [name, name.slice(0, name.lastIndexOf('.'))] : []))

function parameterList(parameters: readonly Parameter[]): Html | undefined {
  const isTold = ({ name }: Parameter) => toldElsewhere.has(name) || filterNames.has(name)
  const filterNames = new Set(filtersAmong(parameters))
  const own = parameters.filter(parameter => parameter.required || !isTold(parameter))
  const names = new Set(parameters.map(({ name }) => name))
  const also = [
    ...(names.has('limit') ? [html`<a href="#guide:query-words">page and sort words</a>`] : []),
    ...(filterNames.size > 0 ? [html`<a href="#guide:query-words">filters</a>`] : []),
    ...(names.has('fields') ? [html`<a href="#guide:query-words"><code>fields</code></a>`] : []),
    ...(names.has('If-Match') || names.has('If-None-Match')
      ? [html`<a href="#guide:preconditions">preconditions</a>`]
      : []),
    ...(names.has('Prefer') ? [html`<a href="#guide:preferences">preferences</a>`] : []),
  ]
  return html`<dl class="parameters">${own.map(
    ({ name, in: place, required, description }) =>
      html`<div><dt><code>${name}</code> <span class="note">${place}${required && place !== 'path' && ', required'}</span></dt><dd>${phrase(description)}</dd></div>`,
  )}${also.length > 0 && html`<div><dt>Also</dt><dd>${also.map((piece, index) => html`${index > 0 && ', '}${piece}`)}</dd></div>`}</dl>`
}

function otherContents(title: string, content: Content | undefined): Html | undefined {
  const others = Object.entries(content ?? {}).slice(1)
  const shown = others.flatMap(([type, media]) => {
    const [, value] = firstExample({ [type]: media }) ?? []
    return value === undefined ? [] : [[type, typeof value === 'string' ? value : JSON.stringify(value)] as const]
  })
  if (shown.length === 0) return undefined
  return html`<details><summary>${title}</summary>${shown.map(
    ([type, text]) =>
      html`<figure><figcaption>${type}</figcaption><pre tabindex="0"><code>${text}</code></pre></figure>`,
  )}</details>`
}

function statusList({ document, operation, base }: Shown): Html {
  const rows = Object.entries(operation.responses).map(([status, reference]) => {
    const response = resolved(document, reference)
    const codes = Object.keys(response.content?.['application/problem+json']?.examples ?? {})
    return { status, codes: codes.filter(code => !anyRequest.includes(code)), isProblem: codes.length > 0, response }
  })
  const own = rows.filter(({ isProblem, codes }) => !isProblem || codes.length > 0)
  return html`<ul class="statuses" aria-label="Statuses">${own.map(
    ({ status, codes, response }) =>
      html`<li class="status-${status[0] ?? ''}"><span class="code">${status}</span> ${
        codes.length > 0
          ? codes.map((code, index) => html`${index > 0 && ', '}<a href="${base.path}/problems/${code}">${code}</a>`)
          : html`${reasonOf(Number(status))}${noteOf(status, response)}`
      }</li>`,
  )}<li class="any"><a href="#guide:any-request">…and those of any request</a></li></ul>`
}

/** The first sentence, where it says more than the reason phrase. */
function noteOf(status: string, { description }: Response): Html | undefined {
  const sentence = /^.*?\.(?=\s|$)/s.exec(description)?.[0] ?? description
  return sentence === `${reasonOf(Number(status))}.` ? undefined : html`<span class="note"> ${phrase(sentence)}</span>`
}

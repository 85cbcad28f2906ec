// The paths that every API has: the entry point, the documents, the problem pages, health.
import { changelogDocument } from '../pages/changelog.ts'
import { entryDocument } from '../pages/entry.ts'
import { problemDocument, problemsDocument } from '../pages/problem.ts'
import { asPage } from './content.ts'
import type { Draft } from './draft.ts'
import { share } from './draft.ts'
import type { Content, Operation, Parameter, PathItem, Ref, Responses, Schema, Tag } from './kind.ts'
import { optionsOperation } from './other-answers.ts'
import { everyWord } from './parameters.ts'
import { problemResponses } from './problem-responses.ts'
import { rangeFields, rangeResponses } from './ranges.ts'
import { refusalsOfPage } from './refusals.ts'
import { preferField, requestField } from './request-fields.ts'
import { responseFields } from './response-fields.ts'

export const systemTag: Tag = {
  name: 'about',
  description: 'The API about itself: where things are, what went wrong, whether it is well.',
}

type Page = {
  readonly path: string
  /** In PascalCase, for operation ids. */
  readonly name: string
  readonly summary: string
  readonly content: Content
  readonly kind: 'one-of-many' | 'single' | 'health'
  readonly parameters?: readonly Parameter[]
}

export function systemPaths(draft: Draft): Readonly<Record<string, PathItem>> {
  return Object.fromEntries(pagesOf(draft).map(page => [page.path, pathOf(draft, page)]))
}

function pathOf(draft: Draft, page: Page): PathItem {
  const { name, path, parameters = [] } = page
  const options = {
    operationId: `options${name}`,
    tag: systemTag.name,
    what: path,
    allow: ['GET', 'HEAD', 'OPTIONS'],
    parameters,
  }
  return {
    get: readOperation(draft, page, 'get'),
    head: readOperation(draft, page, 'head'),
    options: optionsOperation(draft, options),
  }
}

function readOperation(draft: Draft, page: Page, method: 'get' | 'head'): Operation {
  const { name, summary, content, kind, parameters = [] } = page
  const negotiates = kind !== 'health'
  const ranged = negotiates && method === 'get'
  return {
    operationId: `${method}${name}`,
    tags: [systemTag.name],
    summary: method === 'get' ? summary : `${summary}: what GET would say, without its body`,
    parameters: [
      ...parameters,
      ...everyWord(draft),
      ...(negotiates ? [requestField(draft, 'If-None-Match'), requestField(draft, 'If-Match')] : []),
      preferField(draft, ['handling']),
      requestField(draft, 'Accept-Language'),
      requestField(draft, 'Accept-Encoding'),
      requestField(draft, 'API-Version'),
      ...(ranged ? rangeFields(draft) : []),
    ],
    responses: {
      '200': {
        description: summary,
        headers: responseFields(
          draft,
          ['Cache-Control'],
          ['Vary', 'Link', 'ETag', 'Content-Language', 'Content-Encoding', 'Accept-Ranges'],
        ),
        ...(method === 'get' && { content }),
      },
      ...(ranged && rangeResponses(draft, ['Link', 'Content-Language'])),
      ...(negotiates && notModified(draft)),
      ...problemResponses(draft, refusalsOfPage(kind)),
    },
  }
}

const notModified = (draft: Draft): Responses => ({
  '304': {
    description: 'What you have is still current.',
    headers: responseFields(draft, ['ETag'], ['Cache-Control', 'Vary', 'Link', 'Content-Language']),
  },
})

function pagesOf(draft: Draft): readonly Page[] {
  const { model } = draft
  const base = { url: draft.url, path: draft.path }
  const json = (schema: Schema, example?: unknown): Content => ({
    'application/json': { schema, ...(example !== undefined && { examples: { one: { value: example } } }) },
  })
  const kind = model.problems.get('precondition-failed')
  const codes = [...model.problems.keys()]
  const code: Parameter = {
    name: 'code',
    in: 'path',
    required: true,
    description: 'The `code` of the problem.',
    schema: { type: 'string', enum: codes },
    examples: { one: { value: 'precondition-failed' } },
  }
  const description = {
    type: 'object',
    properties: { openapi: text, info: { type: 'object' }, paths: { type: 'object' } },
    required: ['openapi', 'info', 'paths'],
  }
  return [
    {
      path: '/',
      name: 'Entry',
      summary: 'The entry point: resources, services, versions',
      kind: 'single',
      content: { ...json(entrySchema(draft), entryDocument(model, base)), ...asPage },
    },
    {
      path: '/openapi.json',
      name: 'OpenApi',
      summary: 'This description',
      kind: 'single',
      content: { ...json(description), 'application/vnd.oai.openapi+json': { schema: description } },
    },
    { path: '/docs', name: 'Docs', summary: 'The documentation, for reading', kind: 'single', content: asPage },
    {
      path: '/problems',
      name: 'Problems',
      summary: 'Every kind of problem',
      kind: 'single',
      content: {
        ...json({ type: 'array', items: problemKindSchema(draft) }, problemsDocument(model, base).slice(0, 1)),
        ...asPage,
      },
    },
    {
      path: '/problems/{code}',
      name: 'Problem',
      summary: 'One kind of problem: why it happens and what to do',
      kind: 'one-of-many',
      parameters: [code],
      content: { ...json(problemKindSchema(draft), kind && problemDocument(kind, base)), ...asPage },
    },
    {
      path: '/changelog',
      name: 'Changelog',
      summary: 'The versions, what changed between them, and how to move on',
      kind: 'single',
      content: { ...json(changelogSchema(draft), changelogDocument(model, base)), ...asPage },
    },
    {
      path: '/livez',
      name: 'Live',
      summary: 'Whether the server runs',
      kind: 'health',
      content: json(healthSchema(draft), { status: 'ok' }),
    },
    {
      path: '/readyz',
      name: 'Ready',
      summary: 'Whether the server and its database are ready for work',
      kind: 'health',
      content: json(healthSchema(draft), { status: 'ok' }),
    },
  ]
}

const text = { type: 'string' }
const uri = { type: 'string', format: 'uri-reference' }

function record(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  return {
    type: 'object',
    properties,
    required: Object.keys(properties).filter(name => !optional.includes(name)),
    additionalProperties: false,
  }
}

function entrySchema(draft: Draft): Ref {
  const methods = { type: 'array', items: text }
  const href = { type: 'string', format: 'uri-template' }
  const resource = record({ name: text, href, methods, description: text }, ['description'])
  const version = record({ version: text, href: uri, status: { enum: ['current', 'supported', 'deprecated'] } })
  const link = record({ rel: text, href: uri, type: text }, ['type'])
  return share(draft, 'schemas', 'Entry', () =>
    record(
      {
        title: text,
        description: text,
        version: text,
        resources: {
          type: 'array',
          items: {
            ...resource,
            properties: { ...(resource.properties as object), nested: { type: 'array', items: resource } },
          },
        },
        services: { type: 'array', items: resource },
        versions: { type: 'array', items: version },
        links: { type: 'array', items: link },
      },
      ['description'],
    ),
  )
}

function changelogSchema(draft: Draft): Ref {
  const history = record({ resource: text, changes: { type: 'array', items: text } })
  const day = { type: 'string', format: 'date' }
  const members = { deprecated: day, sunset: day, successor: uri, notes: text, next: text }
  const version = record(
    {
      version: text,
      status: { enum: ['current', 'supported', 'deprecated', 'retired'] },
      href: uri,
      ...members,
      changes: { type: 'array', items: history },
    },
    [...Object.keys(members), 'changes'],
  )
  return share(draft, 'schemas', 'Changelog', () =>
    record({ title: text, version: text, versions: { type: 'array', items: version } }),
  )
}

function problemKindSchema(draft: Draft): Ref {
  const messages = record({ en: text, ru: text, vi: text })
  return share(draft, 'schemas', 'ProblemKind', () =>
    record({
      type: uri,
      code: text,
      status: { type: 'integer', minimum: 400, maximum: 599 },
      title: text,
      explanation: text,
      cure: text,
      messages,
      source: text,
      links: { type: 'array', items: record({ rel: text, href: uri }) },
    }),
  )
}

function healthSchema(draft: Draft): Ref {
  return share(draft, 'schemas', 'Health', () => ({
    type: 'object',
    properties: { status: { const: 'ok' } },
    required: ['status'],
  }))
}

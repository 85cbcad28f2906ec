// The OpenAPI document of a running server, asked which answer it describes for a request.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Resolve, Schema } from './read-content.ts'
import type { SentRequest } from './request.ts'

export type DescribedHeader = { readonly required?: boolean; readonly schema: Schema }
export type DescribedContent = { readonly schema: Schema; readonly examples?: Readonly<Record<string, unknown>> }
export type DescribedResponse = {
  readonly headers?: Readonly<Record<string, unknown>>
  readonly content?: Readonly<Record<string, DescribedContent>>
}
type Responses = Readonly<Record<string, unknown>>
type PathItem = Readonly<Record<string, { readonly tags: readonly string[]; readonly responses: Responses }>>
type Document = {
  readonly paths: Readonly<Record<string, PathItem>>
  readonly 'x-other-methods': Responses
  readonly 'x-other-paths': Responses
  readonly 'x-trailing-slash': Responses
}

export type Description = {
  readonly resolve: Resolve
  /** The response described for the request and the status; `where` says in which part of the document it was sought. */
  readonly responseTo: (
    request: SentRequest,
    status: number,
  ) => { where: string; response: DescribedResponse | undefined }
  /** What is wrong with the value by the schema; undefined when nothing is. */
  readonly faultOf: (value: unknown, schema: Schema) => string | undefined
}

export function readDescription(text: string): Description {
  const document = JSON.parse(text) as Document
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true })
  addFormats.default(ajv)
  ajv.addFormat('decimal', /^-?\d+(\.\d+)?$/)
  ajv.addSchema({ $id: 'https://bank.example/openapi.json', components: (document as never as Schema).components })
  const compiled = new Map<Schema, ValidateFunction>()
  const resolve: Resolve = value => {
    const ref = (value as Schema | undefined)?.$ref
    if (typeof ref !== 'string') return (value ?? {}) as Schema
    const names = ref.slice(2).split('/')
    return resolve(names.reduce((node, name) => node[name] as Schema, document as never as Schema))
  }
  return {
    resolve,
    responseTo(request, status) {
      const { where, sets } = responsesFor(document, request)
      const range = `${Math.floor(status / 100)}XX`
      const names = [String(status), range]
      const found = names.flatMap(name => sets.flatMap(set => (Object.hasOwn(set, name) ? [set[name]] : [])))[0]
      return { where, response: found === undefined ? undefined : (resolve(found) as DescribedResponse) }
    },
    faultOf(value, schema) {
      const validate = compiled.get(schema) ?? ajv.compile(absolute(schema))
      compiled.set(schema, validate)
      return validate(value) ? undefined : ajv.errorsText(validate.errors)
    },
  }
}

/** Its references as they must be outside of the document. */
const absolute = (schema: Schema): Schema =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"https://bank.example/openapi.json#/components/'))

type Found = { readonly where: string; readonly sets: readonly Responses[] }

function responsesFor(document: Document, { method: sent, described, target }: SentRequest): Found {
  const method = described ?? sent
  const whole = target.split('?')[0] ?? ''
  if (whole !== '/' && whole.endsWith('/'))
    return { where: 'x-trailing-slash', sets: [document['x-trailing-slash'], document['x-other-paths']] }
  const path = whole.replace(/^\/v\d+(?=\/|$)/, '') || '/'
  const template = templateOf(document, path)
  const item = template === undefined ? undefined : document.paths[template]
  if (item === undefined) return { where: 'x-other-paths', sets: [document['x-other-paths']] }
  const key = method === 'QUERY' ? 'x-query' : method.toLowerCase()
  const isOperation = /^[A-Z]+$/.test(method) && Object.hasOwn(item, key)
  if (!isOperation) return { where: `x-other-methods of ${template}`, sets: [document['x-other-methods']] }
  return { where: `${key} ${template}`, sets: [item[key]?.responses ?? {}] }
}

/** The path of the document that the path is one of; resources may have an extension, the API's own pages not. */
function templateOf({ paths }: Document, path: string): string | undefined {
  if (!isReadable(path)) return undefined
  const isPage = (template: string) => paths[template]?.get?.tags.includes('about') ?? false
  const templates = Object.keys(paths)
  const page = templates.find(template => isPage(template) && matches(template, path))
  const bare = path.replace(/\.(?:json|xml|csv|ndjson|cbor|html)$/, '')
  return page ?? templates.find(template => !isPage(template) && matches(template, bare))
}

function matches(template: string, path: string): boolean {
  const wanted = template.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return false
  return wanted.every((part, at) => {
    const segment = decodeURIComponent(given[at] ?? '')
    return part.startsWith('{') ? segment !== '' : part === segment
  })
}

function isReadable(path: string): boolean {
  try {
    return !decodeURIComponent(path).includes('\0')
  } catch {
    return false
  }
}

// The operations of a document, ready to be asked: what each takes, and what it answers. OpenAPI 3.2 §4.8–4.17.
import { type Documents, isObject } from './document.ts'
import { followed, type Located, member, membersOf, rootOf } from './refs.ts'
import { type JsonSchema, standingAlone } from './schema.ts'

export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie'

export type Parameter = {
  readonly name: string
  readonly in: ParameterPlace
  readonly required: boolean
  readonly style: string
  readonly explode: boolean
  /** `json` where its value is JSON text. */
  readonly read: 'text' | 'json'
  readonly schema: JsonSchema
}

export type Content = {
  /** As declared: a media type, or a range of them. */
  readonly mediaType: string
  /** Undefined where anything goes. */
  readonly schema: JsonSchema | undefined
  /** Where the schema stands, for what JSON Schema does not say: how it looks in XML. */
  readonly located: Located
  /** By name; what has none is called “”. Text that is written as it is has `as` `text`. */
  readonly examples: readonly { readonly name: string; readonly value: unknown; readonly as: 'value' | 'text' }[]
}

export type DeclaredField = { readonly name: string; readonly schema: JsonSchema; readonly example: unknown }

export type DeclaredResponse = {
  /** `200`, `4XX` or `default` */
  readonly code: string
  readonly contents: readonly Content[]
  readonly fields: readonly DeclaredField[]
}

/** One way of showing who asks; all schemes of it are needed. */
export type Requirement = readonly {
  readonly kind: 'field' | 'query' | 'cookie' | 'authorization'
  /** The name of the field, word or cookie; of the authorization scheme. */
  readonly name: string
}[]

export type Operation = {
  readonly method: string
  readonly parameters: readonly Parameter[]
  readonly body: { readonly required: boolean; readonly contents: readonly Content[] } | undefined
  readonly responses: readonly DeclaredResponse[]
  /** One of these is needed; none: nobody is asked. */
  readonly security: readonly Requirement[]
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'] as const

/** The operations of one path, by method in upper case. */
export function operationsAt(documents: Documents, path: Located): ReadonlyMap<string, Operation> {
  const item = followed(documents, path)
  if (item === undefined) return new Map()
  const shared = membersOf(member(item, 'parameters')).map(([, one]) => one)
  const more = membersOf(member(item, 'additionalOperations'))
  const found = [...methods.map(name => [name.toUpperCase(), member(item, name)] as const), ...more]
  return new Map(
    found.flatMap(([method, operation]) =>
      isObject(operation.value) ? [[method, operationOf(documents, method, operation, shared)]] : [],
    ),
  )
}

function operationOf(documents: Documents, method: string, at: Located, shared: readonly Located[]): Operation {
  const own = membersOf(member(at, 'parameters')).map(([, one]) => one)
  const parameters = new Map<string, Parameter>()
  for (const one of [...shared, ...own]) {
    const parameter = parameterOf(documents, one)
    if (parameter) parameters.set(`${parameter.in} ${parameter.name.toLowerCase()}`, parameter)
  }
  const body = followed(documents, member(at, 'requestBody'))
  return {
    method,
    parameters: [...parameters.values()],
    body: isObject(body?.value)
      ? { required: body.value.required === true, contents: contentsOf(documents, body, 'request') }
      : undefined,
    responses: membersOf(member(at, 'responses')).flatMap(([code, one]) => {
      const response = /^([1-5](\d\d|XX)|default)$/i.test(code) ? followed(documents, one) : undefined
      return response ? [responseOf(documents, code, response)] : []
    }),
    security: requirementsOf(documents, at),
  }
}

/** Fields that describe the message are described elsewhere. OpenAPI 3.1 §4.8.12.2.1 */
const ofMessage: ReadonlySet<string> = new Set(['accept', 'content-type', 'authorization'])

function parameterOf(documents: Documents, at: Located): Parameter | undefined {
  const found = followed(documents, at)
  if (!isObject(found?.value)) return undefined
  const { name, in: place, required, style, explode } = found.value
  if (typeof name !== 'string' || !['path', 'query', 'header', 'cookie'].includes(String(place))) return undefined
  if (place === 'header' && ofMessage.has(name.toLowerCase())) return undefined
  const [inside] = membersOf(member(found, 'content'))
  const usual = place === 'query' || place === 'cookie' ? 'form' : 'simple'
  const isSaid = typeof style === 'string' ? style : usual
  const parameter = {
    name,
    in: place as ParameterPlace,
    required: required === true || place === 'path',
    style: isSaid,
    explode: typeof explode === 'boolean' ? explode : isSaid === 'form',
    read: inside !== undefined && /json/i.test(inside[0]) ? ('json' as const) : ('text' as const),
  }
  return withSchema(parameter, () => standingAlone(documents, member(inside?.[1] ?? found, 'schema'), 'request'))
}

/** Documents have thousands of schemas: each is worked out when it is asked for first. */
function withSchema<Of extends object, Schema>(of: Of, make: () => Schema): Of & { readonly schema: Schema } {
  let made: { readonly schema: Schema } | undefined
  return Object.defineProperty(of, 'schema', {
    enumerable: true,
    get: () => {
      made ??= { schema: make() }
      return made.schema
    },
  }) as Of & { readonly schema: Schema }
}

function contentsOf(documents: Documents, at: Located, direction: 'request' | 'response'): readonly Content[] {
  return membersOf(member(at, 'content')).flatMap(([mediaType, one]) => {
    const found = followed(documents, one)
    if (found === undefined) return []
    const located = member(found, 'schema')
    const schema = () => (located.value === undefined ? undefined : standingAlone(documents, located, direction))
    return [withSchema({ mediaType, located, examples: examplesOf(documents, found) }, schema)]
  })
}

/** What is declared beside a schema, in the order in which it is preferred. Files elsewhere are not fetched. */
function examplesOf(documents: Documents, at: Located): Content['examples'] {
  const one = member(at, 'example').value
  const named = membersOf(member(at, 'examples')).flatMap(([name, each]): Content['examples'] => {
    const example = followed(documents, each)?.value
    if (!isObject(example)) return []
    if (typeof example.serializedValue === 'string') return [{ name, value: example.serializedValue, as: 'text' }]
    const value = example.dataValue ?? example.value
    return value === undefined ? [] : [{ name, value, as: 'value' }]
  })
  return one === undefined ? named : [{ name: '', value: one, as: 'value' }, ...named]
}

function responseOf(documents: Documents, code: string, at: Located): DeclaredResponse {
  const fields = membersOf(member(at, 'headers')).flatMap(([name, one]): DeclaredField[] => {
    const found = followed(documents, one)
    if (!isObject(found?.value) || name.toLowerCase() === 'content-type') return []
    const [example = { value: undefined }] = examplesOf(documents, found)
    const schema = () => standingAlone(documents, member(found, 'schema'), 'response')
    return [withSchema({ name: name.toLowerCase(), example: example.value }, schema)]
  })
  return { code, contents: contentsOf(documents, at, 'response'), fields }
}

function requirementsOf(documents: Documents, operation: Located): readonly Requirement[] {
  const root = rootOf(documents)
  const own = member(operation, 'security')
  const wanted = own.value === undefined ? member(root, 'security').value : own.value
  if (!Array.isArray(wanted)) return []
  const schemes = member(member(root, 'components'), 'securitySchemes')
  const each = wanted
    .filter(isObject)
    .map(one => Object.keys(one).flatMap(name => schemeOf(documents, member(schemes, name))))
  // An empty one asks for nothing.
  return each.some(requirement => requirement.length === 0) ? [] : each
}

function schemeOf(documents: Documents, at: Located): Requirement {
  const scheme = followed(documents, at)?.value
  if (!isObject(scheme)) return []
  if (scheme.type === 'apiKey') {
    const kind = scheme.in === 'query' ? 'query' : scheme.in === 'cookie' ? 'cookie' : 'field'
    return [{ kind, name: String(scheme.name) }]
  }
  if (scheme.type === 'http') return [{ kind: 'authorization', name: String(scheme.scheme) }]
  if (scheme.type === 'oauth2' || scheme.type === 'openIdConnect') return [{ kind: 'authorization', name: 'Bearer' }]
  return []
}

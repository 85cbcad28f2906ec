// An OpenAPI document (3.0, 3.1, 3.2) as the rules read it: operations with their references followed, and where each stands.
import { isRecord } from './record.ts'

type Json = Readonly<Record<string, unknown>>

export type Parameter = {
  readonly name: string
  /** `path`, `query`, `header`, `cookie`. */
  readonly in: string
  readonly schema: Json
  readonly pointer: string
}

export type Response = {
  /** `200`, `4XX`, `default`. */
  readonly status: string
  /** By lower-case media type. */
  readonly content: Readonly<Record<string, Json>>
  /** Lower-case names. */
  readonly headers: readonly string[]
  readonly pointer: string
}

export type Operation = {
  readonly path: string
  /** Upper-case. */
  readonly method: string
  readonly parameters: readonly Parameter[]
  readonly hasContent: boolean
  readonly responses: readonly Response[]
  readonly security: readonly unknown[] | undefined
  readonly pointer: string
}

export type PathOf = {
  readonly path: string
  /** `{id}` and the like keep their braces. */
  readonly segments: readonly string[]
  readonly operations: readonly Operation[]
  readonly pointer: string
}

export type Api = {
  readonly document: Json
  readonly paths: readonly PathOf[]
  readonly operations: readonly Operation[]
  /** A schema with its references followed, one level deep. */
  readonly schema: (value: unknown) => Json
  /** A schema and those that it is composed of, references followed. */
  readonly shapes: (value: unknown) => readonly Json[]
}

const methods = ['get', 'head', 'query', 'post', 'put', 'patch', 'delete', 'options', 'trace']

/** As many references as may stand behind one another. */
const longestChain = 32

export function readApi(document: Json): Api {
  const follow = (value: unknown): Json => {
    let found = value
    for (let step = 0; isRecord(found) && typeof found.$ref === 'string'; step++) {
      if (step === longestChain) return {}
      found = at(document, found.$ref)
    }
    return isRecord(found) ? found : {}
  }
  const paths = Object.entries(record(document.paths)).map(([path, value]): PathOf => {
    const item = follow(value)
    const pointer = `/paths/${escapeToken(path)}`
    const operations = methods.flatMap(name => {
      const operation = item[name]
      return isRecord(operation) ? [operationOf(path, name, operation, item, follow)] : []
    })
    return { path, segments: path.split('/').filter(Boolean), operations, pointer }
  })
  const shapes = (value: unknown): readonly Json[] => {
    const schema = follow(value)
    const parts = ['anyOf', 'oneOf', 'allOf'].flatMap(how => {
      const composed = schema[how]
      return Array.isArray(composed) ? composed.map(follow) : []
    })
    return [schema, ...parts]
  }
  return { document, paths, operations: paths.flatMap(({ operations }) => operations), schema: follow, shapes }
}

function operationOf(
  path: string,
  name: string,
  operation: Json,
  item: Json,
  follow: (value: unknown) => Json,
): Operation {
  const pointer = `/paths/${escapeToken(path)}/${name}`
  const listed = (from: unknown, at: string) =>
    Array.isArray(from) ? from.map((one, n) => ({ one, at: `${at}/${n}` })) : []
  const parameters = [
    ...listed(item.parameters, `/paths/${escapeToken(path)}/parameters`),
    ...listed(operation.parameters, `${pointer}/parameters`),
  ].map(({ one, at }): Parameter => {
    const parameter = follow(one)
    return {
      name: String(parameter.name ?? ''),
      in: String(parameter.in ?? ''),
      schema: follow(parameter.schema),
      pointer: at,
    }
  })
  const responses = Object.entries(record(operation.responses)).map(([status, value]): Response => {
    const response = follow(value)
    const content = Object.entries(record(response.content)).map(([type, media]) => [type.toLowerCase(), follow(media)])
    return {
      status: status.toUpperCase() === 'DEFAULT' ? 'default' : status.toUpperCase(),
      content: Object.fromEntries(content),
      headers: Object.keys(record(response.headers)).map(header => header.toLowerCase()),
      pointer: `${pointer}/responses/${escapeToken(status)}`,
    }
  })
  const security = Array.isArray(operation.security) ? operation.security : undefined
  return {
    path,
    method: name.toUpperCase(),
    parameters,
    hasContent: operation.requestBody !== undefined,
    responses,
    security,
    pointer,
  }
}

const record = (value: unknown): Json => (isRecord(value) ? value : {})

/** RFC 6901 §3 */
export const escapeToken = (token: string): string => token.replaceAll('~', '~0').replaceAll('/', '~1')

/** What a reference within the document points at; undefined for any other. */
function at(document: Json, reference: string): unknown {
  if (!reference.startsWith('#/')) return undefined
  let found: unknown = document
  for (const token of reference.slice(2).split('/')) {
    if (!isRecord(found) && !Array.isArray(found)) return undefined
    const name = decode(token).replaceAll('~1', '/').replaceAll('~0', '~')
    if (!Object.hasOwn(found, name)) return undefined
    found = (found as Json)[name]
  }
  return found
}

function decode(token: string): string {
  try {
    return decodeURIComponent(token)
  } catch {
    return token
  }
}

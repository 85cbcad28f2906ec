// OpenAPI 3.1.1 §4.8: the objects of a description, as far as they are written here

/** Where the API is served: the absolute URL, or the path, of its root; without a trailing slash, empty at the root. */
export type Base = { readonly url: string }

export type Ref = { readonly $ref: string }

/** A JSON Schema (2020-12). */
export type Schema = Readonly<Record<string, unknown>>

/** §4.8.19; `value` is a string for media types that JSON cannot hold. */
export type Example = { readonly summary?: string; readonly value: unknown }

export type Examples = Readonly<Record<string, Example | Ref>>

/** §4.8.14 */
export type MediaTypeObject = { readonly schema: Schema; readonly examples?: Examples }

export type Content = Readonly<Record<string, MediaTypeObject>>

/** §4.8.12 */
export type Parameter = {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly description: string
  readonly required?: boolean
  readonly schema: Schema
  readonly style?: 'form'
  readonly explode?: boolean
  readonly examples?: Examples
}

/** §4.8.21 */
export type Header = { readonly description: string; readonly required?: boolean; readonly schema: Schema }

export type Headers = Readonly<Record<string, Header | Ref>>

/** §4.8.17 */
export type Response = { readonly description: string; readonly headers?: Headers; readonly content?: Content }

export type Responses = Readonly<Record<string, Response | Ref>>

/** §4.8.13 */
export type RequestBody = { readonly description?: string; readonly required?: boolean; readonly content: Content }

/** §4.8.10 */
export type Operation = {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description?: string
  readonly deprecated?: boolean
  readonly parameters?: readonly (Parameter | Ref)[]
  readonly requestBody?: RequestBody
  readonly responses: Responses
  readonly security?: readonly SecurityRequirement[]
}

/** §4.8.30: scheme by name, with the scopes that are needed; empty where nobody need say who they are. */
export type SecurityRequirement = Readonly<Record<string, readonly string[]>>

/** §4.8.27 */
export type SecuritySchemes = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export const operationMethods = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'] as const
export type OperationMethod = (typeof operationMethods)[number]

/**
 * §4.8.9. OpenAPI 3.1 knows no QUERY, so that operation stands beside the others as an extension.
 */
export type PathItem = {
  readonly [Method in OperationMethod]?: Operation
} & {
  readonly 'x-query'?: Operation
}

/** §4.8.22 */
export type Tag = { readonly name: string; readonly description: string }

/** §4.8.7 */
export type Components = {
  readonly schemas: Readonly<Record<string, Schema>>
  readonly parameters: Readonly<Record<string, Parameter>>
  readonly headers: Readonly<Record<string, Header>>
  readonly responses: Readonly<Record<string, Response>>
  readonly securitySchemes?: SecuritySchemes
}

/** §4.8.1 */
export type OpenApiDocument = {
  readonly openapi: '3.1.1'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly jsonSchemaDialect: string
  readonly servers: readonly { readonly url: string; readonly description: string }[]
  readonly security: readonly []
  readonly tags: readonly Tag[]
  readonly paths: Readonly<Record<string, PathItem>>
  readonly components: Components
  /** What any path answers to a method that is not its own. */
  readonly 'x-other-methods': Responses
  /** What a path answers that is none of `paths`. */
  readonly 'x-other-paths': Responses
  /** What any path answers with one slash too many at its end. */
  readonly 'x-trailing-slash': Responses
}

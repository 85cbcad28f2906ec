// A client typed by an OpenAPI document: by the `paths` that openapi-typescript makes of it.
import type { Client } from './client.ts'
import type { RequestOptions } from './options.ts'
import type { PendingResponse } from './pending.ts'

type Verb = 'get' | 'head' | 'post' | 'put' | 'patch' | 'delete' | 'query' | 'options'

/** The targets of a contract that answer a method. */
export type TargetsOf<Paths, Method extends string> = {
  [Target in keyof Paths]: Paths[Target] extends { readonly [verb in Method]: object } ? Target : never
}[keyof Paths]

type Words<Operation, Place extends string> = Operation extends {
  readonly parameters: { readonly [place in Place]?: infer Given }
}
  ? NonNullable<Given>
  : never

/** `{ path: … }`, needed where one of its members is. */
type Part<Name extends string, Given> = [Given] extends [never]
  ? unknown
  : Record<never, never> extends Given
    ? { readonly [name in Name]?: Given }
    : { readonly [name in Name]: Given }

type Json<Content> = {
  [Type in keyof Content]: Type extends `application/json${string}` | `${string}+json` ? Content[Type] : never
}[keyof Content]

/** What is sent as JSON; where the operation takes none, whatever a client can send. */
type BodyOf<Body> = Body extends { readonly content: infer Content }
  ? [Json<Content>] extends [never]
    ? RequestOptions['body']
    : Json<Content>
  : never

type BodyPart<Operation> = Operation extends { readonly requestBody: infer Body }
  ? { readonly body: BodyOf<Body> }
  : Operation extends { readonly requestBody?: infer Body }
    ? [NonNullable<Body>] extends [never]
      ? unknown
      : { readonly body?: BodyOf<NonNullable<Body>> }
    : unknown

/** The options of an operation: those of every call, with its own path, params and body. */
export type OperationOptions<Operation> = Omit<RequestOptions, 'path' | 'params' | 'body'> &
  Part<'path', Words<Operation, 'path'>> &
  Part<'params', Words<Operation, 'query'>> &
  BodyPart<Operation>

type ContentOf<Operation, Status extends number> = Operation extends { readonly responses: infer Responses }
  ? {
      [Each in keyof Responses & Status]: Responses[Each] extends { readonly content: infer Content }
        ? Json<Content>
        : never
    }[keyof Responses & Status]
  : unknown

/** What `.json()` of a success gives; of one that is put off (202), only where there is no other. */
export type ResultOf<Operation> = [ContentOf<Operation, 200 | 201 | 203>] extends [never]
  ? ContentOf<Operation, 202 | 206 | 207>
  : ContentOf<Operation, 200 | 201 | 203>

type Args<Options> = Record<never, never> extends Options ? [options?: Options] : [options: Options]
type OperationOf<Paths, Target extends keyof Paths, Method extends string> = Paths[Target] extends {
  readonly [verb in Method]: infer Operation
}
  ? Operation
  : never

type ContractCalls<Paths> = {
  readonly [Method in Verb]: <Target extends TargetsOf<Paths, Method> & string>(
    target: Target,
    ...options: Args<OperationOptions<OperationOf<Paths, Target, Method>>>
  ) => PendingResponse<ResultOf<OperationOf<Paths, Target, Method>>>
}

export type ContractClient<Paths> = Omit<Client, Verb> & ContractCalls<Paths>

// A client typed by an API's definition, of which it sees the type alone: nothing of the server is imported. What is
// read here are the shapes that `defineApi`, `collection` and `service` of @comity/server keep in their types.
import type { ParamValue } from '../exchange/params.ts'
import type { RequestOptions } from './options.ts'
import type { HttpResponse } from './response.ts'
import type { UpdateOptions } from './update.ts'

/** The type of an API: `typeof bank`. */
export type ApiShape = { readonly definition: { readonly resources: object } }

/** A value as it stands in JSON: decimals and times are text. */
export type Wire<Schema> = Schema extends { readonly '~unsafe': infer Value }
  ? Value
  : Schema extends { readonly type: 'string' }
    ? string
    : Schema extends { readonly type: 'integer' | 'number' }
      ? number
      : Schema extends { readonly type: 'boolean' }
        ? boolean
        : Schema extends { readonly type: 'array'; readonly items: infer Item }
          ? readonly Wire<Item>[]
          : unknown

type IsOptional = { readonly '~optional': true }
type IsReadOnly = { readonly readOnly: true }
type HasDefault = { readonly default: unknown }

/** The members of a representation; an optional one that is absent is null. */
export type Members<Fields> = {
  readonly [Name in keyof Fields]: Fields[Name] extends IsOptional ? Wire<Fields[Name]> | null : Wire<Fields[Name]>
}

/** An item as it is read. */
export type Item<Fields> = Members<Fields> & {
  readonly id: string
  readonly createdAt?: string
  readonly updatedAt?: string
}

type Required<Fields> = {
  [Name in keyof Fields]: Fields[Name] extends IsOptional | IsReadOnly | HasDefault ? never : Name
}[keyof Fields]
type Allowed<Fields> = {
  [Name in keyof Fields]: Fields[Name] extends IsReadOnly ? never : Name
}[keyof Fields]

/** An item as it is sent: without what only the server writes. */
export type NewItem<Fields> = { readonly [Name in Required<Fields>]: Wire<Fields[Name]> } & {
  readonly [Name in Exclude<Allowed<Fields>, Required<Fields>>]?: Wire<Fields[Name]> | null
}

/** An item while it is changed. */
export type Draft<Fields> = {
  -readonly [Name in Allowed<Fields>]: Fields[Name] extends IsOptional ? Wire<Fields[Name]> | null : Wire<Fields[Name]>
}

type Compared<Value> =
  | Value
  | readonly Value[]
  | ({
      readonly [operator in 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte' | 'like']?: Value
    } & { readonly in?: readonly Value[]; readonly exists?: boolean })

/** Query words of a list; others, such as the aliases of the API, go into `params` of the options. */
export type ListQuery<Fields> = { readonly [Name in keyof Fields]?: Compared<Wire<Fields[Name]>> } & {
  readonly id?: Compared<string>
  /** `-date,amount` */
  readonly sort?: string
  readonly limit?: number | 'all'
  readonly offset?: number
  readonly after?: string
}

/** A value that is on its way, and the response that brings it. */
export type PendingValue<Value> = Promise<Value> & { readonly response: Promise<HttpResponse<Value>> }

/** The calls of one collection. */
export interface CollectionCalls<Fields, Nested> {
  list(query?: ListQuery<Fields>, options?: RequestOptions): PendingValue<readonly Item<Fields>[]>
  get(id: string, options?: RequestOptions): PendingValue<Item<Fields>>
  create(item: NewItem<Fields>, options?: RequestOptions): PendingValue<Item<Fields>>
  /** Replaces an item; creates one where `if-none-match: *` is among the fields. */
  put(
    id: string,
    item: NewItem<Fields> & { readonly id?: string },
    options?: RequestOptions,
  ): PendingValue<Item<Fields>>
  /**
   * Reads the item, lets `change` alter it, and writes what differs, unless somebody else wrote meanwhile: then it reads
   * again and applies `change` again. Nothing is sent where nothing differs.
   */
  update(
    id: string,
    change: (draft: Draft<Fields>) => void | Promise<void>,
    options?: UpdateOptions<Item<Fields>>,
  ): Promise<Item<Fields>>
  delete(id: string, options?: RequestOptions): Promise<void>
  /** What is below one item. */
  of(id: string): ResourceCalls<Nested>
}

/** A service, as a function of its input. */
export type ServiceCall<Input, Output> = (
  input: NewItem<Input>,
  options?: RequestOptions,
) => PendingValue<Members<Output>>

type CallsOf<Resource> = Resource extends {
  readonly kind: 'collection'
  readonly definition: { readonly fields: infer Fields; readonly nested?: infer Nested }
}
  ? CollectionCalls<Fields, NonNullable<Nested>>
  : Resource extends {
        readonly kind: 'service'
        readonly definition: { readonly input: infer Input; readonly output: infer Output }
      }
    ? ServiceCall<Input, Output>
    : LooseCalls

/** Calls by the names of resources. */
export type ResourceCalls<Resources> = { readonly [Name in keyof Resources]: CallsOf<Resources[Name]> }

/** The calls of a resource of which no type is known. */
export interface LooseCalls extends CollectionCalls<LooseFields, { readonly [name: string]: object }> {
  (input: Readonly<Record<string, ParamValue>>, options?: RequestOptions): PendingValue<unknown>
}
// biome-ignore lint/suspicious/noExplicitAny: nothing is known of it
type LooseFields = Readonly<Record<string, { readonly '~unsafe': any; readonly '~optional': true }>>

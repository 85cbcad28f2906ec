// What an older version sees, compiled at load: its fields, and the ways to the newest version and back.
import type { ApiModel, CollectionModel, Field, ServiceModel, Sort, Values } from '../model/model.ts'

/** Where the newest version holds what a field of an older one shows. */
export type Source =
  | {
      readonly kind: 'field'
      readonly field: Field
      /** A wire value of the older field as one of `field`. May throw. */
      readonly value: (value: unknown) => unknown
      /** `same`: the values are the same; `kept`: their order is. */
      readonly order: 'same' | 'kept' | 'lost'
    }
  /** `why` follows the field's name. */
  | { readonly kind: 'none'; readonly why: string }

/** One set of fields as an older version sees it. */
export type FieldsView = {
  readonly fields: readonly Field[]
  /** Query words that are no members, for what is compared within an object: `balance.amount`. */
  readonly parts: ReadonlyMap<string, Field>
  /** Values of the newest version, all of them → those of this one, in order. */
  readonly down: (values: Values) => Values
  /** Values of this version → those of the newest that they tell. `present`: the newest's, of an item that is there. */
  readonly up: (values: Values, present: Values | undefined) => Values
  readonly sourceOf: (field: Field) => Source
  /** A place in the newest version's values, as tokens of a JSON Pointer, in this one's; undefined where it has none. */
  readonly placeOf: (tokens: readonly string[]) => readonly string[] | undefined
  /** The last step of the way, for its check; undefined where there is none. */
  readonly step: Hop | undefined
}

/** The way between a version's values and those of the next. */
export type Hop = {
  readonly next: readonly Field[]
  readonly read: (next: Values) => Values
  readonly write: (values: Values, present: Values | undefined) => Values
}

export type CollectionView = FieldsView & {
  readonly number: string
  readonly newest: CollectionModel
  readonly model: CollectionModel
  /** The order where none is asked for, in members of the newest version; that of the newest when not given. */
  readonly sort?: readonly Sort[]
}

export type ServiceView = {
  readonly newest: ServiceModel
  readonly model: ServiceModel
  readonly input: FieldsView
  readonly output: FieldsView
  readonly query: FieldsView
}

/** What changed of a resource with the next version, in words; backticks enclose names. */
export type History = { readonly resource: string; readonly changes: readonly string[] }

export type VersionModel = {
  /** `1` */
  readonly number: string
  /** The version that `history` leads to. */
  readonly next: string
  readonly status: 'supported' | 'deprecated' | 'retired'
  /** In ms since the epoch. */
  readonly deprecated: number | undefined
  readonly sunset: number | undefined
  readonly successor: string | undefined
  readonly notes: string | undefined
  readonly history: readonly History[]
  /** The whole API as this version sees it. */
  readonly model: ApiModel
  /** By the newest version's models. */
  readonly collections: ReadonlyMap<CollectionModel, CollectionView>
  readonly services: ReadonlyMap<ServiceModel, ServiceView>
  /** From what this version sees to the newest. */
  readonly newestOf: ReadonlyMap<CollectionModel | ServiceModel, CollectionModel | ServiceModel>
}

/** The newest version as it sees itself. */
export function itself(fields: readonly Field[]): FieldsView {
  return {
    fields,
    parts: new Map(),
    down: values => values,
    up: values => values,
    sourceOf: field => ({ kind: 'field', field, value: value => value, order: 'same' }),
    placeOf: tokens => tokens,
    step: undefined,
  }
}

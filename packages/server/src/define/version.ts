// The words for older versions of an API. Only the newest is coded: each older one says how it differs from the version
// that came after it, step by step, and every step knows both directions.
import type { TSchema } from 'typebox'
import type { Values } from '../model/model.ts'
import type { Fields } from './fields.ts'

/** From a member of this version (`balance.amount`: within an object) to one of the next. `stays`: it is there as well. */
export type Move = { readonly from: string; readonly to: string; readonly stays: boolean }

/** One difference between a version and the next, as data; made by the words below. */
export type Step =
  | { readonly kind: 'moves'; readonly how: 'renamed' | 'moved' | 'split' | 'merged'; readonly moves: readonly Move[] }
  | { readonly kind: 'added'; readonly member: string; readonly value: unknown }
  | { readonly kind: 'dropped'; readonly member: string; readonly schema: TSchema; readonly shown: unknown }
  | ({ readonly kind: 'retyped'; readonly member: string } & Retyped)
  | ({ readonly kind: 'converted' } & Conversion)
  | { readonly kind: 'called'; readonly name: string; readonly singular: string | undefined }
  | { readonly kind: 'filter'; readonly from: string; readonly to: string }

/** What changed of one resource, or of one side of a service. */
export type Changes = { readonly kind: 'changes'; readonly steps: readonly Step[] }

/** What changed of a service. `called`: its name in this version. */
export type ServiceChanges = {
  readonly called?: string
  readonly input?: Changes
  readonly output?: Changes
  readonly query?: Changes
}

export type VersionDefinition = {
  /** The major by which it is asked for: `/v1/…`. */
  readonly number: number
  /** `supported` (by default) is as good as the newest; `deprecated` still answers, and says so; `retired` is 410. */
  readonly status?: 'supported' | 'deprecated' | 'retired'
  /** Since when it is deprecated: a date. Needed where it is. */
  readonly deprecated?: string
  /** From when on it may be switched off: a date, not before `deprecated`. */
  readonly sunset?: string
  /** Where callers should go instead; the same resource in the newest version when not given. */
  readonly successor?: string
  /** For the changelog: why, and what to look out for. */
  readonly notes?: string
  /** By the names of the next version (`accounts`, `accounts.transactions`). `added`: not there in this one. */
  readonly resources?: Readonly<Record<string, Changes | ServiceChanges | 'added'>>
}

export type Version = { readonly kind: 'version'; readonly definition: VersionDefinition }

/** An older version of the API; see `VersionDefinition`. Checked by `defineApi`, with sample values, in both directions. */
export const version = (definition: VersionDefinition): Version => ({ kind: 'version', definition })

/** The steps from this version to the next, in any order. */
export const changes = (...steps: readonly Step[]): Changes => ({ kind: 'changes', steps })

/** `renamed('title', 'name')`: what was `title` in this version is `name` in the next. */
export const renamed = (from: string, to: string): Step => moves('renamed', [[from, to]])

/** `moved('address.city', 'city')`: out of an object, or into one. */
export const moved = (from: string, to: string): Step => moves('moved', [[from, to]])

/**
 * One object became several members: `split('balance', { amount: 'balance', currency: 'currency' })`. Those that
 * were members of their own as well are `keeping`; they are then written there.
 */
export const split = (
  from: string,
  parts: Readonly<Record<string, string>>,
  { keeping = [] }: { readonly keeping?: readonly string[] } = {},
): Step =>
  moves(
    'split',
    Object.entries(parts).map(([part, to]) => [`${from}.${part}`, to]),
    keeping,
  )

/** Several members became one object: `merged({ street: 'street', town: 'city' }, 'address')`. */
export const merged = (parts: Readonly<Record<string, string>>, into: string): Step =>
  moves(
    'merged',
    Object.entries(parts).map(([from, part]) => [from, `${into}.${part}`]),
  )

const moves = (
  how: Extract<Step, { kind: 'moves' }>['how'],
  pairs: readonly (readonly [from: string, to: string])[],
  keeping: readonly string[] = [],
): Step => ({ kind: 'moves', how, moves: pairs.map(([from, to]) => ({ from, to, stays: keeping.includes(to) })) })

/** A member that this version did not have. What is created through it gets `value`, or the field's own default. */
export const added = (member: string, value?: unknown): Step => ({ kind: 'added', member, value })

/** A member that the next version has no more. It is accepted, and nothing is kept of it; `shown` is read (null). */
export const dropped = (member: string, schema: TSchema, shown: unknown = null): Step => ({
  kind: 'dropped',
  member,
  schema,
  shown,
})

export type Retyped = {
  /** Its name in the next version, where it was renamed as well. */
  readonly to?: string
  /** Its schema in this version. */
  readonly schema: TSchema
  /** A wire value of this version as one of the next. What it throws is told to the caller (400). Never given null. */
  readonly up: (value: never) => unknown
  readonly down: (value: never) => unknown
  /** `kept` where greater values stay greater: only then can it be sorted by, and compared with `gt` and the like. */
  readonly order?: 'kept' | 'lost'
  /** What does not survive the way there and back, in words. Without it, the way is checked to lose nothing. */
  readonly loses?: string
}

/** A member whose values were written in another way. */
export const retyped = (member: string, how: Retyped): Step => ({ kind: 'retyped', member, ...how })

export type Conversion = {
  /** Members of this version. */
  readonly fields: Fields
  /** Members of the next version that they stood for. */
  readonly replaces: readonly string[]
  /** Wire values of `fields` → those of `replaces`. `present` are the next version's at present, where there are any. */
  readonly up: (values: Values, present: Values | undefined) => Values
  /** Wire values of the next version → those of `fields`. */
  readonly down: (values: Values) => Values
  readonly loses?: string
  /** For the changelog. */
  readonly note?: string
}

/** Anything else. */
export const convert = (conversion: Conversion): Step => ({ kind: 'converted', ...conversion })

/** The resource had this name (a plural noun). */
export const called = (name: string, singular?: string): Step => ({ kind: 'called', name, singular })

/** A declared query word had another name: `filter('since', 'dateFrom')`. */
export const filter = (from: string, to: string): Step => ({ kind: 'filter', from, to })

// The pieces that one step from a version to the next is made of: some fields of the older version, and how their
// values are read from the next version's and written back.
import type { Field, Values } from '../model/model.ts'
import type { FieldsView, Source } from './view.ts'

export type Part = {
  /** Fields that the older version has in the place of `hides`. */
  readonly fields: readonly Field[]
  /** Members of the next version that are not seen by themselves any more. */
  readonly hides: readonly string[]
  /** The member of the next version at whose place the fields stand; at the end when undefined. */
  readonly at: string | undefined
  readonly read: (next: Values) => Values
  /** Adds to `out`, the next version's values, what these fields tell. `present`: the next version's at present. */
  readonly write: (values: Values, present: Values | undefined, out: Values) => void
  readonly sources: ReadonlyMap<Field, Source>
  /** Query words that are no members. */
  readonly words: ReadonlyMap<string, Field>
  /**
   * A place below one of `hides`, in the older version; undefined where these fields do not show it. `near`: where a
   * part of it is shown will do.
   */
  readonly placeOf: (tokens: readonly string[], how: 'exact' | 'near') => readonly string[] | undefined
}

/** What the makers of parts need to know, and where they say what is wrong. */
export type Making = {
  readonly next: FieldsView
  readonly nextField: (name: string, place: string) => Field | undefined
  readonly number: string
  readonly say: (place: string, problem: string) => void
}

/** A member of an object that may not be there. */
export const within = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? ((value as Record<string, unknown>)[name] ?? null) : null

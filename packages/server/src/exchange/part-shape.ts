// What became of each of many, as a list in any format.
import Type from 'typebox'
import { integer, optional, text } from '../define/fields.ts'
import type { Shape } from '../formats/format.ts'
import { fieldOf } from '../model/field.ts'

/** One part of a 207: the status it would have been answered by itself, and where it is or why it is not. */
export const partShape: Shape = {
  singular: 'part',
  plural: 'parts',
  fields: [
    fieldOf('status', integer()),
    fieldOf('location', optional(text())),
    fieldOf('etag', optional(text())),
    fieldOf('problem', optional(Type.Object({}))),
  ],
}

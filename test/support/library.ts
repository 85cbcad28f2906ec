// An API whose nested items can be changed, which the bank's cannot: authors and their books.
import { collection, defineApi, integer, optional, text } from '@comity/server'
import Type from 'typebox'

const books = collection({
  fields: {
    title: text({ max: 80 }),
    year: optional(integer()),
    notes: optional(Type.Record(Type.String(), Type.Unknown())),
  },
})

export default defineApi({
  title: 'Library',
  resources: { authors: collection({ fields: { name: text({ max: 80 }) }, nested: { books } }) },
})

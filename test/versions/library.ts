// A library in three versions, with every kind of step between them.
import {
  added,
  called,
  changes,
  collection,
  convert,
  date,
  decimal,
  defineApi,
  dropped,
  filter,
  integer,
  merged,
  moved,
  object,
  oneOf,
  optional,
  Refusal,
  reference,
  renamed,
  retyped,
  service,
  split,
  text,
  version,
} from '@comity/server'

const loans = collection({
  fields: { since: date(), days: integer({ min: 1, max: 365 }), fee: decimal({ min: '0', default: '0.00' }) },
  filters: { sinceFrom: 'since.gte' },
})

const books = collection({
  fields: {
    title: text({ min: 1, max: 60, unique: true }),
    author: object({ given: text({ min: 1, max: 30 }), family: text({ min: 1, max: 30 }) }),
    price: decimal({ min: '0', max: '9999' }),
    kind: oneOf('novel', 'essay', 'poetry'),
    shelf: optional(text({ max: 10 })),
    seller: optional(reference('readers')),
    pages: integer({ min: 1, max: 10_000 }),
    language: text({ pattern: '^[a-z]{2}$', max: 2, default: 'en', example: 'vi' }),
    copies: integer({ min: 0, readOnly: true, default: 1 }),
  },
  check(book) {
    if (book.title === 'Forbidden')
      throw new Refusal('rule-refused', {
        detail: 'This book is not taken.',
        errors: [
          { pointer: '/title', detail: 'Not this.' },
          { pointer: '/author/family', detail: 'Not by them.' },
          { pointer: '/price', detail: 'Not for this.' },
        ],
      })
  },
  nested: { loans },
})

const readers = collection({ fields: { name: text({ min: 1, max: 60 }), city: optional(text({ max: 40 })) } })

const quote = service({
  input: { pages: integer({ min: 1 }), discount: optional(decimal({ min: '0' })) },
  output: { amount: decimal(), currency: text() },
  handle: ({ pages, discount }) => ({ amount: String(Math.max(0, pages - Number(discount ?? 0))), currency: 'EUR' }),
})

const order = service({
  method: 'POST',
  input: { book: text({ max: 60 }), copies: integer({ min: 1, max: 9 }) },
  query: { note: optional(text({ max: 20 })) },
  output: { book: text(), copies: integer(), note: optional(text()) },
  handle: ({ book, copies }, { query }) => ({ book, copies, note: query.note }),
})

/** Prices in whole cents; an author in one line; copies within `stock`. */
const v2 = version({
  number: 2,
  status: 'deprecated',
  deprecated: '2014-10-01T00:00:00Z',
  resources: {
    books: changes(
      retyped('cents', {
        to: 'price',
        schema: integer({ min: 0, max: 999_900 }),
        up: (cents: number) => (cents / 100).toFixed(2),
        down: (price: string) => Math.round(Number(price) * 100),
        order: 'kept',
      }),
      split('stock', { copies: 'copies' }),
      added('language'),
    ),
    'books.loans': changes(renamed('start', 'since'), filter('startFrom', 'sinceFrom')),
    readers: changes(split('address', { city: 'city' })),
    order: { called: 'purchase', input: changes(renamed('title', 'book')), query: changes(renamed('remark', 'note')) },
  },
})

/** Books were titles; an author had two members; a kind had a number; a reader’s name was in two. */
const v1 = version({
  number: 1,
  status: 'deprecated',
  deprecated: '2014-01-01',
  sunset: '2015-01-01',
  successor: 'https://library.example/moving',
  resources: {
    books: changes(
      called('titles'),
      renamed('heading', 'title'),
      merged({ authorGiven: 'given', authorFamily: 'family' }, 'author'),
      retyped('kind', {
        schema: integer({ min: 1, max: 3 }),
        up: (kind: number) => ['novel', 'essay', 'poetry'][kind - 1],
        down: (kind: string) => ['novel', 'essay', 'poetry'].indexOf(kind) + 1,
      }),
      dropped('binding', optional(text({ max: 10 }))),
      moved('place.shelf', 'shelf'),
      added('seller'),
    ),
    readers: changes(
      convert({
        fields: { firstName: text({ min: 1, max: 29 }), lastName: text({ max: 30 }) },
        replaces: ['name'],
        up: ({ firstName, lastName }) => ({ name: lastName === '' ? firstName : `${firstName} ${lastName}` }),
        down({ name }) {
          const [first = '', ...rest] = String(name).split(' ')
          return { firstName: first, lastName: rest.join(' ') }
        },
        loses: 'blanks at the ends of names',
        note: 'One name, however many words it has.',
      }),
    ),
    quote: {
      called: 'estimate',
      input: changes(renamed('leaves', 'pages')),
      output: changes(renamed('total', 'amount')),
    },
  },
})

const v0 = version({ number: 0, status: 'retired', notes: 'Nobody knows any more.' })

export const library = defineApi({
  title: 'Library',
  version: '3.1.0',
  versions: [v0, v1, v2],
  resources: { books, readers, quote, order },
})

// A definition as a user writes it, who has only the published packages.
import { type Api, collection, decimal, defineApi, oneOf, Refusal, text } from '@comity/server'

const books = collection({
  fields: { title: text({ max: 200 }), state: oneOf('here', 'lent'), price: decimal({ default: '0.00' }) },
  check(book) {
    // @ts-expect-error: a decimal is no number
    const price: number = book.price
    // @ts-expect-error: there is no such state
    if (book.state === 'burnt') throw new Refusal('rule-refused')
    if (book.price.gt(1000)) throw new Refusal('rule-refused', `Nobody pays ${price}.`)
  },
})

const api: Api = defineApi({ title: 'Shelf', resources: { books } })

// @ts-expect-error: an API has resources
export const empty = () => defineApi({ title: 'Nothing' })

export default api

// Money from one account to another: two transactions and two balances, which move together or not at all.
import { collection, decimal, optional, Refusal, reference, text } from '@comity/server'

export const transfers = collection({
  description: 'Money moved from one account to another. Once made, never changed.',
  fields: {
    from: reference('accounts', { description: 'The account that is debited.' }),
    to: reference('accounts', { description: 'The account that is credited.' }),
    amount: decimal({ over: '0', scale: 2, description: 'In the currency of both accounts.', example: '12.50' }),
    description: optional(text({ max: 140, example: 'Rent for March' })),
  },
  methods: ['GET', 'POST'],
  idempotency: 'required',
  refusals: ['same-account', 'different-currencies', 'insufficient-funds'],
  check({ from, to }) {
    if (from === to)
      throw new Refusal('same-account', {
        detail: `Both “from” and “to” are the account “${from}”.`,
        errors: [{ pointer: '/to', detail: 'Must be another account than “from”.' }],
      })
  },
  async created({ from, to, amount, description, createdAt }, { tx }) {
    const [debited, credited] = [await tx.accounts.get(from), await tx.accounts.get(to)]
    if (debited.currency !== credited.currency)
      throw new Refusal('different-currencies', {
        detail: `“from” is in ${debited.currency}, “to” in ${credited.currency}; see /convert.`,
        errors: [{ pointer: '/to', detail: `Must be an account in ${debited.currency}.` }],
      })
    // As a caller would write them, so that their hooks move the balances.
    const entries = tx['accounts.transactions']
    const date = createdAt.slice(0, 10)
    const what = (otherwise: string) => description ?? otherwise
    await entries.create({ type: 'debit', amount, date, description: what(`To ${credited.name}`) }, from)
    await entries.create({ type: 'credit', amount, date, description: what(`From ${debited.name}`) }, to)
  },
})

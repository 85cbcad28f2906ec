// Accounts, and the transactions that move their balances.
import { collection, date, decimal, files, oneOf, optional, Refusal, text } from '@comity/server'
import { statements } from './statements.ts'

/** An ISO 4217 code. */
export const currency = (description: string, example = 'EUR') =>
  text({ pattern: '^[A-Z]{3}$', max: 3, description, example })

export const transactions = collection({
  description: 'Money that went in or out. Once written, never changed.',
  fields: {
    type: oneOf('debit', 'credit'),
    amount: decimal({ over: '0', scale: 2, description: 'In the currency of the account.', example: '12.50' }),
    date: date({ description: 'The day it took effect.', example: '2014-03-01' }),
    description: optional(text({ max: 140, example: 'Tea for two' })),
  },
  filters: { dateFrom: 'date.gte', dateTo: 'date.lte' },
  methods: ['GET', 'POST'],
  refusals: ['insufficient-funds'],
  async created(entry, { tx, parent: account }) {
    const balance = entry.type === 'credit' ? account.balance.plus(entry.amount) : account.balance.minus(entry.amount)
    if (balance.isNegative() && account.type !== 'credit')
      throw new Refusal(
        'insufficient-funds',
        `The balance is ${account.balance.toFixed(2)}, the debit ${entry.amount.toFixed(2)}.`,
      )
    await tx.accounts.set(account.id, { balance })
  },
})

/** What the holder or the bank has filed: contracts, scans, statements as they were sent. */
export const documents = files({
  description: 'Papers of the account, as files.',
  accept: ['application/pdf', 'image/*', 'text/plain', 'text/csv'],
  size: 20 * 1024 * 1024,
  most: 1_000,
  disposition: 'inline',
  sort: '-createdAt',
})

export const accounts = collection({
  description: 'Accounts that hold money in one currency.',
  fields: {
    type: oneOf('current', 'savings', 'credit'),
    name: text({ min: 1, max: 80, example: 'Household' }),
    currency: currency('ISO 4217 code.'),
    balance: decimal({
      readOnly: true,
      default: '0.00',
      description: 'The sum of its transactions.',
      example: '1204.00',
    }),
  },
  nested: { transactions, statements, documents },
})

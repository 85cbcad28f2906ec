// The bank: accounts and their transactions, transfers, exchange rates, a conversion, and what an offline phone needs.
import { collection, dateTime, decimal, defineApi, Refusal, service, text } from '@comity/server'
import { accounts, currency } from './accounts.ts'
import { problems } from './problems.ts'
import { seed } from './seed.ts'
import { runStatements } from './statements.ts'
import { synchronize } from './synchronize.ts'
import { transfers } from './transfers.ts'
import { v1 } from './v1.ts'

const rates = collection({
  description: 'What one unit of the base currency buys of the quoted one.',
  id: text({ pattern: '^[A-Z]{3}-[A-Z]{3}$', max: 7, example: 'EUR-CNY' }),
  fields: {
    base: currency('The currency sold.'),
    quote: currency('The currency bought.', 'CNY'),
    rate: decimal({ over: '0', scale: 6, example: '8.123400' }),
    asOf: dateTime({ description: 'When it was fixed.', example: '2014-12-31T12:00:00.000Z' }),
  },
  timestamps: 'hidden',
  methods: ['GET', 'PUT', 'PATCH', 'DELETE'],
  preconditions: 'required',
  refusals: ['rate-id-mismatch'],
  check(rate) {
    if (rate.id !== `${rate.base}-${rate.quote}`)
      throw new Refusal(
        'rate-id-mismatch',
        `The rate of ${rate.base} in ${rate.quote} has the id ${rate.base}-${rate.quote}, not ${rate.id}.`,
      )
  },
})

const convert = service({
  description: 'How much an amount in one currency is in another, at the rate on file.',
  input: {
    from: currency('The currency to sell.'),
    to: currency('The currency to buy.', 'CNY'),
    amount: decimal({ min: '0', description: 'In the currency to sell.', example: '100.00' }),
  },
  output: {
    from: currency('The currency sold.'),
    to: currency('The currency bought.', 'CNY'),
    amount: decimal(),
    rate: decimal({ scale: 6 }),
    result: decimal(),
  },
  refusals: ['unknown-currency'],
  async handle({ from, to, amount }, { tx }) {
    const rate = from === to ? undefined : await tx.rates.get(`${from}-${to}`)
    if (from !== to && !rate)
      throw new Refusal('unknown-currency', `There is no rate from ${from} to ${to} on file; see /rates.`)
    const price = rate ? rate.rate : '1'
    return { from, to, amount, rate: price, result: amount.times(price).decimalPlaces(2) }
  },
})

export default defineApi({
  title: 'Bank',
  description: 'A small bank that keeps every promise HTTP makes.',
  version: '2.0.0',
  versions: [v1],
  resources: { accounts, transfers, rates, convert, synchronize, 'statements-run': runStatements },
  problems,
  seed,
})

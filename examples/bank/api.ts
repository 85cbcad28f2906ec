// The bank: accounts, the transactions that move their balances, exchange rates, and a conversion.
import { collection, date, dateTime, decimal, defineApi, oneOf, optional, Refusal, service, text } from '@comity/server'
import { seed } from './seed.ts'

const currency = (description: string, example = 'EUR') => text({ pattern: '^[A-Z]{3}$', max: 3, description, example })

const transactions = collection({
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

const accounts = collection({
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
  nested: { transactions },
})

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
  resources: { accounts, rates, convert },
  problems: {
    'insufficient-funds': {
      status: 422,
      title: 'Insufficient funds',
      explanation: 'A current or savings account cannot go below zero, and this debit would take it there.',
      cure: 'Debit no more than the balance, or credit the account first.',
      messages: {
        en: 'There is not enough money in the account.',
        ru: 'На счёте недостаточно средств.',
        vi: 'Tài khoản không đủ số dư.',
      },
    },
    'unknown-currency': {
      status: 422,
      title: 'Unknown currency',
      explanation: 'There is no exchange rate on file between the two currencies.',
      cure: 'Look at /rates for the pairs on file.',
      messages: {
        en: 'We cannot convert between these currencies.',
        ru: 'Мы не можем выполнить обмен между этими валютами.',
        vi: 'Chúng tôi không thể quy đổi giữa hai loại tiền này.',
      },
    },
    'rate-id-mismatch': {
      status: 422,
      title: 'The id does not name this pair',
      explanation: 'A rate’s id is its base and its quoted currency, joined by a hyphen.',
      cure: 'PUT the rate at the id of its pair.',
      messages: {
        en: 'This rate is filed under another pair of currencies.',
        ru: 'Этот курс относится к другой паре валют.',
        vi: 'Tỷ giá này thuộc về một cặp tiền khác.',
      },
    },
  },
  seed,
})

// The same 50 accounts, 5,000 transactions and rates every time: balances equal the sums of their transactions.
import type { Tables } from '@comity/server'

const firstDay = Date.UTC(2013, 0, 1)
const days = 730 // 2013-01-01 to 2014-12-31
const types = ['current', 'savings', 'credit'] as const
const currencies = ['EUR', 'CNY', 'USD', 'VND', 'RUB'] as const
const purposes = ['Groceries', 'Rent', 'Salary', 'Books', 'Train ticket', 'Tea for two', 'Gift', 'Electricity', null]
const owners = [
  'Household',
  'Holidays',
  'Rainy day',
  'Workshop',
  'Studies',
  'Garden',
  'Music',
  'Bicycle',
  'Kitchen',
  'Letters',
]
const perEuro = { CNY: '8.123400', USD: '1.210000', VND: '25910.500000', RUB: '68.343000' }

/** Mulberry32: the same sequence from the same start, each in [0, 1). */
function sequence(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** RFC 9562 §5.7: a UUIDv7 of a given instant. */
function uuidAt(ms: number, random: () => number): string {
  const hex = (length: number) => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('')
  const time = ms.toString(16).padStart(12, '0')
  const variant = '89ab'[Math.floor(random() * 4)]
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-${variant}${hex(3)}-${hex(12)}`
}

const money = (cents: number): string =>
  `${cents < 0 ? '-' : ''}${Math.trunc(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`

/** One account's hundred transactions in order of date; a current or savings account never goes below zero. */
function history(type: string, random: () => number) {
  const dates = Array.from({ length: 100 }, () => firstDay + Math.floor(random() * days) * 86_400_000).sort(
    (a, b) => a - b,
  )
  let balance = 0
  const entries = dates.map(day => {
    const cents = 100 + Math.floor(random() * 50_000)
    const debit = random() < 0.5 && (type === 'credit' || balance >= cents)
    balance += debit ? -cents : cents
    return {
      type: debit ? 'debit' : 'credit',
      amount: money(cents),
      date: new Date(day).toISOString().slice(0, 10),
      description: purposes[Math.floor(random() * purposes.length)] ?? null,
    }
  })
  return { entries, balance }
}

/** Fills a new database. */
export async function seed(tx: Tables): Promise<void> {
  const random = sequence(20130101)
  const opened = Date.UTC(2013, 0, 1, 9)
  for (let index = 0; index < 50; index++) {
    const type = types[index % types.length] ?? 'current'
    const { entries, balance } = history(type, random)
    const id = uuidAt(opened + index * 1000, random)
    const name = `${owners[index % owners.length]} ${Math.floor(index / owners.length) + 1}`
    const currency = currencies[index % currencies.length]
    await tx.accounts.add({ id, type, name, currency, balance: money(balance) })
    for (const [place, entry] of entries.entries())
      await tx['accounts.transactions'].add(
        { id: uuidAt(opened + index * 1_000_000 + place * 1000, random), ...entry },
        id,
      )
  }
  for (const [quote, rate] of Object.entries(perEuro)) {
    const asOf = '2014-12-31T12:00:00.000Z'
    await tx.rates.add({ id: `EUR-${quote}`, base: 'EUR', quote, rate, asOf })
    await tx.rates.add({ id: `${quote}-EUR`, base: quote, quote: 'EUR', rate: (1 / Number(rate)).toFixed(6), asOf })
  }
}

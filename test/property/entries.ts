// Entries of the bank: accounts, transactions, rates, transfers, runs and synchronisations, as a client may send them.
import fc from 'fast-check'

export type Entry = Readonly<Record<string, unknown>>

/** Pairs of currencies, on file or not. */
export const pairs = ['EUR-CNY', 'CNY-EUR', 'USD-EUR', 'AAA-BBB', 'BBB-AAA', 'XYZ-EUR'] as const

export const text = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('Household', '=1+1', 'O\'Brien, "B"', 'Счёт', 'Tiết kiệm', '😀', '', '<a>&'),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 90 }) },
)
const currency = fc.constantFrom('EUR', 'CNY', 'USD')
const cents = fc.integer({ min: 1, max: 9_999_999 }).map(number => (number / 100).toFixed(2))

export const account = fc.record({ type: fc.constantFrom('current', 'savings', 'credit'), name: text, currency })
export const transaction = fc.record(
  {
    type: fc.constantFrom('debit', 'credit'),
    amount: cents,
    date: fc.constantFrom('2014-03-01', '2015-01-31', '2014-02-30', '0001-01-01'),
    description: fc.option(text),
  },
  { requiredKeys: ['type', 'amount', 'date'] },
)
export const rate = (pair: string) =>
  fc.record({
    base: fc.constant(pair.slice(0, 3)),
    quote: fc.constant(pair.slice(4)),
    rate: fc.constantFrom('1.5', '2', '7.5', '0.000001', '8.123400', '0', '-1', '1e3', '123456789.123456'),
    asOf: fc.constantFrom(
      '2014-12-31T12:00:00Z',
      '2014-12-31T12:00:00Z',
      '2014-12-31T12:00:00.123456+07:00',
      '2014-12-31',
      '2014-02-30T00:00:00Z',
    ),
  })

export const accountIds = ['@account:0', '@account:1', '@account:2', '@account:3'] as const
export const transfer = fc.record(
  {
    from: fc.constantFrom(...accountIds),
    to: fc.constantFrom(...accountIds, '@fresh:1'),
    amount: fc.oneof(fc.constantFrom('0.01', '1.00', '0', '-1', '1.001'), cents),
    description: fc.option(text),
  },
  { requiredKeys: ['from', 'to', 'amount'] },
)

export const run = fc.record(
  { dateFrom: fc.constantFrom('2014-12-01', '2015-01-31', null), dateTo: fc.constantFrom('2014-12-31', null) },
  { requiredKeys: [] },
)

const freshIds = Array.from({ length: 40 }, (_, nth) => `@fresh:${nth + 20}`)
const few = (entry: fc.Arbitrary<Entry>) => fc.array(entry, { maxLength: 2 })
const withId = (ids: readonly string[], entry: fc.Arbitrary<Entry>): fc.Arbitrary<Entry> =>
  fc.tuple(fc.constantFrom(...ids), entry).map(([id, members]) => ({ id, ...members }))
const onlyId = fc.constant<Entry>({})

export const synchronization = fc.record(
  {
    since: fc.constantFrom('@token', '@token', 'x', null),
    accounts: fc.record(
      {
        created: few(withId(freshIds, account)),
        changed: few(withId(accountIds, fc.record({ name: text }))),
        deleted: few(withId([...accountIds, ...freshIds], onlyId)),
      },
      { requiredKeys: [] },
    ),
    transactions: fc.record(
      {
        created: few(
          withId(
            freshIds,
            fc.tuple(fc.constantFrom(...accountIds, '@fresh:20'), transaction).map(([accountId, members]) => ({
              accountId,
              ...members,
            })),
          ),
        ),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
)

// Contents to send: entries of the bank, whole, spoiled, or in other forms; patches; questions; junk.
import fc from 'fast-check'

export type Content = { readonly type: string; readonly text: string | Uint8Array }

type Entry = Readonly<Record<string, unknown>>

/** Pairs of currencies, on file or not. */
export const pairs = ['EUR-CNY', 'CNY-EUR', 'USD-EUR', 'AAA-BBB', 'BBB-AAA', 'XYZ-EUR'] as const

const text = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('Household', '=1+1', 'O\'Brien, "B"', 'Счёт', 'Tiết kiệm', '😀', '', '<a>&'),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 90 }) },
)
const currency = fc.constantFrom('EUR', 'CNY', 'USD')
const cents = fc.integer({ min: 1, max: 9_999_999 }).map(number => (number / 100).toFixed(2))

const account = fc.record({ type: fc.constantFrom('current', 'savings', 'credit'), name: text, currency })
const transaction = fc.record(
  {
    type: fc.constantFrom('debit', 'credit'),
    amount: cents,
    date: fc.constantFrom('2014-03-01', '2015-01-31', '2014-02-30', '0001-01-01'),
    description: fc.option(text),
  },
  { requiredKeys: ['type', 'amount', 'date'] },
)
const rate = (pair: string) =>
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

const accountIds = ['@account:0', '@account:1', '@account:2', '@account:3'] as const
const transfer = fc.record(
  {
    from: fc.constantFrom(...accountIds),
    to: fc.constantFrom(...accountIds, '@fresh:1'),
    amount: fc.oneof(fc.constantFrom('0.01', '1.00', '0', '-1', '1.001'), cents),
    description: fc.option(text),
  },
  { requiredKeys: ['from', 'to', 'amount'] },
)

const run = fc.record(
  { dateFrom: fc.constantFrom('2014-12-01', '2015-01-31', null), dateTo: fc.constantFrom('2014-12-31', null) },
  { requiredKeys: [] },
)

const freshIds = Array.from({ length: 40 }, (_, nth) => `@fresh:${nth + 20}`)
const few = (entry: fc.Arbitrary<Entry>) => fc.array(entry, { maxLength: 2 })
const withId = (ids: readonly string[], entry: fc.Arbitrary<Entry>): fc.Arbitrary<Entry> =>
  fc.tuple(fc.constantFrom(...ids), entry).map(([id, members]) => ({ id, ...members }))
const onlyId = fc.constant<Entry>({})

const synchronization = fc.record(
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

const wild = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e308, '', 'x', [], {}, '2014-01-01', '@account:0', 'a\u0000b'),
  fc.jsonValue({ maxDepth: 2 }),
)
const members = ['type', 'name', 'currency', 'amount', 'date', 'rate', 'asOf', 'description', 'base'] as const
const strangers = [
  'id',
  'balance',
  'createdAt',
  'updatedAt',
  'accountId',
  'extra',
  '__proto__',
  'constructor',
  '',
] as const

/** As it is, with a member gone, another put in its place, or one too many. */
function spoiled(entry: fc.Arbitrary<Entry>): fc.Arbitrary<Entry> {
  const gone = fc.tuple(entry, fc.nat(9)).map(([whole, at]) => {
    const all = Object.entries(whole)
    return Object.fromEntries(all.filter((_, index) => index !== at % all.length))
  })
  const other = fc.tuple(entry, fc.constantFrom(...members, ...strangers), wild)
  // From entries, so that `__proto__` is a member and not a prototype.
  const replaced = other.map(([whole, name, value]) => Object.fromEntries([...Object.entries(whole), [name, value]]))
  return fc.oneof({ weight: 7, arbitrary: entry }, { weight: 1, arbitrary: gone }, { weight: 2, arbitrary: replaced })
}

const pointer = fc.constantFrom(
  '/name',
  '/type',
  '/currency',
  '/balance',
  '/id',
  '/rate',
  '/nothing',
  '',
  '/name/0',
  'x~',
)
const operation = fc.record(
  {
    op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'none'),
    path: pointer,
    from: pointer,
    value: wild,
  },
  { requiredKeys: ['op', 'path'] },
)
const jsonPatch = fc.oneof(
  fc.constantFrom<unknown>(
    [{ op: 'replace', path: '/name', value: 'Patched' }],
    [
      { op: 'test', path: '/type', value: 'current' },
      { op: 'replace', path: '/name', value: 'Tested' },
    ],
    [{ op: 'replace', path: '/rate', value: '2.5' }],
  ),
  fc.array(operation, { maxLength: 3 }),
)

const question = fc.record(
  {
    type: fc.constantFrom<unknown>('current', ['debit', 'credit'], 'x', 1),
    'balance.gte': fc.constantFrom<unknown>('100', 100, 'x', true, null),
    fields: fc.constantFrom<unknown>('id', ['id', 'type'], ['none']),
    sort: fc.constantFrom<unknown>('-id', ['type', '-id'], 7),
    limit: fc.constantFrom<unknown>(1, 5, '2', 'all', 0, 5000),
    extra: wild,
  },
  { requiredKeys: [] },
)

/** What the place and the method may be sent. */
export type Wanted = 'account' | 'transaction' | 'transfer' | 'statement' | 'rate' | 'synchronization' | 'run' | 'none'

function entryOf(wanted: Wanted, pair: string): fc.Arbitrary<Entry> {
  if (wanted === 'account') return spoiled(account)
  if (wanted === 'transaction') return spoiled(transaction)
  if (wanted === 'transfer') return spoiled(transfer)
  if (wanted === 'synchronization') return spoiled(synchronization)
  if (wanted === 'run') return spoiled(run)
  return wanted === 'rate' ? spoiled(rate(pair)) : fc.dictionary(fc.string({ maxLength: 5 }), wild, { maxKeys: 4 })
}

/** Elements of a PUT or PATCH of the collection: entries with the id of an item that is there, or was, or never was. */
function several(wanted: Wanted): fc.Arbitrary<readonly Entry[]> {
  const ids =
    wanted === 'rate'
      ? fc.constantFrom<string>(...pairs)
      : fc.constantFrom('@account:0', '@account:1', '@fresh:3', '@fresh:4', 'x')
  const one = ids.chain(id => entryOf(wanted, id.padEnd(7, 'X')).map(entry => ({ id, ...entry })))
  return fc.array(one, { maxLength: 3 })
}

export function contentFor(
  method: string,
  wanted: Wanted,
  place: 'collection' | 'item',
  pair: string,
): fc.Arbitrary<Content> {
  if (method === 'QUERY')
    return fc.oneof(
      question.map(value => ({ type: 'application/json', text: JSON.stringify(value) })),
      fc
        .constantFrom('type=current&limit=2', 'sort=-id', 'none=1', '%zz', '')
        .map(text => ({ type: 'application/x-www-form-urlencoded', text })),
    )
  const one = entryOf(wanted, pair)
  const value: fc.Arbitrary<Entry | readonly Entry[]> =
    method !== 'POST' && place === 'collection'
      ? several(wanted)
      : method === 'POST' && isCollection(wanted)
        ? fc.oneof({ weight: 3, arbitrary: one }, { weight: 1, arbitrary: fc.array(one, { maxLength: 3 }) })
        : one
  const others: readonly fc.Arbitrary<Content>[] = [
    value.map(value => ({ type: 'application/xml', text: xmlOf(wanted, value) })),
    value.map(value => ({ type: 'text/csv', text: csvOf(value) })),
    value.map(value => ({ type: 'application/x-ndjson', text: ndjsonOf(value) })),
  ]
  const json = (type: string) => value.map(value => ({ type, text: JSON.stringify(value) }))
  if (method === 'PATCH') {
    const patches = jsonPatch.map(patch => ({ type: 'application/json-patch+json', text: JSON.stringify(patch) }))
    const change = fc.constantFrom('{"name":"Changed"}', '{"rate":"3.25"}', '{"name":null}', '{"type":"savings"}', '{}')
    const merge = change.map(text => ({ type: 'application/merge-patch+json', text }))
    const rows = place === 'collection' ? others : []
    return fc.oneof(json('application/json'), json('application/merge-patch+json'), merge, patches, ...rows)
  }
  return fc.oneof(
    { weight: 5, arbitrary: json('application/json') },
    ...others.map(arbitrary => ({ weight: 1, arbitrary })),
  )
}

const isCollection = (wanted: Wanted): boolean => ['account', 'transaction', 'transfer'].includes(wanted)

const isList = (value: Entry | readonly Entry[]): value is readonly Entry[] => Array.isArray(value)

function xmlOf(wanted: Wanted, value: Entry | readonly Entry[]): string {
  if (isList(value)) return `<${wanted}s>${value.map(entry => xmlOf(wanted, entry)).join('')}</${wanted}s>`
  const inside = Object.entries(value).map(([name, member]) =>
    Object.hasOwn(nestedIn, name) && typeof member === 'object' && member !== null
      ? `<${name}>${structured(member as Entry, nestedIn[name] ?? '')}</${name}>`
      : member === null
        ? `<${name} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>`
        : `<${name}>${String(member).replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</${name}>`,
  )
  return `<${wanted}>${inside.join('')}</${wanted}>`
}

/** Members of a synchronisation that are elements in XML, and what their lists hold. */
const nestedIn: Readonly<Record<string, Wanted>> = { accounts: 'account', transactions: 'transaction' }
const structured = (sides: Entry, element: Wanted | ''): string =>
  Object.entries(sides)
    .map(([side, list]) =>
      Array.isArray(list) && element !== ''
        ? `<${side}>${list.map(entry => xmlOf(element, entry)).join('')}</${side}>`
        : `<${side}/>`,
    )
    .join('')

function csvOf(value: Entry | readonly Entry[]): string {
  const rows = isList(value) ? value : [value]
  const names = Object.keys(rows[0] ?? { id: '' })
  const cell = (member: unknown) => (member === null ? '' : `"${textOf(member).replaceAll('"', '""')}"`)
  return [names, ...rows.map(row => names.map(name => cell(row[name])))].map(row => `${row.join(',')}\r\n`).join('')
}

const textOf = (member: unknown): string => (typeof member === 'object' ? JSON.stringify(member) : String(member))

const ndjsonOf = (value: Entry | readonly Entry[]): string =>
  (isList(value) ? value : [value]).map(entry => `${JSON.stringify(entry)}\n`).join('')

const bad = fc.constantFrom<string | Uint8Array>(
  '',
  '{',
  '{"name":"x",}',
  '[1,2',
  'null',
  '"text"',
  `${'['.repeat(200)}${']'.repeat(200)}`,
  '{"type":"current","type":"credit"}',
  '{"name":"\\ud800"}',
  '<!DOCTYPE a [<!ENTITY b "c">]><account/>',
  '<account><name>x</account>',
  'id,name\r\n"open',
  '{"name":"x"}\n{"name"',
  '\ufeff{}',
  Uint8Array.of(0xff, 0xfe, 0x00),
  Uint8Array.of(0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d),
)

/** Anything under any name. */
export const junkContent: fc.Arbitrary<Content> = fc.record({
  type: fc.constantFrom(
    'application/json',
    'application/xml',
    'text/xml',
    'text/csv',
    'application/x-ndjson',
    'application/merge-patch+json',
    'application/json-patch+json',
    'application/x-www-form-urlencoded',
    'application/json; charset=utf-16',
    'application/json;charset="UTF-8"',
    'text/plain',
    'application/cbor',
    'json',
    'a/b/c',
    '',
  ),
  text: fc.oneof({ weight: 3, arbitrary: bad }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) }),
})

/** The same content with its end cut off, or its type changed. */
export const corrupted = (content: Content): fc.Arbitrary<Content> => {
  const { length } = content.text
  return fc.oneof(
    fc.nat(length).map(end => ({ ...content, text: content.text.slice(0, end) })),
    junkContent.map(({ type }) => ({ ...content, type })),
  )
}

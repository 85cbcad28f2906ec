// Contents to send: entries of the bank, whole, spoiled, or in other forms; patches; questions; junk.
import fc from 'fast-check'
import { account, type Entry, pairs, rate, run, synchronization, transaction, transfer } from './entries.ts'
import { csvOf, isCollection, ndjsonOf, type Wanted, xmlOf } from './forms.ts'

export type Content = { readonly type: string; readonly text: string | Uint8Array }

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

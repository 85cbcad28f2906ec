// RFC 9110 §12.5.1 over random Accept fields, judged by an oracle that is slow and plain: what it cannot be wrong about.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { negotiateMediaType } from '@comity/http'
import fc from 'fast-check'
import { serving, startBank } from '../support/bank.ts'

const offers = [
  'application/json',
  'application/xml',
  'text/csv',
  'application/x-ndjson',
  'application/cbor',
  'text/html',
]

type Range = { readonly type: string; readonly subtype: string; readonly q: string | undefined; readonly odd: string }

/** A thousandth as a q-value: 0, 0.5, 0.333, 1.000. */
const weights = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: fc.constantFrom('0', '0.0', '0.000', '1', '1.000') },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 999 }).map(q => (q / 1000).toString()) },
)
const known = fc.constantFrom(...offers).map(offer => offer.split('/') as [string, string])
const ranges: fc.Arbitrary<Range> = fc
  .tuple(
    fc.oneof(
      { weight: 6, arbitrary: known },
      { weight: 2, arbitrary: known.map(([type]): [string, string] => [type, '*']) },
      { weight: 2, arbitrary: fc.constant<[string, string]>(['*', '*']) },
      {
        weight: 1,
        arbitrary: fc.constantFrom<[string, string]>(['image', '*'], ['application', 'xhtml+xml'], ['text', 'plain']),
      },
    ),
    weights,
    fc.constantFrom('', '', '', ' ', '\t'),
    fc.boolean(),
  )
  .map(([[type, subtype], q, odd, shouts]) => ({ type: shouts ? type.toUpperCase() : type, subtype, q, odd }))

const accepts = fc.array(ranges, { minLength: 1, maxLength: 7 })

const written = (list: readonly Range[]): string =>
  list
    .map(({ type, subtype, q, odd }) => `${odd}${type}/${subtype}${q === undefined ? '' : `${odd};${odd}q=${q}`}${odd}`)
    .join(',')

/** For each offer, of all ranges that match it those that name most of it, the first of them; then the best offer. */
function oracle(list: readonly Range[]): number {
  const qualities = offers.map(offer => {
    const [type, subtype] = offer.split('/')
    const exact = list.filter(range => range.type.toLowerCase() === type && range.subtype === subtype)
    const half = list.filter(range => range.type.toLowerCase() === type && range.subtype === '*')
    const any = list.filter(range => range.type === '*' && range.subtype === '*')
    const [speaks] = [...exact, ...half, ...any]
    return speaks === undefined ? 0 : Number(speaks.q ?? '1')
  })
  const best = Math.max(...qualities)
  return best === 0 ? -1 : qualities.indexOf(best)
}

test('1,000 random Accept fields choose what the oracle chooses', () => {
  fc.assert(
    fc.property(accepts, list => {
      assert.equal(negotiateMediaType(written(list), offers), oracle(list), written(list))
    }),
    { numRuns: 1_000 },
  )
})

const bank = serving(startBank)

const told: readonly (readonly [accept: string, chosen: number])[] = [
  ['*/*', 0],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8', 5],
  ['application/json;q=0, */*', 1],
  ['*/*;q=0', -1],
  ['*/*;q=0, application/cbor;q=0.001', 4],
  ['text/*;q=0.5, text/csv;q=0.1, application/*;q=0.2', 5],
  ['application/json;q=0.000', -1],
  ['image/*', -1],
]

async function answered(accept: string, chosen: number) {
  for (const path of ['/accounts?limit=1', '/rates/EUR-CNY']) {
    const { status, fields } = await bank.call('GET', path, { accept })
    const [type] = (fields['content-type'] ?? '').split(';')
    if (chosen === -1) assert.equal(status, 406, accept)
    else assert.deepEqual([status, type], [200, offers[chosen]], accept)
    assert.match(fields.vary ?? '', /accept(,|$)/, 'what was chosen, and what was refused, depends on Accept')
  }
}

test('and so does the server, over the wire', async () => {
  for (const [accept, chosen] of told) await answered(accept, chosen)
  const inField = accepts.filter(list => !written(list).includes('\t'))
  await fc.assert(
    fc.asyncProperty(inField, list => answered(written(list), oracle(list))),
    { numRuns: process.env.COMITY_LONG ? 1_000 : 60 },
  )
})

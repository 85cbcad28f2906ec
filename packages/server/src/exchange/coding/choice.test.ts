import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { codingChooser } from './choice.ts'

const offers = ['zstd', 'br', 'gzip', 'deflate'] as const
const choose = codingChooser(offers)

const rows: readonly (readonly [field: string | undefined, best: string | undefined, acceptable: string])[] = [
  [undefined, 'identity', 'zstd br gzip deflate identity'],
  ['', 'identity', 'identity'],
  ['gzip, deflate, br, zstd', 'zstd', 'zstd br gzip deflate identity'],
  ['gzip, deflate, br', 'br', 'br gzip deflate identity'],
  ['gzip', 'gzip', 'gzip identity'],
  ['x-gzip', 'gzip', 'gzip identity'],
  ['GZip', 'gzip', 'gzip identity'],
  ['*', 'zstd', 'zstd br gzip deflate identity'],
  ['*;q=0', undefined, ''],
  ['identity;q=0', undefined, ''],
  ['compress', 'identity', 'identity'],
  ['compress, *;q=0', undefined, ''],
  ['gzip, *;q=0', 'gzip', 'gzip'],
  ['gzip;q=0, *', 'zstd', 'zstd br deflate identity'],
  ['gzip;q=0.5, br;q=0.4', 'gzip', 'br gzip identity'],
  ['gzip;q=0.5, identity', 'identity', 'gzip identity'],
  ['gzip, identity', 'gzip', 'gzip identity'],
  ['gzip;q=0.001, identity;q=0', 'gzip', 'gzip'],
  ['deflate;q=0.9, *;q=0.1', 'deflate', 'zstd br gzip deflate identity'],
  ['identity', 'identity', 'identity'],
  ['br;q=2, gzip', 'gzip', 'gzip identity'],
  [' , gzip ;q=1.000 ,', 'gzip', 'gzip identity'],
]

describe('Accept-Encoding', () => {
  for (const [field, best, acceptable] of rows)
    it(field ?? '(absent)', () => {
      const choice = choose(field)
      assert.deepEqual([choice.best, choice.acceptable.join(' ')], [best, acceptable])
      assert.equal(choose(field), choice, 'it is remembered')
      assert.equal(choice.plain.best, choice.acceptable.includes('identity') ? 'identity' : best)
    })

  it('where nothing is compressed', () => {
    const never = codingChooser([])
    assert.equal(never('gzip, br').best, 'identity')
    assert.equal(never('gzip, *;q=0').best, undefined)
  })

  it('variants differ where what is sent may', () => {
    const fields = [undefined, ...offers, ...offers.map(offer => `${offer}, *;q=0`)]
    assert.equal(new Set(fields.map(field => choose(field).variant)).size, fields.length)
  })
})

type Wish = { readonly name: string; readonly q: number | undefined }

/** RFC 9110 §12.5.3 word by word, slowly: the weight of one coding. */
function weightOf(coding: string, wishes: readonly Wish[]): number {
  const named = wishes.find(({ name }) => name.toLowerCase().replace('x-gzip', 'gzip') === coding)
  if (named) return named.q ?? 1
  const any = wishes.find(({ name }) => name === '*')
  if (any) return any.q ?? 1
  // Not named: identity is acceptable, after all that is named; others are not.
  return coding === 'identity' ? 0.000_001 : 0
}

const wish = fc.record({
  name: fc.constantFrom('gzip', 'x-gzip', 'GZIP', 'deflate', 'br', 'Br', 'zstd', 'identity', '*', 'compress', 'exi'),
  q: fc.option(fc.constantFrom(0, 0.001, 0.1, 0.5, 0.9, 1), { nil: undefined }),
})
const spelled = fc.record({
  wishes: fc.array(wish, { maxLength: 8 }),
  comma: fc.constantFrom(',', ', ', ' , ', ',,', ',\t'),
  weight: fc.constantFrom(';q=', '; q=', ' ;Q='),
})

it('1,000 random fields are read as the RFC says', () => {
  fc.assert(
    fc.property(spelled, ({ wishes, comma, weight }) => {
      const field = wishes.map(({ name, q }) => (q === undefined ? name : `${name}${weight}${q}`)).join(comma)
      const all = [...offers, 'identity'] as const
      const weights = all.map(coding => weightOf(coding, wishes))
      const most = Math.max(...weights)
      const choice = choose(field)
      assert.equal(choice.best, most > 0 ? all[weights.indexOf(most)] : undefined, field)
      assert.deepEqual(
        choice.acceptable,
        all.filter((_, index) => (weights[index] ?? 0) > 0),
        field,
      )
    }),
    { numRuns: 1_000 },
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decode, encode } from 'cborg'
import fc from 'fast-check'
import Type from 'typebox'
import { defaultLimits } from '../model/build.ts'
import { fieldOf } from '../model/field.ts'
import type { Limits } from '../model/model.ts'
import { cbor } from './cbor.ts'
import type { Shape } from './format.ts'

const shape: Shape = { singular: 'thing', plural: 'things', fields: [] }
const limits: Limits = { ...defaultLimits, depth: 4, members: 20 }
const bytes = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(' ', ''), 'hex')
const parse = (hex: string) => cbor.parse(bytes(hex), shape, 'either', limits)

/** RFC 8949 appendix A, as far as JSON knows the values; and what encoders send besides. */
const read: readonly (readonly [name: string, hex: string, value: unknown])[] = [
  ['0', '00', 0],
  ['23', '17', 23],
  ['24', '1818', 24],
  ['1000000', '1a000f4240', 1_000_000],
  ['the largest safe integer', '1b001fffffffffffff', Number.MAX_SAFE_INTEGER],
  ['-1', '20', -1],
  ['-1000', '3903e7', -1000],
  ['the smallest safe integer', '3b001ffffffffffffe', -Number.MAX_SAFE_INTEGER],
  ['a half 1.5', 'f93e00', 1.5],
  ['a single 100000.0', 'fa47c35000', 100_000],
  ['a double 1.1', 'fb3ff199999999999a', 1.1],
  ['a double 1e300', 'fb7e37e43c8800759c', 1e300],
  ['the smallest half', 'f90001', 2 ** -24],
  ['false', 'f4', false],
  ['true', 'f5', true],
  ['null', 'f6', null],
  ['empty text', '60', ''],
  ['text', '6449455446', 'IETF'],
  ['text beyond the plane', '64f0908591', '\u{10151}'],
  ['text with a byte order mark', '64efbbbf61', '\uFEFFa'],
  ['text with a longer length than it needs', '7a0000000161', 'a'],
  ['an array', '83010203', [1, 2, 3]],
  ['an array without a length', '9f0102ff', [1, 2]],
  ['nested, with and without lengths', '9f018202039f0405ffff', [1, [2, 3], [4, 5]]],
  ['a map', 'a26161016162820203', { a: 1, b: [2, 3] }],
  ['a map without a length', 'bf61610161629f0203ffff', { a: 1, b: [2, 3] }],
  ['an integer as a float', 'f94500', 5],
  ['empty', '80', []],
  ['as deep as may be', '8181818100', [[[[0]]]]],
  ['as much as may be', `94${'00'.repeat(20)}`, Array(20).fill(0)],
]
for (const [name, hex, value] of read)
  test(`read: ${name}`, () => assert.deepEqual(parse(hex), { kind: 'value', value }))

const refused: readonly (readonly [name: string, hex: string, offset: number, detail: RegExp])[] = [
  ['nothing', '', 0, /did not find any content/],
  ['an array cut short', '8301', 2, /ends before/],
  ['text cut short', '826161 6461', 3, /not enough data/i],
  ['a number cut short', '81 1a 0001', 1, /not enough data/i],
  ['two data items', '0000', 1, /goes on after/],
  ['an array of 2^32', '9affffffff', 0, /more than 20 members/],
  ['an array of 2^64 - 1', '9bffffffffffffffff', 0, /./],
  ['a map of 2^31', 'ba7fffffff', 0, /more than 20 members/],
  ['text of 2^31', '7a7fffffff', 0, /not enough data/i],
  ['too deep', '8181818181', 4, /deeper than 4/],
  ['a bomb of arrays', '81'.repeat(1_000_000), 4, /deeper than 4/],
  ['a bomb of arrays without lengths', '9f'.repeat(1_000_000), 4, /deeper than 4/],
  ['too many elements', `9f${'00'.repeat(21)}ff`, 21, /more than 20/],
  ['a key twice', 'a2616101616102', 4, /repeat map key "a"/],
  ['a key that is a number', 'a10102', 1, /key of a map must be text/],
  ['a key that is an array', 'a18001', 1, /key of a map must be text/],
  ['a key without a value', 'bf6161ff', 3, /key has no value/],
  ['a break alone', 'ff', 0, /break/],
  ['a break in an array with a length', '8201ff', 2, /break/],
  ['an array that never ends', '9f01', 2, /ends before/],
  ['a date', 'c074323031332d30332d32315432303a30343a30305a', 0, /Tag 0 is not read/],
  ['a bignum', 'c249010000000000000000', 0, /Tag 2 is not read/],
  ['a decimal fraction', 'c48221196ab3', 0, /Tag 4 is not read/],
  ['the mark of CBOR itself', 'd9d9f780', 0, /Tag 55799 is not read/],
  ['an integer beyond what a double holds', '811bffffffffffffffff', 1, /safe integer/],
  ['a negative one', '813bffffffffffffffff', 1, /safe integer/],
  ['bytes', '8141ff', 1, /Byte strings/],
  ['bytes in pieces', '5f4101ff', 0, /./],
  ['text in pieces', '7f6161ff', 0, /./],
  ['undefined', 'a16161f7', 3, /undefined/],
  ['NaN', '81f97e00', 1, /NaN/],
  ['infinity', 'f97c00', 0, /Infinity/],
  ['minus infinity', 'fbfff0000000000000', 0, /Infinity/],
  ['a simple value', 'f0', 0, /./],
  ['a reserved head', '1c', 0, /./],
  ['text that is not UTF-8', '8162c328', 1, /not UTF-8/],
  ['half of a surrogate pair', '63eda080', 0, /not UTF-8/],
  ['a key that is not UTF-8', 'a161ff00', 1, /not UTF-8/],
]
for (const [name, hex, offset, detail] of refused)
  test(`refused: ${name}`, () => {
    const parsed = parse(hex)
    assert.equal(parsed.kind, 'malformed')
    assert.match(parsed.detail, detail)
    assert.equal(parsed.offset, offset, parsed.detail)
  })

test('any bytes are read or refused, and nothing is thrown', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), content => {
      cbor.parse(content, shape, 'either', limits)
    }),
    { numRuns: 2_000 },
  )
})

test('__proto__ is an own member and changes no prototype', () => {
  const parsed = parse('a1695f5f70726f746f5f5f01')
  assert.equal(parsed.kind, 'value')
  assert.deepEqual(Object.keys(parsed.value as object), ['__proto__'])
  assert.equal(Object.getPrototypeOf(parsed.value), Object.prototype)
})

test('members keep their order, what is undefined is left out, what CBOR has no word for is as in JSON', () => {
  const fields = ['zebra', 'a', 'bb', 'act'].map(name => fieldOf(name, Type.Unknown()))
  const item = cbor.item({ zebra: 1, a: undefined, bb: new Date(0) }, { ...shape, fields })
  assert.equal(
    Buffer.from(item).toString('hex'),
    `a2657a65627261016262627818${Buffer.from('1970-01-01T00:00:00.000Z').toString('hex')}`,
  )
})

test('what is written is what the library would write, and reads', () => {
  const fields = ['n', 'text', 'any', 'grün'].map(name => fieldOf(name, Type.Unknown()))
  const value = fc.oneof(
    fc.maxSafeInteger(),
    fc.constantFrom(0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, -1, -24, -25, -(2 ** 53 - 1)),
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.constantFrom(
      ...[23, 24, 63, 64, 65, 255, 256, 70_000].flatMap(length => ['a'.repeat(length), 'é'.repeat(length)]),
    ),
    fc.jsonValue(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  )
  fc.assert(
    fc.property(fc.array(fc.record({ n: value, text: value, any: value, grün: value }), { maxLength: 4 }), rows => {
      const { open, rows: write, close } = cbor.list({ ...shape, fields })
      const list = Buffer.concat([open(), write(rows, true), close()])
      const wanted = Buffer.concat([
        Buffer.of(0x9f),
        ...rows.map(row => encode(row, { mapSorter: () => 0 })),
        Buffer.of(0xff),
      ])
      assert.deepEqual(list, wanted)
      assert.equal((decode(list) as unknown[]).length, rows.length)
    }),
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { linear, processorTime } from './fixtures/processor.ts'
import { type ByteRange, formatContentRange, parseContentRange, parseRange } from './range.ts'

// Verdicts written short: a whole says why, ranges as first-last, a 416 as its Content-Range.
function verdictOf(field: string | undefined, length: number, ranges?: number): string {
  const verdict = parseRange(field, length, ranges === undefined ? undefined : { ranges })
  if (verdict.kind === 'whole') return verdict.why
  if (verdict.kind === 'unsatisfiable') return verdict.contentRange
  return verdict.ranges.map(({ first, last }) => `${first}-${last}`).join(' ')
}

const rows: readonly (readonly [string, string | undefined, number, string])[] = [
  ['absent', undefined, 100, 'absent'],
  ['single', 'bytes=0-9', 100, '0-9'],
  ['one byte', 'bytes=0-0', 100, '0-0'],
  ['open', 'bytes=90-', 100, '90-99'],
  ['all of it', 'bytes=0-', 100, '0-99'],
  ['suffix', 'bytes=-10', 100, '90-99'],
  ['suffix longer than the whole', 'bytes=-1000', 100, '0-99'],
  ['last past the end', 'bytes=90-1000', 100, '90-99'],
  ['capital unit', 'Bytes=0-9', 100, '0-9'],
  ['leading zeros', 'bytes=0000-0009', 100, '0-9'],
  ['several, in the order asked', 'bytes=90-, 0-9,50-59', 100, '90-99 0-9 50-59'],
  ['empty members', 'bytes=,0-9, ,50-59,', 100, '0-9 50-59'],
  ['one of several exists', 'bytes=200-, 0-9', 100, '0-9'],
  ['overlapping are joined', 'bytes=0-9, 5-14', 100, '0-14'],
  ['adjacent are joined', 'bytes=10-19, 0-9', 100, '0-19'],
  ['joined at the place of the first', 'bytes=50-59, 90-, 55-69', 100, '50-69 90-99'],
  ['one within another', 'bytes=0-99, 10-19', 100, '0-99'],
  ['many adjacent are not abusive', 'bytes=0-9, 10-19, 20-29, 30-39', 100, '0-39'],
  // unsatisfiable
  ['past the end', 'bytes=100-', 100, 'bytes */100'],
  ['just past the end', 'bytes=100-199', 100, 'bytes */100'],
  ['all past the end', 'bytes=100-, 200-', 100, 'bytes */100'],
  ['suffix of nothing', 'bytes=-0', 100, 'bytes */100'],
  ['of an empty representation', 'bytes=0-', 0, 'bytes */0'],
  ['suffix of an empty representation', 'bytes=-5', 0, 'empty'],
  // malformed
  ['backward', 'bytes=9-0', 100, 'malformed'],
  ['one backward spoils all', 'bytes=0-9, 20-10', 100, 'malformed'],
  ['no range', 'bytes=', 100, 'malformed'],
  ['only commas', 'bytes=, ,', 100, 'malformed'],
  ['only a hyphen', 'bytes=-', 100, 'malformed'],
  ['no unit', '0-9', 100, 'malformed'],
  ['empty unit', '=0-9', 100, 'malformed'],
  ['space in the unit', 'bytes =0-9', 100, 'malformed'],
  ['no hyphen', 'bytes=5', 100, 'malformed'],
  ['letters', 'bytes=a-b', 100, 'malformed'],
  ['hexadecimal', 'bytes=0x1-2', 100, 'malformed'],
  ['signs', 'bytes=+1-2', 100, 'malformed'],
  ['two hyphens', 'bytes=--1', 100, 'malformed'],
  ['three numbers', 'bytes=0-1-2', 100, 'malformed'],
  ['space within', 'bytes=0 - 9', 100, 'malformed'],
  ['fraction', 'bytes=0.5-1', 100, 'malformed'],
  ['empty field', '', 100, 'malformed'],
  ['another unit', 'items=0-9', 100, 'unknown-unit'],
  // abusive
  ['three that overlap', 'bytes=0-10, 5-15, 8-20', 100, 'abusive'],
  ['two pairs that overlap', 'bytes=0-10, 5-15, 50-60, 55-65', 100, 'abusive'],
  ['the same thrice', 'bytes=0-, 0-, 0-', 100, 'abusive'],
  ['twenty is enough', `bytes=${Array.from({ length: 21 }, (_, i) => `${i * 3}-${i * 3}`).join(',')}`, 100, 'abusive'],
  // large numbers
  ['first beyond any length', 'bytes=99999999999999999999-', 100, 'bytes */100'],
  ['last beyond any length', 'bytes=0-99999999999999999999999', 100, '0-99'],
  ['suffix beyond any length', 'bytes=-99999999999999999999999', 100, '0-99'],
  ['backward beyond precision', 'bytes=99999999999999999999-99999999999999999998', 100, 'malformed'],
  ['backward beyond precision, zeros', 'bytes=99999999999999999999-099999999999999999998', 100, 'malformed'],
  [
    'precise to the last byte',
    'bytes=9007199254740989-9007199254740990',
    2 ** 53 - 1,
    '9007199254740989-9007199254740990',
  ],
  ['length as large as can be', 'bytes=9007199254740991-', 2 ** 53 - 1, 'bytes */9007199254740991'],
]

for (const [name, field, length, expected] of rows) {
  test(`range: ${name}`, () => assert.equal(verdictOf(field, length), expected))
}

test('range: the limit is the caller’s', () => {
  assert.equal(verdictOf('bytes=0-0, 2-2, 4-4', 100, 2), 'abusive')
  assert.equal(verdictOf('bytes=0-0, 2-2, 4-4', 100, 3), '0-0 2-2 4-4')
})

test('range: the ranges cover exactly the bytes asked for, apart and in order', () => {
  const spec = fc.oneof(
    fc.tuple(fc.nat(30), fc.nat(30)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
    fc.nat(30).map(first => [first, undefined] as const),
    fc.nat(30).map(suffix => [undefined, suffix] as const),
  )
  fc.assert(
    fc.property(fc.array(spec, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 25 }), (specs, length) => {
      const verdict = parseRange(`bytes=${specs.map(([a, b]) => `${a ?? ''}-${b ?? ''}`).join(',')}`, length)
      const sets = specs.map(([first, last]) =>
        Array.from({ length }, (_, byte) => byte).filter(byte =>
          first === undefined ? byte >= length - (last ?? 0) : byte >= first && byte <= (last ?? length),
        ),
      )
      const overlapping = sets.filter((set, i) => sets.some((other, j) => i !== j && set.some(b => other.includes(b))))
      const wanted = new Set(sets.flat())
      if (wanted.size === 0) return assert.equal(verdict.kind, 'unsatisfiable')
      if (overlapping.length > 2) return assert.deepEqual(verdict, { kind: 'whole', why: 'abusive' })
      assert.equal(verdict.kind, 'ranges')
      const ranges: readonly ByteRange[] = verdict.kind === 'ranges' ? verdict.ranges : []
      const covered = ranges.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i))
      assert.deepEqual(
        [...covered].sort((a, b) => a - b),
        [...wanted].sort((a, b) => a - b),
      )
      for (const range of ranges) assert.ok(!wanted.has(range.first - 1) && !wanted.has(range.last + 1), 'joined')
      const places = ranges.map(({ first, last }) => sets.findIndex(set => set.some(b => b >= first && b <= last)))
      assert.deepEqual(
        places,
        [...places].sort((a, b) => a - b),
        'in the order asked',
      )
    }),
    { numRuns: 2000 },
  )
})

test('range: a hostile field takes linear time', () => {
  const started = processorTime()
  for (const field of ['0-,', ',', '9', '0', ' ', '-']) {
    parseRange(`bytes=${field.repeat(300_000)}`, 100, { ranges: 1e9 })
    parseRange(`bytes=0-${field.repeat(300_000)}`, 100, { ranges: 1e9 })
  }
  parseRange(`bytes=${Array.from({ length: 50_000 }, (_, i) => `${i * 2}-${i * 2}`).join(',')}`, 1e6, { ranges: 1e9 })
  assert.ok(processorTime() - started < linear)
})

const contentRanges: readonly (readonly [string, string, unknown])[] = [
  ['range', 'bytes 0-9/100', { kind: 'range', range: { first: 0, last: 9 }, length: 100 }],
  ['length not known', 'bytes 0-9/*', { kind: 'range', range: { first: 0, last: 9 }, length: '*' }],
  ['of a 416', 'bytes */100', { kind: 'unsatisfied', length: 100 }],
  ['capital unit', 'Bytes 0-9/100', { kind: 'range', range: { first: 0, last: 9 }, length: 100 }],
  ['neither', 'bytes */*', undefined],
  ['backward', 'bytes 9-0/100', undefined],
  ['past the length', 'bytes 0-100/100', undefined],
  ['another unit', 'items 0-9/100', undefined],
  ['with an equals sign', 'bytes=0-9/100', undefined],
  ['beyond precision', 'bytes 0-9007199254740993/*', undefined],
  ['length beyond precision', 'bytes 0-9/9007199254740993', undefined],
  ['empty', '', undefined],
]

for (const [name, value, expected] of contentRanges) {
  test(`content range: ${name}`, () => assert.deepEqual(parseContentRange(value), expected))
}

test('content range: written', () => {
  assert.equal(formatContentRange({ first: 0, last: 9 }, 100), 'bytes 0-9/100')
  assert.equal(formatContentRange({ first: 0, last: 9 }, '*'), 'bytes 0-9/*')
  assert.equal(formatContentRange('*', 100), 'bytes */100')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { linear, processorTime } from './fixtures/processor.ts'
import { parseWeighted } from './weighted.ts'

// name, field, what is read as value;param="x" q
const rows: readonly (readonly [string, string, readonly string[]])[] = [
  ['no weight is 1', 'gzip', ['gzip 1']],
  ['order is kept', 'b;q=0.1, a', ['b 0.1', 'a 1']],
  ['q=0 is 0', 'gzip;q=0, br;q=0.000', ['gzip 0', 'br 0']],
  ['three decimals', 'a;q=0.123, b;q=1.000', ['a 0.123', 'b 1']],
  ['a dot without decimals', 'a;q=0., b;q=1.', ['a 0', 'b 1']],
  ['Java leaves out the zero', 'a;q=.2', ['a 0.2']],
  ['capital Q', 'a;Q=0.5', ['a 0.5']],
  ['space around the semicolon', 'a ; q=0.5\t;\tx=y', ['a;x="y" 0.5']],
  ['values are lowered', 'Text/HTML', ['text/html 1']],
  ['parameters', 'text/html;level=1;Charset="utf-8";q=0.4', ['text/html;level="1";charset="utf-8" 0.4']],
  ['a weight before a parameter', 'text/html;q=0.4;level=1', ['text/html;level="1" 0.4']],
  ['empty parameters', 'a;;q=0.5;', ['a 0.5']],
  ['empty members', ',, a,,b ,', ['a 1', 'b 1']],
  ['a comma and an escaped quote in quotes', 'a;x="1,\\"2", b', ['a;x="1,"2" 1', 'b 1']],
  ['nothing', '', []],
  ['only commas', ' , ,', []],
  // ill-formed members are left out, their neighbours are not
  ['more than 1', 'a;q=1.001, b;q=2, c', ['c 1']],
  ['four decimals', 'a;q=0.1234, c', ['c 1']],
  ['negative', 'a;q=-1, c', ['c 1']],
  ['no number', 'a;q=high, b;q=., b;q=0x1, c', ['c 1']],
  ['no value', 'a;q=, b;q, c', ['c 1']],
  ['quoted weight', 'a;q="0.5", c', ['c 1']],
  ['space around =', 'a;q =0.5, b;q= 0.5, c', ['c 1']],
  ['two weights', 'a;q=0.5;q=0.6, c', ['c 1']],
  ['parameter without value', 'a;level, c', ['c 1']],
  ['two words', 'a b, c', ['c 1']],
  ['no value before the parameters', ';q=0.5, c', ['c 1']],
  ['a quote not closed takes the rest', 'c, a;x="1, d', ['c 1']],
  ['beyond ASCII', 'é, c', ['c 1']],
]

for (const [name, field, expected] of rows) {
  test(`weighted: ${name}`, () => {
    const read = parseWeighted(field).map(({ value, q, params }) => {
      return `${value}${(params ?? []).map(([param, text]) => `;${param}="${text}"`).join('')} ${q}`
    })
    assert.deepEqual(read, expected)
  })
}

test('reads at most 100 members', () => assert.equal(parseWeighted('a,'.repeat(1000)).length, 100))

test('every weight of the grammar is read as its number, and nothing else is', () => {
  const grammar = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?|\.\d{1,3})$/
  const weight = fc.string({ unit: fc.constantFrom('0', '1', '2', '9', '.', '-', 'e'), maxLength: 6 })
  fc.assert(
    fc.property(weight, text => {
      const expected = grammar.test(text) ? [{ value: 'a', q: Number(text) }] : []
      assert.deepEqual(parseWeighted(`a;q=${text}`), expected)
    }),
    { numRuns: 2000 },
  )
})

test('hostile fields take linear time', () => {
  for (const unit of ['"', ';', ',', ' ', 'a;', 'a;x="', 'a;x="\\', 'a,', '\t;', ';q=0,']) {
    const started = processorTime()
    parseWeighted(unit.repeat(200_000))
    assert.ok(processorTime() - started < linear, unit)
  }
})

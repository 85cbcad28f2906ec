import assert from 'node:assert/strict'
import { test } from 'node:test'
import Type from 'typebox'
import { boolean, decimal, integer, text } from '../define/fields.ts'
import { defaultLimits } from '../model/build.ts'
import { fieldOf } from '../model/field.ts'
import type { Limits, Values } from '../model/model.ts'
import { csv } from './csv.ts'
import type { Shape } from './format.ts'

const shape: Shape = {
  singular: 'account',
  plural: 'accounts',
  fields: [
    fieldOf('id', text()),
    fieldOf('name', text()),
    fieldOf('balance', decimal()),
    fieldOf('count', integer()),
    fieldOf('open', boolean()),
    fieldOf('extra', Type.Unknown()),
  ],
}
const limits: Limits = { ...defaultLimits, depth: 4, members: 30 }
const parse = (content: string, expect: 'item' | 'list' = 'list') =>
  csv.parse(new TextEncoder().encode(content), shape, expect, limits)

const rows: readonly (readonly [name: string, values: Values, row: string])[] = [
  [
    'every kind',
    { id: '1', name: 'Ada', balance: '-1.50', count: -5, open: true, extra: { a: 1 } },
    '1,Ada,-1.50,-5,true,"{""a"":1}"',
  ],
  ['null everywhere', {}, ',,,,,'],
  ['empty text', { id: '', name: null }, '"",,,,,'],
  ['a comma, a quote, line ends', { id: 'a,b', name: 'a"b\nc\rd' }, '"a,b","a""b\nc\rd",,,,'],
  ['blanks', { id: ' a ' }, ' a ,,,,,'],
  ['formulas', { id: '=1+1', name: '-1' }, "'=1+1,'-1,,,,"],
  ['formulas after a guard', { id: "'=1", name: "''@x" }, "''=1,'''@x,,,,"],
  ['formulas behind a tab or CR', { id: '\t=1', name: '\r=1' }, `'\t=1,"'\r=1",,,,`],
  ['apostrophes that guard nothing', { id: "'tis", name: "'" }, "'tis,',,,,"],
  ['a formula further on', { id: 'a=1' }, 'a=1,,,,,'],
]
const header = 'id,name,balance,count,open,extra\r\n'
for (const [name, values, row] of rows)
  test(`written: ${name}`, () => {
    assert.equal(csv.item(values, shape), `${header}${row}\r\n`)
    const whole = Object.fromEntries(shape.fields.map(field => [field.name, values[field.name] ?? null]))
    assert.deepEqual(parse(`${header}${row}\r\n`, 'item'), { kind: 'value', value: whole })
  })

const read: readonly (readonly [name: string, content: string, value: unknown])[] = [
  [
    'LF and no end',
    'id,name\n1,a\n2,b',
    [
      { id: '1', name: 'a' },
      { id: '2', name: 'b' },
    ],
  ],
  ['a byte order mark', '\uFEFFid\r\n1\r\n', [{ id: '1' }]],
  ['columns in another order, quoted', '"name","id"\r\n"a","1"\r\n', [{ name: 'a', id: '1' }]],
  ['text that is no number', 'count,open\r\n1.5,yes\r\n', [{ count: '1.5', open: 'yes' }]],
  ['quoted values', 'count,open,balance\r\n"5","false",""\r\n', [{ count: 5, open: false, balance: null }]],
  ['a formula without a guard', 'id\r\n=1\r\n', [{ id: '=1' }]],
  ['a blank line at the end', 'id,name\r\n1,a\r\n\r\n', [{ id: '1', name: 'a' }]],
  ['a header only', 'id\r\n', []],
]
for (const [name, content, value] of read)
  test(`read: ${name}`, () => assert.deepEqual(parse(content), { kind: 'value', value }))

const refused: readonly (readonly [name: string, content: string, line: number, detail: RegExp])[] = [
  ['nothing', '', 1, /Expected a header row/],
  ['an unknown column', 'id,nmae\r\n1,a\r\n', 1, /column "nmae" is not known/],
  ['a column without a name', 'id,\r\n1,a\r\n', 1, /column "" is not known/],
  ['__proto__ as a column', '__proto__\r\n1\r\n', 1, /column "__proto__" is not known/],
  ['a repeated column', 'id,id\r\n1,2\r\n', 1, /"id" is repeated/],
  ['a short row', 'id,name\r\n1,a\r\n2\r\n', 3, /1 cells where the header has 2/],
  ['a long row', 'id,name\r\n1,a,b\r\n', 2, /3 cells/],
  ['a short row below line ends in quotes', 'id,name\r\n1,"a\r\nb\nc"\r\n2\r\n', 5, /1 cells/],
  ['an open quote', 'id\r\n1\r\n"2\r\n3\r\n', 3, /not closed/],
  ['text after a quote', 'id\r\n"1"2\r\n', 2, /closing quote/],
  ['a quote within a cell', 'id\r\na"b\r\n', 2, /quote must open its cell/],
  ['a cell that is not JSON', 'extra\r\n{\r\n', 2, /"extra" is not JSON/],
  ['too many cells', `id\r\n${'1\r\n'.repeat(30)}`, 31, /more than 30/],
]
for (const [name, content, line, detail] of refused)
  test(`refused: ${name}`, () => {
    const parsed = parse(content)
    assert.equal(parsed.kind, 'malformed')
    assert.match(parsed.detail, detail)
    assert.equal(parsed.line, line)
  })

test('an item is one row', () => {
  assert.equal(parse('id\r\n1\r\n2\r\n', 'item').kind, 'malformed')
  assert.equal(parse('id\r\n', 'item').kind, 'malformed')
})

// What a format writes, it reads back as it was, for every kind of field.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import Type from 'typebox'
import { boolean, date, dateTime, decimal, integer, number, oneOf, text } from '../define/fields.ts'
import { defaultLimits } from '../model/build.ts'
import { fieldOf } from '../model/field.ts'
import type { Limits, Values } from '../model/model.ts'
import type { Shape } from './format.ts'
import { bytesOf, listBytes } from './pieces.ts'
import { formatByMediaType, formatByName, formats } from './registry.ts'

/** Told to its depths, but for `rest`. */
const structured = Type.Object({
  lines: Type.Array(
    Type.Object({
      label: Type.String(),
      price: Type.Optional(decimal()),
      pieces: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
      open: Type.Optional(Type.Boolean()),
      day: Type.Optional(date()),
    }),
  ),
  codes: Type.Optional(Type.Array(Type.Array(Type.Number()))),
  rest: Type.Optional(Type.Unknown()),
})

const shape: Shape = {
  singular: 'thing',
  plural: 'things',
  fields: [
    fieldOf('id', text()),
    fieldOf('name', text()),
    fieldOf('sort', oneOf('a', 'b')),
    fieldOf('count', integer()),
    fieldOf('ratio', number()),
    fieldOf('open', boolean()),
    fieldOf('amount', decimal()),
    fieldOf('day', date()),
    fieldOf('at', dateTime()),
    fieldOf('extra', Type.Unknown()),
    fieldOf('parts', structured),
  ],
}
const one: Shape = { ...shape, fields: shape.fields.slice(1, 2) }
const limits: Limits = { ...defaultLimits, members: 100_000 }

const full: Values = {
  id: 'x',
  name: 'Ada',
  sort: 'a',
  count: 3,
  ratio: 0.5,
  open: true,
  amount: '12.50',
  day: '2014-12-31',
  at: '2014-12-31T23:59:59.000Z',
  extra: { list: [1, 'two', null], deep: { text: '' } },
  parts: { lines: [{ label: 'Tea', price: '1.50', pieces: 2, open: true, day: '2014-12-31' }], codes: [[1, 0.5], []] },
}
const texts = [
  '',
  ' ',
  '  lead and trail  ',
  'a\r\nb\rc\nd',
  '\r',
  '\n',
  '\t',
  'a,b;c',
  '"',
  '""',
  'say "no"',
  "'",
  "''",
  "'=1",
  "''=1",
  "'plain",
  '=1+1',
  '+1',
  '-1',
  '@x',
  '\t=1',
  '\r=1',
  '＝1',
  'true',
  'null',
  '1',
  '007',
  '<b>&amp;</b>',
  ']]>',
  '<![CDATA[x]]>',
  '&#13;',
  'é😀\u00A0\u2028',
  '\uFEFF',
  '#text',
  '__proto__',
]
const names: readonly Values[] = [
  full,
  ...texts.map(name => ({ ...full, name })),
  ...shape.fields.map(({ name }) => ({ ...full, [name]: null })),
  ...[0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER].map(count => ({ ...full, count })),
  ...[1e300, 5e-324, 0.1, -1e-7].map(ratio => ({ ...full, ratio })),
  ...['text', '', 'null', -5, false, [], {}, '\uFFFE\uFFFF\u0000', ' x ', { a: { b: [[]] } }].map(extra => ({
    ...full,
    extra,
  })),
  ...(
    [
      { lines: [] },
      { lines: [], codes: [], rest: null },
      { lines: [{ label: '' }, { label: ' a\r\nb ', pieces: null }, { label: '<5>' }], rest: { a: ['x'] } },
      // None of the schema, each in another way: as it is all the same.
      {},
      [],
      '',
      'text',
      '{}',
      5,
      { lines: {} },
      { lines: [null, 5, 'x', { label: null }] },
      { lines: [{ label: 5 }, { label: '\u0000' }, { label: '\uFFFE\uFFFF' }, { label: 'a', more: 1 }] },
      {
        lines: [
          { label: 'a', price: ' 1.50 ' },
          { label: 'a', pieces: 0.5 },
          { label: 'a', pieces: '2', open: 'true' },
        ],
      },
      { lines: [], 'not a name': 1 },
      { lines: [], codes: [[null, 1e300, 'x']] },
      { lines: [], ['__proto__']: 1 },
    ] as unknown[]
  ).map(parts => ({ ...full, parts })),
]

for (const format of formats) {
  test(`${format.name}: one item`, () => {
    for (const values of names)
      assert.deepEqual(format.parse(bytesOf(format.item(values, shape)), shape, 'item', limits), {
        kind: 'value',
        value: values,
      })
  })

  test(`${format.name}: a list in pieces`, () => {
    const writer = format.list(shape)
    const content = bytesOf(
      writer.open(),
      writer.rows([], true),
      writer.rows(names.slice(0, 3), true),
      writer.rows([], false),
      writer.rows(names.slice(3), false),
      writer.close(),
    )
    assert.deepEqual(format.parse(content, shape, 'list', limits), { kind: 'value', value: names })
  })

  test(`${format.name}: an empty list`, () => {
    const writer = format.list(shape)
    const content = listBytes(writer, [])
    assert.deepEqual(format.parse(content, shape, 'list', limits), { kind: 'value', value: [] })
  })

  test(`${format.name}: one member only`, () => {
    const rows: readonly Values[] = [{ name: null }, { name: '' }, { name: 'x' }, { name: null }]
    const writer = format.list(one)
    const content = listBytes(writer, rows)
    assert.deepEqual(format.parse(content, one, 'list', limits), { kind: 'value', value: rows })
  })

  test(`${format.name}: any text and any JSON`, () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what fields refuse
    const unsendable = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/
    const name = fc.string({ unit: 'binary' }).filter(value => !unsendable.test(value))
    const extra = fc.jsonValue({ maxDepth: 4 }).map(value => JSON.parse(JSON.stringify(value)))
    const line = fc.record(
      { label: name, price: fc.oneof(name, fc.constant('1.00')), pieces: fc.oneof(fc.integer(), fc.constant(null)) },
      { requiredKeys: [], noNullPrototype: true },
    )
    const lines = fc.record(
      { lines: fc.array(fc.oneof({ weight: 9, arbitrary: line }, extra)), rest: extra },
      { noNullPrototype: true },
    )
    fc.assert(
      fc.property(name, extra, fc.oneof(lines, extra), (name, extra, parts) => {
        const values = { ...full, name, extra, parts }
        assert.deepEqual(format.parse(bytesOf(format.item(values, shape)), shape, 'item', limits), {
          kind: 'value',
          value: values,
        })
      }),
    )
  })

  test(`${format.name}: no content makes it throw`, () => {
    const whole = bytesOf(format.item(full, shape))
    fc.assert(
      fc.property(fc.nat(whole.length), fc.uint8Array({ maxLength: 6 }), fc.nat(8), (at, inserted, removed) => {
        const content = Uint8Array.from([...whole.slice(0, at), ...inserted, ...whole.slice(at + removed)])
        for (const expect of ['item', 'list'] as const) format.parse(content, shape, expect, limits)
      }),
      { numRuns: 500 },
    )
  })
}

test('the registry', () => {
  assert.deepEqual(
    formats.map(({ name }) => name),
    ['json', 'xml', 'csv', 'ndjson', 'cbor'],
  )
  const types = [
    'application/json',
    'application/xml',
    'text/xml',
    'text/csv',
    'application/x-ndjson',
    'application/ndjson',
    'application/cbor',
    'application/vnd.api+json',
    'text/plain',
    'toString',
  ]
  assert.deepEqual(
    types.map(type => formatByMediaType(type)?.name),
    ['json', 'xml', 'xml', 'csv', 'ndjson', 'ndjson', 'cbor', undefined, undefined, undefined],
  )
  assert.deepEqual(
    ['json', 'xml', 'csv', 'ndjson', 'cbor', 'html'].map(name => formatByName(name)?.name),
    ['json', 'xml', 'csv', 'ndjson', 'cbor', undefined],
  )
})

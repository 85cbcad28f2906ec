// What was read can be written back unchanged, in every format and for every kind of field: nothing is written then.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  boolean,
  collection,
  date,
  dateTime,
  decimal,
  defineApi,
  integer,
  list,
  number,
  object,
  oneOf,
  optional,
  reference,
  text,
} from '@comity/server'
import fc from 'fast-check'
import Type from 'typebox'
import { serving, startApi } from '../support/bank.ts'

const things = collection({
  fields: {
    name: text({ max: 2000 }),
    note: optional(text({ max: 2000 })),
    kind: oneOf('plain', '=formula', 'a,b'),
    count: optional(integer()),
    ratio: optional(number()),
    open: optional(boolean()),
    amount: optional(decimal({ scale: 3 })),
    day: optional(date()),
    at: optional(dateTime()),
    owner: optional(reference('owners')),
    address: optional(object({ street: text(), floor: optional(integer()), paid: optional(decimal()) })),
    lines: optional(list(object({ label: text({ max: 2000 }), price: decimal() }))),
    tags: optional(list(text())),
    any: optional(Type.Unknown()),
  },
})
const owners = collection({ id: text({ max: 40 }), fields: { name: text() } })

const api = serving(() => startApi(defineApi({ title: 'Things', resources: { things, owners } })))

const types = {
  json: 'application/json',
  xml: 'application/xml',
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  cbor: 'application/cbor',
} as const
type Extension = keyof typeof types
const extensions = Object.keys(types) as Extension[]

/** Each was read, is sent back as it came, and is the same revision afterwards. */
async function comesBack(path: string, extension: Extension) {
  const target = `${path}.${extension}`
  const read = await api.call('GET', target)
  assert.equal(read.status, 200, read.text)
  const fields = { 'content-type': types[extension], 'if-match': read.fields.etag }
  const put = await api.call('PUT', target, fields, read.bytes)
  assert.deepEqual([put.status, put.text], [200, read.text], `${target}: ${read.text}`)
  assert.equal((await api.call('GET', target)).fields.etag, read.fields.etag, `${target} was written`)
}

const bare = { name: 'x', kind: 'plain' }

const telling: readonly (readonly [name: string, members: Readonly<Record<string, unknown>>])[] = [
  ['nothing but what must be', bare],
  ['empty text, and null beside it', { ...bare, name: '', note: null }],
  ['empty text twice', { ...bare, name: '', note: '' }],
  ['a formula', { ...bare, name: '=HYPERLINK("http://x")', kind: '=formula', note: '+1', tags: ['=1', '@x'] }],
  ['an apostrophe before a formula', { ...bare, name: "'=1", note: "''-1" }],
  ['quotes, commas, line ends', { ...bare, name: 'a "b", c\r\nd\ne\rf', kind: 'a,b', note: '"' }],
  ['blanks', { ...bare, name: ' a ', note: '\t' }],
  ['what looks like markup', { ...bare, name: '<b>&amp;</b>]]>', note: '<!-- -->' }],
  ['emoji and beyond', { ...bare, name: '👩‍👩‍👧 é\u0301 \u2028 \uFEFF', note: '\u00A0\u200B' }],
  ['text that looks like values', { ...bare, name: 'null', note: 'true', tags: ['1', '', 'null'] }],
  ['numbers', { ...bare, count: -9007199254740991, ratio: 1e-7, amount: '-0.5', open: false }],
  ['a large number', { ...bare, count: 9007199254740991, ratio: 1.7976931348623157e308, amount: '999999999999.999' }],
  ['times', { ...bare, day: '2000-02-29', at: '2014-12-31T23:59:59+14:00' }],
  ['a reference', { ...bare, owner: 'o,"1"' }],
  ['empty structures', { ...bare, lines: [], tags: [], any: {} }],
  ['structures', { ...bare, address: { street: '', floor: null, paid: '1.00' }, lines: [{ label: ' ', price: '1' }] }],
  ['any JSON', { ...bare, any: [null, { '': [[]], 'a b': '<' }, 1.5, 'x', ['']] }],
  ['any that is text', { ...bare, any: '[]' }],
]

describe('what was read is written back', () => {
  test('each telling item, and the list of them', async () => {
    const owner = await api.call(
      'PUT',
      `/owners/${encodeURIComponent('o,"1"')}`,
      { 'if-none-match': '*' },
      { name: 'O' },
    )
    assert.equal(owner.status, 201)
    for (const [name, members] of telling) {
      const made = await api.call('POST', '/things', {}, members)
      assert.equal(made.status, 201, `${name}: ${made.text}`)
      for (const extension of extensions) await comesBack(made.fields.location ?? '', extension)
    }
    for (const extension of extensions) await comesBack('/things', extension)
  })

  test('any item', async () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what fields refuse
    const unsendable = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g
    const words = fc.string({ unit: 'binary', maxLength: 40 }).map(value => value.replace(unsendable, '"'))
    const odd = fc.string({ unit: fc.constantFrom(...'=+-@\'"\t\r\n,;<>&[]{} aé😀'), maxLength: 12 })
    const any = fc.oneof(words, odd)
    const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
    const price = fc.integer({ min: -1e6, max: 1e6 }).map(cents => (cents / 100).toFixed(2))
    const item = fc.record({
      name: any,
      note: maybe(any),
      kind: fc.constantFrom('plain', '=formula', 'a,b'),
      count: maybe(fc.maxSafeInteger()),
      ratio: maybe(fc.double({ noNaN: true, noDefaultInfinity: true })),
      open: maybe(fc.boolean()),
      amount: maybe(price),
      day: maybe(fc.constantFrom('1970-01-01', '2099-12-31')),
      at: maybe(fc.date({ noInvalidDate: true, min: new Date(0) }).map(at => at.toISOString().slice(-24))),
      address: maybe(fc.record({ street: any, floor: maybe(fc.integer()), paid: maybe(price) })),
      lines: maybe(fc.array(fc.record({ label: any, price }), { maxLength: 3 })),
      tags: maybe(fc.array(any, { maxLength: 3 })),
      any: maybe(fc.jsonValue({ maxDepth: 3 })),
    })
    const runs = process.env.COMITY_LONG ? 300 : 8
    await fc.assert(
      fc.asyncProperty(item, async members => {
        const made = await api.call('POST', '/things', {}, members)
        assert.equal(made.status, 201, made.text)
        for (const extension of extensions) await comesBack(made.fields.location ?? '', extension)
      }),
      { numRuns: runs },
    )
  })
})

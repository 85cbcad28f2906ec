import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linear, processorTime } from './fixtures/processor.ts'
import {
  type BareItem,
  formatDictionary,
  formatItem,
  formatList,
  type InnerList,
  isInnerList,
  itemOf,
  parseDictionary,
  parseItem,
  parseList,
} from './structured.ts'

const items: readonly (readonly [name: string, text: string, value: BareItem | undefined])[] = [
  ['integer', '42', 42],
  ['negative integer', '-42', -42],
  ['largest integer', '999999999999999', 999_999_999_999_999],
  ['an integer of 16 digits', '1000000000000000', undefined],
  ['negative zero is zero', '-0', 0],
  ['decimal', '4.5', { kind: 'decimal', value: 4.5 }],
  ['a whole decimal is not an integer', '1.0', { kind: 'decimal', value: 1 }],
  ['four digits after the point', '1.2345', undefined],
  ['no digit after the point', '1.', undefined],
  ['no digit before the point', '.5', undefined],
  ['plus sign', '+1', undefined],
  ['string', '"a \\"b\\" \\\\"', 'a "b" \\'],
  ['escape of another character', '"\\a"', undefined],
  ['escape at the end', '"\\', undefined],
  ['string beyond ASCII', '"é"', undefined],
  ['token', 'text/html', { kind: 'token', text: 'text/html' }],
  ['token with a star', '*a:b', { kind: 'token', text: '*a:b' }],
  ['boolean', '?0', false],
  ['boolean of two digits', '?10', undefined],
  ['bytes', ':aGVsbG8=:', { kind: 'bytes', bytes: new TextEncoder().encode('hello') }],
  ['bytes without end', ':aGVsbG8=', undefined],
  ['bytes with one digit too many', ':aGVsb:', undefined],
  ['date', '@1659578233', { kind: 'date', seconds: 1_659_578_233 }],
  ['display string', '%"f%c3%bc"', { kind: 'display', text: 'fü' }],
  ['display string with a BOM', '%"%ef%bb%bfa"', { kind: 'display', text: '\ufeffa' }],
  ['display string of broken UTF-8', '%"%c3"', undefined],
  ['two items', '1 2', undefined],
  ['a list', '1, 2', undefined],
  ['tab before', '\t1', undefined],
  ['nothing', '', undefined],
]

test('bare items are read', () => {
  for (const [name, text, value] of items) {
    assert.deepEqual(parseItem(text), value === undefined ? undefined : [value, new Map()], name)
  }
})

test('bare items of every kind stand in lists and parameters', () => {
  for (const text of ['1', '1.5', '"a"', 'a', '?0', ':YQ==:', '@-1', '%"a"']) {
    const value = parseItem(text)?.[0]
    assert.ok(value !== undefined, text)
    const row = `${text}, (${text} ${text};a=${text});b=${text}, ${text};c`
    const list = parseList(row)
    assert.ok(list !== undefined, row)
    assert.deepEqual(list[2], [value, new Map([['c', true]])], row)
    assert.equal(formatList(list), row)
    assert.deepEqual(parseDictionary(`k=${text};a=${text}`)?.get('k'), [value, new Map([['a', value]])], text)
  }
})

test('lists and dictionaries are read', () => {
  assert.deepEqual(parseList(''), [])
  assert.deepEqual(parseDictionary(''), new Map())
  const list = parseList('(a b);n=1, c')
  assert.ok(list !== undefined)
  assert.deepEqual(list.map(isInnerList), [true, false])
  assert.equal((list[0] as InnerList)[0].length, 2)
  const dictionary = parseDictionary('a=1, b, c=(1 2);x, a=3')
  assert.deepEqual([...(dictionary?.keys() ?? [])], ['a', 'b', 'c'])
  assert.equal(dictionary?.get('a')?.[0], 3)
  assert.equal(dictionary?.get('b')?.[0], true)
  for (const text of ['a,', 'a,,b', ',a', '(a', '(a b', '(a,b)', '(a"b")', 'a;', 'a;A=1', 'a;b=', 'a b']) {
    assert.equal(parseList(text), undefined, text)
  }
  for (const text of ['a=1,', 'A=1', 'a=', '=1', 'a =1', '1=a']) assert.equal(parseDictionary(text), undefined, text)
})

const written: readonly (readonly [name: string, value: BareItem, text: string | undefined])[] = [
  ['whole decimal', { kind: 'decimal', value: 1 }, '1.0'],
  ['a number with a fraction is a decimal', 0.25, '0.25'],
  ['a tie goes to the even digit', 0.0025, '0.002'],
  ['a tie goes up to the even digit', 1.0015, '1.002'],
  ['above a tie', 0.002_500_1, '0.003'],
  ['rounded into the whole part', 9.9995, '10.0'],
  ['rounded away', -0.0001, '0.0'],
  ['tiny', 1e-9, '0.0'],
  ['largest decimal', 999_999_999_999.999, '999999999999.999'],
  ['a decimal too large', 1_000_000_000_000.5, undefined],
  ['an integer too large', 1e15, undefined],
  ['not a number', Number.NaN, undefined],
  ['infinity', Number.POSITIVE_INFINITY, undefined],
  ['an endless decimal', { kind: 'decimal', value: Number.NaN }, undefined],
  ['a date with a fraction', { kind: 'date', seconds: 1.5 }, undefined],
  ['string with a line break', 'a\nb', undefined],
  ['token with a space', { kind: 'token', text: 'a b' }, undefined],
  ['token that starts with a digit', { kind: 'token', text: '1a' }, undefined],
  ['display string', { kind: 'display', text: 'ü%"\t' }, '%"%c3%bc%25%22%09"'],
  ['half a character', { kind: 'display', text: '\ud800' }, undefined],
  ['no bytes', { kind: 'bytes', bytes: new Uint8Array() }, '::'],
]

test('items are written, or refused where they have no form', () => {
  for (const [name, value, text] of written) assert.equal(formatItem(itemOf(value)), text, name)
})

test('members, keys and parameters are written', () => {
  const policy = itemOf('default', { q: 100, w: 60, on: true, off: false })
  assert.equal(formatList([policy, itemOf(1)]), '"default";q=100;w=60;on;off=?0, 1')
  assert.equal(formatList([]), '')
  assert.equal(formatDictionary(new Map()), '')
  assert.equal(
    formatDictionary(
      new Map([
        ['u', itemOf(3)],
        ['i', itemOf(true, { a: 1 })],
      ]),
    ),
    'u=3, i;a=1',
  )
  assert.equal(formatDictionary(new Map([['a', [[itemOf(1), itemOf('b')], new Map()]]])), 'a=(1 "b")')
  assert.equal(formatDictionary(new Map([['U', itemOf(3)]])), undefined)
  assert.equal(formatItem(itemOf(1, { A: 1 })), undefined)
  assert.equal(formatList([itemOf(1), itemOf('é')]), undefined)
})

test('a hostile field is read in linear time', () => {
  const start = processorTime()
  for (const text of [
    '('.repeat(50_000),
    `"${'\\\\'.repeat(50_000)}`,
    'a;'.repeat(50_000),
    `%"${'%61'.repeat(50_000)}`,
  ]) {
    assert.equal(parseList(text), undefined)
  }
  assert.ok(processorTime() - start < linear)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linear, processorTime } from './fixtures/processor.ts'
import { formatMediaType, parseMediaType } from './media-type.ts'

type Row = readonly [name: string, text: string, essence: string | undefined, parameters?: Record<string, string>]

const rows: readonly Row[] = [
  ['plain', 'application/json', 'application/json'],
  ['capitals', 'Application/JSON', 'application/json'],
  ['space around', ' text/html ', 'text/html'],
  ['parameter', 'text/html; charset=utf-8', 'text/html', { charset: 'utf-8' }],
  ['name in capitals, value kept', 'text/html;CHARSET=UTF-8', 'text/html', { charset: 'UTF-8' }],
  ['quoted value', 'text/html;charset="utf-8"', 'text/html', { charset: 'utf-8' }],
  ['quoted pair', 'text/x;a="b\\"c\\\\"', 'text/x', { a: 'b"c\\' }],
  ['semicolon inside quotes', 'multipart/mixed; boundary="a;b"; x=1', 'multipart/mixed', { boundary: 'a;b', x: '1' }],
  ['empty quoted value', 'text/x;a=""', 'text/x', { a: '' }],
  ['empty value is dropped', 'text/x;a=;b=1', 'text/x', { b: '1' }],
  ['no value is dropped', 'text/x;a;b=1', 'text/x', { b: '1' }],
  ['first of two wins', 'text/x;a=1;a=2', 'text/x', { a: '1' }],
  ['empty parameters', 'text/x;;; ;a=1;', 'text/x', { a: '1' }],
  ['space before the semicolon', 'text/x ;a=1', 'text/x', { a: '1' }],
  ['space before the equals sign spoils the name', 'text/x;a =1', 'text/x'],
  ['quote never closed', 'text/x;a="b', 'text/x', { a: 'b' }],
  ['text after the quote is dropped', 'text/x;a="b"c;d=1', 'text/x', { a: 'b', d: '1' }],
  ['a name that is no token is dropped', 'text/x;a[=1;b=2', 'text/x', { b: '2' }],
  ['a value with a control is dropped', 'text/x;a="\u0001";b=2', 'text/x', { b: '2' }],
  ['a value beyond Latin-1 is dropped', 'text/x;a=ł;b=2', 'text/x', { b: '2' }],
  [
    'a name of Object.prototype',
    'text/x;__proto__=1;constructor=2',
    'text/x',
    { ['__proto__']: '1', constructor: '2' },
  ],
  ['a wildcard is two tokens', '*/*;q=0.5', '*/*', { q: '0.5' }],
  ['no slash', 'text', undefined],
  ['no subtype', 'text/', undefined],
  ['no type', '/html', undefined],
  ['two slashes', 'text/html/x', undefined],
  ['space inside', 'text/ht ml', undefined],
  ['space after the slash', 'text/ html', undefined],
  ['slash only in a parameter', 'text;a=b/c', undefined],
  ['two types', 'text/html, text/plain', undefined],
  ['no-break space', '\u00a0text/html', undefined],
  ['nothing', '', undefined],
]

test('media types are read', () => {
  for (const [name, text, essence, parameters] of rows) {
    const mediaType = parseMediaType(text)
    assert.equal(mediaType?.essence, essence, name)
    if (mediaType === undefined) continue
    assert.equal(`${mediaType.type}/${mediaType.subtype}`, essence, name)
    assert.deepEqual(Object.entries(mediaType.parameters), Object.entries(parameters ?? {}), name)
  }
})

test('a suffix is what follows the last plus', () => {
  for (const [text, suffix] of [
    ['application/problem+json', 'json'],
    ['application/vnd.a+b+XML;x=1', 'xml'],
    ['application/json', undefined],
    ['application/a+', undefined],
    ['application/+json', undefined],
  ] as const) {
    assert.equal(parseMediaType(text)?.suffix, suffix, text)
  }
  assert.equal('suffix' in (parseMediaType('text/html') ?? {}), false)
})

test('media types are written, values quoted where they must be', () => {
  for (const [text, written] of [
    ['Text/HTML ; Charset=utf-8', 'text/html;charset=utf-8'],
    ['text/x;a="b c"', 'text/x;a="b c"'],
    ['text/x;a="b\\"c\\\\"', 'text/x;a="b\\"c\\\\"'],
    ['text/x;a=""', 'text/x;a=""'],
  ] as const) {
    const mediaType = parseMediaType(text)
    assert.ok(mediaType)
    assert.equal(formatMediaType(mediaType), written)
  }
})

test('a hostile value is read in linear time', () => {
  const start = processorTime()
  for (const text of [`a${' '.repeat(50_000)}b`, `a/b${' ;'.repeat(50_000)}`, `a/b;c=${' '.repeat(50_000)}d`]) {
    parseMediaType(text)
  }
  assert.ok(processorTime() - start < linear)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { endOfMember, endOfQuoted, isToken, nextMember, quote, tokenOrQuoted, unquote } from './field-syntax.ts'

for (const [text, is] of [
  ['gzip', true],
  ["!#$%&'*+-.^_`|~", true],
  ['', false],
  ['a b', false],
  ['a/b', false],
  ['é', false],
] as const) {
  test(`token: ${JSON.stringify(text)} is ${is ? 'one' : 'none'}`, () => assert.equal(isToken(text), is))
}

for (const [name, text, end] of [
  ['closed', '"a"', 3],
  ['empty', '""', 2],
  ['escaped quote', '"a\\"b" c', 6],
  ['tab', '"\t"', 3],
  ['not closed', '"abc', -1],
  ['closed by an escaped quote only', '"abc\\"', -1],
  ['ends in a backslash', '"abc\\', -1],
  ['line feed', '"a\nb"', -1],
  ['escaped line feed', '"a\\\nb"', -1],
  ['no quote at the start', 'a"', -1],
] as const) {
  test(`quoted string: ${name}`, () => assert.equal(endOfQuoted(text, 0), end))
}

for (const [name, text, end] of [
  ['plain', 'a, b', 1],
  ['comma in quotes', '"a,b", c', 5],
  ['escaped quote in quotes', '"a\\",b", c', 7],
  ['last', 'abc', 3],
  ['quotes not closed take the rest', '"a, b', 5],
] as const) {
  test(`member: ${name}`, () => assert.equal(endOfMember(text, 0), end))
}

test('empty members are passed over', () => assert.equal(nextMember(' ,\t, a', 0), 5))

test('control characters never reach a field', () => {
  assert.equal(quote('a\r\nSet-Cookie: b\x00'), '"a  Set-Cookie: b "')
  assert.equal(tokenOrQuoted('a\nb'), '"a b"')
})

test('what is quoted is read back', () => {
  fc.assert(
    fc.property(fc.string(), text => {
      const quoted = quote(text)
      assert.equal(endOfQuoted(quoted, 0), quoted.length)
      assert.equal(unquote(quoted, 0, quoted.length), text)
    }),
  )
})

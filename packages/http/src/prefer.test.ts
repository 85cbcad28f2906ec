import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linear, processorTime } from './fixtures/processor.ts'
import { formatPreferenceApplied, parsePrefer } from './prefer.ts'

const rows: readonly (readonly [string, string | undefined, readonly string[]])[] = [
  ['absent', undefined, []],
  ['empty', '', []],
  ['a name', 'respond-async', ['respond-async=']],
  ['a value', 'return=minimal', ['return=minimal']],
  ['several', 'respond-async, wait=10, count=exact', ['respond-async=', 'wait=10', 'count=exact']],
  ['names are lowered, values are not', 'Return=Minimal', ['return=Minimal']],
  ['the first wins', 'return=minimal, return=representation', ['return=minimal']],
  ['the first wins in any case', 'Return=minimal, RETURN=representation', ['return=minimal']],
  ['quoted', 'foo="a, b; c"', ['foo=a, b; c']],
  ['quoted with escapes', 'foo="a\\"b"', ['foo=a"b']],
  ['empty value is no value', 'foo=""', ['foo=']],
  ['space around =', 'wait = 10', ['wait=10']],
  ['parameters', 'foo=1; bar; Baz="x y" ;; qux=2;', ['foo=1;bar=;baz=x y;qux=2']],
  ['the first parameter wins', 'foo; a=1; a=2', ['foo=;a=1']],
  ['empty members', ',, foo,,bar ,', ['foo=', 'bar=']],
  ['a prototype name is a name', '__proto__=1, constructor', ['__proto__=1', 'constructor=']],
  ['no name', '=1, foo', ['foo=']],
  ['no value after =', 'a=, foo', ['foo=']],
  ['two words', 'a b, foo', ['foo=']],
  ['value that is no token', 'a=b/c, foo', ['foo=']],
  ['malformed parameter', 'a; b=, foo', ['foo=']],
  ['malformed parameter name', 'a; /, foo', ['foo=']],
  ['quote not closed takes the rest', 'foo, a="b, c', ['foo=']],
  ['a malformed one does not count as first', 'return=a/b, return=minimal', ['return=minimal']],
]
for (const [name, field, expected] of rows) {
  test(`prefer: ${name}`, () => {
    const read = [...parsePrefer(field)].map(([preference, { value, params }]) =>
      [`${preference}=${value}`, ...[...params].map(([param, text]) => `${param}=${text}`)].join(';'),
    )
    assert.deepEqual(read, expected)
  })
}

test('preference applied: written', () => {
  assert.equal(formatPreferenceApplied([]), '')
  assert.equal(formatPreferenceApplied([['return', 'minimal'], ['respond-async']]), 'return=minimal, respond-async')
  assert.equal(formatPreferenceApplied([['foo', 'a "b"']]), 'foo="a \\"b\\""')
  assert.equal(formatPreferenceApplied([['foo', '']]), 'foo')
})

test('hostile fields take linear time', () => {
  const started = processorTime()
  for (const unit of ['a', '"', ';', ',', ' ', 'a;', 'a="', 'a;b="\\', 'a =', '; '])
    parsePrefer(`foo${unit.repeat(200_000)}`)
  assert.ok(processorTime() - started < linear)
})

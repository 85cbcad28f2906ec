import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { joinValues, splitValues } from './list.ts'
import { formatWords, readWords } from './words.ts'

const read: readonly (readonly [name: string, search: string, words: readonly (readonly [string, string])[]])[] = [
  ['nothing', '', []],
  ['a bare question mark', '?', []],
  [
    'two words',
    '?a=1&b=2',
    [
      ['a', '1'],
      ['b', '2'],
    ],
  ],
  ['without the question mark', 'a=1', [['a', '1']]],
  [
    'empty words are skipped',
    '&a=1&&b=2&',
    [
      ['a', '1'],
      ['b', '2'],
    ],
  ],
  [
    'no equals sign',
    'a&b=',
    [
      ['a', ''],
      ['b', ''],
    ],
  ],
  ['later equals signs belong to the value', 'a=b=c', [['a', 'b=c']]],
  ['plus is a blank', 'a+b=c+d', [['a b', 'c d']]],
  ['an encoded plus is a plus', 'a=%2B', [['a', '+']]],
  ['an encoded ampersand belongs to the value', 'a=1%262', [['a', '1&2']]],
  ['UTF-8', 'n=%D0%A0%F0%9F%98%80', [['n', 'Р😀']]],
  [
    'repeated words keep their order',
    'a=2&a=1',
    [
      ['a', '2'],
      ['a', '1'],
    ],
  ],
  ['decoded once only', 'a=%2541', [['a', '%41']]],
  ['prototype names are names', '__proto__=1', [['__proto__', '1']]],
]
for (const [name, search, words] of read)
  test(`words: ${name}`, () => {
    const pairs = words.map(([name, value]) => ({ name, value }))
    assert.deepEqual(readWords(search, { words: 10 }), { kind: 'words', words: pairs })
  })

const malformed: readonly (readonly [name: string, search: string])[] = [
  ['percent without digits', 'a=%'],
  ['percent with one digit', 'a=%4'],
  ['percent with other letters', 'a=%zz'],
  ['a byte that is not UTF-8', 'a=%FF'],
  ['an overlong form', 'a=%C0%80'],
  ['a surrogate', 'a=%ED%A0%80'],
  ['a cut sequence', 'a=%D0'],
  ['at fault in the name', '%FF=1'],
  ['raw characters beyond ASCII', 'a=é'],
  ['a raw blank', 'a=b c'],
  ['too many words', 'a&b&c&d'],
]
for (const [name, search] of malformed)
  test(`malformed: ${name}`, () => assert.equal(readWords(search, { words: 3 }).kind, 'malformed'))

test('the limit of words counts words, not ampersands', () => {
  assert.equal(readWords('&&a&&b&&c&&', { words: 3 }).kind, 'words')
})

test('what is formatted reads back, and is canonical', () => {
  const word = fc.record(
    {
      name: fc.string({ unit: 'grapheme', minLength: 1 }),
      value: fc.string({ unit: 'grapheme' }),
    },
    { noNullPrototype: true },
  )
  fc.assert(
    fc.property(fc.array(word, { maxLength: 5 }), words => {
      assert.deepEqual(readWords(formatWords(words), { words: 5 }), { kind: 'words', words })
    }),
  )
  assert.equal(formatWords([{ name: 'a b', value: 'x,y:z/1@é&=+#>' }]), 'a%20b=x,y:z/1@%C3%A9%26%3D%2B%23%3E')
})

test('lone surrogates are replaced rather than thrown over', () => {
  assert.equal(formatWords([{ name: 'a', value: '\ud800' }]), 'a=%EF%BF%BD')
})

const lists: readonly (readonly [text: string, values: readonly string[]])[] = [
  ['', ['']],
  ['a', ['a']],
  ['a,b', ['a', 'b']],
  ['a,,b,', ['a', '', 'b', '']],
  ['a\\,b,c', ['a,b', 'c']],
  ['a\\\\,b', ['a\\', 'b']],
  ['C:\\dir', ['C:\\dir']],
  ['a\\', ['a\\']],
]
for (const [text, values] of lists) test(`list: ${text || 'empty'}`, () => assert.deepEqual(splitValues(text), values))

test('values joined split into the same values', () => {
  const unit = fc.constantFrom('a', ',', '\\', ' ')
  fc.assert(
    fc.property(fc.array(fc.string({ unit }), { minLength: 1 }), values => {
      assert.deepEqual(splitValues(joinValues(values)), values)
    }),
  )
})

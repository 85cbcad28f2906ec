import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { findJsonFault } from './json-fault.ts'
import { parseJson } from './parse-json.ts'

const bounds = { depth: 4, members: 10 }
const bytes = (text: string) => new TextEncoder().encode(text)

const read: readonly (readonly [name: string, content: string | Uint8Array, value: unknown])[] = [
  ['an object', '{"a":1,"b":[true,null]}', { a: 1, b: [true, null] }],
  ['a scalar', ' "x" ', 'x'],
  ['a byte order mark is skipped', '\uFEFF[1]', [1]],
  ['depth at the bound', '[[[[]]]]', [[[[]]]]],
  ['brackets in strings do not nest', '["[[[[[[[[","\\"[[[[{{{{"]', ['[[[[[[[[', '"[[[[{{{{']],
  ['commas in strings do not count', '[",,,,,,,,,,,,,,,"]', [',,,,,,,,,,,,,,,']],
  ['members at the bound', '[1,2,3,4,5,6,7,8,9,10]', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
  ['a pair of surrogates in escapes', '"\\uD83D\\uDE00"', '😀'],
  ['a large number that a double holds', '[1e300]', [1e300]],
  ['an underflow', '[1e-999]', [0]],
  ['an escaped backslash before a letter', '"\\\\ud800"', '\\ud800'],
]
for (const [name, content, value] of read)
  test(`read: ${name}`, () => {
    assert.deepEqual(parseJson(typeof content === 'string' ? bytes(content) : content, bounds), {
      kind: 'value',
      value,
    })
  })

const refused: readonly (readonly [
  name: string,
  content: string | readonly number[],
  line: number,
  column: number,
  detail: RegExp,
])[] = [
  ['nothing', '', 1, 1, /Expected a value but found the end/],
  ['an unclosed object', '{"a":1', 1, 7, /Expected "," or "}" but found the end/],
  ['a comma before a bracket', '[1,\n 2,\n]', 3, 1, /Expected a value but found "\]"/],
  ['a comma before a brace', '{"a":1,}', 1, 8, /Expected a member name in double quotes but found "}"/],
  ['single quotes', "{'a':1}", 1, 2, /Expected a member name in double quotes or "}" but found "'"/],
  ['two values', '{} {}', 1, 4, /Expected the end of the content but found "{"/],
  ['a comma with nothing open', '1,', 1, 2, /Expected the end/],
  ['a missing colon', '{"a" 1}', 1, 6, /Expected ":" but found "1"/],
  ['a raw line feed in a string', '{\r\n"a":"x\ny"}', 2, 7, /holds U\+000A, which must be escaped/],
  ['an unknown escape', '["é\\x"]', 1, 4, /unknown escape \\x/],
  ['an unclosed string', '["a', 1, 2, /not closed/],
  ['a leading zero', '[01]', 1, 3, /Expected "," or "\]" but found "1"/],
  ['half of a surrogate pair', '["ok","\\uD800"]', 1, 7, /half of a surrogate pair/],
  ['a number beyond a double', '[1,1e400]', 1, 4, /too large/],
  ['a number of 400 digits', `[${'9'.repeat(400)}]`, 1, 2, /too large/],
  ['a number of 400 digits alone', '9'.repeat(400), 1, 1, /too large/],
  ['too deep', '[[[\n[[]]]]]', 2, 2, /deeper than 4/],
  ['too deep without an end', '['.repeat(100_000), 1, 5, /deeper than 4/],
  ['too deep in objects without an end', '{"":'.repeat(100_000), 1, 17, /deeper than 4/],
  ['too many elements', '[1,2,3,4,5,6,7,8,9,10,11]', 1, 22, /more than 10/],
  ['too many members, one in each object', `[${'{"a":1},'.repeat(6)}{}]`, 1, 41, /more than 10/],
  ['Latin-1', [0x22, 0x61, 0xe9, 0x22], 1, 3, /not UTF-8/],
  ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22], 1, 2, /not UTF-8/],
  ['an overlong slash', [0x0a, 0x22, 0xc0, 0xaf, 0x22], 2, 2, /not UTF-8/],
  ['a sequence cut by the end', [0x22, 0xe2, 0x82], 1, 2, /not UTF-8/],
  ['UTF-16', [0xff, 0xfe, 0x5b, 0x00, 0x5d, 0x00], 1, 1, /not UTF-8/],
]
for (const [name, content, line, column, detail] of refused)
  test(`refused: ${name}`, () => {
    const parsed = parseJson(typeof content === 'string' ? bytes(content) : Uint8Array.from(content), bounds)
    assert.equal(parsed.kind, 'malformed')
    assert.match(parsed.detail, detail)
    assert.deepEqual({ line: parsed.line, column: parsed.column }, { line, column })
  })

test('__proto__ is an own member and changes no prototype', () => {
  const parsed = parseJson(bytes('{"__proto__":{"polluted":1}}'), bounds)
  assert.equal(parsed.kind, 'value')
  assert.deepEqual(Object.keys(parsed.value as object), ['__proto__'])
  assert.equal((parsed.value as Record<string, unknown>).polluted, undefined)
  assert.equal(({} as Record<string, unknown>).polluted, undefined)
})

test('long strings and numbers do not run out of stack', () => {
  const long = 1_000_000
  assert.equal(findJsonFault(`"${'a'.repeat(long)}"`), undefined)
  assert.equal(findJsonFault(`"${'\\n'.repeat(long)}"`), undefined)
  assert.equal(findJsonFault(`${' '.repeat(long)}0.${'1'.repeat(long)}`), undefined)
  assert.equal(findJsonFault(`[${'[],'.repeat(long)}[]]`), undefined)
})

test('the finder of faults agrees with the parser on every text', () => {
  const pieces = fc.constantFrom(
    ...'[]{}:,"\\ \n-.',
    '0',
    '1',
    'e+',
    'true',
    'null',
    '"a"',
    '"\\n"',
    '\\u',
    '00e9',
    '[1]',
    '{"a":1}',
    'é',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), parts => {
      const text = parts.join('')
      let refused = false
      try {
        JSON.parse(text)
      } catch {
        refused = true
      }
      assert.equal(findJsonFault(text) !== undefined, refused, JSON.stringify(text))
    }),
    { numRuns: 5000 },
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatIdempotencyKey, parseIdempotencyKey } from './idempotency.ts'

const rows: readonly (readonly [string, string | undefined, string])[] = [
  ['absent', undefined, 'absent'],
  ['quoted', '"8e03978e-40d5-43dd-bc93-6894a57f9324"', 'key 8e03978e-40d5-43dd-bc93-6894a57f9324'],
  ['bare', '8e03978e-40d5-43dd-bc93-6894a57f9324', 'key 8e03978e-40d5-43dd-bc93-6894a57f9324'],
  ['bare Base64', 'aGVsbG8+/w==', 'key aGVsbG8+/w=='],
  ['space around', '  "a"\t', 'key a'],
  ['space and comma inside quotes', '"a, b"', 'key a, b'],
  ['escapes', '"a\\"b\\\\c"', 'key a"b\\c'],
  ['255 characters', `"${'a'.repeat(255)}"`, `key ${'a'.repeat(255)}`],
  ['256 characters', `"${'a'.repeat(256)}"`, 'The key has 256 characters; at most 255 are allowed.'],
  ['256 characters bare', 'a'.repeat(256), 'The key has 256 characters; at most 255 are allowed.'],
  ['escapes count once', `"${'\\"'.repeat(255)}"`, `key ${'"'.repeat(255)}`],
  ['empty', '', 'The key is empty.'],
  ['only space', '  ', 'The key is empty.'],
  ['empty quotes', '""', 'The key is empty.'],
  ['two bare', 'a, b', 'More than one key was sent; one is allowed.'],
  ['two quoted', '"a", "b"', 'More than one key was sent; one is allowed.'],
  ['the same twice', '"a","a"', 'More than one key was sent; one is allowed.'],
  ['parameters', '"a";x=1', 'Something follows the closing quote of the key.'],
  ['something after', '"a"b', 'Something follows the closing quote of the key.'],
  ['not closed', '"a', 'The closing quote of the key is missing.'],
  ['a quote alone', '"', 'The closing quote of the key is missing.'],
  ['backslash at the end', '"a\\', 'In a quoted key a backslash may only stand before a quote or a backslash.'],
  ['other escape', '"a\\n"', 'In a quoted key a backslash may only stand before a quote or a backslash.'],
  ['beyond ASCII', '"é"', 'The key may hold printable ASCII only.'],
  ['control character', '"a\tb"', 'The key may hold printable ASCII only.'],
  ['bare with a space', 'a b', 'The character at position 2 may only stand in a quoted key.'],
  ['bare with a quote', 'a"b', 'The character at position 2 may only stand in a quoted key.'],
  ['bare with parameters', 'a;x=1', 'The character at position 2 may only stand in a quoted key.'],
]
for (const [name, field, expected] of rows) {
  test(`idempotency key: ${name}`, () => {
    const read = parseIdempotencyKey(field)
    assert.equal(read.kind === 'key' ? `key ${read.key}` : read.kind === 'invalid' ? read.detail : 'absent', expected)
  })
}

test('idempotency key: the limit is the caller’s', () => {
  assert.equal(parseIdempotencyKey('abcd', 4).kind, 'key')
  assert.equal(parseIdempotencyKey('abcde', 4).kind, 'invalid')
})

test('idempotency key: what is written is read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 255 }), key => {
      assert.deepEqual(parseIdempotencyKey(formatIdempotencyKey(key)), { kind: 'key', key })
    }),
  )
})

test('idempotency key: one that no field can carry is not written', () => {
  for (const key of ['', 'é', 'a\nb']) assert.throws(() => formatIdempotencyKey(key), TypeError)
})

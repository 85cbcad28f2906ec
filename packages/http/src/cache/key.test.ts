import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cacheKey, isKeyOf } from './key.ts'

const rows: readonly (readonly [name: string, key: string | undefined, expected: string | undefined])[] = [
  ['GET', cacheKey('GET', 'https://a.example/x?y=1'), 'GET https://a.example/x?y=1'],
  ['HEAD shares the key of GET', cacheKey('HEAD', 'https://a.example/x'), 'GET https://a.example/x'],
  ['without fragment', cacheKey('GET', 'https://a.example/x#y'), 'GET https://a.example/x'],
  ['normalised', cacheKey('GET', 'HTTPS://A.example:443/a/../x y'), 'GET https://a.example/x%20y'],
  ['QUERY', cacheKey('QUERY', 'https://a.example/x', 'abc'), 'QUERY https://a.example/x abc'],
  ['QUERY without digest', cacheKey('QUERY', 'https://a.example/x'), undefined],
  ['POST', cacheKey('POST', 'https://a.example/x', 'abc'), undefined],
  ['a path alone', cacheKey('GET', '/x'), undefined],
]
for (const [name, key, expected] of rows) test(`key: ${name}`, () => assert.equal(key, expected))

const own: readonly (readonly [key: string, url: string, expected: boolean])[] = [
  ['GET https://a.example/x', 'https://a.example/x#y', true],
  ['QUERY https://a.example/x abc', 'https://a.example/x', true],
  ['GET https://a.example/x', 'https://a.example/x?', false],
  ['GET https://a.example/xy', 'https://a.example/x', false],
  ['GET https://a.example/x', 'no url', false],
]
for (const [key, url, expected] of own) {
  test(`${key} is ${expected ? 'of' : 'not of'} ${url}`, () => assert.equal(isKeyOf(key, url), expected))
}

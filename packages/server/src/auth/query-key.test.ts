import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withoutKey } from './query-key.ts'

const key = `ck_${'0'.repeat(16)}_${'a'.repeat(43)}`
const rows = [
  ['allowed', '/a', '/a', undefined],
  ['allowed', '/a?b=1', '/a?b=1', undefined],
  ['allowed', '/a?key=x', '/a', 'x'],
  ['allowed', '/a?b=1&key=x&c=%32', '/a?b=1&c=%32', 'x'],
  ['allowed', '/a?%6bey=%78', '/a', 'x'],
  ['allowed', '/a?key', '/a', ''],
  ['allowed', '/a?key=x&key=y', '/a', ''],
  ['allowed', '/a?key=%', '/a', '%'],
  ['allowed', `/a?token=${key}`, '/a', key],
  ['allowed', '/a?keys=x&api.key=x', '/a?keys=x&api.key=x', undefined],
  ['refused', '/a?key=x', '/a?key=x', undefined],
  ['refused', `/a?key=${key}&b=1`, '/a?b=1', key],
  ['refused', `/a?b=${key.replace('c', '%63')}`, '/a', key],
] as const
for (const [how, url, left, found] of rows)
  test(`${how}: ${url}`, () => assert.deepEqual(withoutKey(url, how), { url: left, key: found }))

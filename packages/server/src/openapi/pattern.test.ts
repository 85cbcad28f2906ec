import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textMatching } from './pattern.ts'

const read = [
  '^[A-Z]{3}$',
  '^[A-Z]{3}-[A-Z]{3}$',
  '^[A-Z]{2}-\\d{4}$',
  '^p\\d+$',
  '^(red|green)$',
  '^(?:a|b)c*(d[ef]){2,}$',
  '^[^a-zA-Z]+$',
  '^\\+?[0-9]{7,15}$',
  '^[a-z0-9]+(-[a-z0-9]+)*$',
  '^[\\w.]+@[\\w.]+\\.[a-z]{2,}$',
  '^#[0-9a-f]{6}$',
  '^a.c$',
  '^(?<year>\\d{4})$',
  '^[\\]]x$',
  'free',
  '^$',
]

for (const pattern of read)
  test(`a text for ${pattern}`, () => {
    const text = textMatching(pattern)
    assert.ok(text !== undefined)
    assert.match(text, new RegExp(pattern))
  })

const unread = ['^(?=a)a$', '^(a)\\1$', '^\\p{L}+$', '^(a$', '^[a']

for (const pattern of unread) test(`none for ${pattern}`, () => assert.equal(textMatching(pattern), undefined))

test('what stands for several letters is not the same letter again', () => {
  assert.equal(textMatching('^[A-Z]{2}-\\d{4}$'), 'AB-3456')
})

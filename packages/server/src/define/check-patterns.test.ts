import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkPatterns } from './check-patterns.ts'

const faultOf = (pattern: string, maxLength?: number) =>
  checkPatterns('x', { type: 'string', pattern, ...(maxLength !== undefined && { maxLength }) })[0]?.problem

test('patterns in use are taken', () => {
  for (const pattern of [
    '^[A-Z]{3}$',
    '^[a-z0-9]+(-[a-z0-9]+)*$',
    '^(?:[a-z]+\\.)+[a-z]+$',
    '^(?:[a-z]|\\d)+$',
    '^(?:foo|bar)+$',
    '^\\d{4}-\\d{2}$',
    '.+@.+',
  ])
    assert.equal(faultOf(pattern, 255), undefined, pattern)
})

test('what can take for ever is not, whichever way it repeats', () => {
  for (const pattern of [
    '^(a+)+$',
    '^([a-z]+)*$',
    '^(a|aa)+$',
    '^(a|a)*$',
    '^([a-z]+|x)*$',
    '^(\\w|_)+$',
    '^(x+x+)+y$',
    '(.*a){25}',
    '^(\\d+\\s?)+$',
  ])
    assert.match(faultOf(pattern, 40) ?? '', /can take for ever/, pattern)
})

test('what takes long for long texts is taken for short ones', () => {
  assert.equal(faultOf('^a*a*b$', 255), undefined)
  assert.match(faultOf('^a*a*a*a*a*a*b$', 255) ?? '', /takes long/)
  assert.match(faultOf('^a*a*b$', 100_000) ?? '', /takes long for long texts/)
  assert.match(faultOf('^a*a*b$') ?? '', /takes long for long texts/)
})

test('a pattern that is none, and one within a structure, are found', () => {
  assert.match(faultOf('^(') ?? '', /is no regular expression/)
  const within = {
    type: 'object',
    properties: { a: { type: 'array', items: { pattern: '^(a+)+$' } } },
    patternProperties: { '^(b+)+$': {} },
  }
  assert.equal(checkPatterns('x', within).length, 2)
})

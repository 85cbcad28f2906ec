import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isIdempotent, isSafe, methods } from './method.ts'

const rows: readonly (readonly [name: string, safe: boolean, idempotent: boolean])[] = [
  ['GET', true, true],
  ['HEAD', true, true],
  ['OPTIONS', true, true],
  ['TRACE', true, true],
  ['QUERY', true, true],
  ['PROPFIND', true, true],
  ['REPORT', true, true],
  ['SEARCH', true, true],
  ['PRI', true, true],
  ['PUT', false, true],
  ['DELETE', false, true],
  ['MOVE', false, true],
  ['POST', false, false],
  ['PATCH', false, false],
  ['CONNECT', false, false],
  ['LOCK', false, false],
  ['get', false, false],
  ['*', false, false],
  ['BREW', false, false],
  ['constructor', false, false],
  ['', false, false],
]

test('methods promise what their definitions say, unknown ones nothing', () => {
  for (const [name, safe, idempotent] of rows) {
    assert.equal(isSafe(name), safe, name)
    assert.equal(isIdempotent(name), idempotent, name)
  }
})

test('the registry is whole and consistent', () => {
  assert.equal(methods.size, 40)
  for (const [name, method] of methods) {
    assert.equal(method.name, name)
    assert.match(name, /^[A-Z-]+$/)
    assert.match(method.source, /^RFC \d+ §\d/)
    if (method.safe) assert.equal(method.idempotent, true, `${name}: every safe method is idempotent (§9.2.2)`)
  }
})

test('responses of five methods may be kept', () => {
  const cacheable = [...methods.values()].filter(method => method.cacheable).map(method => method.name)
  assert.deepEqual(cacheable.sort(), ['GET', 'HEAD', 'PATCH', 'POST', 'QUERY'])
})

test('content has no meaning in GET, HEAD, DELETE and TRACE', () => {
  for (const [name, content] of [
    ['GET', 'none'],
    ['HEAD', 'none'],
    ['DELETE', 'none'],
    ['TRACE', 'none'],
    ['OPTIONS', 'may'],
    ['POST', 'expected'],
    ['PUT', 'expected'],
    ['PATCH', 'expected'],
    ['QUERY', 'expected'],
  ] as const) {
    assert.equal(methods.get(name)?.content, content, name)
  }
})

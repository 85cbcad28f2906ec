import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mergePatch } from './merge-patch.ts'

// RFC 7396, appendix A: target, patch, result
const appendixA: readonly (readonly [target: string, patch: string, result: string])[] = [
  ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
  ['{"a":"b"}', '{"a":null}', '{}'],
  ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
  ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
  ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
  ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
  ['["a","b"]', '["c","d"]', '["c","d"]'],
  ['{"a":"b"}', '["c"]', '["c"]'],
  ['{"a":"foo"}', 'null', 'null'],
  ['{"a":"foo"}', '"bar"', '"bar"'],
  ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
  ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
  ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
]
for (const [target, patch, result] of appendixA)
  test(`${target} with ${patch} is ${result}`, () => {
    const document = JSON.parse(target)
    const change = JSON.parse(patch)
    assert.equal(JSON.stringify(mergePatch(document, change)), result)
    assert.equal(JSON.stringify(document), target)
    assert.equal(JSON.stringify(change), patch)
  })

test('__proto__ is kept as a member and changes no prototype', () => {
  const merged = mergePatch({ a: 1 }, JSON.parse('{"__proto__":{"polluted":true},"b":{"__proto__":null}}'))
  assert.deepEqual(Object.keys(merged as object), ['a', '__proto__', 'b'])
  assert.equal((merged as Record<string, unknown>).polluted, undefined)
  assert.equal(Object.getPrototypeOf(merged), Object.prototype)
})

test('members of Object.prototype are not the target’s', () => {
  assert.deepEqual(mergePatch({}, { toString: { a: 1 } }), { toString: { a: 1 } })
})

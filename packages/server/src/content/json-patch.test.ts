import assert from 'node:assert/strict'
import { test } from 'node:test'
import { applyJsonPatch } from './json-patch.ts'
import { formatPointer, parsePointer } from './json-pointer.ts'

const applied: readonly (readonly [name: string, document: string, patch: string, result: string])[] = [
  ['add to an object', '{"a":1}', '[{"op":"add","path":"/b","value":[2]}]', '{"a":1,"b":[2]}'],
  ['add replaces a member', '{"a":1}', '[{"op":"add","path":"/a","value":null}]', '{"a":null}'],
  ['add within an array', '[1,3]', '[{"op":"add","path":"/1","value":2}]', '[1,2,3]'],
  ['add at the end by -', '[1]', '[{"op":"add","path":"/-","value":2}]', '[1,2]'],
  ['add of the whole', '{"a":1}', '[{"op":"add","path":"","value":{"b":2}}]', '{"b":2}'],
  ['replace of the whole', '{"a":1}', '[{"op":"replace","path":"","value":{"b":2}}]', '{"b":2}'],
  ['replace in an array', '[1,2,3]', '[{"op":"replace","path":"/1","value":9}]', '[1,9,3]'],
  ['remove from an array', '[1,2,3]', '[{"op":"remove","path":"/0"}]', '[2,3]'],
  ['move within an array', '[1,2,3]', '[{"op":"move","from":"/0","path":"/2"}]', '[2,3,1]'],
  ['move to where it is', '{"a":1}', '[{"op":"move","from":"/a","path":"/a"}]', '{"a":1}'],
  ['move over the whole', '{"a":{"b":1}}', '[{"op":"move","from":"/a","path":""}]', '{"b":1}'],
  ['copy of the whole into itself', '{"a":1}', '[{"op":"copy","from":"","path":"/b"}]', '{"a":1,"b":{"a":1}}'],
  ['test of -0 and 0, and of 1 and 1.0', '[-0,1]', '[{"op":"test","path":"","value":[0,1.0]}]', '[0,1]'],
  [
    'test with members in another order',
    '{"a":1,"b":2}',
    '[{"op":"test","path":"","value":{"b":2,"a":1}}]',
    '{"a":1,"b":2}',
  ],
  ['escaped names', '{"a/b":1,"m~n":2}', '[{"op":"remove","path":"/a~1b"},{"op":"remove","path":"/m~0n"}]', '{}'],
  ['an unknown member of an operation', '{}', '[{"op":"add","path":"/a","value":1,"why":"x"}]', '{"a":1}'],
  ['a name of digits in an object', '{}', '[{"op":"add","path":"/01","value":1}]', '{"01":1}'],
  ['no operations', '{"a":1}', '[]', '{"a":1}'],
]
for (const [name, document, patch, result] of applied)
  test(`applied: ${name}`, () => {
    const before = JSON.parse(document)
    const outcome = applyJsonPatch(before, JSON.parse(patch))
    assert.equal(outcome.kind, 'ok')
    assert.equal(JSON.stringify(outcome.value), result)
    assert.deepEqual(before, JSON.parse(document))
  })

const refused: readonly (readonly [name: string, document: string, patch: string, kind: string, pointer: string])[] = [
  ['not an array', '{}', '{"op":"add"}', 'malformed', ''],
  ['not an object', '{}', '[null]', 'malformed', '/0'],
  ['no op', '{}', '[{"path":""}]', 'malformed', '/0/op'],
  ['an unknown op', '{}', '[{"op":"toString","path":""}]', 'malformed', '/0/op'],
  ['no path', '{}', '[{"op":"remove"}]', 'malformed', '/0'],
  ['no pointer', '{}', '[{"op":"remove","path":"a"}]', 'malformed', '/0/path'],
  ['a bad escape', '{}', '[{"op":"remove","path":"/a~2"}]', 'malformed', '/0/path'],
  ['no value', '{"a":1}', '[{"op":"test","path":"/a"}]', 'malformed', '/0'],
  ['no from', '{}', '[{"op":"move","path":"/a"}]', 'malformed', '/0'],
  ['a move into itself', '{"a":{}}', '[{"op":"move","from":"/a","path":"/a/b"}]', 'malformed', '/0/path'],
  ['a member that is not there', '{}', '[{"op":"remove","path":"/a"}]', 'no-target', '/0/path'],
  ['a parent that is not there', '{}', '[{"op":"add","path":"/a/b","value":1}]', 'no-target', '/0/path'],
  ['a scalar as parent', '{"a":"text"}', '[{"op":"add","path":"/a/length","value":1}]', 'no-target', '/0/path'],
  ['an index past the end', '[1]', '[{"op":"add","path":"/2","value":1}]', 'no-target', '/0/path'],
  ['a leading zero', '[1,2]', '[{"op":"replace","path":"/01","value":1}]', 'no-target', '/0/path'],
  ['replace at -', '[1]', '[{"op":"replace","path":"/-","value":1}]', 'no-target', '/0/path'],
  ['length of an array', '[1]', '[{"op":"test","path":"/length","value":1}]', 'test-failed', '/0'],
  ['another value', '{"a":1}', '[{"op":"test","path":"/a","value":"1"}]', 'test-failed', '/0'],
  ['an array for an object', '{"a":{}}', '[{"op":"test","path":"/a","value":[]}]', 'test-failed', '/0'],
  ['a copy of nothing', '{}', '[{"op":"copy","from":"/a","path":"/b"}]', 'no-target', '/0/from'],
  ['the second of two', '{"a":1}', '[{"op":"remove","path":"/a"},{"op":"remove","path":"/a"}]', 'no-target', '/1/path'],
  ['a prototype as target', '{}', '[{"op":"add","path":"/__proto__/polluted","value":1}]', 'no-target', '/0/path'],
  [
    'a constructor as target',
    '{}',
    '[{"op":"add","path":"/constructor/prototype/x","value":1}]',
    'no-target',
    '/0/path',
  ],
]
for (const [name, document, patch, kind, pointer] of refused)
  test(`refused: ${name}`, () => {
    const before = JSON.parse(document)
    const outcome = applyJsonPatch(before, JSON.parse(patch))
    assert.equal(outcome.kind, kind)
    assert.equal(outcome.kind !== 'ok' && outcome.pointer, pointer)
    assert.deepEqual(before, JSON.parse(document))
    assert.equal(({} as Record<string, unknown>).polluted, undefined)
  })

test('__proto__ is added as a member that validation can see', () => {
  const outcome = applyJsonPatch({}, [{ op: 'add', path: '/__proto__', value: { polluted: 1 } }])
  assert.equal(outcome.kind, 'ok')
  assert.deepEqual(Object.keys(outcome.value as object), ['__proto__'])
  assert.equal((outcome.value as Record<string, unknown>).polluted, undefined)
})

test('the result shares nothing with the document or the patch', () => {
  const document = { a: { b: 1 } }
  const patch = [
    { op: 'add', path: '/c', value: { d: 1 } },
    { op: 'add', path: '/c/e', value: 2 },
  ]
  const outcome = applyJsonPatch(document, patch)
  assert.equal(outcome.kind, 'ok')
  assert.deepEqual(patch[0]?.value, { d: 1 })
  assert.notEqual((outcome.value as typeof document).a, document.a)
})

const doubling = Array.from({ length: 60 }, (_, index) => ({ op: 'copy', from: '', path: `/${index}` }))
const deepening = Array.from({ length: 100 }, () => ({ op: 'copy', from: '', path: '/a' }))
const costly: readonly (readonly [name: string, document: unknown, patch: unknown])[] = [
  ['copies that double the document', { text: 'x'.repeat(1000) }, doubling],
  ['copies that deepen the document', {}, deepening],
  ['a pointer without end', {}, [{ op: 'test', path: '/a'.repeat(100_000), value: 1 }]],
  ['too many operations', {}, Array(1001).fill({ op: 'test', path: '', value: {} })],
]
for (const [name, document, patch] of costly)
  test(`refused: ${name}`, () => assert.equal(applyJsonPatch(document, patch).kind, 'malformed'))

test('pointers and tokens', () => {
  for (const pointer of ['', '/', '/a/b', '/a~1b/m~0n', '/~01', '/ ', '//'])
    assert.equal(formatPointer(parsePointer(pointer) ?? ['?']), pointer)
  assert.deepEqual(parsePointer('/~01'), ['~1'])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { holdsChange, isSame, jsonPatch, mergePatch } from '../../packages/client/src/client/changes.ts'

type Row = readonly [before: unknown, after: unknown, merge: unknown, operations: readonly unknown[]]
const rows: readonly Row[] = [
  [{ a: 1 }, { a: 1 }, undefined, []],
  [{ a: 1 }, { a: 2 }, { a: 2 }, [{ op: 'replace', path: '/a', value: 2 }]],
  [{ a: 1 }, {}, { a: null }, [{ op: 'remove', path: '/a' }]],
  [{}, { a: 1 }, { a: 1 }, [{ op: 'add', path: '/a', value: 1 }]],
  [{ a: 1 }, { a: null }, { a: null }, [{ op: 'replace', path: '/a', value: null }]],
  [{ a: { b: 1, c: 2 } }, { a: { b: 1, c: 3 } }, { a: { c: 3 } }, [{ op: 'replace', path: '/a/c', value: 3 }]],
  [{ a: [1, 2] }, { a: [1, 3] }, { a: [1, 3] }, [{ op: 'replace', path: '/a', value: [1, 3] }]],
  [{ a: [1] }, { a: [1] }, undefined, []],
  [{ 'a/b~c': 1 }, { 'a/b~c': 2 }, { 'a/b~c': 2 }, [{ op: 'replace', path: '/a~1b~0c', value: 2 }]],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, undefined, []],
  [[1], [2], [2], [{ op: 'replace', path: '', value: [2] }]],
]
for (const [before, after, merge, operations] of rows)
  test(`${JSON.stringify(before)} to ${JSON.stringify(after)}`, () => {
    assert.deepEqual(mergePatch(before, after), merge)
    assert.deepEqual(jsonPatch(before, after), operations)
  })

const withoutNull = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.boolean(),
    fc.integer(),
    fc.string(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.string().filter(name => name !== '__proto__'),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
})).value

test('a merge patch makes the one of the other (RFC 7396 §2)', () => {
  const apply = (target: unknown, patch: unknown): unknown => {
    if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
    const result: Record<string, unknown> =
      typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {}
    for (const [name, value] of Object.entries(patch)) {
      if (value === null) delete result[name]
      else result[name] = apply(result[name], value)
    }
    return result
  }
  fc.assert(
    fc.property(withoutNull, withoutNull, (before, after) => {
      const patch = mergePatch(before, after)
      assert.ok(isSame(patch === undefined ? before : apply(before, patch), after))
      assert.ok(holdsChange(before, after, after))
    }),
  )
})

test('a change is held where its members are, whatever else changed', () => {
  assert.equal(holdsChange({ a: 1, b: 1 }, { a: 2, b: 1 }, { a: 2, b: 7 }), true)
  assert.equal(holdsChange({ a: 1, b: 1 }, { a: 2, b: 1 }, { a: 1, b: 1 }), false)
  assert.equal(holdsChange({ a: 1 }, {}, { a: 1 }), false)
  assert.equal(holdsChange({ a: 1 }, {}, { b: 1 }), true)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { diffJson } from './json-diff.ts'
import { applyJsonPatch } from './json-patch.ts'
import { isSameJson } from './json-value.ts'

const rows: readonly (readonly [from: unknown, to: unknown, patch: readonly unknown[]])[] = [
  [{ a: 1 }, { a: 1 }, []],
  [{ a: 1 }, { a: 2 }, [{ op: 'replace', path: '/a', value: 2 }]],
  [{ a: 1, b: 2 }, { b: 2 }, [{ op: 'remove', path: '/a' }]],
  [{}, { a: null }, [{ op: 'add', path: '/a', value: null }]],
  [{ 'a/b~c': 1 }, { 'a/b~c': 2 }, [{ op: 'replace', path: '/a~1b~0c', value: 2 }]],
  [[1, 2, 3], [1, 9, 2, 3], [{ op: 'add', path: '/1', value: 9 }]],
  [[1, 2, 3], [1, 3], [{ op: 'remove', path: '/1' }]],
  [[1, 2, 3, 4], [1], ['/3', '/2', '/1'].map(path => ({ op: 'remove', path }))],
  [[{ a: 1 }], [{ a: 2 }], [{ op: 'replace', path: '/0/a', value: 2 }]],
  [{ a: [] }, { a: {} }, [{ op: 'replace', path: '/a', value: {} }]],
  [1, 'x', [{ op: 'replace', path: '', value: 'x' }]],
]

for (const [from, to, patch] of rows)
  test(`difference: ${JSON.stringify(from)} → ${JSON.stringify(to)}`, () => assert.deepEqual(diffJson(from, to), patch))

test('difference: applied to the one it gives the other', () => {
  const values = fc.letrec(tie => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom(null, true, false, 0, -0, 1, '', 'a', 'b', '~', '/'),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.array(tie('value'), { maxLength: 5 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c', '', '~1', '/', '__proto__', 'length', '0'), tie('value')),
    ),
  })).value
  fc.assert(
    fc.property(values, values, (from, to) => {
      const before = JSON.stringify(from)
      const patched = applyJsonPatch(from, JSON.parse(JSON.stringify(diffJson(from, to))))
      assert.ok(patched.kind === 'ok' && isSameJson(patched.value, to))
      assert.equal(JSON.stringify(from), before)
    }),
    { numRuns: process.env.COMITY_LONG ? 50_000 : 3_000 },
  )
})

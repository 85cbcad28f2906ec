import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fieldNames, fieldValue, listMembers } from './fields.ts'

const lists: readonly (readonly [value: string, members: readonly string[]])[] = [
  ['', []],
  [' , ,', []],
  ['a', ['a']],
  ['a,b ,\tc', ['a', 'b', 'c']],
  [', a', ['a']],
  ['a="x, y", b', ['a="x, y"', 'b']],
  ['a="x\\", y", b', ['a="x\\", y"', 'b']],
]

for (const [value, members] of lists) {
  test(`list members of ${JSON.stringify(value)}`, () => assert.deepEqual(listMembers(value), members))
}

test('names compare in lower case', () => assert.deepEqual(fieldNames('Accept, *,x-A'), ['accept', '*', 'x-a']))
test('no field has no names', () => assert.deepEqual(fieldNames(undefined), []))

test('names that every object has are absent unless sent', () => {
  assert.equal(fieldValue({}, 'constructor'), undefined)
  assert.equal(fieldValue({}, '__proto__'), undefined)
  assert.equal(fieldValue({ constructor: 'x' } as never, 'constructor'), 'x')
})

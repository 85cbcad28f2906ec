import assert from 'node:assert/strict'
import { test } from 'node:test'
import { narrowed } from './accounts.ts'

const rows = [
  ['an account without bounds, a key without any', undefined, undefined, undefined],
  ['an account without bounds', undefined, ['read'], ['read']],
  ['a key without any', ['read'], undefined, ['read']],
  ['a key that asks for more', ['read', 'write'], ['read', 'admin'], ['read']],
  ['a key that may nothing', ['read'], [], []],
] as const
for (const [name, own, asked, both] of rows) test(name, () => assert.deepEqual(narrowed(own, asked), both))

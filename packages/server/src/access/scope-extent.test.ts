import assert from 'node:assert/strict'
import { test } from 'node:test'
import { common } from './scope-extent.ts'

const rows: readonly (readonly [one: string, other: string, both: string])[] = [
  ['read', 'read', 'read'],
  ['read', 'write', ''],
  ['read', 'notes:read', 'notes:read'],
  ['notes:read', 'read', 'notes:read'],
  ['read', 'notes:write', ''],
  ['notes:write', 'notes:create', 'notes:create'],
  ['write', 'notes:create notes:read', 'notes:create'],
  ['notes:create', 'write', 'notes:create'],
  ['notes:create', 'notes:write', 'notes:create'],
  ['notes:write', 'notes:read', ''],
  ['notes:read', 'tasks:read', ''],
  ['notes:write', 'notes.lines:write', ''],
  ['read', 'pay:call', ''],
  ['write', 'pay:call', ''],
  ['read write', 'pay:call', 'pay:call'],
  ['admin', 'notes:read', ''],
  ['', 'read', ''],
]
for (const [one, other, both] of rows)
  test(`“${one}” and “${other}”`, () => {
    const words = (text: string) => text.split(' ').filter(Boolean)
    assert.deepEqual(common(words(one), words(other)), words(both))
  })

// What a browser has to load: the budget of the core, and what stays out of it.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { budget, sizeOf } from '../../scripts/size.ts'

it('the core is within its budget, and what most calls never need is loaded when it is first used', async () => {
  const { initial, lazy } = await sizeOf(['createClient'])
  assert.ok(initial <= budget, `${initial} bytes; npm run size tells of what`)
  for (const name of ['pace', 'read', 'update', 'fetch', 'not-acceptable']) assert.ok(lazy.has(name), name)
})

it('what is not used is left out', async () => {
  const [core, some] = [await sizeOf(['createClient']), await sizeOf(['createClient', 'cache', 'digest'])]
  assert.ok(some.initial > core.initial + 5_000)
})

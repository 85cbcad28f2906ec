import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { errors } from 'oidc-provider'
import { collection } from '../../../define/collection.ts'
import { openDatabase } from '../../../host/database.ts'
import { buildModel } from '../../../model/build.ts'
import { adapterOf } from './adapter.ts'
import type { ProviderErrors } from './provider-types.ts'

const model = buildModel({ title: 'Notes', resources: { notes: collection({ fields: {} }) } })
const store = await openDatabase('sqlite::memory:', model)
after(() => store.close())

let now = Date.now()
const Adapter = adapterOf({ store, now: () => now, errors: errors as unknown as ProviderErrors, mostOpened: 3 })

test('what anybody can begin is bounded; it may be changed, and there is room again once it ends', async () => {
  const interactions = new Adapter('Interaction')
  for (const id of ['a', 'b', 'c']) await interactions.upsert(id, { uid: id }, 60)
  await interactions.upsert('c', { uid: 'c', result: 1 }, 60)
  await assert.rejects(interactions.upsert('d', { uid: 'd' }, 60), { error: 'temporarily_unavailable' })
  now += 61_000
  await interactions.upsert('d', { uid: 'd' }, 60)
  // Tokens are given to whoever said who they are.
  const tokens = new Adapter('AccessToken')
  for (let n = 0; n < 5; n++) await tokens.upsert(`t${n}`, { clientId: 'app' }, 60)
})

test('of several who use a code at the same moment one does', async () => {
  const codes = new Adapter('AuthorizationCode')
  await codes.upsert('code', { grantId: 'g', clientId: 'app' }, 60)
  const outcomes = await Promise.allSettled([1, 2, 3].map(() => codes.consume('code')))
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
  assert.ok((await codes.find('code'))?.consumed)
  await codes.revokeByGrantId('g')
  assert.equal(await codes.find('code'), undefined)
})

test('what has ended is not there', async () => {
  const sessions = new Adapter('Session')
  await sessions.upsert('s', { uid: 'u' }, -120)
  assert.deepEqual([await sessions.find('s'), await sessions.findByUid('u')], [undefined, undefined])
})

// What has had its time is forgotten while the server runs: 410 becomes 404, a key may be used again.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Serving, servingOnDisk } from './many.ts'
import { thingsApi } from './things.ts'

const retention = { keys: 400, tombstones: 400 }
const pruned = servingOnDisk(thingsApi({ retention }), { pruneInterval: 50 })
const kept = servingOnDisk(thingsApi({ retention }), { pruneInterval: 3_600_000 })
const json = { 'content-type': 'application/json' }

async function deleted({ ask }: Serving, how: 'one' | 'many'): Promise<readonly string[]> {
  const things = Array.from({ length: how === 'one' ? 1 : 700 }, (_, at) => ({ name: how, rank: at + 14 }))
  const ids = (await ask('POST', '/things', json, JSON.stringify(things))).json().map(({ id }: { id: string }) => id)
  assert.equal((await ask('DELETE', `/things?name=${how}`)).status, 204)
  return ids
}

const statusOf = async ({ ask }: Serving, id: string | undefined) => (await ask('GET', `/things/${id}`)).status

async function until(what: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await what()) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  assert.fail('it did not come to pass')
}

for (const how of ['one', 'many'] as const)
  test(`tombstones of ${how} are forgotten after their time, not before`, async () => {
    const ids = await deleted(pruned, how)
    assert.equal(await statusOf(pruned, ids[0]), 410)
    await until(async () => (await statusOf(pruned, ids[0])) === 404 && (await statusOf(pruned, ids.at(-1))) === 404)
    for (const id of ids) assert.equal(await statusOf(pruned, id), 404)
  })

test('without their turn they stay', async () => {
  const [id] = await deleted(kept, 'one')
  await new Promise(resolve => setTimeout(resolve, 600))
  assert.equal(await statusOf(kept, id), 410)
})

test('an expired key stands for the next request', async () => {
  const post = () =>
    pruned.ask('POST', '/things', { ...json, 'idempotency-key': '"a key"' }, JSON.stringify({ name: 'keyed' }))
  const first = await post()
  assert.equal((await post()).fields.get('idempotency-replayed'), 'true')
  await until(async () => (await post()).json().id !== first.json().id)
  assert.equal(await pruned.count('/things?name=keyed'), 2)
})

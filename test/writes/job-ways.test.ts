// Jobs while they run: progress, validators, cancelling, waiting, keys.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Serving, serve } from '@comity/server'
import { type Client, clientOf, lasting, type Sent } from './client.ts'
import { async, ended, locationOf } from './fixtures/job-client.ts'
import { worksApi } from './fixtures/works.ts'

let serving: Serving
let client: Client
const send = (sent: Sent) => client.send(sent)
const get = (path: string, fields = {}) => send({ method: 'GET', path, fields })

before(async () => {
  serving = await serve(worksApi({ limits: { replay: 2_000 } }), { port: 0, onError: () => {}, jobGrace: 100 })
  client = clientOf(serving.url)
})
after(async () => {
  client.end()
  await serving.close()
})

const marks = async (text: string): Promise<readonly number[]> =>
  (await get(`/marks?text=${text}&sort=step&fields=step&limit=1000`)).json().map(({ step }: { step: number }) => step)

test('progress is seen while the work goes on, and each state has its ETag', async () => {
  const path = locationOf(await send({ path: '/mark-steps', body: { text: 'slow', steps: 10, ms: 40 } }))
  const seen = new Map<number, string>()
  for (;;) {
    const answer = await get(path)
    if (answer.status === 303) break
    assert.equal(answer.status, 200)
    assert.equal(answer.fields['retry-after'], '1')
    assert.equal(answer.fields['cache-control'], 'no-cache')
    const { state, progress } = answer.json()
    if (state === 'running' && progress) seen.set(progress.done, answer.fields.etag ?? '')
    await sleep(5)
  }
  assert.ok(seen.size >= 4, String([...seen.keys()]))
  assert.equal(new Set(seen.values()).size, seen.size)
  const result = await get(`${path}/result`)
  assert.deepEqual(result.json(), { steps: 10, from: 0 })
})

test('a job revalidates, and If-Match guards its end', async () => {
  const path = locationOf(await send({ path: '/mark-once', body: { text: 'guarded', steps: 100, ms: 50 } }))
  while ((await get(path)).json().state !== 'running') await sleep(5)
  const { etag = '' } = (await get(path)).fields
  assert.match(etag, /^".+"$/)
  assert.equal((await get(path, { 'if-none-match': etag })).status, 304)
  assert.equal((await send({ method: 'DELETE', path, fields: { 'if-match': '"other"' } })).status, 412)
  assert.equal((await get(path)).json().state, 'running')
  assert.equal((await send({ method: 'DELETE', path, fields: { 'if-match': etag } })).status, 204)
  assert.equal((await get(path)).json().state, 'cancelled')
})

test('cancelling: running work stops, queued work never starts, an ended job is forgotten', async () => {
  const body = (text: string) => ({ text, steps: 1000, ms: 20 })
  const running = [
    locationOf(await send({ path: '/mark-once', body: body('run-1') })),
    locationOf(await send({ path: '/mark-steps', body: body('run-2') })),
  ]
  const queued = locationOf(await send({ path: '/marks', body: { text: 'queued', step: 1 }, fields: async }))
  while ((await marks('run-1')).length === 0 || (await marks('run-2')).length === 0) await sleep(5)
  assert.equal((await get(queued)).json().state, 'queued')
  for (const path of [queued, ...running]) {
    const answer = await send({ method: 'DELETE', path })
    assert.deepEqual([answer.status, answer.body.length], [204, 0])
    const { state, finishedAt } = (await get(path)).json()
    assert.deepEqual([state, typeof finishedAt], ['cancelled', 'string'])
    assert.equal((await get(path)).status, 200)
    assert.equal((await get(`${path}/result`)).status, 404)
  }
  const made = [await marks('run-1'), await marks('run-2')].map(({ length }) => length)
  await sleep(100)
  assert.deepEqual(
    [await marks('run-1'), await marks('run-2')].map(({ length }) => length),
    made,
  )
  assert.deepEqual(await marks('queued'), [])
  for (const path of [queued, ...running]) {
    assert.equal((await send({ method: 'DELETE', path })).status, 204)
    for (const gone of [path, `${path}/result`]) assert.equal((await get(gone)).status, 404)
    assert.equal((await send({ method: 'DELETE', path })).status, 404)
  }
})

test('wait: the result itself where it is there in time, the job where it is not', async () => {
  const begun = performance.now()
  const quick = { path: '/marks', body: { text: 'w', step: 1 } }
  const made = await send({ ...quick, fields: { prefer: 'respond-async, wait=10' } })
  assert.deepEqual([made.status, made.fields['preference-applied']], [201, 'wait=10'])
  assert.equal((await get(made.fields.location ?? '')).status, 200)
  const kept = await send({ ...quick, fields: { prefer: 'respond-async, wait=10, return=minimal' } })
  assert.deepEqual([kept.status, kept.fields['preference-applied']], [201, 'return=minimal, wait=10'])
  const long = await send({ path: '/mark-steps', body: { text: 'w2', steps: 2 }, fields: { prefer: 'wait=10' } })
  assert.deepEqual([long.status, long.json()], [200, { steps: 2, from: 0 }])
  const failed = await send({ path: '/mark-steps', body: { text: 'w3', steps: 13 }, fields: { prefer: 'wait=10' } })
  assert.deepEqual([failed.status, failed.json().code], [422, 'enough'])
  assert.ok(performance.now() - begun < 5_000)

  const slow = { path: '/mark-once', body: { text: 'w4', steps: 100, ms: 50 } }
  const early = performance.now()
  const answer = await send({ ...slow, fields: { prefer: 'respond-async, wait=1' } })
  assert.ok(performance.now() - early > 950)
  const path = locationOf(answer)
  assert.equal((await get(path)).json().state, 'running')
  // GET of the job waits as well, and is told at once when it ends.
  const looking = get(path, { prefer: 'wait=20' })
  await sleep(50)
  await send({ method: 'DELETE', path })
  assert.equal((await looking).json().state, 'cancelled')
})

test('with a key the 202 is what is answered again, and the work is done once', async () => {
  const asked = { path: '/marks', key: '"later"', body: { text: 'keyed', step: 1 }, fields: async }
  const first = await send(asked)
  const path = locationOf(first)
  const again = await send(asked)
  assert.ok(again.body.equals(first.body))
  assert.deepEqual({ ...lasting(again), 'retry-after': undefined }, { ...lasting(first), 'retry-after': undefined })
  assert.equal(again.fields['idempotency-replayed'], 'true')
  await ended(client, path)
  const later = await send(asked)
  assert.ok(later.body.equals(first.body))
  const waited = await send({ ...asked, fields: { prefer: 'respond-async, wait=5' } })
  assert.deepEqual([waited.status, waited.fields['idempotency-replayed']], [201, 'true'])
  assert.deepEqual(await marks('keyed'), [1])
})

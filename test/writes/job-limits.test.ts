// Jobs are bounded: how many run, how many wait, how long they are remembered, and what others notice of them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '@comity/server'
import { type Client, clientOf } from './client.ts'
import { worksApi } from './fixtures/works.ts'

async function withWorks(
  more: Parameters<typeof worksApi>[0],
  options: Parameters<typeof serve>[1],
  work: (client: Client, close: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const serving = await serve(worksApi(more), { port: 0, onError: () => {}, jobGrace: 100, ...options })
  const client = clientOf(serving.url)
  try {
    await work(client, serving.close)
  } finally {
    client.end()
    await serving.close()
  }
}

const async = { prefer: 'respond-async' }
const endless = (text: string) => ({ path: '/mark-once', body: { text, steps: 10_000, ms: 20 } })

test('so many run and so many wait; beyond, 503, unless the key was answered before', async () =>
  withWorks({ limits: { jobs: 3, queuedJobs: 4 } }, {}, async ({ send }) => {
    const states = async () =>
      (await send({ method: 'GET', path: '/jobs' })).json().map(({ state }: { state: string }) => state)
    const paths: string[] = []
    for (let n = 0; n < 3; n++) paths.push((await send(endless(`e${n}`))).fields.location ?? '')
    while ((await states()).includes('queued')) await sleep(5)
    for (let n = 3; n < 7; n++) paths.push((await send({ ...endless(`e${n}`), key: `k${n}` })).fields.location ?? '')
    await sleep(50)
    assert.deepEqual((await states()).sort(), [...Array(4).fill('queued'), ...Array(3).fill('running')])
    const refused = await send({ ...endless('e7'), key: 'k7' })
    assert.deepEqual([refused.status, refused.json().code], [503, 'overloaded'])
    assert.match(String(refused.fields['retry-after']), /^[1-9]\d*$/)
    assert.equal((await send({ ...endless('e6'), key: 'k6' })).fields.location, paths[6])
    await send({ method: 'DELETE', path: paths[0] ?? '' })
    while ((await states()).filter((state: string) => state === 'queued').length > 3) await sleep(5)
    // The first that waited is the next to run.
    assert.equal((await send({ method: 'GET', path: paths[3] ?? '' })).json().state, 'running')
    assert.equal((await send({ ...endless('e7'), key: 'k7' })).status, 202)
  }))

test('the list is bounded, and the newest come first', async () =>
  withWorks({}, {}, async ({ send }) => {
    let last = ''
    for (let n = 0; n < 110; n++)
      last = (await send({ path: '/double', body: { of: n }, fields: async })).fields.location ?? ''
    const jobs = (await send({ method: 'GET', path: '/jobs' })).json()
    assert.equal(jobs.length, 100)
    assert.equal(`/jobs/${jobs[0].id}`, last)
  }))

test('ended jobs are forgotten after their time', async () =>
  withWorks({ retention: { jobs: 50 } }, { pruneInterval: 20 }, async ({ send }) => {
    const path = (await send({ path: '/double', body: { of: 1 }, fields: async })).fields.location ?? ''
    const kept = (await send(endless('kept'))).fields.location ?? ''
    for (let n = 0; (await send({ method: 'GET', path })).status !== 404; n++) {
      assert.ok(n < 200, 'it is remembered')
      await sleep(10)
    }
    assert.equal((await send({ method: 'GET', path: kept })).status, 200)
  }))

test('reads are answered while work that never pauses goes on', async () =>
  withWorks({}, {}, async ({ send }) => {
    await send({ path: '/marks', body: Array.from({ length: 2_000 }, (_, step) => ({ text: 'many', step })) })
    const path = (await send({ path: '/compute', body: { ms: 1_500 } })).fields.location ?? ''
    const times: number[] = []
    for (;;) {
      const before = performance.now()
      const { status } = await send({ method: 'GET', path })
      times.push(performance.now() - before)
      if (status === 303) break
    }
    assert.ok(times.length > 20, `only ${times.length} answers`)
    const median = times.sort((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0
    assert.ok(median < 60, `${median} ms`)
  }))

test('who waits for a job is answered when the server stops', async () =>
  withWorks({}, {}, async ({ send }, close) => {
    const waiting = send({ ...endless('w'), fields: { prefer: 'wait=50' } })
    await sleep(100)
    const begun = performance.now()
    const closed = close()
    assert.equal((await waiting).status, 202)
    await closed
    assert.ok(performance.now() - begun < 5_000)
  }))

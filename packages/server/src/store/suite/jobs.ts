// Jobs: queued, run, ended, forgotten; with the writes they are for, or not at all.
import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import type { Job, JobRequest, JobResult, Store } from '../store.ts'
import { account, type Check } from './fixture.ts'

const request: JobRequest = {
  method: 'POST',
  url: '/accounts?fields=id',
  prefix: '/bank',
  origin: 'http://localhost',
  fields: { accept: 'text/csv', prefer: 'respond-async' },
  content: Buffer.from([0, 255, 10]),
}

const result: JobResult = { status: 201, fields: { location: '/accounts/a' }, body: Buffer.from([123, 125]) }

/** Later than any test. */
const later = Date.now() + 3_600_000

const queue = (store: Store, id: string, caller = '') => store.write(tx => tx.addJob({ id, caller, request }))
const idsOf = (jobs: readonly Job[]) => jobs.map(({ id }) => id).join(' ')

async function there(store: Store, id: string) {
  return (await store.job(id)) ?? assert.fail(`no job ${id}`)
}

/** Registers the cases. */
export function jobCases(check: Check): void {
  check('a job is queued with its request, and is nothing else yet', async ({ store }) => {
    assert.equal(await store.job('j'), undefined)
    const before = Date.now()
    await queue(store, 'j', 'me')
    const { created, request: kept, ...job } = await there(store, 'j')
    assert.ok(created >= before && created <= Date.now())
    assert.deepEqual({ ...kept, content: Buffer.from(kept.content) }, request)
    const blank = { progress: undefined, started: undefined, finished: undefined, problem: undefined }
    const rest = { checkpoint: undefined, result: undefined }
    assert.deepEqual(job, { id: 'j', caller: 'me', state: 'queued', run: 0, ...blank, ...rest })
    assert.equal(await store.queuedJobs(), 1)
  })

  check('each start is another run; its first time stays', async ({ store }) => {
    await queue(store, 'j')
    assert.equal(await store.write(tx => tx.startJob('j')), 1)
    const { state, started } = await there(store, 'j')
    assert.equal(state, 'running')
    assert.equal(typeof started, 'number')
    await wait(5)
    assert.equal(await store.write(tx => tx.startJob('j')), 2)
    assert.equal((await there(store, 'j')).started, started)
    assert.equal(await store.queuedJobs(), 0)
    await assert.rejects(async () => store.write(tx => tx.startJob('other')))
  })

  check('notes replace those of their kind only', async ({ store }) => {
    await queue(store, 'j')
    const notes = async () => {
      const { progress, checkpoint } = await there(store, 'j')
      return { progress, checkpoint }
    }
    await store.write(tx => tx.noteJob('j', { progress: { done: 1, total: 3 }, checkpoint: { at: 'ä' } }))
    await store.write(tx => tx.noteJob('j', { progress: { done: 2, total: 3 } }))
    assert.deepEqual(await notes(), { progress: { done: 2, total: 3 }, checkpoint: { at: 'ä' } })
    await store.write(tx => tx.noteJob('j', { checkpoint: 0 }))
    assert.deepEqual(await notes(), { progress: { done: 2, total: 3 }, checkpoint: 0 })
  })

  check('a job ends with what came of it, and lets go of its content', async ({ store }) => {
    const problem = { code: 'rule-refused', status: 422 }
    for (const id of ['a', 'b', 'c']) await queue(store, id)
    await store.write(tx => tx.finishJob('a', { state: 'succeeded', result }, later))
    await store.write(tx =>
      tx.finishJob('b', { state: 'failed', result: { ...result, body: undefined }, problem }, later),
    )
    await store.write(tx => tx.finishJob('c', { state: 'cancelled' }, later))
    const [a, b, c] = [await there(store, 'a'), await there(store, 'b'), await there(store, 'c')]
    assert.deepEqual([a.state, b.state, c.state], ['succeeded', 'failed', 'cancelled'])
    assert.deepEqual({ ...a.result, body: Buffer.from(a.result?.body ?? []) }, result)
    assert.equal(a.request.content.length, 0)
    assert.equal(typeof a.finished, 'number')
    assert.deepEqual([b.result?.body, b.problem, c.result], [undefined, problem, undefined])
    assert.equal(await store.queuedJobs(), 0)
  })

  check('the end of a job commits with its effect, and is undone with it', async ({ store, accounts }) => {
    await queue(store, 'j')
    const act = (fails: boolean) =>
      store.write(async tx => {
        await tx.insert(accounts, account('a'))
        await tx.finishJob('j', { state: 'succeeded', result }, later)
        assert.equal((await tx.job('j'))?.state, 'succeeded')
        if (fails) throw new Error('no')
      })
    await assert.rejects(async () => act(true))
    assert.deepEqual([(await there(store, 'j')).state, await store.get(accounts, 'a')], ['queued', 'never'])
    await act(false)
    assert.deepEqual(
      [(await there(store, 'j')).state, typeof (await store.get(accounts, 'a'))],
      ['succeeded', 'object'],
    )
  })

  check('jobs are listed by caller, the newest first, and by state, the oldest first', async ({ store }) => {
    for (const id of ['1', '2', '3', '4']) await queue(store, id, id === '3' ? 'other' : 'me')
    await store.write(tx => tx.startJob('2'))
    assert.equal(idsOf(await store.jobs({ kind: 'caller', caller: 'me' }, 10)), '4 2 1')
    assert.equal(idsOf(await store.jobs({ kind: 'caller', caller: 'me' }, 2)), '4 2')
    assert.equal(idsOf(await store.jobs({ kind: 'queued' }, 2)), '1 3')
    assert.equal(idsOf(await store.jobs({ kind: 'running' }, 10)), '2')
    await store.write(async tx => {
      await tx.forgetJob('1')
      assert.equal(idsOf(await tx.jobs({ kind: 'queued' }, 10)), '3 4')
    })
    assert.equal(await store.job('1'), undefined)
  })

  check('ended jobs are pruned when their time has come, the others never', async ({ store }) => {
    for (const id of ['a', 'b', 'c', 'd']) await queue(store, id)
    await store.write(async tx => {
      await tx.startJob('b')
      await tx.finishJob('c', { state: 'cancelled' }, tx.now)
      await tx.finishJob('d', { state: 'cancelled' }, later)
    })
    await wait(5)
    assert.equal(await store.prune(0, 100), 1)
    assert.equal(idsOf(await store.jobs({ kind: 'caller', caller: '' }, 10)), 'd b a')
  })
}

// RFC 7240 §4.1 and §4.3: respond-async and wait. A request becomes a job, and 202 says where to find it.
import { formatPreferenceApplied } from '@comity/http'
import { type Answer, refuse } from '../exchange/answer.ts'
import type { Exchange } from '../exchange/exchange.ts'
import { Stopped } from '../exchange/failure.ts'
import { toldAgain } from '../exchange/keyed.ts'
import { after, type Job, type Later, type Transaction } from '../store/store.ts'
import { contentOfJob, fieldsOfJob, pathOfJob } from './representation.ts'
import { wholeRequestOf } from './request.ts'

/** Whether the request is to be done later: because its caller asked for it, or as its service declares. */
export function isDeferred(x: Exchange): boolean {
  const { place } = x.target
  if (x.run !== undefined || x.isRead() || x.method === 'OPTIONS') return false
  if (place.kind === 'service' && place.service.work) return true
  const isWork = place.kind === 'service' || place.kind === 'collection' || place.kind === 'item'
  // What streams in is read while it is written.
  return isWork && x.preferences.has('respond-async') && x.input?.kind !== 'import' && x.input?.kind !== 'files'
}

/** Queues the request; what it answers is the job. */
export function enqueue(x: Exchange, tx: Transaction): Later<Answer> {
  const { limits } = x.runtime.model
  return after(tx.queuedJobs(), queued => {
    if (queued >= limits.queuedJobs)
      throw new Stopped(refuse('overloaded', `${queued} jobs are waiting already.`, { fields: { 'retry-after': '5' } }))
    const id = x.runtime.newId()
    return after(queued < limits.queuedJobs / 2 ? undefined : leavesRoom(x, tx), () =>
      after(tx.addJob({ id, caller: x.callerName, request: wholeRequestOf(x) }), () =>
        accepted(x, newJob(id, x.callerName, tx.now)),
      ),
    )
  })
}

/** Where callers are told apart, the jobs of one wait in half of the room at most. @throws Stopped */
function leavesRoom(x: Exchange, tx: Transaction): Later<void> {
  const { schemes, model } = x.runtime
  if (schemes.length === 0) return
  const share = Math.max(1, Math.floor(model.limits.queuedJobs / 2))
  // The newest are told first: those that wait.
  return after(tx.jobs({ kind: 'caller', caller: x.callerName }, share), own => {
    if (own.length < share || own.some(job => job.state !== 'queued')) return
    const detail = `${own.length} jobs of yours are waiting already; the rest of the room is for others.`
    throw new Stopped(refuse('overloaded', detail, { fields: { 'retry-after': '5' } }))
  })
}

const newJob = (id: string, caller: string, created: number): Job => ({
  id,
  caller,
  state: 'queued',
  run: 0,
  progress: undefined,
  created,
  started: undefined,
  finished: undefined,
  problem: undefined,
})

/** RFC 9110 §15.3.3 */
function accepted(x: Exchange, job: Job): Answer {
  const body = Buffer.from(contentOfJob(x, job))
  const path = pathOfJob(x, job)
  const applied: [string, string?][] = []
  if (x.preferences.has('respond-async')) applied.push(['respond-async'])
  if (x.preferences.get('handling')?.value === 'strict') applied.push(['handling', 'strict'])
  const fields = {
    ...fieldsOfJob(x, job),
    location: path,
    'content-location': path,
    'cache-control': 'no-store',
    'content-length': String(body.length),
    vary: x.target.extension === undefined ? 'accept, prefer' : 'prefer',
    ...(applied.length > 0 && { 'preference-applied': formatPreferenceApplied(applied) }),
  }
  return { status: 202, fields, body }
}

/** Longest that an answer is held back, in seconds. */
const longestWait = 60

/** How long the caller would rather wait than be answered 202, in seconds. */
export function waitOf({ preferences }: Exchange): number {
  const value = preferences.get('wait')?.value ?? ''
  return /^\d+$/.test(value) ? Math.min(Number(value), longestWait) : 0
}

/** The job's result where it ends while the caller waits for it, else the 202. */
export async function resultInTime(x: Exchange, answer: Answer): Promise<Answer> {
  const { jobs, store } = x.runtime
  jobs.wake()
  const seconds = waitOf(x)
  const { location = '' } = answer.fields
  if (seconds === 0) return answer
  const id = location.slice(location.lastIndexOf('/') + 1)
  await jobs.ended(id, seconds * 1000, x.incoming.signal())
  const { result } = (await store.job(id)) ?? {}
  if (result === undefined) return answer
  const told = toldAgain(result)
  const applied = [told.fields['preference-applied'], `wait=${seconds}`].filter(Boolean).join(', ')
  const replayed = answer.fields['idempotency-replayed']
  return {
    ...told,
    fields: {
      ...told.fields,
      'preference-applied': applied,
      ...(replayed !== undefined && { 'idempotency-replayed': replayed }),
    },
  }
}

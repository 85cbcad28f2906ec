// /jobs, /jobs/{id} and /jobs/{id}/result, once the gates let the request that far.
import { createHash } from 'node:crypto'
import { evaluatePreconditions } from '@comity/http'
import { type Answer, refuse } from '../exchange/answer.ts'
import { tagWithoutCoding } from '../exchange/coding/tag.ts'
import { digestAnswer } from '../exchange/digest-answer.ts'
import type { Exchange } from '../exchange/exchange.ts'
import { mayKnow } from '../exchange/gates/permitted.ts'
import { toldAgain } from '../exchange/keyed.ts'
import { refusedAnswer } from '../exchange/problem-answer.ts'
import { formats } from '../formats/registry.ts'
import { pageForm } from '../pages/resource/form.ts'
import { after, type Job, type Later, type WholeJob } from '../store/store.ts'
import { waitOf } from './accept.ts'
import {
  askAgain,
  contentOfJob,
  contentOfJobs,
  fieldsOfJob,
  fieldsOfJobs,
  hasEnded,
  hasResult,
  pathOfJob,
} from './representation.ts'

/** Jobs in the list, at most: the newest. */
export const mostListed = 100

export function listJobs(x: Exchange): Later<Answer> {
  const { store } = x.runtime
  return after(store.jobs({ kind: 'caller', caller: x.callerName }, mostListed), all =>
    after(known(x, all), jobs => digestAnswer(x, contentOfJobs(x, jobs), fieldsOfJobs(x))),
  )
}

/** Those that the caller's credentials of now may know of. */
async function known(x: Exchange, jobs: readonly Job[]): Promise<readonly Job[]> {
  const { store, model } = x.runtime
  if (model.access === undefined && x.caller?.scopes === undefined) return jobs
  const seen: Job[] = []
  for (const job of jobs) {
    const whole = await store.job(job.id)
    if (whole !== undefined && mayKnow(x, whole.request)) seen.push(job)
  }
  return seen
}

/** A job that is not done is told of; one that is leads to its result (RFC 9110 §15.4.4). */
export async function showJob(x: Exchange): Promise<Answer> {
  const job = await awaited(x)
  if (!hasResult(job)) return digestAnswer(x, contentOfJob(x, job), fieldsOfJob(x, job))
  const body = Buffer.from(contentOfJob(x, job))
  const location = `${pathOfJob(x, job)}/result`
  return {
    status: 303,
    fields: { ...fieldsOfJob(x, job), location, 'content-length': String(body.length) },
    body,
  }
}

async function awaited(x: Exchange): Promise<WholeJob> {
  const job = jobOf(x)
  const seconds = waitOf(x)
  if (hasEnded(job) || seconds === 0) return job
  const { jobs, store } = x.runtime
  await jobs.ended(job.id, seconds * 1000, x.incoming.signal())
  return (await store.job(job.id)) ?? job
}

function jobOf({ job }: Exchange): WholeJob {
  if (job === undefined) throw new TypeError('no job was found')
  return job
}

/** What the job's request was answered: its status, fields and body. */
export function showResult(x: Exchange): Answer {
  const job = jobOf(x)
  if (job.result) return toldAgain(job.result)
  const ended = hasEnded(job)
  return refusedAnswer(
    x,
    refuse(
      'not-found',
      ended ? 'The job was cancelled: it has no result.' : `The job is ${job.state}: it has no result yet.`,
      {
        ...(!ended && { fields: { 'retry-after': askAgain } }),
      },
    ),
  )
}

/** Cancels a job; one that has ended is forgotten. */
export async function removeJob(x: Exchange, id: string): Promise<Answer> {
  const { store, jobs, model } = x.runtime
  const answer = await store.write(tx =>
    after(tx.job(id), (job): Later<Answer> => {
      if (job === undefined || job.caller !== x.callerName || !mayKnow(x, job.request))
        return refusedAnswer(x, refuse('not-found', `There is no job “${id}”.`))
      const refused = preconditionOf(x, job)
      if (refused) return refused
      const done = hasEnded(job)
        ? tx.forgetJob(id)
        : tx.finishJob(id, { state: 'cancelled' }, tx.now + model.retention.jobs)
      return after(done, () => ({ status: 204, fields: {}, body: undefined }))
    }),
  )
  if (answer.status === 204) jobs.cancelled(id)
  return answer
}

/** RFC 9110 §13.1: the tag of any format of the job's state names that state. */
function preconditionOf(x: Exchange, job: WholeJob): Answer | undefined {
  const tags = [...formats, pageForm(x)].map(format =>
    createHash('sha256')
      .update(contentOfJob(x, job, format))
      .digest('base64url')
      .slice(0, 22),
  )
  const [opaque = ''] = tags
  const asked = { ifMatch: x.field('if-match'), ifNoneMatch: x.field('if-none-match') }
  const verdict = evaluatePreconditions(
    x.method,
    asked,
    {
      kind: 'present',
      etag: { strength: 'strong', opaque },
      alsoCurrent: tag => tags.includes(tagWithoutCoding(tag).tag.opaque),
    },
    x.runtime.now(),
  )
  if (verdict.kind === 'pass') return
  if (verdict.kind === 'malformed')
    return refusedAnswer(x, refuse('invalid-precondition', `${verdict.field} is not a list of entity tags, nor *.`))
  return refusedAnswer(
    x,
    refuse('precondition-failed', `The precondition does not hold: the job is ${job.state}, its ETag "${opaque}".`),
  )
}

// A job as its caller sees it, in the format of the request.
import { formatLinks, type Link } from '@comity/http'
import Type from 'typebox'
import { dateTime, oneOf, optional, text } from '../define/fields.ts'
import type { AnswerFields } from '../exchange/answer.ts'
import type { Exchange } from '../exchange/exchange.ts'
import { contentFields } from '../exchange/representation.ts'
import type { Form, Shape } from '../formats/format.ts'
import { bytesOf, listBytes } from '../formats/pieces.ts'
import { formats } from '../formats/registry.ts'
import { fieldOf } from '../model/field.ts'
import type { Values } from '../model/model.ts'
import type { Job } from '../store/store.ts'

/** Members of the job resource, in order. */
export const jobShape: Shape = {
  singular: 'job',
  plural: 'jobs',
  fields: [
    fieldOf('id', text()),
    fieldOf('state', oneOf('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    fieldOf('progress', optional(Type.Object({ done: Type.Number(), total: Type.Number() }))),
    fieldOf('createdAt', dateTime()),
    fieldOf('startedAt', optional(dateTime())),
    fieldOf('finishedAt', optional(dateTime())),
    fieldOf('problem', optional(Type.Object({}))),
    fieldOf('links', Type.Array(Type.Object({ rel: Type.String(), href: Type.String() }))),
  ],
}

/** `/jobs/{id}`, as the client reaches it. */
export const pathOfJob = (x: Exchange, { id }: Pick<Job, 'id'>): string => `${x.root()}/jobs/${id}`

export const hasEnded = ({ state }: Job): boolean => state !== 'queued' && state !== 'running'

export const hasResult = ({ state }: Job): boolean => state === 'succeeded' || state === 'failed'

function linksOf(x: Exchange, job: Job): readonly (readonly [rel: string, href: string])[] {
  const self = pathOfJob(x, job)
  return hasResult(job)
    ? [
        ['self', self],
        ['result', `${self}/result`],
      ]
    : [['self', self]]
}

/** The members of the resource, as they are at this moment. */
export function valuesOfJob(x: Exchange, job: Job): Values {
  const instant = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString())
  return {
    id: job.id,
    state: job.state,
    progress: x.runtime.jobs.progressOf(job.id) ?? job.progress ?? null,
    createdAt: instant(job.created),
    startedAt: instant(job.started),
    finishedAt: instant(job.finished),
    problem: job.problem ?? null,
    links: linksOf(x, job).map(([rel, href]) => ({ rel, href })),
  }
}

/** A DELETE chooses no format: it is told of what it began in the first of them. */
export const formatOf = (x: Exchange): Form => x.format ?? (formats[0] as Form)

export const contentOfJob = (x: Exchange, job: Job, format = formatOf(x)): Uint8Array =>
  bytesOf(format.item(valuesOfJob(x, job), jobShape, headLinks(x, job)))

export const contentOfJobs = (x: Exchange, jobs: readonly Job[]): Uint8Array =>
  listBytes(
    formatOf(x).list(jobShape),
    jobs.map(job => valuesOfJob(x, job)),
  )

/** Fields of an answer that shows a job or several. */
export const fieldsOfJobs = (x: Exchange): AnswerFields => ({
  ...contentFields(formatOf(x)),
  'cache-control': 'no-cache',
  ...(x.target.extension === undefined && { vary: 'accept' }),
})

const headLinks = (x: Exchange, job: Job): readonly Link[] =>
  linksOf(x, job).map(([rel, target]) => ({ target, rel: [rel], params: {} }))

/** How long to wait before asking again, in seconds. */
export const askAgain = '1'

/** Fields of an answer that shows one job: where it leads, and when to look again. */
export function fieldsOfJob(x: Exchange, job: Job): AnswerFields {
  return {
    ...fieldsOfJobs(x),
    link: formatLinks(headLinks(x, job)),
    ...(!hasEnded(job) && { 'retry-after': askAgain }),
  }
}

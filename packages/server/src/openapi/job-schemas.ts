// The job resource as a schema, and samples of it.
import type { Values } from '../model/model.ts'
import { type Draft, share } from './draft.ts'
import type { Ref, Schema } from './kind.ts'
import { problemSchema } from './problem-responses.ts'

const text = { type: 'string' }
const instant = { type: 'string', format: 'date-time' }
const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] })
const link = {
  type: 'object',
  properties: { rel: text, href: { type: 'string', format: 'uri-reference' } },
  required: ['rel', 'href'],
}
const count = { type: 'number', minimum: 0 }
const progress = { type: 'object', properties: { done: count, total: count }, required: ['done', 'total'] }

export const jobSchema = (draft: Draft): Ref =>
  share(draft, 'schemas', 'Job', () => {
    const properties = {
      id: text,
      state: { type: 'string', enum: ['queued', 'running', 'succeeded', 'failed', 'cancelled'] },
      progress: { ...orNull(progress), description: 'How far it has come, where it says so.' },
      createdAt: instant,
      startedAt: orNull(instant),
      finishedAt: orNull(instant),
      problem: { ...orNull(problemSchema(draft)), description: 'Why it failed.' },
      links: { type: 'array', items: link, description: '`self`, and `result` once there is one.' },
    }
    return {
      type: 'object',
      properties,
      required: Object.keys(properties),
      additionalProperties: false,
      xml: { name: 'job' },
    }
  })

export const jobListSchema = (draft: Draft): Schema => ({
  type: 'array',
  items: jobSchema(draft),
  xml: { name: 'jobs', wrapped: true },
})

export type SampledState = 'queued' | 'running' | 'succeeded'

export const sampleJobId = '019438c2-5000-7000-8000-000000000000'

export function sampleJob({ path }: Draft, state: SampledState): Values {
  const self = `${path}/jobs/${sampleJobId}`
  const done = { queued: null, running: { done: 20, total: 50 }, succeeded: { done: 50, total: 50 } }[state]
  return {
    id: sampleJobId,
    state,
    progress: done,
    createdAt: '2014-12-31T12:00:00.000Z',
    startedAt: state === 'queued' ? null : '2014-12-31T12:00:01.000Z',
    finishedAt: state === 'succeeded' ? '2014-12-31T12:00:05.000Z' : null,
    problem: null,
    links: [{ rel: 'self', href: self }, ...(state === 'succeeded' ? [{ rel: 'result', href: `${self}/result` }] : [])],
  }
}

// The paths of jobs, and the 202 of whatever can become one.
import { jobShape } from '../jobs/representation.ts'
import { shownIn } from './content.ts'
import { type Draft, share } from './draft.ts'
import { jobListSchema, jobSchema, type SampledState, sampleJob, sampleJobId } from './job-schemas.ts'
import type { Content, Operation, Parameter, PathItem, Ref, Response, Responses, Tag } from './kind.ts'
import { optionsOperation } from './other-answers.ts'
import { everyWord } from './parameters.ts'
import { problemResponse, problemResponses } from './problem-responses.ts'
import { rangeFields, rangeResponses } from './ranges.ts'
import { refusalsOfPage } from './refusals.ts'
import { preferField, requestField } from './request-fields.ts'
import { responseFields } from './response-fields.ts'

export const jobsTag: Tag = {
  name: 'jobs',
  description: 'Work that is done later: where it stands, and what came of it.',
}

/** A write asked for with `Prefer: respond-async`, or long work. */
export function acceptedResponse(draft: Draft): Responses {
  const response = (): Response => ({
    description:
      'Accepted: it is done later, as `Prefer: respond-async` asked or the service declares. Location is that of the job.',
    headers: responseFields(
      draft,
      ['Location', 'Content-Location', 'Retry-After', 'Link', 'Cache-Control', 'Vary'],
      ['Content-Encoding', 'Preference-Applied'],
    ),
    content: shownIn(jobSchema(draft), jobShape, [
      { name: 'queued', summary: 'A job that waits its turn', value: sampleJob(draft, 'queued') },
    ]),
  })
  return { '202': share(draft, 'responses', 'Accepted', response) }
}

export function jobPaths(draft: Draft): Readonly<Record<string, PathItem>> {
  const list = shownIn(jobListSchema(draft), jobShape, [
    { name: 'jobs', summary: 'The newest first', value: [sampleJob(draft, 'running')] },
  ])
  const id: Parameter = {
    name: 'id',
    in: 'path',
    required: true,
    description: 'Which job.',
    schema: { type: 'string', minLength: 1 },
    examples: { one: { value: sampleJobId } },
  }
  return {
    '/jobs': {
      get: readOperation(
        draft,
        'get',
        { name: 'Jobs', summary: 'Your jobs: the newest hundred', id: [] },
        ok(draft, list),
      ),
      head: readOperation(draft, 'head', { name: 'Jobs', summary: 'Your jobs', id: [] }, ok(draft)),
      options: options(draft, 'Jobs', '/jobs', []),
    },
    '/jobs/{id}': {
      get: readOperation(
        draft,
        'get',
        { name: 'Job', summary: 'How far a job has come', id: [id] },
        jobResponses(draft, 'body'),
      ),
      head: readOperation(
        draft,
        'head',
        { name: 'Job', summary: 'How far a job has come', id: [id] },
        jobResponses(draft, 'no body'),
      ),
      delete: deleteOperation(draft, id),
      options: options(draft, 'Job', 'a job', [id]),
    },
    '/jobs/{id}/result': {
      get: resultOperation(draft, 'get', id),
      head: resultOperation(draft, 'head', id),
      options: options(draft, 'JobResult', 'the result of a job', [id]),
    },
  }
}

type Read = { readonly name: string; readonly summary: string; readonly id: readonly Parameter[] }

function readOperation(
  draft: Draft,
  method: 'get' | 'head',
  { name, summary, id }: Read,
  responses: Responses,
): Operation {
  return {
    operationId: `${method}${name}`,
    tags: [jobsTag.name],
    summary: method === 'get' ? summary : `${summary}: what GET would say, without its body`,
    parameters: [
      ...id,
      ...everyWord(draft),
      requestField(draft, 'If-None-Match'),
      requestField(draft, 'If-Match'),
      preferField(draft, id.length > 0 ? ['wait', 'handling'] : ['handling']),
      ...common(draft),
      ...(method === 'get' ? rangeFields(draft) : []),
    ],
    responses: {
      ...responses,
      ...(method === 'get' && rangeResponses(draft, ['Link', 'Retry-After'])),
      ...problems(draft, id.length > 0 ? 'one-of-many' : 'single'),
    },
  }
}

function deleteOperation(draft: Draft, id: Parameter): Operation {
  return {
    operationId: 'deleteJob',
    tags: [jobsTag.name],
    summary: 'Cancel a job, or forget one that has ended',
    description: 'Work that is queued never begins, work that runs is stopped. What a job has done by then stays.',
    parameters: [
      id,
      ...everyWord(draft),
      requestField(draft, 'If-Match'),
      preferField(draft, ['handling']),
      ...common(draft),
    ],
    responses: {
      '204': { description: 'Cancelled, or forgotten.', headers: responseFields(draft, []) },
      ...problems(draft, 'one-of-many', ['not-acceptable', 'coding-not-acceptable']),
    },
  }
}

function resultOperation(draft: Draft, method: 'get' | 'head', id: Parameter): Operation {
  const what = 'What the request of a job was answered'
  return {
    operationId: `${method}JobResult`,
    tags: [jobsTag.name],
    summary: method === 'get' ? what : `${what}, without its body`,
    description:
      'The status, the fields and the body that the request would have had at once; a problem where it failed.',
    parameters: [
      id,
      ...everyWord(draft),
      preferField(draft, ['handling']),
      ...common(draft),
      ...(method === 'get' ? rangeFields(draft) : []),
    ],
    responses: {
      '2XX': { description: 'The answer of the operation that became the job.' },
      ...problems(
        draft,
        'one-of-many',
        ['not-acceptable', 'precondition-failed', 'invalid-precondition'],
        ['job-interrupted'],
      ),
      ...(method === 'get' && problemResponses(draft, ['range-not-satisfiable'])),
      '404': notYet(draft),
    },
  }
}

/** There is no such job, or no result yet. */
function notYet(draft: Draft): Response {
  const told = problemResponse(draft, ['version-unknown', 'not-found'])
  return { ...told, headers: { ...told.headers, ...responseFields(draft, [], ['Retry-After']) } }
}

const options = (draft: Draft, name: string, what: string, parameters: readonly Parameter[]): Operation =>
  optionsOperation(draft, {
    operationId: `options${name}`,
    tag: jobsTag.name,
    what,
    allow: name === 'Job' ? ['GET', 'HEAD', 'DELETE', 'OPTIONS'] : ['GET', 'HEAD', 'OPTIONS'],
    parameters,
  })

const common = (draft: Draft): readonly Ref[] => [
  requestField(draft, 'Accept-Language'),
  requestField(draft, 'Accept-Encoding'),
  requestField(draft, 'API-Version'),
]

function problems(
  draft: Draft,
  kind: 'one-of-many' | 'single',
  without: readonly string[] = [],
  also: readonly string[] = [],
): Responses {
  const codes = [...refusalsOfPage(kind), 'overloaded', ...also]
  return problemResponses(
    draft,
    codes.filter(code => !without.includes(code)),
  )
}

const ok = (draft: Draft, content?: Content): Responses => ({
  '200': {
    description: 'The jobs.',
    headers: responseFields(draft, ['ETag', 'Cache-Control', 'Accept-Ranges'], ['Vary', 'Content-Encoding']),
    ...(content && { content }),
  },
  ...notModified(draft),
})

const notModified = (draft: Draft): Responses => ({
  '304': {
    description: 'What you have is still current.',
    headers: responseFields(draft, ['ETag', 'Cache-Control'], ['Vary', 'Link']),
  },
})

function jobResponses(draft: Draft, body: 'body' | 'no body'): Responses {
  const content = (state: SampledState, summary: string) =>
    body === 'body' && {
      content: shownIn(jobSchema(draft), jobShape, [{ name: state, summary, value: sampleJob(draft, state) }]),
    }
  return {
    '200': {
      description: 'It has not ended yet, or was cancelled.',
      headers: responseFields(
        draft,
        ['ETag', 'Cache-Control', 'Link', 'Accept-Ranges'],
        ['Retry-After', 'Vary', 'Content-Encoding'],
      ),
      ...content('running', 'A job that runs'),
    },
    '303': {
      description: 'It has ended: Location is that of its result.',
      headers: responseFields(draft, ['Location', 'Cache-Control', 'Link'], ['Vary', 'Content-Encoding']),
      ...content('succeeded', 'A job that is done'),
    },
    ...notModified(draft),
  }
}

// Uploads that can be taken up again: one resource for all of an API's files.
import { partialUpload } from '@comity/http'
import type { Draft } from './draft.ts'
import type { Operation, Parameter, PathItem } from './kind.ts'
import { optionsOperation } from './other-answers.ts'
import { everyWord } from './parameters.ts'
import { problemResponses } from './problem-responses.ts'
import { anyRequest } from './refusals.ts'
import { requestField } from './request-fields.ts'
import { responseFields } from './response-fields.ts'
import { systemTag } from './system-operations.ts'

const idParameter: Parameter = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'Which upload: as Location said when it began.',
  schema: { type: 'string', format: 'uuid' },
  examples: { one: { value: '5a1d0a8e-6c6b-4d1f-9d0c-3f1f6f0c2b1a' } },
}

const field = (name: string, description: string, value: string): Parameter => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string' },
  examples: { one: { value } },
})

/** `/uploads/{id}`, where the API has files that can be sent. */
export function uploadPaths(draft: Draft): Readonly<Record<string, PathItem>> {
  if (!draft.model.collections.some(({ files, methods }) => files && methods.item.includes('PUT'))) return {}
  const state = responseFields(
    draft,
    ['Upload-Offset', 'Upload-Complete', 'Upload-Limit', 'Cache-Control'],
    ['Upload-Length', 'Content-Location'],
  )
  const about = { tags: [systemTag.name] }
  const common = [...everyWord(draft), requestField(draft, 'Accept-Language'), requestField(draft, 'API-Version')]
  const head: Operation = {
    ...about,
    operationId: 'headUpload',
    summary: 'How much of an upload is here',
    parameters: [idParameter, ...common],
    responses: {
      '204': { description: 'Its state.', headers: state },
      ...problemResponses(draft, [...anyRequest, 'not-found']),
    },
  }
  const patch: Operation = {
    ...about,
    operationId: 'appendToUpload',
    summary: 'Go on with an upload',
    description:
      'draft-ietf-httpbis-resumable-upload-12. An upload is begun by a PUT or POST of a file with `Upload-Complete: ?0` or `?1`. What came before a connection broke is kept. The answer to the part that is said to complete it is the one that the first request would have had.',
    parameters: [
      idParameter,
      field('Upload-Offset', 'Where the content begins: as many bytes as are here, or the answer is 409.', '5000000'),
      field('Upload-Complete', '`?1`: the content is the rest of it.', '?1'),
      ...common,
    ],
    requestBody: {
      required: true,
      content: { [partialUpload]: { schema: {}, examples: { rest: { summary: 'Its rest', value: ' for two' } } } },
    },
    responses: {
      '204': { description: 'Appended, and not all of it yet.', headers: state },
      '201': {
        description: 'The file is created.',
        headers: responseFields(draft, ['Location', 'ETag', 'Upload-Complete']),
      },
      '200': { description: 'The file is replaced.', headers: responseFields(draft, ['ETag', 'Upload-Complete']) },
      ...problemResponses(draft, [
        ...anyRequest,
        'inconsistent-upload-length',
        'completed-upload',
        'digest-mismatch',
        'not-found',
        'mismatching-upload-offset',
        'length-required',
        'content-too-large',
        'unsupported-media-type',
        'media-type-mismatch',
        'precondition-failed',
        'insufficient-storage',
      ]),
    },
  }
  const remove: Operation = {
    ...about,
    operationId: 'cancelUpload',
    summary: 'Give up an upload',
    parameters: [idParameter, ...common],
    responses: {
      '204': { description: 'It is no more.', headers: responseFields(draft, []) },
      ...problemResponses(draft, [...anyRequest, 'not-found']),
    },
  }
  const options = optionsOperation(draft, {
    operationId: 'optionsUpload',
    tag: systemTag.name,
    what: 'an upload',
    allow: ['HEAD', 'PATCH', 'DELETE', 'OPTIONS'],
    parameters: [idParameter],
  })
  return { '/uploads/{id}': { head, patch, delete: remove, options } }
}

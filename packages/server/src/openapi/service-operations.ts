// The operations of a service.

import { spoken } from '../define/names.ts'
import type { ServiceModel } from '../model/model.ts'
import { contentIn, shownIn } from './content.ts'
import type { Draft } from './draft.ts'
import { acceptedResponse } from './job-operations.ts'
import type { Operation, PathItem, Response } from './kind.ts'
import { pascalCase } from './names.ts'
import { optionsOperation } from './other-answers.ts'
import { argumentWords, everyWord } from './parameters.ts'
import { problemResponses } from './problem-responses.ts'
import { rangeFields, rangeResponses } from './ranges.ts'
import { refusalsOfService } from './refusals.ts'
import { type Preference, preferField, requestField } from './request-fields.ts'
import { responseFields } from './response-fields.ts'
import { sampleContent } from './sample.ts'
import { inputSchema, outputSchema } from './schemas.ts'

export function servicePath(draft: Draft, service: ServiceModel): PathItem {
  const { method, methods, name } = service
  const id = pascalCase(name)
  return {
    ...(method === 'GET' && { get: callOperation(draft, service, 'get'), head: callOperation(draft, service, 'head') }),
    ...(method === 'POST' && { post: callOperation(draft, service, 'post') }),
    options: optionsOperation(draft, {
      operationId: `options${id}`,
      tag: name,
      what: `the service ${spoken(name)}`,
      allow: methods,
      parameters: [],
    }),
  }
}

function callOperation(draft: Draft, service: ServiceModel, method: 'get' | 'head' | 'post'): Operation {
  const { name, description, input } = service
  const id = pascalCase(name)
  const shape = { singular: name, plural: name, fields: input }
  const answer = resultResponse(draft, service)
  const { content: _, ...bare } = answer
  return {
    operationId: method === 'head' ? `head${id}` : `${id.charAt(0).toLowerCase()}${id.slice(1)}`,
    tags: [name],
    summary: method === 'head' ? `What GET would say of ${spoken(name)}, without its body` : `Call ${spoken(name)}`,
    ...(description && { description }),
    parameters: [
      ...argumentWords(service),
      ...everyWord(draft),
      ...(method === 'post' ? [] : [requestField(draft, 'If-None-Match'), requestField(draft, 'If-Match')]),
      preferField(draft, preferencesOf(service)),
      ...(method === 'post' ? [requestField(draft, 'Content-Encoding')] : []),
      requestField(draft, 'Accept-Language'),
      requestField(draft, 'Accept-Encoding'),
      requestField(draft, 'API-Version'),
      ...(method === 'get' ? rangeFields(draft) : []),
    ],
    ...(method === 'post' && {
      requestBody: {
        required: true,
        content: contentIn(inputSchema(draft, service), shape, [
          { name: 'call', summary: 'A call', value: sampleContent(input) },
        ]),
      },
    }),
    responses: {
      '200': method === 'head' ? bare : answer,
      ...(method === 'get' && rangeResponses(draft, [])),
      ...(method === 'post' && acceptedResponse(draft)),
      ...(method !== 'post' && {
        '304': {
          description: 'The result is the one you have (RFC 9110 §15.4.5).',
          headers: responseFields(draft, ['ETag', 'Cache-Control'], ['Vary']),
        },
      }),
      ...problemResponses(draft, refusalsOfService(service, 'call')),
    },
  }
}

/** Long work is always a job. */
function preferencesOf({ method, work }: ServiceModel): readonly Preference[] {
  if (method === 'GET') return ['handling']
  return work ? ['wait', 'handling'] : ['respond-async', 'wait', 'handling']
}

function resultResponse(draft: Draft, service: ServiceModel): Response {
  const { name, output, method } = service
  const shape = { singular: name, plural: name, fields: output }
  const sample = { name: 'result', summary: 'A result', value: sampleContent(output) }
  return {
    description: 'The result.',
    headers:
      method === 'GET'
        ? responseFields(draft, ['Cache-Control', 'ETag', 'Accept-Ranges'], ['Vary', 'Content-Encoding'])
        : responseFields(draft, ['Cache-Control'], ['Vary', 'Content-Encoding', 'Preference-Applied', 'Accept-Ranges']),
    content: shownIn(outputSchema(draft, service), shape, [sample]),
  }
}

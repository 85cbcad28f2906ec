// The operations of a service.

import { spoken } from '../define/names.ts'
import type { ServiceModel } from '../model/model.ts'
import { contentIn } from './content.ts'
import type { Draft } from './draft.ts'
import type { Operation, PathItem, Response } from './kind.ts'
import { pascalCase } from './names.ts'
import { optionsOperation } from './other-answers.ts'
import { argumentWords, everyWord } from './parameters.ts'
import { problemResponses } from './problem-responses.ts'
import { refusalsOfService } from './refusals.ts'
import { preferField, requestField } from './request-fields.ts'
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
      ...(method === 'post' ? [] : argumentWords(service)),
      ...everyWord(draft),
      ...(method === 'post' ? [] : [requestField(draft, 'If-None-Match'), requestField(draft, 'If-Match')]),
      preferField(draft, ['handling']),
      requestField(draft, 'Accept-Language'),
      requestField(draft, 'API-Version'),
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

function resultResponse(draft: Draft, service: ServiceModel): Response {
  const { name, output, method } = service
  const shape = { singular: name, plural: name, fields: output }
  const sample = { name: 'result', summary: 'A result', value: sampleContent(output) }
  return {
    description: 'The result.',
    headers: responseFields(draft, method === 'GET' ? ['Cache-Control', 'ETag'] : ['Cache-Control'], ['Vary']),
    content: contentIn(outputSchema(draft, service), shape, [sample]),
  }
}

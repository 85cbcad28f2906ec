// The operations on a collection as a whole.

import { oneOfThem, spoken } from '../define/names.ts'
import { shapeOf } from '../exchange/shape.ts'
import type { CollectionModel } from '../model/model.ts'
import { bulkDescription, createdContent, multiStatus, newContent } from './bulk.ts'
import { jsonContent, type Sample, shownIn } from './content.ts'
import type { Draft } from './draft.ts'
import { sendOperation } from './file-operations.ts'
import { acceptedResponse } from './job-operations.ts'
import type { Operation, PathItem, Response } from './kind.ts'
import { manyOperation } from './many-operations.ts'
import {
  type Common,
  commonParameters,
  createdResponse,
  inLanguage,
  noContent,
  notModified,
  ofParent,
  pluralOf,
  refusedWith,
  singularOf,
  tagOf,
} from './operation.ts'
import { optionsOperation } from './other-answers.ts'
import { fieldsWord, filterWords, pageWords, pathParameters } from './parameters.ts'
import { rangeFields, rangeResponses } from './ranges.ts'
import { responseFields } from './response-fields.ts'
import { sampleItem, samplePart } from './sample.ts'
import { listSchema } from './schemas.ts'

export function collectionPath(draft: Draft, collection: CollectionModel): PathItem {
  const answers = new Set(collection.methods.collection)
  return {
    ...(answers.has('GET') && { get: listOperation(draft, collection, 'get') }),
    ...(answers.has('HEAD') && { head: listOperation(draft, collection, 'head') }),
    ...(answers.has('QUERY') && { 'x-query': queryOperation(draft, collection) }),
    ...(answers.has('POST') && {
      post: collection.files ? sendOperation(draft, collection, collection.files) : createOperation(draft, collection),
    }),
    ...(answers.has('PUT') && { put: manyOperation(draft, collection, 'replace') }),
    ...(answers.has('PATCH') && { patch: manyOperation(draft, collection, 'patch') }),
    ...(answers.has('DELETE') && { delete: deleteOperation(draft, collection) }),
    options: optionsOperation(draft, {
      operationId: `options${pluralOf(collection)}`,
      tag: tagOf(collection),
      what: spoken(collection.name),
      allow: collection.methods.collection,
      parameters: pathParameters(draft, collection, 'collection'),
    }),
  }
}

/** A list as an answer: whole items, or the part that `fields` asks for. */
function listResponse(draft: Draft, collection: CollectionModel, body: 'body' | 'no body'): Response {
  const item = sampleItem(collection)
  const part = samplePart(collection)
  const samples: Sample[] = [{ name: 'whole', summary: `${collection.name}, whole`, value: item && [item] }]
  if (part)
    samples.push({
      name: 'part',
      summary: `With ?fields=${part.fields}`,
      value: [part.values],
      fields: collection.fields.filter(({ name }) => Object.hasOwn(part.values, name)),
    })
  return {
    description: `A page of ${spoken(collection.name)}, or with \`limit=all\` the whole list.`,
    headers: responseFields(
      draft,
      ['ETag', 'Last-Modified', 'Cache-Control', 'Vary'],
      ['Link', 'X-Total-Count', 'Preference-Applied', 'Accept-Ranges', 'Content-Encoding', ...inLanguage(collection)],
    ),
    ...(body === 'body' && {
      content: shownIn(listSchema(draft, collection), shapeOf(collection, collection.fields), samples),
    }),
  }
}

function listOperation(draft: Draft, collection: CollectionModel, method: 'get' | 'head'): Operation {
  const common: Common = { collection, act: 'read', target: 'collection' }
  const name = spoken(collection.name)
  const head = method === 'head'
  return {
    operationId: `${head ? 'head' : 'list'}${pluralOf(collection)}`,
    tags: [tagOf(collection)],
    summary: head
      ? `What GET would say of the ${name}${ofParent(collection)}, without the list`
      : `List the ${name}${ofParent(collection)}`,
    ...(!head && {
      description: 'Filtered, sorted and in pages. Follow the `next` link until there is none.',
    }),
    parameters: [
      ...pathParameters(draft, collection, 'collection'),
      fieldsWord(draft, collection),
      ...pageWords(draft, collection),
      ...filterWords(draft, collection),
      ...commonParameters(draft, common),
      ...(head ? [] : rangeFields(draft)),
    ],
    responses: {
      '200': listResponse(draft, collection, head ? 'no body' : 'body'),
      ...(!head && rangeResponses(draft, ['Link', 'X-Total-Count', 'Preference-Applied'])),
      '304': notModified(draft),
      ...refusedWith(draft, common),
    },
  }
}

function queryOperation(draft: Draft, collection: CollectionModel): Operation {
  const common: Common = { collection, act: 'query', target: 'collection' }
  const part = samplePart(collection)
  const question = { ...(part && { fields: part.fields.split(',') }), sort: ['-id'], limit: 10 }
  const scalar = { type: ['string', 'number', 'boolean'] }
  const schema = {
    type: 'object',
    description:
      'The query words of GET as members: filters, `fields`, `sort`, `limit` and the others. An array is several values.',
    additionalProperties: { anyOf: [scalar, { type: 'array', items: scalar, minItems: 1 }] },
  }
  return {
    operationId: `query${pluralOf(collection)}`,
    tags: [tagOf(collection)],
    summary: `Ask for ${spoken(collection.name)}${ofParent(collection)} by content`,
    description:
      'QUERY (RFC 10008): as safe as GET, with the question in the content, so that it may be long and stays out of logs.',
    parameters: [...pathParameters(draft, collection, 'collection'), ...commonParameters(draft, common)],
    requestBody: {
      required: true,
      content: {
        ...jsonContent('application/json', schema, { name: 'question', summary: 'A question', value: question }),
        'application/x-www-form-urlencoded': {
          schema: { type: 'string' },
          examples: {
            question: {
              summary: 'The same words as in a URL',
              value: `${part ? `fields=${part.fields}&` : ''}sort=-id&limit=10`,
            },
          },
        },
      },
    },
    responses: {
      '200': listResponse(draft, collection, 'body'),
      '304': notModified(draft),
      ...refusedWith(draft, common),
    },
  }
}

function createOperation(draft: Draft, collection: CollectionModel): Operation {
  const common: Common = { collection, act: 'create', target: 'collection' }
  const { headers, description } = createdResponse(draft, collection)
  return {
    operationId: `create${singularOf(collection)}`,
    tags: [tagOf(collection)],
    summary: `Add ${oneOfThem(collection.singular)}${collection.parent ? ` to ${oneOfThem(collection.parent.singular)}` : ''}`,
    description: `One, or several at once: an array of JSON, the list element of XML, rows of CSV, lines of NDJSON. ${bulkDescription}`,
    parameters: [
      ...pathParameters(draft, collection, 'collection'),
      fieldsWord(draft, collection),
      ...commonParameters(draft, common),
    ],
    requestBody: {
      required: true,
      content: newContent(draft, collection),
    },
    responses: {
      '201': {
        description: `${description} Of several there is a list; of more than 1,000 from CSV or NDJSON only X-Total-Count.`,
        headers: { ...headers, ...severalFields(draft, collection) },
        content: createdContent(draft, collection),
      },
      ...multiStatus(draft),
      ...acceptedResponse(draft),
      ...refusedWith(draft, common),
    },
  }
}

/** Fields that only one new item has, and that only many have. */
const severalFields = (draft: Draft, collection: CollectionModel) => {
  const sometimes = ['Location', 'ETag', 'Last-Modified', 'X-Total-Count', 'Content-Encoding'] as const
  return responseFields(draft, ['Vary'], [...sometimes, ...inLanguage(collection)])
}

function deleteOperation(draft: Draft, collection: CollectionModel): Operation {
  const common: Common = { collection, act: 'delete', target: 'collection' }
  const name = spoken(collection.name)
  return {
    operationId: `delete${pluralOf(collection)}`,
    tags: [tagOf(collection)],
    summary: `Delete the ${name}${ofParent(collection)} that match`,
    description: `All that match the filters, in one transaction. Without a filter that is every one of the ${name}: If-Match with the ETag of the list must then be sent, or the answer is 428.`,
    parameters: [
      ...pathParameters(draft, collection, 'collection'),
      ...filterWords(draft, collection),
      ...commonParameters(draft, common),
    ],
    responses: {
      ...acceptedResponse(draft),
      '204': noContent(draft, 'Deleted. It is no fault if none matched.', []),
      ...refusedWith(draft, common),
    },
  }
}

import { otherNames } from '../exchange/other-name.ts'
// The operations on one item of a collection.

import { oneOfThem, spoken } from '../define/names.ts'
import { shapeOf } from '../exchange/shape.ts'
import type { CollectionModel } from '../model/model.ts'
import { contentIn, jsonContent, shownIn } from './content.ts'
import type { Draft } from './draft.ts'
import { filePath } from './file-operations.ts'
import { acceptedResponse } from './job-operations.ts'
import type { Content, Operation, PathItem, Response } from './kind.ts'
import {
  type Common,
  commonParameters,
  createdResponse,
  inLanguage,
  noContent,
  notModified,
  ofParent,
  refusedWith,
  singularOf,
  tagOf,
} from './operation.ts'
import { optionsOperation } from './other-answers.ts'
import { fieldsWord, pathParameters } from './parameters.ts'
import { rangeFields, rangeResponses } from './ranges.ts'
import { requestField } from './request-fields.ts'
import { type ResponseFieldName, responseFields } from './response-fields.ts'
import { sampleContent, sampleItem, samplePart } from './sample.ts'
import { jsonPatchSchema, patchSchema, replaceable, replaceSchema, shownSchema } from './schemas.ts'

export function itemPath(draft: Draft, collection: CollectionModel): PathItem {
  if (collection.files) return filePath(draft, collection, collection.files)
  const answers = new Set(collection.methods.item)
  const named = (operation: Operation): Operation => withOtherNames(draft, collection, operation)
  return {
    ...(answers.has('GET') && { get: named(readOperation(draft, collection, 'get')) }),
    ...(answers.has('HEAD') && { head: named(readOperation(draft, collection, 'head')) }),
    ...(answers.has('PUT') && { put: named(replaceOperation(draft, collection)) }),
    ...(answers.has('PATCH') && { patch: named(patchOperation(draft, collection)) }),
    ...(answers.has('DELETE') && { delete: named(deleteOperation(draft, collection)) }),
    options: optionsOperation(draft, {
      operationId: `options${singularOf(collection)}`,
      tag: tagOf(collection),
      what: oneOfThem(collection.singular),
      allow: collection.methods.item,
      parameters: pathParameters(draft, collection, 'item'),
    }),
  }
}

/** An item that is asked for by a member of which no two have the same value. */
function withOtherNames(draft: Draft, collection: CollectionModel, operation: Operation): Operation {
  const names = otherNames(collection).map(({ name }) => `\`${name}=…\``)
  if (names.length === 0) return operation
  const led = {
    description: `Where the item is, if ${names.join(' or ')} stands in the place of its id (RFC 9110 §15.4.8).`,
    headers: responseFields(draft, ['Location']),
  }
  return { ...operation, responses: { ...operation.responses, '307': led } }
}

const always: readonly ResponseFieldName[] = ['ETag', 'Last-Modified', 'Cache-Control']

function itemResponse(
  draft: Draft,
  collection: CollectionModel,
  description: string,
  sometimes: readonly ResponseFieldName[],
): Response {
  const whole = { name: 'whole', summary: 'All of it', value: sampleItem(collection) }
  const part = samplePart(collection)
  const named = collection.fields.filter(({ name }) => part && Object.hasOwn(part.values, name))
  const samples = part
    ? [whole, { name: 'part', summary: `With ?fields=${part.fields}`, value: part.values, fields: named }]
    : [whole]
  return {
    description,
    headers: responseFields(draft, always, ['Vary', 'Content-Encoding', ...inLanguage(collection), ...sometimes]),
    content: shownIn(shownSchema(draft, collection), shapeOf(collection, collection.fields), samples),
  }
}

function readOperation(draft: Draft, collection: CollectionModel, method: 'get' | 'head'): Operation {
  const common: Common = { collection, act: 'read', target: 'item' }
  const noun = oneOfThem(collection.singular)
  const tells = method === 'get' && collection.history === 'kept'
  const { content, ...bare } = itemResponse(draft, collection, `The ${spoken(collection.singular)}.`, [
    'Link',
    'Accept-Ranges',
  ])
  return {
    operationId: `${method}${singularOf(collection)}`,
    tags: [tagOf(collection)],
    summary:
      method === 'get'
        ? `Read ${noun}${ofParent(collection)}`
        : `What GET would say of ${noun}${ofParent(collection)}, without its body`,
    parameters: [
      ...pathParameters(draft, collection, 'item'),
      fieldsWord(draft, collection),
      ...commonParameters(draft, common),
      ...(method === 'get' ? rangeFields(draft) : []),
      ...(tells ? [requestField(draft, 'A-IM')] : []),
    ],
    responses: {
      '200': { ...bare, ...(method === 'get' && content && { content }) },
      ...(method === 'get' && rangeResponses(draft, ['Link'])),
      ...(tells && { '226': differenceResponse(draft) }),
      '304': notModified(draft),
      ...refusedWith(draft, common),
    },
  }
}

const differenceResponse = (draft: Draft): Response => ({
  description: 'What changed since the state that If-None-Match names, as a JSON Patch (RFC 3229 §10.4.1).',
  headers: responseFields(draft, ['IM', 'Delta-Base', 'ETag', 'Cache-Control'], ['Last-Modified', 'Vary', 'Link']),
  content: jsonContent('application/json-patch+json', jsonPatchSchema(draft), {
    name: 'difference',
    summary: 'One member changed',
    value: [{ op: 'replace', path: '/updatedAt', value: '2014-12-31T12:00:00.000Z' }],
  }),
})

const unlessMinimal = 'Done, and `Prefer: return=minimal` asked for no body.'

function replaceOperation(draft: Draft, collection: CollectionModel): Operation {
  const common: Common = { collection, act: 'replace', target: 'item' }
  const noun = oneOfThem(collection.singular)
  const value = sampleContent(replaceable(collection))
  const content = contentIn(replaceSchema(draft, collection), shapeOf(collection, replaceable(collection)), [
    { name: 'all', summary: 'Every member that may be written', value },
  ])
  return {
    operationId: `replace${singularOf(collection)}`,
    tags: [tagOf(collection)],
    summary: `Replace ${noun}${ofParent(collection)}, or create it at an id of your choice`,
    description: `Creates only with \`If-None-Match: *\`; otherwise an id that is not there is 404. Send If-Match with the ETag you read, so that no change of another client is lost.`,
    parameters: [
      ...pathParameters(draft, collection, 'item'),
      fieldsWord(draft, collection),
      ...commonParameters(draft, common),
    ],
    requestBody: { required: true, content },
    responses: {
      '200': itemResponse(draft, collection, `The ${spoken(collection.singular)} as it is now.`, [
        'Content-Location',
        'Preference-Applied',
      ]),
      '201': createdResponse(draft, collection),
      ...acceptedResponse(draft),
      '204': noContent(draft, unlessMinimal, ['ETag', 'Last-Modified', 'Vary']),
      ...refusedWith(draft, common),
    },
  }
}

function patchOperation(draft: Draft, collection: CollectionModel): Operation {
  const common: Common = { collection, act: 'patch', target: 'item' }
  return {
    operationId: `update${singularOf(collection)}`,
    tags: [tagOf(collection)],
    summary: `Change some members of ${oneOfThem(collection.singular)}${ofParent(collection)}`,
    description:
      'As a merge patch (RFC 7396) or as a JSON Patch (RFC 6902), whose failed `test` is answered 409. The result must be valid as a whole.',
    parameters: [
      ...pathParameters(draft, collection, 'item'),
      fieldsWord(draft, collection),
      ...commonParameters(draft, common),
    ],
    requestBody: { required: true, content: patchContent(draft, collection) },
    responses: {
      '200': itemResponse(draft, collection, `The ${spoken(collection.singular)} as it is now.`, [
        'Content-Location',
        'Preference-Applied',
      ]),
      ...acceptedResponse(draft),
      '204': noContent(draft, unlessMinimal, ['ETag', 'Last-Modified', 'Vary']),
      ...refusedWith(draft, common),
    },
  }
}

function patchContent(draft: Draft, collection: CollectionModel): Content {
  // The member that is likeliest to be changed: free text rather than a kind or a key.
  const fields = replaceable(collection)
  const changed =
    fields.find(({ kind, schema }) => kind === 'text' && !('enum' in schema) && !('pattern' in schema)) ?? fields[0]
  const change = changed && sampleContent([changed])
  const merge = (type: string) =>
    jsonContent(type, patchSchema(draft, collection), {
      name: 'change',
      summary: `Another ${changed?.name}`,
      value: change,
    })
  const operations = changed &&
    change && [
      { op: 'test', path: `/${changed.name}`, value: change[changed.name] },
      { op: 'replace', path: `/${changed.name}`, value: change[changed.name] },
    ]
  return {
    ...merge('application/merge-patch+json'),
    ...jsonContent('application/json-patch+json', jsonPatchSchema(draft), {
      name: 'operations',
      summary: 'Changed only if it is still what it was',
      value: operations,
    }),
    ...merge('application/json'),
  }
}

function deleteOperation(draft: Draft, collection: CollectionModel): Operation {
  const common: Common = { collection, act: 'delete', target: 'item' }
  const below = collection.nested.map(({ name }) => spoken(name)).join(' and ')
  return {
    operationId: `delete${singularOf(collection)}`,
    tags: [tagOf(collection)],
    summary: `Delete ${oneOfThem(collection.singular)}${ofParent(collection)}`,
    description: `${below ? `And its ${below}. ` : ''}Afterwards it is 410, which an id that never was is not.`,
    parameters: [...pathParameters(draft, collection, 'item'), ...commonParameters(draft, common)],
    responses: { ...acceptedResponse(draft), '204': noContent(draft, 'Deleted.', []), ...refusedWith(draft, common) },
  }
}

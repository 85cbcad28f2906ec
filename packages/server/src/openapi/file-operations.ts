// The operations on files: their bytes sent and read. What is known of them is a collection like any other.
import { oneOfThem, spoken } from '../define/names.ts'
import { shapeOf } from '../exchange/shape.ts'
import type { CollectionModel, FileRules } from '../model/model.ts'
import { createdContent } from './bulk.ts'
import { contentIn } from './content.ts'
import type { Draft } from './draft.ts'
import type { Content, Operation, Parameter, PathItem, Ref, RequestBody } from './kind.ts'
import {
  type Common,
  commonParameters,
  createdResponse,
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
import { responseFields } from './response-fields.ts'
import { sampleItem } from './sample.ts'
import { shownSchema } from './schemas.ts'

/** A file's own path: `/brochures/{name}`. */
export function filePath(draft: Draft, collection: CollectionModel, rules: FileRules): PathItem {
  const answers = new Set(collection.methods.item)
  return {
    ...(answers.has('GET') && { get: readOperation(draft, collection, rules, 'get') }),
    ...(answers.has('HEAD') && { head: readOperation(draft, collection, rules, 'head') }),
    ...(answers.has('PUT') && { put: putOperation(draft, collection, rules) }),
    ...(answers.has('DELETE') && { delete: deleteOperation(draft, collection) }),
    options: optionsOperation(draft, {
      operationId: `options${singularOf(collection)}`,
      tag: tagOf(collection),
      what: oneOfThem(collection.singular),
      allow: collection.methods.item,
      parameters: pathParameters(draft, collection, 'item'),
    }),
  }
}

const examples = { bytes: { summary: 'Its bytes', value: 'Tea for two' } }

/** OpenAPI 3.1.1 §4.8.14.3: bytes have a media type and no schema of their own. */
const bytes = (rules: FileRules): Content =>
  Object.fromEntries((rules.accept.length > 0 ? rules.accept : ['*/*']).map(type => [type, { schema: {}, examples }]))

const file = ({ size }: FileRules): string => `At most ${size} bytes.`

const bytesIn = (rules: FileRules): RequestBody => ({ required: true, description: file(rules), content: bytes(rules) })

function readOperation(draft: Draft, collection: CollectionModel, rules: FileRules, method: 'get' | 'head'): Operation {
  const common: Common = { collection, act: 'read', target: 'item' }
  const noun = oneOfThem(collection.singular)
  return {
    operationId: `${method}${singularOf(collection)}`,
    tags: [tagOf(collection)],
    summary:
      method === 'get'
        ? `Read the bytes of ${noun}${ofParent(collection)}`
        : `What GET would say of ${noun}${ofParent(collection)}, without its bytes`,
    description: `As it was sent, whatever Accept says. What is known of it is in the list: the link \`describedby\`.`,
    parameters: [
      ...pathParameters(draft, collection, 'item'),
      ...(method === 'get' ? rangeFields(draft) : []),
      ...commonParameters(draft, common),
    ],
    responses: {
      '200': {
        description: `The ${spoken(collection.singular)}.`,
        headers: responseFields(
          draft,
          [
            'ETag',
            'Last-Modified',
            'Cache-Control',
            'Accept-Ranges',
            'Content-Disposition',
            'X-Content-Type-Options',
            'Link',
          ],
          ['Content-Security-Policy', 'Vary'],
        ),
        ...(method === 'get' && { content: bytes(rules) }),
      },
      ...(method === 'get' && rangeResponses(draft, ['Link'])),
      '304': notModified(draft),
      ...refusedWith(draft, common),
    },
  }
}

function putOperation(draft: Draft, collection: CollectionModel, rules: FileRules): Operation {
  const common: Common = { collection, act: 'replace', target: 'item' }
  const sample = { name: 'replaced', summary: 'What is known of it now', value: sampleItem(collection) }
  return {
    operationId: `put${singularOf(collection)}`,
    tags: [tagOf(collection)],
    summary: `Send ${oneOfThem(collection.singular)}${ofParent(collection)}: one that is there is replaced`,
    description:
      'The content is the file. Content-Type is its type; without one, its bytes and its name tell. Preconditions are asked before the content is read, and once more when it is here.',
    parameters: [
      ...pathParameters(draft, collection, 'item'),
      fieldsWord(draft, collection),
      ...commonParameters(draft, common),
    ],
    requestBody: bytesIn(rules),
    responses: {
      '200': {
        description: 'Replaced, or the same as it was: what is known of it.',
        headers: responseFields(draft, ['ETag', 'Last-Modified', 'Vary'], ['Cache-Control', 'Preference-Applied']),
        content: contentIn(shownSchema(draft, collection), shapeOf(collection, collection.fields), [sample]),
      },
      '201': createdResponse(draft, collection),
      '204': noContent(draft, 'Replaced, and `Prefer: return=minimal` asked for no body.', ['ETag', 'Last-Modified']),
      ...refusedWith(draft, common),
    },
  }
}

function deleteOperation(draft: Draft, collection: CollectionModel): Operation {
  const common: Common = { collection, act: 'delete', target: 'item' }
  return {
    operationId: `delete${singularOf(collection)}`,
    tags: [tagOf(collection)],
    summary: `Delete ${oneOfThem(collection.singular)}${ofParent(collection)}`,
    description: 'Afterwards it is 410, until one of its name is sent again.',
    parameters: [...pathParameters(draft, collection, 'item'), ...commonParameters(draft, common)],
    responses: { '204': noContent(draft, 'Deleted.', []), ...refusedWith(draft, common) },
  }
}

const nameFields: readonly Parameter[] = [
  {
    name: 'Content-Disposition',
    in: 'header',
    description: 'What the one file is called that is the content (RFC 6266).',
    schema: { type: 'string' },
    examples: { one: { value: 'attachment; filename="tea.pdf"' } },
  },
  {
    name: 'Slug',
    in: 'header',
    description: 'The same, percent-encoded (RFC 5023 §9.7).',
    schema: { type: 'string' },
    examples: { one: { value: 'tea.pdf' } },
  },
]

/** POST on the folder. */
export function sendOperation(draft: Draft, collection: CollectionModel, rules: FileRules): Operation {
  const common: Common = { collection, act: 'create', target: 'collection' }
  const { headers } = createdResponse(draft, collection)
  const form = {
    schema: {
      type: 'object',
      properties: { file: { type: 'array', items: { type: 'string', format: 'binary' } } },
      description: 'Each part with a filename is a file; the names of the fields do not matter.',
    },
    examples: { one: { summary: 'A form with one file', value: { file: ['Tea for two'] } } },
  }
  const fields: readonly (Parameter | Ref)[] = [...nameFields, ...commonParameters(draft, common)]
  return {
    operationId: `create${singularOf(collection)}`,
    tags: [tagOf(collection)],
    summary: `Send ${spoken(collection.name)}${collection.parent ? ` to ${oneOfThem(collection.parent.singular)}` : ''}`,
    description: `One as the content itself, or several in a form: all are created, or none. A name that is taken is 409.`,
    parameters: [...pathParameters(draft, collection, 'collection'), fieldsWord(draft, collection), ...fields],
    requestBody: {
      required: true,
      description: file(rules),
      content: { 'multipart/form-data': form, ...bytes(rules) },
    },
    responses: {
      '201': {
        description: 'Created: what is known of the file, or a list of several.',
        headers: { ...headers, ...responseFields(draft, ['Vary'], ['Location', 'ETag', 'Last-Modified']) },
        content: createdContent(draft, collection),
      },
      ...refusedWith(draft, common),
    },
  }
}

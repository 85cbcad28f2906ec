// PUT and PATCH of several items of a collection: all of them or none.

import { spoken } from '../define/names.ts'
import { shapeOf } from '../exchange/shape.ts'
import type { CollectionModel } from '../model/model.ts'
import { bulkDescription, multiStatus } from './bulk.ts'
import { contentIn, jsonContent, type Sample, shownIn } from './content.ts'
import type { Draft } from './draft.ts'
import { acceptedResponse } from './job-operations.ts'
import type { Operation, Response } from './kind.ts'
import {
  type Common,
  commonParameters,
  inLanguage,
  noContent,
  ofParent,
  pluralOf,
  refusedWith,
  tagOf,
} from './operation.ts'
import { fieldsWord, pathParameters } from './parameters.ts'
import { responseFields } from './response-fields.ts'
import { sampleContent, sampleItem } from './sample.ts'
import { listSchema, patchListSchema, replaceable, replaceListSchema } from './schemas.ts'

export function manyOperation(draft: Draft, collection: CollectionModel, act: 'replace' | 'patch'): Operation {
  const common: Common = { collection, act, target: 'collection' }
  const name = spoken(collection.name)
  const item = sampleItem(collection)
  const members = replaceable(collection)
  const id = collection.fields.filter(field => field.name === 'id')
  const changes = act === 'replace' ? members : members.slice(0, 1)
  const given = sampleContent(changes)
  const value = item && given && [{ id: item.id, ...given }]
  const sample: Sample = { name: 'some', summary: `One of the ${name}`, value, fields: [...id, ...changes] }
  const schema = act === 'replace' ? replaceListSchema(draft, collection) : patchListSchema(draft, collection)
  const json = (type: string) => jsonContent(type, schema, { name: sample.name, summary: sample.summary, value })
  return {
    operationId: `${act === 'replace' ? 'replace' : 'update'}${pluralOf(collection)}`,
    tags: [tagOf(collection)],
    summary:
      act === 'replace'
        ? `Replace or add several ${name}${ofParent(collection)}`
        : `Change several ${name}${ofParent(collection)}`,
    description:
      act === 'replace'
        ? `Each item is replaced, or created where its id is not there yet; those not named stay. ${bulkDescription}`
        : `Each element names an item by its id and is a merge patch of it. ${bulkDescription}`,
    parameters: [
      ...pathParameters(draft, collection, 'collection'),
      fieldsWord(draft, collection),
      ...commonParameters(draft, common),
    ],
    requestBody: {
      required: true,
      content:
        act === 'replace'
          ? contentIn(schema, shapeOf(collection, collection.fields), [sample])
          : {
              ...contentIn(schema, shapeOf(collection, [...id, ...changes]), [sample]),
              ...json('application/merge-patch+json'),
            },
    },
    responses: {
      '200': writtenResponse(draft, collection),
      ...acceptedResponse(draft),
      ...multiStatus(draft),
      '204': noContent(draft, 'Done, and `Prefer: return=minimal` asked for no body.', ['ETag', 'Vary']),
      ...refusedWith(draft, common),
    },
  }
}

function writtenResponse(draft: Draft, collection: CollectionModel): Response {
  const item = sampleItem(collection)
  const sample = { name: 'written', summary: 'As they are now', value: item && [item] }
  return {
    description: `The ${spoken(collection.name)} as they are now, in the order sent.`,
    headers: responseFields(
      draft,
      ['Cache-Control', 'Vary'],
      ['Content-Encoding', ...inLanguage(collection), 'Preference-Applied'],
    ),
    content: shownIn(listSchema(draft, collection), shapeOf(collection, collection.fields), [sample]),
  }
}

// What POST, PUT and PATCH of several items add to an operation: the list sent, the list answered, and the 207.
import { spoken } from '../define/names.ts'
import { partShape } from '../exchange/part-shape.ts'
import { shapeOf } from '../exchange/shape.ts'
import type { CollectionModel } from '../model/model.ts'
import { contentIn, type Sample, shownIn } from './content.ts'
import { type Draft, share } from './draft.ts'
import type { Content, Ref, Response, Schema } from './kind.ts'
import { responseFields } from './response-fields.ts'
import { sampleContent, sampleItem } from './sample.ts'
import { creatable, createSchema, listSchema, shownSchema } from './schemas.ts'

/** Said of every operation that takes several items. */
export const bulkDescription =
  'All or nothing, in one transaction; with `Prefer: handling=lenient` each for itself, answered 207.'

/** One new item, or several. CSV and NDJSON are always several, and may be imports of any length. */
export function newContent(draft: Draft, collection: CollectionModel): Content {
  const one = createSchema(draft, collection)
  const value = sampleContent(creatable(collection))
  const several: Schema = {
    type: 'array',
    description: `New ${spoken(collection.name)}: all are created or none.`,
    items: one,
    xml: { name: collection.name, wrapped: true },
  }
  return contentIn({ anyOf: [one, several] }, shapeOf(collection, creatable(collection)), [
    { name: 'new', summary: `A new ${spoken(collection.singular)}`, value },
    { name: 'several', summary: `Several new ${spoken(collection.name)}`, value: value && [value] },
  ])
}

/** The item for one, the list for several. */
export function createdContent(draft: Draft, collection: CollectionModel): Content {
  const value = sampleItem(collection)
  const samples: readonly Sample[] = [
    { name: 'created', summary: `The new ${spoken(collection.singular)}`, value },
    { name: 'several', summary: `The new ${spoken(collection.name)}, in the order sent`, value: value && [value] },
  ]
  const schema = { anyOf: [shownSchema(draft, collection), listSchema(draft, collection)] }
  return shownIn(schema, shapeOf(collection, collection.fields), samples)
}

/** RFC 4918 §13 */
export const multiStatus = (draft: Draft): { readonly '207': Response | Ref } => ({
  '207': share(draft, 'responses', 'MultiStatus', () => {
    const done = { status: 201, location: '/path/id', etag: '"4q-json"', problem: null }
    const refused = { status: 400, location: null, etag: null, problem: { status: 400, code: 'invalid-content' } }
    const schema = share(draft, 'schemas', 'Parts', () => ({
      type: 'array',
      description: 'What became of each item, in the order sent.',
      items: {
        type: 'object',
        properties: {
          status: { type: 'integer' },
          location: { type: ['string', 'null'] },
          etag: { type: ['string', 'null'] },
          problem: { type: ['object', 'null'], description: 'A problem document (RFC 9457).' },
        },
        required: ['status', 'location', 'etag', 'problem'],
        xml: { name: partShape.singular },
      },
      xml: { name: partShape.plural, wrapped: true },
    }))
    return {
      description: 'With `Prefer: handling=lenient`: each item was done or refused for itself.',
      headers: responseFields(draft, ['Cache-Control', 'Vary', 'Preference-Applied'], ['Content-Encoding']),
      content: shownIn(schema, partShape, [
        { name: 'parts', summary: 'One done, one refused', value: [done, refused] },
      ]),
    }
  }),
})

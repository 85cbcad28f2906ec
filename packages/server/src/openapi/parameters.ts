// What a request may say besides its content: ids in the path, query words, header fields. OpenAPI 3.1.1 §4.8.12.

import { spoken } from '../define/names.ts'
import { longestName } from '../model/files.ts'
import { idValue } from '../model/ids.ts'
import type { CollectionModel, Field, ServiceModel } from '../model/model.ts'
import { type Draft, share } from './draft.ts'
import { filterParameter, filtersOf } from './filters.ts'
import type { Parameter, Ref, Schema } from './kind.ts'
import { sampleId, sampleOf, samplePart } from './sample.ts'
import { valueSchema } from './schemas.ts'

type Parameters = readonly (Parameter | Ref)[]

/** The ids in the path of a collection or, with `item`, of one of its items: `accountId`, `id`. */
export function pathParameters(draft: Draft, collection: CollectionModel, upTo: 'collection' | 'item'): Parameters {
  const { parent, parentField } = collection
  const own =
    upTo === 'item' ? [collection.files ? nameParameter(draft) : idParameter(draft, collection, 'id', 'as-item')] : []
  return parent && parentField ? [idParameter(draft, parent, parentField.name, 'as-parent'), ...own] : own
}

function idParameter(draft: Draft, collection: CollectionModel, name: string, seen: 'as-item' | 'as-parent'): Ref {
  const resource = draft.names.of.get(collection) ?? collection.name
  const field = collection.byName.get('id')
  return share(draft, 'parameters', `${resource}.path.${name}`, () => ({
    name,
    in: 'path',
    required: true,
    description: `Which ${spoken(collection.singular)}.`,
    schema: idSchema(field),
    examples: { one: { value: idValue(collection, sampleId(collection, seen)) } },
  }))
}

const nameParameter = (draft: Draft): Ref =>
  share(draft, 'parameters', 'file.path.name', () => ({
    name: 'name',
    in: 'path',
    required: true,
    description: `What the file is called: up to ${longestName} bytes of UTF-8, percent-encoded, without slashes.`,
    schema: { type: 'string', minLength: 1, maxLength: longestName },
    examples: { one: { value: 'tea.pdf' } },
  }))

/** What the field of the id admits, as far as it can stand in a path: a segment is never empty. */
function idSchema(field: Field | undefined): Schema {
  if (field === undefined) return { type: 'string', minLength: 1 }
  const { description: _, examples: __, readOnly: ___, default: ____, ...schema } = valueSchema(field)
  return field.kind === 'text' ? { ...schema, minLength: Math.max(1, Number(schema.minLength ?? 1)) } : schema
}

/** Words of every request: which version, and 200 for those who cannot see statuses. */
export function everyWord(draft: Draft): Parameters {
  const major = draft.model.version.split('.')[0] ?? '1'
  return [
    share(draft, 'parameters', 'always_success_code', () => ({
      name: 'always_success_code',
      in: 'query',
      description:
        'With `true` a problem is answered with status 200 and the problem document as the body (its `status` member keeps the real one), for clients that cannot see statuses.',
      schema: { type: 'boolean', default: false },
    })),
    share(draft, 'parameters', 'v', () => ({
      name: 'v',
      in: 'query',
      description: `The version asked for, where neither the path (\`/v${major}/…\`) nor the API-Version field names one. The newest by default.`,
      schema: { type: 'string', enum: [major] },
    })),
  ]
}

/** `fields`, on whatever answers with items. */
export function fieldsWord(draft: Draft, collection: CollectionModel): Ref {
  const resource = draft.names.of.get(collection) ?? collection.name
  const names = collection.fields.map(({ name }) => name)
  const part = samplePart(collection)
  return share(draft, 'parameters', `${resource}.fields`, () => ({
    name: 'fields',
    in: 'query',
    description: 'The members to show, joined by commas; all when not given.',
    style: 'form',
    explode: false,
    schema: { type: 'array', items: { type: 'string', enum: names }, minItems: 1 },
    ...(part && { examples: { part: { value: part.fields.split(',') } } }),
  }))
}

/** Which items: what a read and a collective DELETE have in common. */
export function filterWords(draft: Draft, collection: CollectionModel): Parameters {
  return filtersOf(collection).map(filter => filterParameter(draft, collection, filter))
}

/** Which page, in which order. */
export function pageWords(draft: Draft, collection: CollectionModel): Parameters {
  const { byDefault, max } = collection.limit
  const resource = draft.names.of.get(collection) ?? collection.name
  const sortable = collection.fields.filter(({ kind }) => kind !== 'json').map(({ name }) => name)
  const count = { type: 'integer', minimum: 1, maximum: max, default: byDefault }
  const cursor = (name: 'after' | 'before', side: string) =>
    share(draft, 'parameters', name, () => ({
      name,
      in: 'query',
      description: `A cursor, as links of rel ${side} carry it: the page that ${name === 'after' ? 'follows' : 'precedes'} an item. Not to be made by hand, and only good for the order it came from.`,
      schema: { type: 'string' },
    }))
  return [
    share(draft, 'parameters', `${resource}.sort`, () => ({
      name: 'sort',
      in: 'query',
      description: `Members to order by, joined by commas; with \`-\` before it, descending. \`${sortOf(collection)}\` when not given.`,
      style: 'form',
      explode: false,
      schema: {
        type: 'array',
        items: { type: 'string', enum: sortable.flatMap(name => [name, `-${name}`]) },
        minItems: 1,
      },
      examples: { usual: { value: sortOf(collection).split(',') } },
    })),
    share(draft, 'parameters', 'offset', () => ({
      name: 'offset',
      in: 'query',
      description: 'How many items to skip. Following the `next` link is faster.',
      schema: { type: 'integer', minimum: 0, default: 0 },
    })),
    share(draft, 'parameters', `${resource}.limit`, () => ({
      name: 'limit',
      in: 'query',
      description:
        collection.exports === 'allowed'
          ? `How many items at most, ${byDefault} when not given and no more than ${max}; or \`all\`, which streams the whole list.`
          : `How many items at most: ${byDefault} when not given, and no more than ${max}.`,
      schema: collection.exports === 'allowed' ? { anyOf: [count, { const: 'all' }] } : count,
    })),
    cursor('after', 'next'),
    cursor('before', 'prev'),
  ]
}

export const sortOf = (collection: CollectionModel): string =>
  collection.sort.map(({ field, direction }) => (direction === 'desc' ? `-${field.name}` : field.name)).join(',')

/** The parameters of a service: what a GET is called with, or the query words of a POST. */
export function argumentWords({ method, input, query }: ServiceModel): Parameters {
  return (method === 'GET' ? input : query).map(field => {
    const sample = sampleOf(field)
    const { description, examples: _, ...schema } = valueSchema(field)
    return {
      name: field.name,
      in: 'query',
      description: typeof description === 'string' ? description : `${field.name}, ${field.kind}.`,
      required: field.presence === 'required' && field.byDefault === undefined,
      schema,
      ...(sample !== undefined && { examples: { one: { value: sample } } }),
    }
  })
}

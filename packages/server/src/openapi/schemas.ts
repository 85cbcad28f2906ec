// JSON Schemas of what is sent and answered, one set a resource: Account, AccountPart, AccountCreate, AccountReplace,
// AccountPatch. OpenAPI 3.1.1 §4.8.24.

import { capitalised, oneOfThem, spoken } from '../define/names.ts'
import { fieldsOfNew, hasIntegerIds } from '../model/ids.ts'
import type { CollectionModel, Field, ServiceModel } from '../model/model.ts'
import { structureOf } from '../model/structure.ts'
import { type Draft, share } from './draft.ts'
import type { Ref, Schema } from './kind.ts'
import { isNullable } from './sample.ts'
import { withXmlNames } from './xml-names.ts'

/** A field's own schema, as plain JSON. */
export function valueSchema(field: Field): Schema {
  const schema = JSON.parse(JSON.stringify(field.schema)) as Schema
  return field.kind === 'json' ? withXmlNames(schema, structureOf(field.schema, field.name)) : schema
}

type Way = 'answered' | 'sent'

/**
 * The schema of a member; null is admitted where the field is optional. `readOnly` is said in what is answered only:
 * it would forbid sending the member (OpenAPI 3.1.1 §4.8.24), and what only the server sets may be sent back.
 */
function memberSchema(field: Field, way: Way): Schema {
  const { readOnly: _, ...schema } = valueSchema(field)
  const kept = field.access !== 'read-write'
  const marked = kept && way === 'answered' ? { ...schema, readOnly: true } : schema
  return isNullable(field) ? orNull(marked) : marked
}

function orNull(schema: Schema): Schema {
  const { type, enum: words, ...rest } = schema
  const { description, readOnly, default: byDefault, examples, ...constraints } = schema
  if (typeof type === 'string')
    return { ...rest, type: [type, 'null'], ...(Array.isArray(words) && { enum: [...words, null] }) }
  const annotations = { description, readOnly, default: byDefault, examples }
  return { ...JSON.parse(JSON.stringify(annotations)), anyOf: [constraints, { type: 'null' }] }
}

type Required = 'all' | 'none' | readonly Field[]

function objectSchema(
  way: Way,
  fields: readonly Field[],
  required: Required,
  description: string,
  element: string,
): Schema {
  const names = (required === 'all' ? fields : required === 'none' ? [] : required).map(({ name }) => name)
  return {
    type: 'object',
    description,
    properties: Object.fromEntries(fields.map(field => [field.name, memberSchema(field, way)])),
    ...(names.length > 0 && { required: names }),
    additionalProperties: false,
    xml: { name: element },
  }
}

const nameOf = (draft: Draft, resource: CollectionModel | ServiceModel): string =>
  draft.names.of.get(resource) ?? resource.name

/** An item, whole. */
export function itemSchema(draft: Draft, collection: CollectionModel): Ref {
  const { fields, singular, description } = collection
  const said = description ? `${description} ` : ''
  return share(draft, 'schemas', nameOf(draft, collection), () =>
    objectSchema(
      'answered',
      fields,
      'all',
      `${said}Every member is there; what an optional one does not have is null.`,
      singular,
    ),
  )
}

/** What `fields` leaves of an item. */
function partSchema(draft: Draft, collection: CollectionModel): Ref {
  const { fields, singular } = collection
  return share(draft, 'schemas', `${nameOf(draft, collection)}Part`, () =>
    objectSchema(
      'answered',
      fields,
      'none',
      `${capitalised(oneOfThem(singular))} with the members that \`fields\` names.`,
      singular,
    ),
  )
}

/** An item as it is answered: whole, or the part that was asked for. */
export function shownSchema(draft: Draft, collection: CollectionModel): Schema {
  return { anyOf: [itemSchema(draft, collection), partSchema(draft, collection)] }
}

export function listSchema(draft: Draft, collection: CollectionModel): Ref {
  return share(draft, 'schemas', `${nameOf(draft, collection)}List`, () => ({
    type: 'array',
    description: `A page of ${spoken(collection.name)}; links to the others are in the Link field.`,
    items: shownSchema(draft, collection),
    xml: { name: collection.name, wrapped: true },
  }))
}

const isWritable = (field: Field): boolean => field.access === 'read-write'
/** Whether content must have the member, since nothing else could stand in for it. */
const isNeeded = (field: Field): boolean =>
  isWritable(field) && field.presence === 'required' && field.byDefault === undefined

/** The members a POST takes. */
export const creatable = (collection: CollectionModel): readonly Field[] => fieldsOfNew(collection).filter(isWritable)

export function createSchema(draft: Draft, collection: CollectionModel): Ref {
  const fields = creatable(collection)
  const description = `A new ${spoken(collection.singular)}. What has a default, or is optional, may be left out.`
  return share(draft, 'schemas', `${nameOf(draft, collection)}Create`, () =>
    objectSchema('sent', fields, fields.filter(isNeeded), description, collection.singular),
  )
}

/** In a PUT the id stands in the path, whoever chooses ids. */
const isNotId = (field: Field): boolean => field.name !== 'id'

/** The members whose values a PUT decides. */
export const replaceable = (collection: CollectionModel): readonly Field[] => creatable(collection).filter(isNotId)

export function replaceSchema(draft: Draft, collection: CollectionModel): Ref {
  const { fields, singular } = collection
  const description = `All of ${oneOfThem(singular)}. A member left out gets its default, or null where it is optional. The id and what only the server sets may be sent back as they are.`
  return share(draft, 'schemas', `${nameOf(draft, collection)}Replace`, () =>
    objectSchema(
      'sent',
      fields,
      fields.filter(field => isNeeded(field) && isNotId(field)),
      description,
      singular,
    ),
  )
}

export function replaceListSchema(draft: Draft, collection: CollectionModel): Schema {
  return manySchema(
    `The ${spoken(collection.name)} to replace, each with its id.`,
    replaceSchema(draft, collection),
    collection,
  )
}

/** RFC 7396: what is named is changed, null takes away. */
export function patchSchema(draft: Draft, collection: CollectionModel): Ref {
  const { fields, singular } = collection
  const description = `Changes to ${oneOfThem(singular)} (JSON Merge Patch, RFC 7396): the members named are set, null empties an optional one, all others stay.`
  return share(draft, 'schemas', `${nameOf(draft, collection)}Patch`, () =>
    objectSchema('sent', fields, 'none', description, singular),
  )
}

export function patchListSchema(draft: Draft, collection: CollectionModel): Schema {
  return manySchema(
    `Changes to some ${spoken(collection.name)}, each with the id of its item.`,
    patchSchema(draft, collection),
    collection,
  )
}

function manySchema(description: string, one: Ref, collection: CollectionModel): Schema {
  const id = {
    type: 'object',
    properties: { id: { type: hasIntegerIds(collection) ? 'integer' : 'string' } },
    required: ['id'],
  }
  return {
    type: 'array',
    description,
    items: { allOf: [one, id] },
    xml: { name: collection.name, wrapped: true },
  }
}

export function inputSchema(draft: Draft, service: ServiceModel): Ref {
  return share(draft, 'schemas', `${nameOf(draft, service)}Input`, () =>
    objectSchema(
      'sent',
      service.input,
      service.input.filter(isNeeded),
      `What ${service.name} is called with.`,
      service.name,
    ),
  )
}

export function outputSchema(draft: Draft, service: ServiceModel): Ref {
  return share(draft, 'schemas', `${nameOf(draft, service)}Output`, () =>
    objectSchema('answered', service.output, 'all', `What ${service.name} answers.`, service.name),
  )
}

/** RFC 6902 §4 */
export function jsonPatchSchema(draft: Draft): Ref {
  const pointer = { type: 'string', pattern: '^(/([^~/]|~[01])*)*$', description: 'A JSON Pointer (RFC 6901).' }
  const operation = (op: readonly string[], more: Record<string, Schema>) => ({
    type: 'object',
    properties: { op: { enum: op }, path: pointer, ...more },
    required: ['op', 'path', ...Object.keys(more)],
  })
  return share(draft, 'schemas', 'JsonPatch', () => ({
    type: 'array',
    description: 'Operations carried out in turn, all or none (JSON Patch, RFC 6902).',
    items: {
      anyOf: [
        operation(['add', 'replace', 'test'], { value: {} }),
        operation(['remove'], {}),
        operation(['move', 'copy'], { from: pointer }),
      ],
    },
  }))
}

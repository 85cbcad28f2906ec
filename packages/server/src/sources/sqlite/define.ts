// What was found, as the definition of an API.
import type { TSchema } from 'typebox'
import { type Api, defineApi, type Resources } from '../../define/api.ts'
import { type Collection, collection } from '../../define/collection.ts'
import type { Existing } from '../../define/existing.ts'
import {
  boolean,
  date,
  dateTime,
  decimal,
  type FieldOptions,
  integer,
  json,
  number,
  oneOf,
  optional,
  reference,
  text,
} from '../../define/fields.ts'
import { related } from '../../define/related.ts'
import type { Found, FoundId, FoundMember, FoundResource } from './describe.ts'
import type { ColumnType } from './infer.ts'

/** @throws DefinitionError */
export const defineFound = (title: string, { resources }: Found, access: 'read-write' | 'read-only'): Api =>
  defineApi({
    title,
    resources: Object.fromEntries(
      resources.map(resource => [
        resource.name,
        collectionOf({ ...resource, ...(access === 'read-only' && { access }) }),
      ]),
    ) as Resources,
  })

function collectionOf({ singular, id, access, sort, members, nested, ...where }: FoundResource): Collection {
  return collection({
    id: idOf(id),
    existing: existingOf(id, members, where),
    fields: Object.fromEntries(members.map(member => [member.name, schemaOf(member)])),
    ...(singular !== undefined && { singular }),
    ...(access === 'read-only' && { methods: ['GET'] }),
    ...(sort !== undefined && { sort }),
    ...(nested.length > 0 && {
      nested: Object.fromEntries(nested.map(({ name, collection: of, by }) => [name, related(of, by)])),
    }),
  }) as Collection
}

function existingOf(
  id: FoundId,
  members: readonly FoundMember[],
  where: Pick<FoundResource, 'table' | 'kind' | 'key'>,
): Existing {
  const { table, kind, key } = where
  const [idColumn = ''] = key
  return {
    table,
    ...(kind === 'view' && { kind }),
    key,
    columns: {
      ...(id.is.as !== undefined && { id: { column: idColumn, as: id.is.as } }),
      ...Object.fromEntries(members.map(({ name, column, as }) => [name, as === undefined ? column : { column, as }])),
    },
  }
}

function idOf({ how, is }: FoundId): TSchema | 'integer' | 'text' {
  if (how === 'counted' || how === 'row-number') return 'integer'
  if (how !== 'given') return 'text'
  return is.type.kind === 'text' ? text({ min: 1, max: is.type.max ?? 255 }) : typed(is.type, {})
}

function schemaOf({ type, references, presence, byDefault, access, unique }: FoundMember): TSchema {
  const options: FieldOptions = {
    ...(byDefault !== undefined && { default: byDefault }),
    ...(access === 'read-only' && { readOnly: true }),
    ...(unique && { unique: true }),
  }
  const schema = references
    ? reference(references.collection, { ...(references.ids === 'integer' && { ids: 'integer' }), ...options })
    : typed(type, options)
  return presence === 'optional' ? optional(schema) : schema
}

/** Text without a length of its own may be as long as a content. */
const anyLength = 1_000_000

function typed(type: ColumnType, options: FieldOptions): TSchema {
  switch (type.kind) {
    case 'text':
      return text({ max: type.max ?? anyLength, ...options })
    case 'words': {
      const [first = '', ...others] = type.words
      return oneOf([first, ...others], options)
    }
    case 'integer':
    case 'number': {
      const { min, max } = type
      const bounds = { ...(min !== undefined && { min }), ...(max !== undefined && { max }) }
      return (type.kind === 'integer' ? integer : number)({ ...bounds, ...options })
    }
    case 'decimal':
      return decimal({ digits: type.digits, scale: type.scale, ...options })
    case 'date-time':
      return dateTime(options)
    case 'boolean':
      return boolean(options)
    case 'date':
      return date(options)
    case 'json':
    case 'anything':
      return json()
  }
}

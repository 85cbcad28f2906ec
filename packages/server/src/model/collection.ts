import { membersCompared } from '../access/compared.ts'
import type { ApiDefinition } from '../define/api.ts'
import { cacheControlField } from '../define/caching.ts'
import type { Collection, CollectionDefinition, WritableMethod } from '../define/collection.ts'
import { dateTime, type Fields, integer, text } from '../define/fields.ts'
import type { Files } from '../define/files.ts'
import { camelCase, singularOf, snakeCase } from '../define/names.ts'
import { translationsField } from '../languages/translations.ts'
import { existingModel, storedFields } from './existing.ts'
import { fieldOf, serverField, withOwnColumns } from './field.ts'
import { collectionOfFiles, fileRules } from './files.ts'
import { idSchema } from './ids.ts'
import type { CollectionModel, Field, Limits, Operator, Sort } from './model.ts'
import { relatedModel, type Whole } from './related.ts'

const everyMethod: readonly WritableMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** SQL does not tell `Users` from `users`, nor what becomes of `userLists` from `user_lists`; some names are taken by others. */
export function tableNames(): Overall['tableFor'] {
  const taken = new Set<string>()
  return name => {
    let free = /^(sqlite_|comity_(?!of_))/i.test(name) ? `own_${name}` : name
    while (taken.has(free.toLowerCase())) free += '_'
    taken.add(free.toLowerCase())
    return free
  }
}

/** What is said of all of the API. */
type Overall = {
  readonly limits: Limits
  readonly languages: readonly string[]
  readonly access: ApiDefinition['access']
  /** A name for a table that no other has. */
  readonly tableFor: (name: string) => string
}

export function collectionModel(
  name: string,
  resource: Collection | Files,
  parent: CollectionModel | undefined,
  overall: Overall,
): CollectionModel {
  const { limits, languages, tableFor } = overall
  const { definition } = resource.kind === 'files' ? collectionOfFiles(resource) : resource
  const files = resource.kind === 'files' ? fileRules(resource, limits) : undefined
  const methods = definition.methods ?? everyMethod
  const parentField =
    parent &&
    serverField(`${camelCase(parent.singular)}Id`, idSchema(parent, `The ${parent.singular} this belongs to.`))
  const id = idOf(definition.id, files ? idOfFiles(parent) : idOfItems)
  const timestamps = definition.existing ? 'hidden' : (definition.timestamps ?? 'shown')
  const mutable = methods.includes('PUT') || methods.includes('PATCH')
  const stamps = [
    ...(timestamps === 'shown' ? [serverField('createdAt', dateTime({ description: 'When it was created.' }))] : []),
    ...(timestamps === 'shown' && mutable
      ? [serverField('updatedAt', dateTime({ description: 'When it was last changed.' }))]
      : []),
  ]
  const declared = Object.entries(definition.fields).map(([member, schema]) => fieldOf(member, schema))
  const translations = translationsField(declared, languages)
  const own = translations ? [...declared, translations] : declared
  const inOrder = withOwnColumns([id, ...(parentField ? [parentField] : []), ...own, ...stamps])
  const fields = storedFields(inOrder, definition.existing)
  const byName = new Map(fields.map(field => [field.name, field]))
  const aliases = aliasesOf(definition.filters ?? {}, byName)
  const model = {
    kind: 'collection' as const,
    name,
    singular: definition.singular ?? singularOf(name),
    // SQLite takes a view of its own for the table of others where they have one name.
    table: tableFor(`${definition.existing ? 'comity_of_' : ''}${snakeCase(parent ? `${parent.name}_${name}` : name)}`),
    description: definition.description,
    parent,
    parentField,
    fields,
    byName,
    translated: translations ? declared.flatMap(({ name, translatable }) => (translatable ? [name] : [])) : [],
    ids: policyOf(definition.id),
    timestamps,
    aliases,
    methods: files ? methodsOfFiles(methods) : methodsOf(methods),
    limit: { byDefault: definition.limit?.default ?? 25, max: definition.limit?.max ?? 1000 },
    exports: definition.exports ?? 'allowed',
    preconditions: definition.preconditions ?? 'optional',
    idempotency: definition.idempotency ?? 'optional',
    sort: sortOf(definition.sort ?? '', byName),
    indexed: indexedOf(
      aliases,
      definition.sort ?? '',
      byName,
      membersCompared(definition.access ?? (parent ? [] : overall.access)),
    ),
    refusals: definition.refusals,
    history: definition.history ?? 'none',
    cacheControl: cacheControlField(definition.cacheControl),
    // What is nested tells of its parent.
    sensitive: definition.sensitive ?? parent?.sensitive ?? false,
    nested: [] as CollectionModel[],
    whole: undefined,
    parts: [] as CollectionModel[],
    hooks: {
      ...(definition.check && { check: definition.check }),
      ...(definition.created && { created: definition.created }),
      ...(definition.changed && { changed: definition.changed }),
      ...(definition.removed && { removed: definition.removed }),
    },
    files,
    existing: existingModel(fields, definition.existing),
  }
  for (const [child, nested] of Object.entries(definition.nested ?? {}))
    if (nested.kind !== 'related') model.nested.push(collectionModel(child, nested, model, overall))
  return model
}

/** What is seen below a collection, once all of them are there. */
export function relate(name: string, { definition }: Collection, resources: ReadonlyMap<string, unknown>): void {
  const parent = resources.get(name) as Whole & { nested: CollectionModel[] }
  for (const [child, nested] of Object.entries(definition.nested ?? {}))
    if (nested.kind === 'related')
      parent.nested.push(relatedModel(child, nested, parent, resources.get(nested.collection) as Whole))
}

function policyOf(id: CollectionDefinition<Fields>['id']): CollectionModel['ids'] {
  if (id === undefined) return 'uuid'
  return typeof id === 'string' ? (id as 'integer' | 'text') : 'given'
}

function idOf(id: CollectionDefinition<Fields>['id'], description: string): Field {
  if (id === 'integer') return serverField('id', integer({ description: 'Counted up, where nobody chooses one.' }))
  if (id === 'text') return serverField('id', text({ min: 1, description: 'A UUIDv7, where nobody chooses one.' }))
  return id === undefined ? serverField('id', text({ description })) : fieldOf('id', id)
}

const idOfItems = 'Chosen by the server (UUIDv7), or by the client in a PUT.'
const idOfFiles = (parent: CollectionModel | undefined): string =>
  parent ? `The id of its ${parent.singular} and its name.` : 'Its name.'

/** The order of Allow: what reads, what writes, what asks. */
function methodsOf(methods: readonly WritableMethod[]): CollectionModel['methods'] {
  const has = (method: WritableMethod) => (methods.includes(method) ? [method] : [])
  const reads = has('GET').length > 0 ? ['GET', 'HEAD'] : []
  const query = has('GET').length > 0 ? ['QUERY'] : []
  return {
    collection: [...reads, ...query, ...has('POST'), ...has('PUT'), ...has('PATCH'), ...has('DELETE'), 'OPTIONS'],
    item: [...reads, ...has('PUT'), ...has('PATCH'), ...has('DELETE'), 'OPTIONS'],
  }
}

/** Files are sent to their folder or to their own place, and are written as a whole. */
function methodsOfFiles(methods: readonly WritableMethod[]): CollectionModel['methods'] {
  const { collection, item } = methodsOf(methods)
  const isWhole = (method: string) => method !== 'PATCH'
  return { collection: collection.filter(method => isWhole(method) && method !== 'PUT'), item: item.filter(isWhole) }
}

function aliasesOf(
  filters: Readonly<Record<string, string>>,
  byName: ReadonlyMap<string, Field>,
): CollectionModel['aliases'] {
  const aliases = new Map<string, { field: Field; operator: Operator }>()
  for (const [alias, target] of Object.entries(filters)) {
    const [member = '', operator = 'eq'] = target.split('.')
    const field = byName.get(member)
    if (field) aliases.set(alias, { field, operator: operator as Operator })
  }
  return aliases
}

function sortOf(words: string, byName: ReadonlyMap<string, Field>): readonly Sort[] {
  const sort: Sort[] = []
  for (const word of [...words.split(',').filter(Boolean), 'id']) {
    const field = byName.get(word.replace(/^-/, ''))
    if (!field || sort.some(earlier => earlier.field === field)) continue
    const last = word === 'id' ? sort.at(-1)?.direction : undefined
    sort.push({ field, direction: word.startsWith('-') ? 'desc' : (last ?? 'asc') })
  }
  return sort
}

/** What a declared filter or the usual order looks at deserves an index. */
function indexedOf(
  aliases: CollectionModel['aliases'],
  sort: string,
  byName: ReadonlyMap<string, Field>,
  compared: readonly string[],
): readonly Field[] {
  const fields = new Set([...aliases.values()].map(({ field }) => field))
  for (const name of compared) {
    const field = byName.get(name)
    if (field && field.kind !== 'json') fields.add(field)
  }
  const first = byName.get(sort.split(',')[0]?.replace(/^-/, '') ?? '')
  if (first) fields.add(first)
  for (const field of byName.values()) if (field.references) fields.add(field)
  for (const field of fields)
    if (field.access === 'server' && field.name !== 'createdAt' && field.name !== 'updatedAt') fields.delete(field)
  return [...fields]
}

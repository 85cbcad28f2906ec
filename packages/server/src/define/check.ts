// Is this definition one that can be served? Every fault is found and named before anything is built.
import { problemKinds } from '@comity/http'
import type { TSchema } from 'typebox'
import { translationsName } from '../languages/translations.ts'
import { fieldOf, keywordsOf, kindOf } from '../model/field.ts'
import { collectionOfFiles, fileFields } from '../model/files.ts'
import { type Field, operators } from '../model/model.ts'
import { checkRelated } from '../model/related.ts'
import type { ApiDefinition } from './api.ts'
import { checkCaching } from './caching.ts'
import { checkCompression } from './check-compression.ts'
import { checkExisting } from './check-existing.ts'
import { checkFiles } from './check-files.ts'
import { checkPatterns } from './check-patterns.ts'
import { checkRates } from './check-rates.ts'
import type { Collection } from './collection.ts'
import { checkCors } from './cors.ts'
import type { Fault } from './definition-error.ts'
import type { Files } from './files.ts'
import {
  camelCase,
  isFoundMember,
  isFoundSegment,
  isMember,
  isPlural,
  isSegment,
  isVersionSegment,
  reservedPaths,
  reservedWords,
  serverMembers,
  singularOf,
} from './names.ts'
import type { Service } from './service.ts'

/** All faults of a definition, in reading order; none when it can be served. */
export function checkApi(definition: ApiDefinition): readonly Fault[] {
  const faults: Fault[] = []
  const names = Object.keys(definition.resources ?? {})
  if (names.length === 0) faults.push({ place: 'resources', problem: 'at least one resource is needed' })
  for (const name of names) {
    const resource = definition.resources[name]
    const place = `resources.${name}`
    faults.push(...checkSegment(place, name, definition))
    if (resource?.kind === 'collection' || resource?.kind === 'files')
      faults.push(...checkItems(place, name, resource, undefined, definition))
    else if (resource?.kind === 'service') faults.push(...checkService(place, resource, definition))
    else faults.push({ place, problem: 'must be made by collection(), files() or service()' })
  }
  faults.push(
    ...checkCompression(definition.compression),
    ...checkLanguages(definition.languages),
    ...checkRates(definition),
    ...checkCors(definition.cors),
  )
  for (const [code, row] of Object.entries(definition.problems ?? {})) {
    const place = `problems.${code}`
    if (!isSegment(code)) faults.push({ place, problem: 'a code is lower-case words joined by hyphens' })
    if (problemKinds.has(code)) faults.push({ place, problem: 'this code is one of Comity’s own; choose another' })
    if (!(row.status >= 400 && row.status <= 599)) faults.push({ place: `${place}.status`, problem: 'must be 400–599' })
  }
  return faults
}

function checkLanguages(languages: readonly string[] = []): Fault[] {
  const place = 'languages'
  const odd = languages.find(language => !/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(language))
  if (odd !== undefined) return [{ place, problem: `“${odd}” is no language tag, such as en or pt-BR` }]
  const known = new Set(languages.map(language => language.toLowerCase()))
  return known.size < languages.length ? [{ place, problem: 'names a language twice' }] : []
}

function checkSegment(place: string, name: string, { names }: ApiDefinition): Fault[] {
  if (reservedPaths.has(name)) return [{ place, problem: `the path /${name} is reserved` }]
  if (isVersionSegment(name)) return [{ place, problem: `the path /${name} is reserved for versions` }]
  if (names === 'found')
    return isFoundSegment(name) ? [] : [{ place, problem: 'a path segment is letters, digits, - and _' }]
  if (!isSegment(name)) return [{ place, problem: 'a path segment is lower-case words joined by hyphens' }]
  return name.length < 2 ? [{ place, problem: 'needs a telling name, of more than one letter' }] : []
}

function checkItems(
  place: string,
  name: string,
  resource: Collection | Files,
  parent: string | undefined,
  api: ApiDefinition,
): Fault[] {
  if (resource.kind === 'collection') return checkCollection(place, name, resource, parent, api)
  return [...checkCollection(place, name, collectionOfFiles(resource), parent, api), ...checkFiles(place, resource)]
}

function checkCollection(
  place: string,
  name: string,
  { definition }: Collection,
  parent: string | undefined,
  api: ApiDefinition,
): Fault[] {
  const faults: Fault[] = []
  const say = (where: string, problem: string) => faults.push({ place: where ? `${place}.${where}` : place, problem })
  if (api.names !== 'found' && isSegment(name) && definition.singular === undefined && !isPlural(name))
    say('', `a collection is named by a plural noun (“${name}” is not one; if it is, say its singular)`)
  const own = new Set(definition.timestamps === 'hidden' || definition.existing ? ['id'] : serverMembers)
  if (parent) own.add(`${camelCase(parent)}Id`)
  for (const [member, schema] of Object.entries(definition.fields)) {
    if (own.has(member)) say(`fields.${member}`, 'comes by itself; leave it out')
    // The members of files are Comity's own.
    else if (definition.fields !== fileFields)
      faults.push(...checkField(`${place}.fields.${member}`, member, schema, api))
  }
  const known = new Set([...own, ...Object.keys(definition.fields)])
  if (Object.values(definition.fields).some(schema => keywordsOf(schema)['x-translatable'])) {
    if (known.has(translationsName)) say(`fields.${translationsName}`, 'comes by itself where texts are translatable')
    if ((api.languages ?? []).length === 0) say('fields', 'has translatable texts, but the API names no languages')
  }
  for (const [alias, target] of Object.entries(definition.filters ?? {})) {
    const at = `filters.${alias}`
    const [member = '', operator = 'eq'] = target.split('.')
    if (alias.length < 2) say(at, 'a parameter needs a telling name, of more than one letter')
    if (!(api.names === 'found' ? isFoundMember : isMember)(alias)) say(at, 'a parameter’s name is camelCase')
    if (reservedWords.has(alias)) say(at, `“${alias}” is a word that every collection understands already`)
    if (known.has(alias)) say(at, 'is the name of a member; choose another')
    if (!known.has(member)) say(at, `points at “${member}”, which is not a field`)
    else if (definition.fields[member] && kindOf(definition.fields[member]) === 'json')
      say(at, `“${member}” is structured and cannot be compared`)
    if (!(operators as readonly string[]).includes(operator))
      say(at, `“${operator}” is not an operator (${operators.join(', ')})`)
  }
  for (const word of (definition.sort ?? '').split(',').filter(Boolean)) {
    const member = word.replace(/^-/, '')
    if (!known.has(member)) say('sort', `“${member}” is not a field`)
  }
  const { default: byDefault = 25, max = 1000 } = definition.limit ?? {}
  if (!(Number.isInteger(byDefault) && Number.isInteger(max) && byDefault >= 1 && byDefault <= max))
    say('limit', 'default and max are whole numbers with 1 ≤ default ≤ max')
  for (const method of definition.methods ?? [])
    if (!['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].includes(method))
      say('methods', `“${method}” is not one of GET, POST, PUT, PATCH, DELETE`)
  if (!['kept', 'none', undefined].includes(definition.history)) say('history', 'must be kept or none')
  faults.push(...checkCaching(`${place}.cacheControl`, definition.cacheControl))
  faults.push(...checkRefusals(place, definition.refusals, api))
  faults.push(...checkExisting(place, { kind: 'collection', definition }, parent))
  for (const [child, nested] of Object.entries(definition.nested ?? {})) {
    const at = `${place}.nested.${child}`
    if (nested.kind === 'related' && (api.versions ?? []).length > 0)
      faults.push({ place: at, problem: 'what is related cannot be seen by older versions; nest it, or end them' })
    else if (nested.kind === 'related' && !parent)
      faults.push(...checkSegment(at, child, api), ...checkRelated(at, nested, name, api.resources))
    else if (nested.kind === 'related' || parent)
      faults.push({ place: at, problem: 'resources go at most two levels deep; make it a collection of its own' })
    else
      faults.push(
        ...checkSegment(at, child, api),
        ...checkItems(at, child, nested, definition.singular ?? singularOf(name), api),
      )
  }
  return faults
}

function checkField(place: string, name: string, schema: TSchema, api: ApiDefinition): Fault[] {
  if (typeof schema !== 'object' || schema === null) return [{ place, problem: 'must be a TypeBox schema' }]
  const faults: Fault[] = []
  const say = (problem: string) => faults.push({ place, problem })
  if (api.names === 'found') {
    if (!isFoundMember(name)) say('a member’s name is letters, digits and _')
  } else if (!isMember(name)) say('a member’s name is camelCase')
  else if (name.length < 2) say('needs a telling name, of more than one letter')
  if (reservedWords.has(name)) say(`“${name}” is a query word that every resource understands`)
  const words = keywordsOf(schema)
  const decimal = words['x-decimal']
  if (decimal && !(decimal.digits >= 1 && decimal.digits <= 15 && decimal.scale >= 0 && decimal.scale < decimal.digits))
    say('a decimal has 1–15 digits in all, and fewer than that after the point')
  faults.push(...checkPatterns(place, schema))
  if (faults.length > 0) return faults
  const field = fieldOf(name, schema)
  const wrong = field.byDefault === undefined ? undefined : field.fault(field.byDefault)
  if (wrong) say(`the default ${wrong}`)
  if (field.access === 'read-only' && field.presence === 'required' && field.byDefault === undefined)
    say('is read-only and required, so it needs a default')
  if (field.references !== undefined) faults.push(...checkReference(place, field, api))
  return faults
}

function checkReference(place: string, { references = '', kind }: Field, api: ApiDefinition): Fault[] {
  const resource = api.resources[references]
  if (resource?.kind !== 'collection')
    return [{ place, problem: `refers to “${references}”, which is not a collection of this API` }]
  const { id } = resource.definition
  const held = id === 'integer' || (typeof id === 'object' && kindOf(id) === 'integer') ? 'integer' : 'text'
  if (kind === held) return []
  const cure = `reference('${references}'${held === 'integer' ? ", { ids: 'integer' }" : ''})`
  return [
    {
      place,
      problem: `refers to “${references}”, whose ids are ${held === 'integer' ? 'whole numbers' : 'text'}: ${cure}`,
    },
  ]
}

function checkRefusals(place: string, codes: readonly string[] = [], api: ApiDefinition): Fault[] {
  return codes
    .filter(code => !problemKinds.has(code) && !api.problems?.[code])
    .map(code => ({
      place: `${place}.refusals`,
      problem: `“${code}” is not in the problem registry; add it under problems`,
    }))
}

function checkService(place: string, { definition }: Service, api: ApiDefinition): Fault[] {
  const faults: Fault[] = []
  for (const part of ['input', 'output', 'query'] as const)
    for (const [member, schema] of Object.entries((definition[part] ?? {}) as Record<string, TSchema>))
      faults.push(...checkField(`${place}.${part}.${member}`, member, schema, api))
  if (definition.query && definition.method !== 'POST')
    faults.push({ place: `${place}.query`, problem: 'the query words of a GET are its input' })
  if (definition.effect === 'writes' && definition.method !== 'POST')
    faults.push({ place: `${place}.method`, problem: 'a service that writes answers POST' })
  if (definition.duration === 'long' && definition.method === 'GET')
    faults.push({ place: `${place}.method`, problem: 'a service declared long answers POST' })
  if (definition.duration === 'long' && definition.effect === 'writes')
    faults.push({ place: `${place}.effect`, problem: 'long work writes in transactions of its own, by context.write' })
  const { timeout } = definition
  if (timeout !== undefined && !(Number.isInteger(timeout) && timeout >= 1 && timeout <= 600_000))
    faults.push({ place: `${place}.timeout`, problem: 'is whole milliseconds, from 1 to 600,000' })
  faults.push(...checkCaching(`${place}.cacheControl`, definition.cacheControl))
  faults.push(...checkRefusals(place, definition.refusals, api))
  return faults
}

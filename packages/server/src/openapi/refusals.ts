// Which problems an operation may be refused with, by what it does. The order is that of the gates.
import { problemKinds } from '@comity/http'
import type { ApiModel, CollectionModel, Field, ServiceModel } from '../model/model.ts'

type Codes = readonly string[]

/** Any request: its message, its target, the state of the server. */
export const anyRequest: Codes = [
  'malformed-request',
  'malformed-uri',
  'preference-unsupported',
  'misdirected-request',
  'version-unknown',
  'request-timeout',
  'uri-too-long',
  'expectation-failed',
  'header-fields-too-large',
  'internal-error',
  'service-unavailable',
]

const withContent: Codes = [
  'malformed-content',
  'undecodable-content',
  'invalid-content',
  'length-required',
  'content-too-large',
  'unsupported-media-type',
  'unsupported-content-coding',
  'invalid-digest',
  'digest-mismatch',
]

/** What brings a file. */
const withFile: Codes = ['file-name-invalid', 'media-type-mismatch', 'too-many-files', 'insufficient-storage']

/** What reaches for stored data: another process may hold the database. */
const onData: Codes = ['overloaded']

/** What answers with a representation that Accept chooses. */
const negotiated: Codes = ['not-acceptable', 'coding-not-acceptable']
const withQuery: Codes = ['invalid-query']
const conditional: Codes = ['invalid-precondition', 'precondition-failed']
const ofWhatIsThere: Codes = ['not-found', 'gone']

export type Act = 'read' | 'query' | 'create' | 'replace' | 'patch' | 'delete' | 'options'

/** The problems of an operation on a collection or one of its items. */
export function refusalsOf(
  model: ApiModel,
  collection: CollectionModel,
  target: 'collection' | 'item',
  act: Act,
): Codes {
  if (act === 'options') return anyRequest
  const codes = [...anyRequest, ...withQuery, ...onData, ...conditional]
  if (act !== 'delete') codes.push(...negotiated)
  if (target === 'item' || collection.parent) codes.push(...ofWhatIsThere)
  if (act === 'read') return codes
  if (act === 'query') return [...codes, ...withContent.filter(code => code !== 'invalid-content')]
  if (act === 'delete')
    return [
      ...codes,
      ...ofReferences(model, collection),
      ...ofPrecondition(collection, target, act),
      ...ofHooks(model, collection, act),
    ]
  if (collection.files) codes.push(...withFile)
  if (collection.translated.length > 0) codes.push('unsupported-content-language')
  codes.push(...withContent, ...ofFields(collection), ...ofPrecondition(collection, target, act))
  if (act === 'create' || act === 'patch') codes.push(...ofKey(collection))
  if (act === 'create' && target === 'collection') codes.push('insufficient-storage')
  if (act === 'replace') codes.push('partial-put')
  if (act === 'replace' || (act === 'create' && collection.ids !== 'uuid')) codes.push('already-exists')
  if (act === 'patch') codes.push(...(target === 'item' ? ['conflict', 'patch-test-failed'] : ['rule-refused']))
  return [...codes, ...ofHooks(model, collection, act)]
}

/** An item that others refer to stays. */
function ofReferences(model: ApiModel, { name, parent }: CollectionModel): Codes {
  // What is seen below an item goes with it.
  const isBelow = ({ parts }: CollectionModel, { column }: Field) =>
    parts.some(({ parentField }) => parentField?.column === column)
  const refers = model.collections.some(
    each => !each.whole && each.fields.some(field => field.references === name && !isBelow(each, field)),
  )
  return refers && !parent ? ['still-referenced'] : []
}

/** Rules that the database keeps over several items. */
function ofFields(collection: CollectionModel): Codes {
  return [
    ...(collection.fields.some(({ unique }) => unique) ? ['already-exists'] : []),
    ...(collection.fields.some(({ references }) => references !== undefined) ? ['rule-refused'] : []),
  ]
}

function ofKey({ idempotency }: Pick<CollectionModel, 'idempotency'>): Codes {
  return [
    ...(idempotency === 'required' ? ['idempotency-key-required'] : []),
    'idempotency-key-invalid',
    'idempotency-key-in-use',
    'idempotency-key-reused',
  ]
}

function ofPrecondition(collection: CollectionModel, target: 'collection' | 'item', act: Act): Codes {
  const asked = collection.preconditions === 'required' && act !== 'create'
  return asked || (act === 'delete' && target === 'collection') ? ['precondition-required'] : []
}

/** Handlers refuse with rows of the API's own; those that services declare as theirs are left to them. */
function ofHooks(model: ApiModel, { hooks, refusals }: CollectionModel, act: Act): Codes {
  const asked =
    act === 'delete'
      ? hooks.removed
      : act === 'create'
        ? (hooks.check ?? hooks.created)
        : (hooks.check ?? hooks.changed)
  return asked ? ['upstream-timeout', ...(refusals ?? ownProblems(model))] : []
}

function ownProblems(model: ApiModel): Codes {
  const ofServices = new Set(model.services.flatMap(({ refusals }) => refusals))
  return [...model.problems.keys()].filter(code => !problemKinds.has(code) && !ofServices.has(code))
}

export function refusalsOfService(service: ServiceModel, act: 'call' | 'options'): Codes {
  if (act === 'options') return anyRequest
  const { method, refusals } = service
  const asked = method === 'GET' ? [...withQuery, ...conditional] : [...withQuery, ...withContent, ...ofKey(service)]
  return [...anyRequest, ...onData, ...asked, ...negotiated, 'upstream-timeout', ...refusals]
}

/** The problems of the API's own pages. */
export function refusalsOfPage(page: 'one-of-many' | 'single' | 'health'): Codes {
  if (page === 'health') return [...anyRequest, ...negotiated]
  return [...anyRequest, ...negotiated, ...conditional, ...(page === 'one-of-many' ? ['not-found'] : [])]
}

// What the operations on collections and items have in common.

import { oneOfThem, spoken } from '../define/names.ts'
import { shapeOf } from '../exchange/shape.ts'
import type { CollectionModel } from '../model/model.ts'
import { shownIn } from './content.ts'
import type { Draft } from './draft.ts'
import type { Parameter, Ref, Response } from './kind.ts'
import { pascalCase } from './names.ts'
import { everyWord } from './parameters.ts'
import { problemResponses } from './problem-responses.ts'
import { type Act, refusalsOf } from './refusals.ts'
import { type Preference, preconditionFields, preferField, requestField, requiredIfMatch } from './request-fields.ts'
import { type ResponseFieldName, responseFields } from './response-fields.ts'
import { sampleItem } from './sample.ts'
import { shownSchema } from './schemas.ts'

/** `accounts`, and for a nested collection `accounts/transactions`. */
export const tagOf = (collection: CollectionModel): string =>
  collection.parent ? `${collection.parent.name}/${collection.name}` : collection.name

/** `Accounts`, `AccountTransactions` */
export const pluralOf = ({ parent, name }: CollectionModel): string =>
  `${parent ? pascalCase(parent.singular) : ''}${pascalCase(name)}`

/** `Account`, `AccountTransaction` */
export const singularOf = ({ parent, singular }: CollectionModel): string =>
  `${parent ? pascalCase(parent.singular) : ''}${pascalCase(singular)}`

/** `of an account`, for what is nested. */
export const ofParent = ({ parent }: CollectionModel): string => (parent ? ` of ${oneOfThem(parent.singular)}` : '')

export type Common = { readonly collection: CollectionModel; readonly act: Act; readonly target: 'collection' | 'item' }

/** Parameters that come with any operation on the collection or its items. */
export function commonParameters(draft: Draft, { collection, act, target }: Common): readonly (Parameter | Ref)[] {
  const guarded = collection.preconditions === 'required' && act !== 'create' && act !== 'read' && act !== 'query'
  const conditions = preconditionFields(draft, act === 'read' || act === 'query' ? 'read' : 'write')
  const writesTexts = collection.translated.length > 0 && act !== 'read' && act !== 'query' && act !== 'delete'
  return [
    ...everyWord(draft),
    ...(guarded && target === 'item' ? [requiredIfMatch(), ...conditions.slice(1)] : conditions),
    ...(act === 'read' || act === 'delete' ? [] : [requestField(draft, 'Content-Encoding')]),
    ...(writesTexts ? [requestField(draft, 'Content-Language')] : []),
    preferField(draft, preferencesOf(act, target)),
    requestField(draft, 'Accept-Language'),
    requestField(draft, 'Accept-Encoding'),
    requestField(draft, 'API-Version'),
  ]
}

/** What an answer says of its language, where texts are kept in several. */
export const inLanguage = ({ translated }: CollectionModel): readonly ResponseFieldName[] =>
  translated.length > 0 ? ['Content-Language'] : []

function preferencesOf(act: Act, target: 'collection' | 'item'): readonly Preference[] {
  if (act === 'delete') return ['respond-async', 'wait', 'handling']
  if (act === 'read' || act === 'query') return target === 'item' ? ['handling'] : ['count', 'handling']
  return ['return', 'respond-async', 'wait', 'handling']
}

/** Every problem the operation may be refused with. */
export function refusedWith(draft: Draft, { collection, act, target }: Common) {
  return problemResponses(draft, refusalsOf(draft.model, collection, target, act))
}

export const notModified = (draft: Draft): Response => ({
  description: 'What you have is still current (RFC 9110 §15.4.5).',
  headers: responseFields(draft, ['ETag', 'Last-Modified', 'Cache-Control'], ['Vary', 'Link', 'X-Total-Count']),
})

/** What was written, unless `return=minimal` asked for nothing. */
export function createdResponse(draft: Draft, collection: CollectionModel): Response {
  const shape = shapeOf(collection, collection.fields)
  const sample = { name: 'created', summary: `The new ${spoken(collection.singular)}`, value: sampleItem(collection) }
  return {
    description: `Created. With \`Prefer: return=minimal\` there is no body.`,
    headers: responseFields(
      draft,
      ['Location', 'ETag', 'Last-Modified', 'Vary'],
      ['Content-Encoding', ...inLanguage(collection), 'Content-Location', 'Cache-Control', 'Preference-Applied'],
    ),
    content: shownIn(shownSchema(draft, collection), shape, [sample]),
  }
}

export const noContent = (draft: Draft, description: string, always: readonly ResponseFieldName[]): Response => ({
  description,
  headers: responseFields(draft, always, ['Preference-Applied']),
})

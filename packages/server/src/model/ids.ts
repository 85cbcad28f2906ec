// Ids: text in paths and in what names an item, whole numbers in the items of collections that count them.
import { integer, text } from '../define/fields.ts'
import type { CollectionModel } from './model.ts'

type WithId = Pick<CollectionModel, 'byName'>

export const hasIntegerIds = ({ byName }: WithId): boolean => byName.get('id')?.kind === 'integer'

const canonical = /^(0|-?[1-9]\d{0,15})$/

/** Whether text may name an item: `07` is not 7, and no second way to it. */
export const mayBeId = (collection: WithId, id: string): boolean =>
  !hasIntegerIds(collection) || (canonical.test(id) && Number.isSafeInteger(Number(id)))

/** An id as it stands in the item. */
export const idValue = (collection: WithId, id: string): string | number =>
  hasIntegerIds(collection) && mayBeId(collection, id) ? Number(id) : id

/** The schema of a member that holds an id of the collection. */
export const idSchema = (collection: WithId, description: string) =>
  hasIntegerIds(collection) ? integer({ description }) : text({ description })

// Ids: text in paths and in what names an item, whole numbers in the items of collections that count them.
import { integer, text } from '../define/fields.ts'
import type { CollectionModel, Field } from './model.ts'

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

/** Whether a new item may say its id, and gets one where it does not. */
export const mayChooseId = ({ ids }: Pick<CollectionModel, 'ids'>): boolean => ids === 'integer' || ids === 'text'

const opened = new WeakMap<readonly Field[], readonly Field[]>()

/** The members of a new item as its content may have them. */
export function fieldsOfNew({ fields, ids }: Pick<CollectionModel, 'fields' | 'ids'>): readonly Field[] {
  if (!mayChooseId({ ids })) return fields
  const known = opened.get(fields)
  if (known) return known
  const open = fields.map(
    (field): Field => (field.name === 'id' ? { ...field, access: 'read-write', presence: 'optional' } : field),
  )
  opened.set(fields, open)
  return open
}

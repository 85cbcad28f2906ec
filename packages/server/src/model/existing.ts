// Where the members of a collection are, in a table or view of others.
import type { Existing } from '../define/existing.ts'
import type { ExistingModel, Field } from './model.ts'

/** The fields with their columns there; an id that is made of several columns, or of none, has none of its own. */
export function storedFields(fields: readonly Field[], existing: Existing | undefined): readonly Field[] {
  if (existing === undefined) return fields
  const { key, columns = {} } = existing
  return fields.map(field => {
    const named = columns[field.name]
    if (field.name === 'id' && key.length !== 1) return field
    const usual = field.name === 'id' ? (key[0] ?? 'id') : field.column
    const { column, as } = typeof named === 'object' ? named : { column: named ?? usual, as: undefined }
    return { ...field, stored: { column, as } }
  })
}

/** @param fields as `storedFields` has them */
export function existingModel(fields: readonly Field[], existing: Existing | undefined): ExistingModel | undefined {
  if (existing === undefined) return undefined
  const { table, kind = 'table', key } = existing
  const kindOf = (column: string) => fields.find(({ stored }) => stored?.column === column)?.kind ?? 'text'
  return { table, kind, key: key.map(column => ({ column, kind: kindOf(column) })) }
}

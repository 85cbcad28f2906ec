// The rows of one list as they stand in its file, and what a commit makes of them.
import type { CollectionModel, Values } from '../../model/model.ts'
import type { Changes } from '../../store/store.ts'
import type { Row } from '../found.ts'
import type { InferredList } from '../infer/definition.ts'

/** By id, in the order of the file. */
export type KeptRows = ReadonlyMap<string, Row>

/** The rows that a list has when it is opened. Those without an id got one. */
export const rowsAtFirst = ({ found, ids }: InferredList): KeptRows =>
  new Map(
    found.rows.map((row, at) => {
      const id = ids.values[at] as string | number
      return [String(id), row.id === undefined || row.id === null ? { id, ...without(row, 'id') } : row]
    }),
  )

/** What was deleted goes, what was changed stays where it is, what is new comes last. `before`, where nothing differs. */
export function rowsAfter(before: KeptRows, { created, changed, deleted }: Changes, list: InferredList): KeptRows {
  const rows = new Map(before)
  let differs = false
  for (const { id } of deleted) differs = rows.delete(id) || differs
  for (const { id, values } of [...changed, ...created]) {
    const [was, is] = [before.get(id), rowOf(values, before.get(id), list)]
    if (JSON.stringify(was) === JSON.stringify(is)) continue
    rows.set(id, is)
    differs = true
  }
  return differs ? rows : before
}

/** Members of an item as the file names them, in the order that the row had, or that most of its list have. */
function rowOf(values: Values, before: Row | undefined, { found, members, nulls }: InferredList): Row {
  const memberOf = (name: string) => (name === 'id' ? 'id' : members.get(name))
  const model = Object.keys(before ?? found.rows[0] ?? {})
  const names = new Set([...(model.includes('id') ? [] : ['id']), ...model, ...members.keys()])
  const row: Record<string, unknown> = {}
  for (const name of names) {
    const member = memberOf(name)
    const value = member === undefined ? undefined : values[member]
    const isSaid = value !== null || nulls.has(name) || before?.[name] === null
    if (value !== undefined && isSaid) row[name] = value
  }
  return row
}

function without(row: Row, name: string): Row {
  const { [name]: _, ...rest } = row
  return rest
}

/** An item of the collection, from a row. */
export function valuesOf(
  collection: CollectionModel,
  row: Row,
  id: string | number,
  { members }: InferredList,
): Values {
  const values: Values = { id }
  for (const [name, member] of members) {
    const value = row[name]
    const field = collection.byName.get(member)
    values[member] = value === undefined || value === null ? null : (field?.normalise(value) ?? value)
  }
  return values
}

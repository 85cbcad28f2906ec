// The rows of one list as they stand in its file, and what a commit makes of them.
import type { CollectionModel, Values } from '../../model/model.ts'
import type { Changes } from '../../store/store.ts'
import type { Row } from '../found.ts'
import type { InferredList } from '../infer/definition.ts'

/** A row, and how the file has it: written once, as long as it stays. */
export type KeptRow = { readonly row: Row; text: string | undefined }

/** By id, in the order of the file. */
export type KeptRows = Map<string, KeptRow>

/** What a commit makes of a list: rows by id, undefined where one is deleted. Those that are new come last, in order. */
export type Edits = ReadonlyMap<string, Row | undefined>

/** The rows that a list has when it is opened. Those without an id got one. */
export const rowsAtFirst = ({ found, ids }: InferredList): KeptRows =>
  new Map(
    found.rows.map((row, at): [string, KeptRow] => {
      const id = ids.values[at] as string | number
      const known = row.id === undefined || row.id === null ? { id, ...without(row, 'id') } : row
      return [String(id), { row: known, text: undefined }]
    }),
  )

/** What differs. */
export function editsOf(rows: KeptRows, { created, changed, deleted }: Changes, list: InferredList): Edits {
  const edits = new Map<string, Row | undefined>()
  for (const { id } of deleted) if (rows.has(id)) edits.set(id, undefined)
  for (const { id, values } of [...changed, ...created]) {
    const was = rows.get(id)?.row
    const is = rowOf(values, was, list)
    if (JSON.stringify(was) !== JSON.stringify(is)) edits.set(id, is)
  }
  return edits
}

/** The texts of a list as the edits leave it, in order. */
export function textsOf(rows: KeptRows, edits: Edits, write: (row: Row) => string): readonly string[] {
  const texts: string[] = []
  for (const [id, kept] of rows) {
    if (edits.has(id)) {
      const row = edits.get(id)
      if (row !== undefined) texts.push(write(row))
      continue
    }
    kept.text ??= write(kept.row)
    texts.push(kept.text)
  }
  for (const [id, row] of edits) if (row !== undefined && !rows.has(id)) texts.push(write(row))
  return texts
}

/** What has become of them: what was changed stays where it is. */
export function apply(rows: KeptRows, edits: Edits): void {
  for (const [id, row] of edits) {
    if (row === undefined) rows.delete(id)
    else rows.set(id, { row, text: undefined })
  }
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

// The id of a row of others: the value of its key column, or the values of several as one text. Such a text joins them
// by `~`; what would be taken for that is written `!0`, and `!` itself `!1`, so that ids need no percent-encoding.
import type { ExistingModel } from '../../../model/model.ts'
import type { Cell } from '../columns.ts'
import { name } from '../schema.ts'

/** The columns in which a view of the rows has their keys. */
export const keyColumns = ({ key }: ExistingModel): readonly string[] => key.map((_, i) => `comity_key_${i + 1}`)

/** The id as SQL, of the row that `row` names: an alias, `NEW` or `OLD`. */
export function idExpression({ kind, key }: ExistingModel, row: string): string {
  const [only, ...more] = key
  if (only === undefined) return kind === 'view' ? 'row_number() OVER ()' : `${row}.rowid`
  const part = ({ column }: { readonly column: string }) => `${row}.${name(column)}`
  if (more.length === 0) return part(only)
  return key.map(one => `replace(replace(${part(one)}, '!', '!1'), '~', '!0')`).join(" || '~' || ")
}

/** Whether no part of the key is null: SQLite lets primary keys be, unless they are whole numbers or told not to. */
export const keyIsThere = ({ key }: ExistingModel, row: string): string =>
  key.map(({ column }) => `${row}.${name(column)} IS NOT NULL`).join(' AND ')

/** The cells of the key that an id stands for; undefined where it cannot be one. */
export function keyCells({ key }: ExistingModel, id: string): readonly Cell[] | undefined {
  const parts = key.length > 1 ? id.split('~').map(unescaped) : [id]
  if (parts.length !== Math.max(key.length, 1)) return undefined
  const cells: Cell[] = []
  for (const [i, part] of parts.entries()) {
    const cell = (key[i]?.kind ?? 'integer') === 'integer' ? wholeNumber(part) : part
    if (cell === undefined) return undefined
    cells.push(cell)
  }
  return cells
}

const unescaped = (part: string): string => part.replaceAll('!0', '~').replaceAll('!1', '!')

/** One row has one id: `07` is not 7. */
function wholeNumber(text: string): number | bigint | undefined {
  if (!/^(0|-?[1-9]\d{0,18})$/.test(text)) return undefined
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : BigInt(text)
}

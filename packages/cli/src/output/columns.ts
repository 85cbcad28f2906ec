// Chosen columns of a list: `id,statistics.viewCount`.
import { UsageError } from './complain.ts'

export type Column = { readonly name: string; readonly steps: readonly string[] }

/**
 * The columns that a word like `id,statistics.viewCount` names. A dot leads into an object or, by a number, an array;
 * `\.` is a dot of the name itself.
 * @throws UsageError where there is none
 */
export function columnsOf(word: string): readonly Column[] {
  const names = word.split(',').map(name => name.trim())
  if (names.some(name => name === ''))
    throw new UsageError(`“${word}” names no columns`, 'Write them with commas between: --columns id,name,address.city')
  return names.map(name => ({ name: name.replaceAll('\\.', '.'), steps: stepsOf(name) }))
}

const stepsOf = (name: string): readonly string[] => name.split(/(?<!\\)\./).map(step => step.replaceAll('\\.', '.'))

/** A row with these columns only; what is not there is undefined. */
export function rowOf(item: unknown, columns: readonly Column[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(columns.map(({ name, steps }) => [name, at(item, name, steps)]))
}

function at(item: unknown, name: string, steps: readonly string[]): unknown {
  // A member whose own name has the dot goes first.
  if (steps.length > 1 && isRecord(item) && Object.hasOwn(item, name)) return item[name]
  let value: unknown = item
  for (const step of steps) {
    if (!isRecord(value) || !Object.hasOwn(value, step)) return undefined
    value = value[step]
  }
  return value
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** The rows of a value: its items, or itself where it is no array. */
export const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

/** The names of all members, in the order in which they first appear; undefined where the items are no objects. */
export function namesOf(items: readonly unknown[]): readonly string[] | undefined {
  const names = new Set<string>()
  for (const item of items) {
    if (!isRecord(item) || Array.isArray(item)) return undefined
    for (const name of Object.keys(item)) names.add(name)
  }
  return [...names]
}

/** A value in a cell: text as it is, nothing for nothing, objects as JSON. */
export function cellOf(value: unknown, json: (value: unknown) => string): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? json(value) : String(value)
}

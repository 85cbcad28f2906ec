// RFC 6902, the other way: the patch that makes one JSON value into another.
import { formatPointer } from './json-pointer.ts'
import { isObject, isSameJson } from './json-value.ts'

export type PatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }

/**
 * Operations that make `from` into a value equal to `to`, of the kind that `applyJsonPatch` applies. Members are changed
 * where they stand; of an array what both begin and end with is left alone. Not the fewest operations there could be.
 */
export function diffJson(from: unknown, to: unknown): readonly PatchOperation[] {
  const operations: PatchOperation[] = []
  compare(from, to, [], operations)
  return operations
}

type Tokens = readonly (string | number)[]

function compare(from: unknown, to: unknown, at: Tokens, operations: PatchOperation[]): void {
  if (Array.isArray(from) && Array.isArray(to)) compareArrays(from, to, at, operations)
  else if (isObject(from) && isObject(to)) compareObjects(from, to, at, operations)
  else if (!isSameJson(from, to)) operations.push({ op: 'replace', path: formatPointer(at), value: to })
}

function compareObjects(
  from: Readonly<Record<string, unknown>>,
  to: Readonly<Record<string, unknown>>,
  at: Tokens,
  operations: PatchOperation[],
): void {
  for (const name of Object.keys(from))
    if (!Object.hasOwn(to, name)) operations.push({ op: 'remove', path: formatPointer([...at, name]) })
  for (const name of Object.keys(to))
    if (Object.hasOwn(from, name)) compare(from[name], to[name], [...at, name], operations)
    else operations.push({ op: 'add', path: formatPointer([...at, name]), value: to[name] })
}

function compareArrays(
  from: readonly unknown[],
  to: readonly unknown[],
  at: Tokens,
  operations: PatchOperation[],
): void {
  const shorter = Math.min(from.length, to.length)
  let before = 0
  while (before < shorter && isSameJson(from[before], to[before])) before++
  let after = 0
  while (after < shorter - before && isSameJson(from[from.length - 1 - after], to[to.length - 1 - after])) after++
  const [ended, ends] = [from.length - after, to.length - after]
  const both = Math.min(ended, ends)
  for (let index = before; index < both; index++) compare(from[index], to[index], [...at, index], operations)
  // From the end, so that the places of those before stay what they are.
  for (let index = ended - 1; index >= both; index--)
    operations.push({ op: 'remove', path: formatPointer([...at, index]) })
  for (let index = both; index < ends; index++)
    operations.push({ op: 'add', path: formatPointer([...at, index]), value: to[index] })
}

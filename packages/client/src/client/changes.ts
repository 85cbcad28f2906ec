// RFC 7396, RFC 6902: what makes one value of another.

/** RFC 7396: the merge patch; undefined where the two are the same. A member that becomes null cannot be told from one that goes. */
export function mergePatch(before: unknown, after: unknown): unknown {
  if (Object.is(before, after)) return undefined
  if (!isObject(before) || !isObject(after)) return isSame(before, after) ? undefined : after
  const patch: Record<string, unknown> = {}
  for (const name of Object.keys(before)) if (after[name] === undefined && before[name] !== null) patch[name] = null
  for (const [name, value] of Object.entries(after)) {
    if (value === undefined) continue
    const changed = Object.hasOwn(before, name) ? mergePatch(before[name], value) : value
    if (changed !== undefined) patch[name] = changed
  }
  return Object.keys(patch).length === 0 ? undefined : patch
}

/** One operation of RFC 6902 §4, as far as a difference needs them. */
export type Operation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }

/** RFC 6902: member by member; an array that differs is replaced as a whole. Empty where the two are the same. */
export function jsonPatch(before: unknown, after: unknown, path = ''): readonly Operation[] {
  if (isSame(before, after)) return []
  if (!isObject(before) || !isObject(after)) return [{ op: 'replace', path, value: after }]
  const operations: Operation[] = []
  for (const name of Object.keys(before)) {
    if (after[name] === undefined) operations.push({ op: 'remove', path: `${path}/${escaped(name)}` })
  }
  for (const [name, value] of Object.entries(after)) {
    if (value === undefined) continue
    const at = `${path}/${escaped(name)}`
    if (Object.hasOwn(before, name)) operations.push(...jsonPatch(before[name], value, at))
    else operations.push({ op: 'add', path: at, value })
  }
  return operations
}

/** Does `now` have everything that the change from `before` to `after` wanted? */
export function holdsChange(before: unknown, after: unknown, now: unknown): boolean {
  if (isSame(before, after)) return true
  if (!isObject(before) || !isObject(after) || !isObject(now)) return isSame(after, now)
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  for (const name of names) if (!holdsChange(before[name], after[name], now[name])) return false
  return true
}

/** Are two values of JSON alike, whatever the order of their members? */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
    return a.every((item, index) => isSame(item, b[index]))
  }
  if (!isObject(a) || !isObject(b)) return false
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  for (const name of names) if (!isSame(a[name], b[name])) return false
  return true
}

/** RFC 6901 §3 */
const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// RFC 8259 values as trees: compared, copied, measured and read by own members only, so that no name is special.

/** An array or an object. */
export type Container = unknown[] | Record<string, unknown>

/** Whether a value is an object, and neither null nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a value is an array or an object. */
export function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null
}

/** Sets an own member, `__proto__` too, which an assignment would take for the prototype. */
export function setMember(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true })
  else object[name] = value
}

/** A copy that shares no object with the value. */
export function copyJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyJson)
  if (!isObject(value)) return value
  const copy: Record<string, unknown> = {}
  for (const name of Object.keys(value)) setMember(copy, name, copyJson(value[name]))
  return copy
}

/** Whether two values are equal as RFC 6902 §4.6 has it: numbers by value, members in any order. */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((element, index) => isSameJson(element, b[index]))
  if (!isObject(a) || !isObject(b)) return false
  const names = Object.keys(a)
  if (names.length !== Object.keys(b).length) return false
  return names.every(name => Object.hasOwn(b, name) && isSameJson(a[name], b[name]))
}

/**
 * About as many characters as the value has in JSON; undefined where that is more than `most`, or where the value
 * nests deeper than `depth` levels (a scalar has none). Stops as soon as it knows.
 */
export function sizeOf(value: unknown, depth: number, most: number): number | undefined {
  let size = 4
  if (typeof value === 'string') size += value.length
  else if (isContainer(value)) {
    if (depth <= 0) return undefined
    for (const name of Object.keys(value)) {
      const inside = sizeOf((value as Record<string, unknown>)[name], depth - 1, most - size)
      if (inside === undefined) return undefined
      size += inside + (Array.isArray(value) ? 0 : name.length)
    }
  }
  return size > most ? undefined : size
}

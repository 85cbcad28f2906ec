// RFC 7396: JSON Merge Patch
import { isObject } from './json-value.ts'

/**
 * The target with the patch merged in: members of the patch replace those of the target, null removes, objects merge,
 * everything else (arrays too) replaces whole. Both are JSON values and stay as they are; a `__proto__` member remains
 * an ordinary own member. Never throws.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const merged = new Map(isObject(target) ? Object.entries(target) : [])
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name)
    else merged.set(name, mergePatch(merged.get(name), value))
  }
  return Object.fromEntries(merged)
}

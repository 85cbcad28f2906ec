// RFC 3986 §5 and RFC 6901: where a reference leads, within the documents that were read.
import { type Documents, isObject } from './document.ts'

/** A value, where it stands: what it refers to is meant from there. */
export type Located = { readonly value: unknown; readonly base: string; readonly pointer: string }

/** References that follow one another, at most. */
const mostSteps = 32

export const rootOf = ({ root, all }: Documents): Located => ({ value: all.get(root), base: root, pointer: '' })

/** A member of what stands there. */
export function member({ value, base, pointer }: Located, name: string | number): Located {
  const inside = typeof value === 'object' && value !== null && Object.hasOwn(value, name)
  const found = inside ? (value as Record<string, unknown>)[name] : undefined
  return { value: found, base, pointer: `${pointer}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}` }
}

/** The members of an object or the elements of a list; none of anything else. */
export const membersOf = (located: Located): readonly (readonly [string, Located])[] =>
  typeof located.value === 'object' && located.value !== null
    ? Object.keys(located.value).map(name => [name, member(located, name)])
    : []

/** Undefined where it leads nowhere, or out of what was read. */
export function locate({ all }: Documents, ref: string, base: string): Located | undefined {
  const [path = '', fragment = ''] = ref.split('#', 2)
  let uri = base
  let tokens: readonly string[]
  try {
    if (path !== '') uri = new URL(path, base).href
    tokens = decodeURIComponent(fragment).split('/').slice(1)
  } catch {
    return undefined
  }
  if (!all.has(uri) || (fragment !== '' && !fragment.startsWith('/'))) return undefined
  let at: Located = { value: all.get(uri), base: uri, pointer: '' }
  for (const token of tokens) at = member(at, token.replaceAll('~1', '/').replaceAll('~0', '~'))
  return at.value === undefined ? undefined : at
}

export const refOf = (value: unknown): string | undefined =>
  isObject(value) && typeof value.$ref === 'string' ? value.$ref : undefined

/** What stands there, or what that refers to; undefined where it leads nowhere or in a circle. */
export function followed(documents: Documents, located: Located): Located | undefined {
  let at = located
  for (let step = 0; step < mostSteps; step++) {
    const ref = refOf(at.value)
    if (ref === undefined) return at
    const next = locate(documents, ref, at.base)
    if (next === undefined) return undefined
    at = next
  }
  return undefined
}

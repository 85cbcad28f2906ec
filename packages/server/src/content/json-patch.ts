// RFC 6902: JSON Patch
import { indexOf, parsePointer } from './json-pointer.ts'
import { type Container, copyJson, isContainer, isObject, isSameJson, setMember, sizeOf } from './json-value.ts'

/**
 * The patched value, or why there is none; `pointer` leads into the patch document. `malformed`: the patch is not one,
 * or asks for more than the bounds allow. `test-failed`: a `test` found another value, or none. `no-target`: a
 * location does not exist.
 */
export type PatchResult =
  | { readonly kind: 'ok'; readonly value: unknown }
  | { readonly kind: 'malformed' | 'test-failed' | 'no-target'; readonly detail: string; readonly pointer: string }

/**
 * What a patch may cost: operations; levels, those of a pointer and of the value put there together; characters of JSON,
 * roughly, put into the document in all.
 */
export type PatchBounds = { readonly operations: number; readonly depth: number; readonly copied: number }

const ordinary: PatchBounds = { operations: 1000, depth: 64, copied: 4_000_000 }

type Fault = Exclude<PatchResult, { kind: 'ok' }>

/** A place in the document: the container it is in, which stays undefined for the whole document, and its last token. */
type Location = { readonly container: Container | undefined; readonly token: string }

/**
 * Applies a patch to a JSON value, all of it or nothing: neither the document nor the patch is changed, and the result
 * shares no object with either. Only own members are seen, so `__proto__` and the like are ordinary names. Never throws.
 */
export function applyJsonPatch(document: unknown, patch: unknown, bounds: PatchBounds = ordinary): PatchResult {
  const fault = (kind: Fault['kind'], detail: string, pointer: string): Fault => ({ kind, detail, pointer })
  if (!Array.isArray(patch)) return fault('malformed', 'A JSON Patch is an array of operations.', '')
  if (patch.length > bounds.operations)
    return fault('malformed', `A JSON Patch may hold ${bounds.operations} operations at most.`, '')
  let value = copyJson(document)
  let copied = 0
  for (const [index, operation] of patch.entries()) {
    const result = step(operation, `/${index}`)
    if (result.kind !== 'ok') return result
    value = result.value
  }
  return { kind: 'ok', value }

  function step(operation: unknown, at: string): PatchResult {
    if (!isObject(operation)) return fault('malformed', 'An operation is an object.', at)
    const op = own(operation, 'op')
    const path = tokensOf(operation, 'path', at)
    if ('kind' in path) return path
    switch (op) {
      case 'add': // §4.1
      case 'replace': // §4.3
      case 'test': {
        if (!Object.hasOwn(operation, 'value')) return fault('malformed', `"${op}" needs a "value".`, at)
        if (op === 'test') return tested(path.tokens, operation.value, at) // §4.6
        if (op === 'replace' && !read(path.tokens)) return missing(at, 'path')
        return put(path.tokens, operation.value, op, at)
      }
      case 'remove': // §4.2
        if (!read(path.tokens)) return missing(at, 'path')
        return removed(path.tokens)
      case 'move': // §4.4
      case 'copy': {
        const from = tokensOf(operation, 'from', at)
        if ('kind' in from) return from
        const source = read(from.tokens)
        if (!source) return missing(at, 'from')
        if (op === 'copy') return put(path.tokens, source.value, 'add', at) // §4.5
        if (from.tokens.every((token, level) => token === path.tokens[level])) {
          if (from.tokens.length === path.tokens.length) return { kind: 'ok', value }
          return fault('malformed', 'A value cannot be moved into itself.', `${at}/path`)
        }
        value = removed(from.tokens).value
        return put(path.tokens, source.value, 'add', at)
      }
      default:
        return fault('malformed', '"op" must be add, remove, replace, move, copy or test.', `${at}/op`)
    }
  }

  function tokensOf(operation: Record<string, unknown>, member: 'path' | 'from', at: string) {
    const pointer = own(operation, member)
    const tokens = typeof pointer === 'string' ? parsePointer(pointer) : undefined
    if (tokens && tokens.length <= bounds.depth) return { tokens }
    const place = pointer === undefined ? at : `${at}/${member}`
    return fault('malformed', tokens ? `"${member}" is too long.` : `"${member}" must be a JSON Pointer.`, place)
  }

  function missing(at: string, member: 'path' | 'from'): Fault {
    return fault('no-target', `There is no value at this "${member}".`, `${at}/${member}`)
  }

  /** The container of a location, where every step to it exists. */
  function locate(tokens: readonly string[]): Location | undefined {
    if (tokens.length === 0) return { container: undefined, token: '' }
    let container: unknown = value
    for (const token of tokens.slice(0, -1)) container = memberOf(container, token)?.value
    return isContainer(container) ? { container, token: tokens.at(-1) as string } : undefined
  }

  function read(tokens: readonly string[]): { readonly value: unknown } | undefined {
    const location = locate(tokens)
    if (!location) return undefined
    return location.container ? memberOf(location.container, location.token) : { value }
  }

  function tested(tokens: readonly string[], expected: unknown, at: string): PatchResult {
    const found = read(tokens)
    if (found && isSameJson(found.value, expected)) return { kind: 'ok', value }
    return fault('test-failed', found ? 'The value is another one.' : 'There is no value to test.', at)
  }

  function put(tokens: readonly string[], given: unknown, how: 'add' | 'replace', at: string): PatchResult {
    const size = sizeOf(given, bounds.depth - tokens.length, bounds.copied - copied)
    if (size === undefined) return fault('malformed', 'The patch makes the document too deep or too large.', at)
    copied += size
    const location = locate(tokens)
    if (!location) return missing(at, 'path')
    const { container, token } = location
    const copy = copyJson(given)
    if (!container) return { kind: 'ok', value: copy }
    if (!Array.isArray(container)) {
      setMember(container, token, copy)
      return { kind: 'ok', value }
    }
    const index = indexOf(token, container.length)
    if (index === undefined) return missing(at, 'path')
    container.splice(index, how === 'replace' ? 1 : 0, copy)
    return { kind: 'ok', value }
  }

  /** Without the value at a location that exists. Of the whole document nothing but null is left. */
  function removed(tokens: readonly string[]): { readonly kind: 'ok'; readonly value: unknown } {
    const { container, token } = locate(tokens) ?? { container: undefined, token: '' }
    if (!container) return { kind: 'ok', value: null }
    if (Array.isArray(container)) container.splice(Number(token), 1)
    else delete container[token]
    return { kind: 'ok', value }
  }
}

function memberOf(container: unknown, token: string): { readonly value: unknown } | undefined {
  if (Array.isArray(container)) {
    const index = indexOf(token, container.length)
    return index === undefined || index === container.length ? undefined : { value: container[index] }
  }
  return isObject(container) && Object.hasOwn(container, token) ? { value: container[token] } : undefined
}

/** A member of an operation that is its own: not one that a prototype lends. */
function own(operation: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(operation, name) ? operation[name] : undefined
}

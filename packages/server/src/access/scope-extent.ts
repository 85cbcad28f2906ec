// RFC 6749 §3.3, and `scopes.ts`: which scopes are part of others, so that what two may do together can be told from their names.

/** Whether whoever has `own` may do all that `scope` lets do. */
export function extendsTo(own: readonly string[], scope: string): boolean {
  if (own.includes(scope)) return true
  const colon = scope.lastIndexOf(':')
  const [name, word] = colon === -1 ? ['', scope] : [scope.slice(0, colon), scope.slice(colon + 1)]
  if (name === '') return false
  switch (word) {
    case 'read':
    case 'write':
      return own.includes(word)
    case 'create':
    case 'change':
    case 'delete':
      return own.includes(`${name}:write`) || own.includes('write')
    case 'call':
      // Which of them a service needs is told by its method.
      return own.includes('read') && own.includes('write')
    default:
      return false
  }
}

/** What is in both, named by the narrower. */
export const common = (one: readonly string[], other: readonly string[]): readonly string[] => [
  ...new Set([...other.filter(scope => extendsTo(one, scope)), ...one.filter(scope => extendsTo(other, scope))]),
]

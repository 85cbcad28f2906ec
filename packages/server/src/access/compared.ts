// The members that row policies look at: each deserves an index.
import { type AccessDefinition, rulesIn } from '../define/access.ts'

export function membersCompared(access: AccessDefinition = []): readonly string[] {
  if (typeof access !== 'string' && !Array.isArray(access)) return []
  const policies = rulesIn(access).flatMap(rule => rule?.rows ?? [])
  return policies.flatMap(policy =>
    String(policy)
      .split('&')
      .map(word => word.split('=')[0]?.split('.')[0] ?? ''),
  )
}

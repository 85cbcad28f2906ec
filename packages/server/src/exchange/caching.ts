// What caches are told that depends on this request: whose answer it is, and what became of it in the cache here.
import { controlForCredentials } from '@comity/http'
import type { Answer } from './answer.ts'
import type { Exchange } from './exchange.ts'

/**
 * RFC 9111 §3.5: an answer to somebody is theirs, unless its resource is declared public. Callers are not told apart yet,
 * only whether they carry credentials; what a caller may be told differently belongs here.
 */
export function forCaller(x: Exchange, answer: Answer): Answer {
  if (x.fields.authorization === undefined && x.fields.cookie === undefined) return answer
  const control = answer.fields['cache-control']
  if (control === undefined) return answer
  const theirs = withCredentials(control)
  return theirs === control ? answer : { ...answer, fields: { ...answer.fields, 'cache-control': theirs } }
}

/** There are as many as resources declare. */
const known = new Map<string, string>()

function withCredentials(control: string): string {
  const before = known.get(control)
  if (before !== undefined) return before
  if (known.size >= 1_000) known.clear()
  const theirs = controlForCredentials(control)
  known.set(control, theirs)
  return theirs
}

/** RFC 9211, where the option asks for it: what the cache of representations had. */
export function withCacheStatus(x: Exchange, answer: Answer): Answer {
  if (x.runtime.cacheStatus === 'left-out' || x.refused !== undefined || !x.isRead()) return answer
  const { kind } = x.target.place
  if (kind !== 'item' && kind !== 'collection') return answer
  const how = x.current.kind === 'kept' ? 'hit' : told[x.stored ?? (x.method === 'QUERY' ? 'method' : 'bypass')]
  return { ...answer, fields: { ...answer.fields, 'cache-status': `comity; ${how}` } }
}

/** §2.2: why it was not answered from the cache, and whether the next one will be. */
const told = {
  new: 'fwd=miss; stored',
  renewed: 'fwd=stale; stored',
  // The revision told that what was kept is still right.
  confirmed: 'fwd=stale; fwd-status=304; stored',
  'too-large': 'fwd=miss',
  method: 'fwd=method',
  bypass: 'fwd=bypass',
} as const

/** What became of a representation that was built. */
export type Stored = 'new' | 'renewed' | 'confirmed' | 'too-large'

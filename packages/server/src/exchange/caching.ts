// What caches are told that depends on this request: whose answer it is, and what became of it in the cache here.
import { controlForCredentials, controlForOne } from '@comity/http'
import { isSameForAll } from '../access/rule.ts'
import type { Answer } from './answer.ts'
import type { Exchange } from './exchange.ts'

/**
 * RFC 9111 §3.5: an answer to somebody is theirs, unless its resource is declared public, and answered the same whoever
 * asks. What depends on who asks says so in Vary.
 */
export function forCaller(x: Exchange, answer: Answer): Answer {
  const isTold = x.caller !== undefined || x.fields.authorization !== undefined || x.fields.cookie !== undefined
  const depends = x.runtime.schemes.length > 0 && dependsOnCaller(x)
  if (!isTold && !depends) return answer
  const { 'cache-control': control, vary } = answer.fields
  const theirs = isTold && control !== undefined ? forOne(control, depends) : control
  const varying = depends && x.refused === undefined ? varyBy(x, vary) : vary
  if (theirs === control && varying === vary) return answer
  return {
    ...answer,
    fields: {
      ...answer.fields,
      ...(theirs !== undefined && { 'cache-control': theirs }),
      ...(varying !== undefined && { vary: varying }),
    },
  }
}

/** Whether another caller, or nobody in particular, might be answered otherwise. */
function dependsOnCaller(x: Exchange): boolean {
  const { place } = x.target
  if (place.kind === 'page' || x.method === 'OPTIONS') return false
  const { access } = x.runtime.model
  const resource = place.kind === 'service' ? place.service : 'collection' in place ? place.collection : undefined
  return access === undefined || resource === undefined || !isSameForAll(access, resource)
}

/** RFC 9110 §12.5.5: the fields that credentials come in. */
function varyBy(x: Exchange, vary: string | undefined): string {
  const names = new Set(x.runtime.schemes.flatMap(({ fields = ['authorization'] }) => fields))
  return [...(vary ? [vary] : []), ...names].join(', ')
}

/** There are as many as resources declare. */
const known = new Map<string, string>()

/** `depends`: not even what is declared public is for others. */
function forOne(control: string, depends: boolean): string {
  const key = `${depends} ${control}`
  const before = known.get(key)
  if (before !== undefined) return before
  if (known.size >= 1_000) known.clear()
  const theirs = depends ? controlForOne(control) : controlForCredentials(control)
  known.set(key, theirs)
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

// What caches may do with an answer, as a definition says it. RFC 9111 §5.2.2, RFC 5861, RFC 8246.
import { formatCacheControl, parseCacheControl } from '@comity/http'
import type { Fault } from './definition-error.ts'

/** Times are whole seconds. What is left out says nothing; without `maxAge` an answer is kept, and asked for each time. */
export type CachePolicy = {
  /** `public`: by anybody, whoever asked. `private`: by the caller alone; so is every answer to who carried credentials. */
  readonly visibility?: 'public' | 'private'
  /** How long it is fresh. */
  readonly maxAge?: number
  /** The same for caches that are shared. */
  readonly sharedMaxAge?: number
  /** How long it may be used after that, while a new one is fetched. */
  readonly staleWhileRevalidate?: number
  /** How long it may be used after that, while the server is not to be reached. */
  readonly staleIfError?: number
  /** `required`: never used once it is stale. */
  readonly revalidation?: 'required'
  /** `never`: what is at this URL stays as it is, so that nobody need ask while it is fresh. */
  readonly changes?: 'never'
}

/** A policy; nobody keeps it; or the field as it is to be sent. */
export type CacheControlDefinition = CachePolicy | 'no-store' | (string & {})

/** The Cache-Control field of a definition that was checked. */
export function cacheControlField(definition: CacheControlDefinition = 'no-cache'): string {
  if (typeof definition === 'string') return definition
  const { visibility, maxAge, sharedMaxAge, staleWhileRevalidate, staleIfError, revalidation, changes } = definition
  return formatCacheControl({
    ...(visibility === 'public' && { public: true }),
    ...(visibility === 'private' && { private: 'all' }),
    ...(maxAge === undefined ? { noCache: 'all' as const } : { maxAge }),
    ...(sharedMaxAge !== undefined && { sMaxage: sharedMaxAge }),
    ...(staleWhileRevalidate !== undefined && { staleWhileRevalidate }),
    ...(staleIfError !== undefined && { staleIfError }),
    ...(revalidation && { mustRevalidate: true }),
    ...(changes && { immutable: true }),
  })
}

const times = ['maxAge', 'sharedMaxAge', 'staleWhileRevalidate', 'staleIfError'] as const
const words: Readonly<Record<string, readonly string[]>> = {
  visibility: ['public', 'private'],
  revalidation: ['required'],
  changes: ['never'],
}

export function checkCaching(place: string, definition: CacheControlDefinition | undefined): readonly Fault[] {
  if (definition === undefined) return []
  if (typeof definition === 'string') return checkField(place, definition)
  if (typeof definition !== 'object' || definition === null)
    return [{ place, problem: 'must be an object, “no-store”, or a Cache-Control field' }]
  const faults: Fault[] = []
  for (const [name, value] of Object.entries(definition)) {
    const at = `${place}.${name}`
    const known = words[name]
    if (known !== undefined) {
      if (!known.includes(value as string)) faults.push({ place: at, problem: `must be ${known.join(' or ')}` })
    } else if (!(times as readonly string[]).includes(name)) faults.push({ place: at, problem: 'is not known' })
    else if (!(Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 2 ** 31))
      faults.push({ place: at, problem: 'must be whole seconds' })
  }
  const { visibility, maxAge, sharedMaxAge, staleWhileRevalidate, staleIfError, revalidation, changes } = definition
  const contradicts = (name: string, problem: string) => faults.push({ place: `${place}.${name}`, problem })
  if (visibility === 'private' && sharedMaxAge !== undefined)
    contradicts('sharedMaxAge', 'is for shared caches, which may not keep what is private')
  for (const [name, value] of Object.entries({ sharedMaxAge, staleWhileRevalidate, staleIfError, changes }))
    if (value !== undefined && maxAge === undefined) contradicts(name, 'needs a maxAge')
  if (revalidation === 'required' && (staleWhileRevalidate !== undefined || staleIfError !== undefined))
    contradicts('revalidation', 'contradicts the times for which a stale answer may be used')
  return faults
}

/** A field that is sent as it is: what a cache would not understand, it would not keep. */
function checkField(place: string, field: string): readonly Fault[] {
  if (!/^[\x20-\x7e]+$/.test(field)) return [{ place, problem: 'must be a Cache-Control field, in ASCII' }]
  const faults: Fault[] = []
  for (const [, name, value] of field.matchAll(/\b(max-age|s-maxage|stale-[a-z-]+)(?:=([^,\s]*))?/gi))
    if (!/^"?\d+"?$/.test(value ?? '')) faults.push({ place, problem: `the seconds of ${name} are not a whole number` })
  if (formatCacheControl(parseCacheControl(field)) === '') faults.push({ place, problem: 'has no directive' })
  return faults
}

// What the cache says in the trace.
import { type Cache, currentAge, freshnessLifetime, parseCacheControl, type StoredResponse } from '@comity/http'

/** `3 s`, `86,400 s`; whole seconds, as HTTP counts. */
const seconds = (ms: number): string => `${grouped(Math.floor(ms / 1000))} s`

/** `1,234`; toLocaleString takes a hundred times as long, and a hit has to be quick. */
export function grouped(count: number): string {
  return count < 1000 ? String(count) : String(count).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

/** Ms. */
export type Ages = { readonly age: number; readonly lifetime: number }

export function agesOf(stored: StoredResponse, now: number, policy: Cache): Ages {
  return { age: currentAge(stored, now), lifetime: freshnessLifetime(stored, policy).ms }
}

/** `age 3 s of 60 s` */
export function ageWords({ age, lifetime }: Ages): string {
  return `age ${seconds(age)} of ${seconds(lifetime)}`
}

/** How long a response that was stored just now will do. */
export function lifetimeWords(stored: StoredResponse, policy: Cache): string {
  const { kind, ms } = freshnessLifetime(stored, policy)
  const always = parseCacheControl(stored.fields['cache-control']).noCache === 'all'
  if (always || kind === 'none' || ms === 0) return 'to be revalidated before each use'
  return kind === 'heuristic' ? `fresh for ${seconds(ms)}, by Last-Modified` : `fresh for ${seconds(ms)}`
}

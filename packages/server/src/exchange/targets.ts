// Targets read before, with the representations kept for them. Bounded in number and in bytes, the least used go first.
import { LRUCache } from 'lru-cache'
import { majorOf } from '../define/names.ts'
import type { ApiModel } from '../model/model.ts'
import { type Kept, sizeOf } from './representation.ts'
import { noneKept, readTarget, type Target } from './target.ts'

export type Targets = {
  /** `byField`: the version that the API-Version field names. */
  readonly of: (url: string, byField: string | undefined) => Target
  /** The same target, with representations of its own for those who see the same part of what is there. */
  readonly seen: (target: Target, view: string) => Target
  /** Whether a representation is kept for a URL, as the newest version's. */
  readonly isKept: (url: string) => boolean
  /** Remember one variant of a URL's representations; what would take the place of too many others is not. */
  readonly keep: (target: Target, variant: number, kept: Kept) => boolean
}

const mostTargets = 20_000

/** `limits.cache` bytes in all; 0 keeps no representation. */
export function targetsOf(model: ApiModel): Targets {
  const bytes = model.limits.cache
  const known = new LRUCache<string, Target>({
    max: mostTargets,
    maxSize: Math.max(bytes, 4 * 1024 * 1024),
    sizeCalculation: sizeOfTarget,
  })
  return {
    of(url, byField) {
      const version = byField === undefined || model.versions.size === 0 ? undefined : versionNamed(model, byField, url)
      const key = version === undefined ? url : `${version} ${url}`
      const target = known.get(key)
      if (target !== undefined) return target
      const read = readTarget(url, model, version)
      const keyed = version === undefined ? read : { ...read, key }
      // What a site is asked is asked once.
      if (read.place.kind !== 'too-long' && read.place.kind !== 'site') known.set(key, keyed)
      return keyed
    },
    seen(target, view) {
      // No URL begins like this, nor does a version.
      const key = `~${view} ${target.key ?? target.url}`
      const mine = known.get(key)
      if (mine !== undefined) return mine
      const made = { ...target, key, view, kept: noneKept }
      known.set(key, made)
      return made
    },
    isKept: url => (known.peek(url)?.kept.size ?? 0) > 0,
    keep(target, variant, kept) {
      if (sizeOf(kept) > bytes / 8) return false
      const { key = target.url } = target
      const before = (known.get(key) ?? target).kept
      known.set(key, { ...target, kept: new Map(before).set(variant, kept) })
      return true
    },
  }
}

/** A version that makes another target of the URL than the URL alone does. What is not served is told of by its gate. */
function versionNamed(model: ApiModel, byField: string, url: string): string | undefined {
  if (/^\/v[0-9]/.test(url)) return undefined
  if (model.versions.has(byField)) return byField
  return byField === majorOf(model.version) && url.includes('v=') ? byField : undefined
}

function sizeOfTarget({ url, words, kept }: Target): number {
  let size = 500 + url.length * 4 + words.length * 100
  for (const one of kept.values()) size += sizeOf(one)
  return size
}

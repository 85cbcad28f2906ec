// Targets read before, with the representations kept for them. Bounded in number and in bytes, the least used go first.
import { LRUCache } from 'lru-cache'
import type { ApiModel } from '../model/model.ts'
import { type Kept, sizeOf } from './representation.ts'
import { readTarget, type Target } from './target.ts'

export type Targets = {
  readonly of: (url: string) => Target
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
    of(url) {
      const target = known.get(url)
      if (target !== undefined) return target
      const read = readTarget(url, model)
      if (read.place.kind !== 'too-long') known.set(url, read)
      return read
    },
    keep(target, variant, kept) {
      if (sizeOf(kept) > bytes / 8) return false
      const before = (known.get(target.url) ?? target).kept
      known.set(target.url, { ...target, kept: new Map(before).set(variant, kept) })
      return true
    },
  }
}

function sizeOfTarget({ url, words, kept }: Target): number {
  let size = 500 + url.length * 4 + words.length * 100
  for (const one of kept.values()) size += sizeOf(one)
  return size
}

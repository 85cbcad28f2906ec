// A cache store in the memory of this process: bounded by bytes and by entries, least recently used first to go.
import { invalidated } from '@comity/http'
import { boundsOf, type CacheStore, type Kept, type StoreBounds, variantLimit, weightOf } from './store.ts'

type Entry = {
  readonly kept: Kept
  readonly key: string
  readonly url: string
  readonly content: Uint8Array
  readonly weight: number
}

const nothing: readonly Kept[] = []

/** A store for `cache()` that ends with the process. */
export function memoryStore(asked: StoreBounds = {}): CacheStore {
  const bounds = boundsOf(asked)
  // In the order of their last use, since a Map keeps the order of insertion.
  const entries = new Map<number, Entry>()
  const byKey = new Map<string, readonly Kept[]>()
  const byUrl = new Map<string, Set<number>>()
  let bytes = 0
  let nextId = 1

  const add = (entry: Entry): void => {
    entries.set(entry.kept.id, entry)
    bytes += entry.weight
    while (entries.size > bounds.entries || bytes > bounds.bytes) {
      const [oldest] = entries.keys()
      if (oldest === undefined) return
      remove(oldest)
    }
  }
  const remove = (id: number): void => {
    const entry = entries.get(id)
    if (entry === undefined) return
    entries.delete(id)
    bytes -= entry.weight
    const rest = (byKey.get(entry.key) ?? nothing).filter(kept => kept.id !== id)
    if (rest.length === 0) byKey.delete(entry.key)
    else byKey.set(entry.key, rest)
    const ids = byUrl.get(entry.url)
    ids?.delete(id)
    if (ids?.size === 0) byUrl.delete(entry.url)
  }
  const refresh: CacheStore['refresh'] = ({ id }, response) => {
    const entry = entries.get(id)
    if (entry === undefined) return
    const { key, url, content, weight } = entry
    const kept = { ...response, id, reason: entry.kept.reason, target: entry.kept.target }
    byKey.set(
      key,
      (byKey.get(key) ?? nothing).map(one => (one.id === id ? kept : one)),
    )
    entries.delete(id)
    bytes -= weight
    add({ kept, key, url, content, weight: weightOf(url, response, content.length) })
  }
  const clear = (): void => {
    entries.clear()
    byKey.clear()
    byUrl.clear()
    bytes = 0
  }

  return {
    variants: key => byKey.get(key) ?? nothing,
    content({ id }) {
      const entry = entries.get(id)
      if (entry === undefined) return undefined
      entries.delete(id)
      entries.set(id, entry)
      return entry.content
    },
    put(key, url, response, content, replaced) {
      for (const { id } of replaced) remove(id)
      const weight = weightOf(url, response, content.length)
      if (weight > bounds.entryBytes || weight > bounds.bytes || bounds.entries < 1) return false
      const present = byKey.get(key) ?? nothing
      const [oldest] = present
      if (oldest !== undefined && present.length >= variantLimit) remove(oldest.id)
      const kept = { ...response, id: nextId++ }
      byKey.set(key, [...(byKey.get(key) ?? nothing), kept])
      const ids = byUrl.get(url)
      if (ids === undefined) byUrl.set(url, new Set([kept.id]))
      else ids.add(kept.id)
      add({ kept, key, url, content, weight })
      return true
    },
    refresh,
    remove(gone) {
      for (const { id } of gone) remove(id)
    },
    invalidate(url) {
      const ids = [...(byUrl.get(url) ?? [])]
      for (const id of ids) {
        const entry = entries.get(id)
        if (entry !== undefined) refresh(entry.kept, invalidated(entry.kept))
      }
      return ids.length
    },
    clear,
    size: () => ({ entries: entries.size, bytes }),
    close: clear,
  }
}

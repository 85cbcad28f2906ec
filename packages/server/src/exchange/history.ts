// What items were, as their callers saw them: the bases that differences are told from. In memory, and bounded.
import { LRUCache } from 'lru-cache'

export type History = {
  /** Remembers the JSON of an item's representation, by the path of the item and its entity tag without a coding. */
  readonly note: (path: string, opaque: string, json: Uint8Array) => void
  readonly find: (path: string, opaque: string) => Uint8Array | undefined
}

/** `bytes` for all of it; those that were asked for least lately are forgotten first. */
export function historyOf(bytes: number): History {
  if (bytes <= 0) return { note: () => {}, find: () => undefined }
  const known = new LRUCache<string, Uint8Array>({
    maxSize: bytes,
    // A body alone would not be counted right: it may be a view of a larger buffer, and has a key.
    sizeCalculation: (json, key) => json.length + key.length * 2 + 200,
  })
  const keyOf = (path: string, opaque: string) => `${path}\n${opaque}`
  return {
    note: (path, opaque, json) => void known.set(keyOf(path, opaque), json),
    find: (path, opaque) => known.get(keyOf(path, opaque)),
  }
}

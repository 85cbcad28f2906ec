// RFC 9110 §15.1: what a cache asks of a status. The registry says it too, with texts that a cache has no use for; the
// test of statuses holds the two together.

/** Cacheable without being told so. */
export const heuristicallyCacheable: ReadonlySet<number> = new Set([
  200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 451, 501,
])

/** Not stored as a response of its own, whatever its fields say. */
export const neverCacheable: ReadonlySet<number> = new Set([100, 101, 102, 103, 104, 304, 428, 429, 431, 444, 499, 511])

const registered: readonly (readonly [first: number, last: number])[] = [
  [100, 104],
  [200, 208],
  [226, 226],
  [300, 308],
  [400, 418],
  [421, 426],
  [428, 429],
  [431, 431],
  [451, 451],
  [500, 508],
  [510, 511],
]

/** Is it in the registry of IANA? */
export const isRegistered = (code: number): boolean =>
  Number.isInteger(code) && registered.some(([first, last]) => code >= first && code <= last)

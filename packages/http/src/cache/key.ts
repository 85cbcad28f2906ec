// RFC 9111 §2: cache keys, and RFC 10008 §2.7: those of QUERY

/** The URL as keys have it: absolute, normalised, without fragment. `undefined` where it is no absolute URL. */
export function cacheUrl(url: string, base?: string): string | undefined {
  if (base !== undefined) return normalised(url, base)
  if (normal.has(url)) return normal.get(url)
  const found = normalised(url)
  if (normal.size >= 500) normal.clear()
  if (url.length <= 500) normal.set(url, found)
  return found
}

/** Parsing a URL takes longer than all else that a cache does to answer. */
const normal = new Map<string, string | undefined>()

function normalised(url: string, base?: string): string | undefined {
  if (!URL.canParse(url, base)) return undefined
  const parsed = new URL(url, base)
  parsed.hash = ''
  return parsed.href
}

/**
 * The primary key under which the responses to a request are kept; those that differ by `Vary` share it. HEAD is
 * answered from GET's. For QUERY give a digest of the content together with its `Content-Type` and `Content-Encoding`,
 * since two contents are two questions. `undefined` where the request has no key: another method, a QUERY without
 * digest, a URL that is not absolute.
 */
export function cacheKey(method: string, url: string, contentDigest?: string): string | undefined {
  const target = cacheUrl(url)
  if (target === undefined) return undefined
  if (method === 'GET' || method === 'HEAD') return `GET ${target}`
  return method === 'QUERY' && contentDigest !== undefined ? `QUERY ${target} ${contentDigest}` : undefined
}

/** Is this the key of a response from that URL, by whatever method? For invalidation (RFC 9111 §4.4). */
export function isKeyOf(key: string, url: string): boolean {
  const target = cacheUrl(url)
  return target !== undefined && key.split(' ')[1] === target
}

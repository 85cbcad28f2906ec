// RFC 6265 §6.1: a jar is bounded, else a server could make it grow, and with it each request.
import type { Cookie, CookieJar } from 'tough-cookie'

/** Cookies of one response, of one domain, and in all; characters of one, its attributes included. */
const most = { response: 100, domain: 100, all: 3000, line: 8192 }

/** Keeps what a response sets. What is not well-formed, or for somebody else's domain, is not kept (§5.3). */
export function setAll(jar: CookieJar, lines: readonly string[], url: string): void {
  for (const line of lines.slice(0, most.response))
    if (line.length <= most.line) jar.setCookieSync(line, url, { ignoreError: true })
  shrink(jar)
}

/** §5.3: beyond a bound, those that were used least recently go first. */
function shrink({ store }: CookieJar): void {
  let all: Cookie[] = []
  // The store is in memory, and answers at once.
  store.getAllCookies((_, cookies = []) => {
    all = cookies
  })
  if (all.length <= most.domain) return
  const used = ({ lastAccessed }: Cookie) => (lastAccessed instanceof Date ? lastAccessed.getTime() : 0)
  const oldest = all.toSorted((a, b) => used(a) - used(b) || (a.creationIndex ?? 0) - (b.creationIndex ?? 0))
  const counts = new Map<string | null, number>()
  for (const { domain } of oldest) counts.set(domain, (counts.get(domain) ?? 0) + 1)
  let total = oldest.length
  for (const { domain, path, key } of oldest) {
    const count = counts.get(domain) ?? 0
    if (count <= most.domain && total <= most.all) continue
    store.removeCookie(domain, path, key, () => {})
    counts.set(domain, count - 1)
    total--
  }
}

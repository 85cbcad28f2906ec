// RFC 9309: the Robots Exclusion Protocol

/** A path pattern, normalised (§2.2.2). `*` stands for anything; `$` at the end for the end. */
export type RobotsRule = { readonly kind: 'allow' | 'disallow'; readonly pattern: string }

/** What concerns one crawler: the rules of all its groups, in order. */
export type Robots = {
  readonly rules: readonly RobotsRule[]
  /** Seconds between two requests. Not of the RFC, and in wide use. */
  readonly crawlDelay: number | undefined
  /** Absolute URLs, as written: they concern everybody. */
  readonly sitemaps: readonly string[]
}

/** §2.5: at least so much is read; what comes after is not looked at. */
export const robotsLimit = 500 * 1024

/** §2.3.1.3: unavailable (4xx) means that everything may be fetched. */
export const allowAll: Robots = { rules: [], crawlDelay: undefined, sitemaps: [] }
/** §2.3.1.4: unreachable (5xx, or no answer) means that nothing may. */
export const disallowAll: Robots = {
  rules: [{ kind: 'disallow', pattern: '/' }],
  crawlDelay: undefined,
  sitemaps: [],
}

/** What a robots.txt says to the crawler whose product token is `agent` (§2.2.1: letters, `_` and `-`, in any case). */
export function parseRobots(text: string, agent: string): Robots {
  const own: Reading = { rules: [], crawlDelay: undefined }
  const everybody: Reading = { rules: [], crawlDelay: undefined }
  const sitemaps: string[] = []
  const token = agent.toLowerCase()
  let isForOwn = false
  let isForEverybody = false
  let hasOwn = false
  let inHeader = false
  // §2.2.1: the first user-agent line after a rule begins a group.
  for (const [key, value] of records(text)) {
    if (key === 'user-agent') {
      if (!inHeader) {
        isForOwn = false
        isForEverybody = false
      }
      inHeader = true
      if (/^\*(?:\s|$)/.test(value)) isForEverybody = true
      else if (productToken(value) === token) {
        isForOwn = true
        hasOwn = true
      }
    } else if (key === 'allow' || key === 'disallow') {
      inHeader = false
      // §2.2.2: an empty pattern matches nothing.
      if (value === '') continue
      const rule: RobotsRule = { kind: key, pattern: normalizedPattern(value) }
      if (isForOwn) own.rules.push(rule)
      if (isForEverybody) everybody.rules.push(rule)
    } else if (key === 'crawl-delay') {
      // §2.2.4: other records do not interfere: the header goes on after one.
      const seconds = /^\d{1,6}(?:\.\d{1,6})?$/.test(value) ? Number(value) : undefined
      if (isForOwn) own.crawlDelay ??= seconds
      if (isForEverybody) everybody.crawlDelay ??= seconds
    } else if (key === 'sitemap') sitemaps.push(value)
  }
  return { ...(hasOwn ? own : everybody), sitemaps }
}

type Reading = { rules: RobotsRule[]; crawlDelay: number | undefined }

/** §2.2: key and value of each line that has a colon; keys in lower case, comments and space around left out. */
function* records(text: string): Generator<readonly [string, string]> {
  const known = text.startsWith('\ufeff') ? text.slice(1) : text
  for (const line of known.split(/\r\n|\r|\n/)) {
    const comment = line.indexOf('#')
    const said = comment === -1 ? line : line.slice(0, comment)
    const colon = said.indexOf(':')
    if (colon !== -1) yield [said.slice(0, colon).trim().toLowerCase(), said.slice(colon + 1).trim()]
  }
}

/** The product token of an identification: `ExampleBot` of `ExampleBot/0.1`, in lower case. §2.2.1. */
export function productToken(identification: string): string {
  return /^[A-Za-z_-]*/.exec(identification)?.[0].toLowerCase() ?? ''
}

/** Whether a URL may be fetched, and the rule that says so. §2.2.2: the longest wins, and allow where two are alike. */
export function isAllowed(
  { rules }: Robots,
  url: string,
): { readonly allowed: boolean; readonly rule: RobotsRule | undefined } {
  const { pathname, search } = new URL(url)
  // §2.2.2: /robots.txt itself is always allowed.
  if (pathname === '/robots.txt') return { allowed: true, rule: undefined }
  const path = normalizedPath(pathname + search)
  let best: RobotsRule | undefined
  for (const rule of rules) {
    const length = rule.pattern.length
    const isBetter = !best || length > best.pattern.length || (length === best.pattern.length && rule.kind === 'allow')
    if (isBetter && matches(rule.pattern, path)) best = rule
  }
  return { allowed: best?.kind !== 'disallow', rule: best }
}

// Between stars each piece is looked for as early as it stands; so nothing is tried twice.
function matches(pattern: string, path: string): boolean {
  const isAnchored = pattern.endsWith('$')
  const pieces = (isAnchored ? pattern.slice(0, -1) : pattern).split('*')
  const last = pieces.length - 1
  let at = 0
  for (const [index, piece] of pieces.entries()) {
    if (index === 0) {
      if (!path.startsWith(piece)) return false
      at = piece.length
      if (last === 0) return !isAnchored || at === path.length
    } else if (index === last && isAnchored) {
      return path.length - piece.length >= at && path.endsWith(piece)
    } else {
      const found = path.indexOf(piece, at)
      if (found === -1) return false
      at = found + piece.length
    }
  }
  return true
}

/** §2.2.3: a literal star or dollar is written in percent-encoding, so that none in a path is taken for a pattern's. */
function normalizedPath(path: string): string {
  return normalized(path).replace(/[*$]/g, c => (c === '*' ? '%2A' : '%24'))
}

function normalizedPattern(pattern: string): string {
  return normalized(pattern).replace(/\$(?!$)/g, '%24')
}

/** §2.2.2: beyond ASCII in percent-encoding, and unreserved characters never so; hexadecimal digits in upper case. */
function normalized(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\x21-\x7e]+/g, encodeURIComponent)
    .replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => {
      const character = String.fromCharCode(Number.parseInt(digits, 16))
      return /[A-Za-z0-9\-._~]/.test(character) ? character : `%${digits.toUpperCase()}`
    })
}

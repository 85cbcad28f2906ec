// What a scheme of authentication answers by itself: metadata, endpoints, pages. It passed the gates as all else did.
import type { Scheme, Site } from '../auth/scheme.ts'
import type { Later } from '../store/store.ts'
import type { Answer } from './answer.ts'
import type { Exchange } from './exchange.ts'

/** Of several that answer one path the first does. */
export function sitesOf(schemes: readonly Scheme[]): ReadonlyMap<string, Site> {
  const sites = new Map<string, Site>()
  for (const { sites: own = [] } of schemes)
    for (const site of own) for (const path of site.paths) if (!sites.has(path)) sites.set(path, site)
  return sites
}

/** The site of a path, or of what is above it. */
export function siteOf(x: Exchange, path: string): Site | undefined {
  const { sites } = x.runtime
  for (let above = path; above !== ''; above = above.slice(0, Math.max(0, above.lastIndexOf('/')))) {
    const site = sites.get(above)
    if (site !== undefined) return site
  }
  return undefined
}

export function answerSite(x: Exchange, path: string): Later<Answer> {
  const site = siteOf(x, path)
  if (site === undefined) throw new TypeError(`nothing answers ${path}`)
  return site.answer(x, path)
}

// The images that a page shows or names: every way that HTML and CSS have of saying so.
import { parseSrcset } from 'srcset'
import { attribute, type Element, type Page, resolved, tokens, withoutFragment } from './page.ts'
import { urlsOfStyle } from './style.ts'

export type ImageReference = {
  /** Absolute http(s), without a fragment; or a `data:` URL, which holds the image itself. */
  readonly url: string
  /** Where it was found: `img src`, `source srcset`, `style url()`. */
  readonly from: string
}

export type Found = {
  /** Each URL once, in the order of the page. */
  readonly images: readonly ImageReference[]
  /** Whose `url()`s are images of the page too. */
  readonly styleSheets: readonly string[]
}

/** Which images of a `srcset` are meant: every one, or only the widest. */
export type Sizes = 'all' | 'largest'

export function imagesOf(page: Page, sizes: Sizes = 'all'): Found {
  const images = new Map<string, ImageReference>()
  const styleSheets = new Set<string>()
  for (const element of page.elements) {
    for (const [from, reference] of referencesOf(element, sizes)) {
      const url = imageUrl(reference, page.base)
      if (url !== undefined && !images.has(url)) images.set(url, { url, from })
    }
    const imports = element.tagName === 'style' ? urlsOfStyle(contentOf(element)).imports : []
    const linked = isLink(element, 'stylesheet') ? [attribute(element, 'href') ?? ''] : []
    for (const reference of [...imports, ...linked]) {
      const url = reference === '' ? undefined : resolved(reference, page.base)
      if (url !== undefined) styleSheets.add(withoutFragment(url))
    }
  }
  return { images: [...images.values()], styleSheets: [...styleSheets] }
}

/** A reference as one image; undefined where it is none: empty, a part of the page itself, of another scheme. */
export function imageUrl(reference: string, base: string): string | undefined {
  const text = reference.trim()
  if (text === '' || text.startsWith('#')) return undefined
  if (/^data:image\//i.test(text)) return text
  const url = resolved(text, base)
  return url && withoutFragment(url)
}

type Named = readonly [from: string, reference: string]

function referencesOf(element: Element, sizes: Sizes): readonly Named[] {
  const named = (name: string): readonly Named[] => {
    const value = attribute(element, name)
    return value === undefined ? [] : [[`${element.tagName} ${name}`, value]]
  }
  const sets = (name: string): readonly Named[] =>
    candidates(attribute(element, name) ?? '', sizes).map(url => [`${element.tagName} ${name}`, url])
  return [
    ...ownReferences(element, named, sets),
    ...named('background'),
    ...urlsOfStyle(attribute(element, 'style') ?? '').images.map((url): Named => ['style url()', url]),
  ]
}

type Find = (name: string) => readonly Named[]

function ownReferences(element: Element, named: Find, sets: Find): readonly Named[] {
  switch (element.tagName) {
    case 'img':
      // `data-src` is where pages that load images late, by script, say what they will load.
      return [...named('src'), ...sets('srcset'), ...named('data-src'), ...sets('data-srcset')]
    case 'source':
      return isIn(element, 'picture') ? [...(named('srcset').length ? sets('srcset') : []), ...sets('data-srcset')] : []
    case 'input':
      return tokens(element, 'type').includes('image') ? named('src') : []
    case 'video':
      return named('poster')
    case 'image': // of SVG
      return [...named('href'), ...named('xlink:href')]
    case 'object':
      return /^image\//i.test(attribute(element, 'type') ?? '') ? named('data') : []
    case 'link':
      if (['icon', 'apple-touch-icon', 'mask-icon'].some(rel => isLink(element, rel))) return named('href')
      if (isLink(element, 'preload') && tokens(element, 'as').includes('image'))
        return [...named('href'), ...sets('imagesrcset')]
      return []
    case 'meta': {
      const name = (attribute(element, 'property') ?? attribute(element, 'name') ?? '').toLowerCase()
      return /^(?:og:image(?::(?:secure_)?url)?|twitter:image(?::src)?)$/.test(name) ? named('content') : []
    }
    case 'style':
      return urlsOfStyle(contentOf(element)).images.map(url => ['style url()', url])
    default:
      return []
  }
}

function candidates(srcset: string, sizes: Sizes): readonly string[] {
  const found = parseSrcset(srcset)
  if (sizes === 'all' || found.length === 0) return found.map(({ url }) => url)
  const weight = ({ width, density }: (typeof found)[number]) => width ?? density ?? 1
  return [found.reduce((best, next) => (weight(next) > weight(best) ? next : best)).url]
}

function isLink(element: Element, rel: string): boolean {
  return element.tagName === 'link' && tokens(element, 'rel').includes(rel)
}

function isIn(element: Element, tagName: string): boolean {
  const parent = element.parentNode
  return parent !== null && 'tagName' in parent && parent.tagName === tagName
}

function contentOf(element: Element): string {
  return element.childNodes.map(node => ('value' in node ? node.value : '')).join('')
}

// Where a page leads.
import { attribute, type Element, type Page, textOf, withoutFragment } from './page.ts'

export type Link = {
  /** Absolute. */
  readonly url: string
  /** What a reader sees; for an image its alternative text. */
  readonly text: string
  /** What it leads to: a page of the same host, one of another, a place in this page, or something that is no page. */
  readonly kind: 'same-site' | 'other-site' | 'fragment' | 'other'
  /** The element it was found in. */
  readonly from: string
  readonly rel: string
}

const anchors: Readonly<Record<string, string>> = { a: 'href', area: 'href' }
const others: Readonly<Record<string, string>> = {
  ...anchors,
  link: 'href',
  iframe: 'src',
  frame: 'src',
  script: 'src',
  form: 'action',
  embed: 'src',
  audio: 'src',
  video: 'src',
}

/** Each URL once, in the order of the page. @param which `anchors`: those that a reader follows; `all`: also what is loaded */
export function linksOf(page: Page, which: 'anchors' | 'all' = 'anchors'): readonly Link[] {
  const links = new Map<string, Link>()
  for (const element of page.elements) {
    const name = (which === 'all' ? others : anchors)[element.tagName]
    const reference = name === undefined ? undefined : attribute(element, name)
    if (name === undefined || reference === undefined) continue
    const url = URL.parse(reference.trim(), page.base)
    if (url === null || links.has(url.href)) continue
    links.set(url.href, {
      url: url.href,
      text: labelOf(element),
      kind: kindOf(url, page),
      from: `${element.tagName} ${name}`,
      rel: (attribute(element, 'rel') ?? '').trim(),
    })
  }
  return [...links.values()]
}

function kindOf(url: URL, page: Page): Link['kind'] {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'other'
  if (url.hash !== '' && withoutFragment(url.href) === withoutFragment(page.url)) return 'fragment'
  return url.host === new URL(page.url).host ? 'same-site' : 'other-site'
}

function labelOf(element: Element): string {
  const text = textOf(element)
  if (text !== '') return text
  const image = element.childNodes.find((node): node is Element => 'tagName' in node && node.tagName === 'img')
  const told = attribute(element, 'aria-label') ?? attribute(element, 'title') ?? (image && attribute(image, 'alt'))
  return (told ?? attribute(element, 'alt') ?? '').trim()
}

// A list in pages, as one sequence: each page is asked for where the one before says, ahead of its reader.

import type { RequestOptions } from '../client/options.ts'
import type { Asker } from '../client/resources.ts'
import type { HttpResponse } from '../client/response.ts'
import { ComityError } from '../errors.ts'
import { originOf, shownUrl } from '../exchange/target.ts'
import { itemsOf, nextTarget, roundFinder, valueAt, withWord } from './envelope.ts'

/**
 * Where the next page is. `link`: where the response says so, in `Link` or in its envelope. `member`: at this JSON Pointer,
 * which has a URL, or a cursor for the query word `word`. `offset`: the query word `offset` grows by the items that came.
 * `page`: the query word `page` grows by one.
 */
export type NextPage =
  | { readonly by: 'link' }
  | { readonly by: 'member'; readonly pointer: string; readonly word?: string }
  | { readonly by: 'offset'; readonly offset?: string; readonly limit?: string }
  | { readonly by: 'page'; readonly page?: string }

export type PagesOptions<Item = unknown> = Omit<RequestOptions, 'body' | 'throwOnError'> & {
  /** The items of a page: a JSON Pointer (`/data`), or what finds them in the content. Found by itself unless told. */
  readonly items?: string | ((body: unknown) => readonly Item[])
  /** By link unless told; by offset where there is none and `params` has a `limit` that the page is full to. */
  readonly next?: NextPage
  /** No more than these; without limit unless told. */
  readonly maxPages?: number
  readonly maxItems?: number
  /** Whether the next page is asked for while this one is used; it is unless told. */
  readonly prefetch?: boolean
  /** Whether a page may be at another origin than the first; it is refused unless told. */
  readonly otherOrigins?: 'refuse' | 'follow'
  /** A token of `Pages.token`: goes on behind what was used then. */
  readonly from?: string
}

export type Page<Item = unknown> = {
  readonly items: readonly Item[]
  readonly url: string
  readonly response: HttpResponse
  /** Goes on behind this page; undefined where it is the last. */
  readonly token: string | undefined
}

type Read<Item> = Page<Item> & { readonly body: unknown; readonly next: string | undefined }
type Place = { readonly url: string; readonly skip: number }

/** The items of a list, page by page behind the scenes. It can be iterated over once. */
export class Pages<Item = unknown> implements AsyncIterable<Item> {
  readonly #client: Asker
  readonly #target: string
  readonly #options: PagesOptions<Item>
  #place: Place | undefined
  #begun = false

  constructor(client: Asker, target: string, options: PagesOptions<Item> = {}) {
    this.#client = client
    this.#target = target
    this.#options = options
    this.#place = options.from === undefined ? undefined : placeIn(options.from)
  }

  /**
   * What goes on behind the last item that was used, in another process too; undefined before the first and after the
   * last. It holds the URL of a page, and so what its query holds.
   */
  get token(): string | undefined {
    return this.#place === undefined ? undefined : tokenOf(this.#place)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    const { maxItems = Number.POSITIVE_INFINITY } = this.#options
    let skip = this.#place?.skip ?? 0
    let count = 0
    if (maxItems <= 0) return
    for await (const { items, url, next } of this.#read()) {
      for (let at = skip; at < items.length; at++) {
        const isLast = at === items.length - 1
        this.#place = isLast ? (next === undefined ? undefined : { url: next, skip: 0 }) : { url, skip: at + 1 }
        yield items[at] as Item
        if (++count >= maxItems) return
      }
      skip = 0
    }
    this.#place = undefined
  }

  /** The pages themselves. `maxItems` does not cut them. */
  async *byPage(): AsyncGenerator<Page<Item>, void, undefined> {
    for await (const { items, url, response, token, next } of this.#read()) {
      this.#place = next === undefined ? undefined : { url: next, skip: 0 }
      yield { items, url, response, token }
    }
  }

  /** All items in an array; for lists that are known to be short, or with `maxItems`. */
  async all(): Promise<Item[]> {
    const items: Item[] = []
    for await (const item of this) items.push(item)
    return items
  }

  async *#read(): AsyncGenerator<Read<Item>, void, undefined> {
    if (this.#begun) throw new TypeError('pages are iterated over once; ask for them again, or go on from their token')
    this.#begun = true
    const { prefetch = true, maxPages = Number.POSITIVE_INFINITY, signal } = this.#options
    const stop = new AbortController()
    const both = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal])
    const isRound = roundFinder()
    const start = this.#place
    let origin: string | undefined
    let before: Read<Item> | undefined
    let coming: Promise<Read<Item>> | undefined
    const ask = (url: string | undefined): Promise<Read<Item>> => {
      const page = this.#page(url, both)
      // It is looked at when its turn comes, and may fail before.
      page.catch(() => {})
      return page
    }
    try {
      if (maxPages > 0) coming = ask(start?.url)
      for (let count = 1; coming !== undefined; count++) {
        const page: Read<Item> = await coming
        coming = undefined
        origin ??= originOf(start?.url ?? page.response.request.url)
        this.#check(page, before, origin, isRound)
        before = page
        const more = page.next !== undefined && count < maxPages
        if (more && prefetch) coming = ask(page.next)
        yield page
        if (more && !prefetch) coming = ask(page.next)
      }
    } finally {
      stop.abort()
    }
  }

  async #page(url: string | undefined, signal: AbortSignal): Promise<Read<Item>> {
    const { items, next, maxPages, maxItems, prefetch, otherOrigins, from, ...given } = this.#options
    const { params, path, ...others } = given
    // The target of a next page has its words already.
    const options = url === undefined ? given : others
    const response = await this.#client.request('GET', url ?? this.#target, { ...options, signal })
    const body = await contentOf(response)
    const found = typeof items === 'function' ? items(body) : items === undefined ? itemsOf(body) : valueAt(body, items)
    if (!Array.isArray(found)) {
      const where = typeof items === 'string' ? `at ${items}` : 'in it'
      throw new ComityError(
        `${shownUrl(response.url)} is no page of a list: there is no array ${where}; say by \`items\` where it is`,
      )
    }
    const then = this.#next(response, body, found.length)
    const token = then === undefined ? undefined : tokenOf({ url: then, skip: 0 })
    return { items: found as readonly Item[], url: url ?? response.request.url, response, body, next: then, token }
  }

  /** The absolute URL of the page after this one; undefined behind the last. */
  #next(response: HttpResponse, body: unknown, count: number): string | undefined {
    const { next, params } = this.#options
    const { url } = response
    if (next === undefined || next.by === 'link') {
      const target = nextTarget(response.field('link'), body)
      if (target !== undefined) return absolute(target, url)
      if (next !== undefined || response.field('link') !== undefined) return undefined
      // An API without links, asked for pages of a size: it goes on as long as they are full.
      const limit = Number(new URL(url).searchParams.get('limit') ?? Number.NaN)
      const asked = typeof params === 'object' && 'limit' in params
      return asked && count > 0 && count === limit ? shifted(url, 'offset', count) : undefined
    }
    if (next.by === 'member') {
      const value = valueAt(body, next.pointer)
      if (value === undefined || value === null || value === '' || value === false) return undefined
      return next.word === undefined ? absolute(String(value), url) : withWord(url, next.word, String(value))
    }
    if (count === 0) return undefined
    if (next.by === 'page') {
      const word = next.page ?? 'page'
      return withWord(url, word, String(Number(new URL(url).searchParams.get(word) ?? 1) + 1))
    }
    const limit = Number(new URL(url).searchParams.get(next.limit ?? 'limit') ?? Number.NaN)
    const total = Number(response.field('x-total-count') ?? Number.NaN)
    const word = next.offset ?? 'offset'
    const reached = Number(new URL(url).searchParams.get(word) ?? 0) + count
    return count < limit || reached >= total ? undefined : shifted(url, word, count)
  }

  /** @throws ComityError where the pages lead elsewhere, or round in a circle */
  #check(page: Read<Item>, before: Read<Item> | undefined, origin: string, isRound: (url: string) => boolean): void {
    const { next } = page
    if (isRound(page.url) || next === page.url)
      throw new ComityError(`the pages go round in a circle: ${shownUrl(next ?? page.url)} was there before`)
    const same = before !== undefined && page.items.length > 0 && isAlike(before, page)
    if (same && next !== undefined)
      throw new ComityError(`the pages go round in a circle: ${shownUrl(page.url)} has the items of the page before`)
    if (next !== undefined && originOf(next) !== origin && this.#options.otherOrigins !== 'follow')
      throw new ComityError(
        `the next page is at another origin, ${originOf(next)}; pass otherOrigins: 'follow' where that is meant`,
      )
  }
}

/** A server that does not know the word that counts sends the same again and again. */
function isAlike(before: Read<unknown>, page: Read<unknown>): boolean {
  const { items } = page
  if (items.length !== before.items.length) return false
  const ends = (read: Read<unknown>) => JSON.stringify([read.items[0], read.items[read.items.length - 1]])
  return ends(before) === ends(page) && JSON.stringify(before.items) === JSON.stringify(items)
}

async function contentOf(response: HttpResponse): Promise<unknown> {
  const { type } = response
  if (type === 'text/csv') return response.csv()
  if (!/ndjson|jsonl|json-seq/.test(type)) return response.json()
  const text = await response.text()
  return text.split('\n').flatMap(line => (line.trim() === '' ? [] : [JSON.parse(line)]))
}

const shifted = (url: string, word: string, by: number): string =>
  withWord(url, word, String(Number(new URL(url).searchParams.get(word) ?? 0) + by))

function absolute(target: string, base: string): string {
  if (!URL.canParse(target, base)) throw new ComityError('the next page is at no URL')
  const url = new URL(target, base)
  url.hash = ''
  return url.href
}

function tokenOf({ url, skip }: Place): string {
  const bytes = new TextEncoder().encode(`${skip} ${url}`)
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '')
}

/** @throws TypeError where it is no token of `Pages` */
function placeIn(token: string): Place {
  try {
    const bytes = Uint8Array.from(atob(token.replace(/-/g, '+').replace(/_/g, '/')), one => one.charCodeAt(0))
    const [, skip, url] = /^(\d{1,9}) (https?:\/\/.*)$/.exec(new TextDecoder().decode(bytes)) ?? []
    if (url !== undefined && URL.canParse(url)) return { url, skip: Number(skip) }
  } catch {
    // Said below.
  }
  throw new TypeError('`from` is no token of pages')
}

// A list in pages, as one sequence. What reads the pages is loaded when the first is asked for.

import type { RequestOptions } from '../client/options.ts'
import type { Asker } from '../client/resources.ts'
import type { HttpResponse } from '../client/response.ts'
import { type Place, placeIn, tokenOf } from './token.ts'

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
  /** How the content of a page is read; by its media type unless told. */
  readonly read?: (response: HttpResponse) => Promise<unknown>
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

/** A page, and where the next one is. */
export type Read<Item> = Page<Item> & { readonly body: unknown; readonly next: string | undefined }

/** The items of a list, page by page behind the scenes. It can be iterated over once. */
export class Pages<Item = unknown> implements AsyncIterable<Item> {
  readonly #client: Asker
  readonly #target: string
  readonly #options: PagesOptions<Item>
  readonly #home: () => string
  #place: Place | undefined
  #begun = false

  /** `home`: the origin of the target. */
  constructor(client: Asker, target: string, options: PagesOptions<Item> = {}, home: () => string) {
    this.#client = client
    this.#target = target
    this.#options = options
    this.#home = home
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
    const { readPages } = await import('./read.ts')
    yield* readPages(this.#client, this.#target, this.#options, this.#place, this.#home())
  }
}

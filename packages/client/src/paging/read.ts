// Pages, each asked for where the one before says, ahead of its reader.
import { mergedFields, withoutSecrets } from '../client/fields.ts'
import type { RequestOptions } from '../client/options.ts'
import type { Asker } from '../client/resources.ts'
import type { HttpResponse } from '../client/response.ts'
import { ComityError, DecodeError } from '../errors.ts'
import { originOf, shownUrl } from '../exchange/target.ts'
import { itemsOf, nextTarget, roundFinder, valueAt, withWord } from './envelope.ts'
import type { PagesOptions, Read } from './pages.ts'
import { type Place, tokenOf } from './token.ts'

/** The pages from `start` on, or from the first. The next one is asked for while its reader is busy with this one. */
export async function* readPages<Item>(
  client: Asker,
  target: string,
  options: PagesOptions<Item>,
  start: Place | undefined,
  home: string,
): AsyncGenerator<Read<Item>, void, undefined> {
  const { prefetch = true, maxPages = Number.POSITIVE_INFINITY, signal } = options
  const stop = new AbortController()
  const both = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal])
  const isRound = roundFinder()
  let before: Read<Item> | undefined
  let coming: Promise<Read<Item>> | undefined
  const ask = (url: string | undefined): Promise<Read<Item>> => {
    const page = pageAt(client, target, url, options, both, home)
    // It is looked at when its turn comes, and may fail before.
    page.catch(() => {})
    return page
  }
  try {
    // A token may have been in other hands.
    if (start !== undefined) checkOrigin(start.url, home, options)
    if (maxPages > 0) coming = ask(start?.url)
    for (let count = 1; coming !== undefined; count++) {
      const page: Read<Item> = await coming
      coming = undefined
      check(page, before, home, isRound, options)
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

async function pageAt<Item>(
  client: Asker,
  target: string,
  url: string | undefined,
  all: PagesOptions<Item>,
  signal: AbortSignal,
  home: string,
): Promise<Read<Item>> {
  const { items, read = contentOf, next, maxPages, maxItems, prefetch, otherOrigins, from, ...given } = all
  const { params, path, ...others } = given
  // The target of a next page has its words already.
  const options = url === undefined ? given : originOf(url) === home ? others : withoutCredentials(others)
  const response = await client.request('GET', url ?? target, { ...options, signal })
  const body = await read(response)
  const found = typeof items === 'function' ? items(body) : items === undefined ? itemsOf(body) : valueAt(body, items)
  if (!Array.isArray(found)) {
    const where = typeof items === 'string' ? `at ${items}` : 'in it'
    throw new ComityError(
      `${shownUrl(response.url)} is no page of a list: there is no array ${where}; say by \`items\` where it is`,
    )
  }
  const then = nextOf(response, body, found.length, all)
  const token = then === undefined ? undefined : tokenOf({ url: then, skip: 0 })
  return { items: found as readonly Item[], url: url ?? response.request.url, response, body, next: then, token }
}

/** The absolute URL of the page after this one; undefined behind the last. */
function nextOf(
  response: HttpResponse,
  body: unknown,
  count: number,
  { next, params }: Pick<PagesOptions, 'next' | 'params'>,
): string | undefined {
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
function check(
  page: Read<unknown>,
  before: Read<unknown> | undefined,
  home: string,
  isRound: (url: string) => boolean,
  options: { readonly otherOrigins?: 'refuse' | 'follow' },
): void {
  const { next } = page
  if (isRound(page.url) || next === page.url)
    throw new ComityError(`the pages go round in a circle: ${shownUrl(next ?? page.url)} was there before`)
  const same = before !== undefined && page.items.length > 0 && isAlike(before, page)
  if (same && next !== undefined)
    throw new ComityError(`the pages go round in a circle: ${shownUrl(page.url)} has the items of the page before`)
  if (next !== undefined) checkOrigin(next, home, options)
}

function checkOrigin(
  url: string,
  home: string,
  { otherOrigins }: { readonly otherOrigins?: 'refuse' | 'follow' },
): void {
  if (originOf(url) !== home && otherOrigins !== 'follow')
    throw new ComityError(
      `the next page is at another origin, ${originOf(url)}; pass otherOrigins: 'follow' where that is meant`,
    )
}

/** What was given for the first origin stays there; a scheme that names its origins knows itself. */
function withoutCredentials(given: RequestOptions): RequestOptions {
  const { fields, auth } = given
  return {
    ...given,
    ...(typeof auth === 'object' && !('origins' in auth) ? { auth: false as const } : {}),
    ...(fields === undefined ? {} : { fields: withoutSecrets(mergedFields({}, fields)) }),
  }
}

/** A server that does not know the word that counts sends the same again and again. */
function isAlike(before: Read<unknown>, page: Read<unknown>): boolean {
  const { items } = page
  if (items.length !== before.items.length) return false
  const ends = (read: Read<unknown>) => textOf([read.items[0], read.items[read.items.length - 1]])
  return ends(before) === ends(page) && textOf(before.items) === textOf(items)
}

/** Who reads pages by `read` may have made numbers of any length of them. */
const textOf = (items: readonly unknown[]): string =>
  JSON.stringify(items, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))

async function contentOf(response: HttpResponse): Promise<unknown> {
  const { type } = response
  if (type === 'text/csv') return response.csv()
  if (!/ndjson|jsonl|json-seq/.test(type)) return response.json()
  const text = await response.text()
  try {
    return text.split('\n').flatMap(line => (line.trim() === '' ? [] : [JSON.parse(line)]))
  } catch (cause) {
    throw new DecodeError(`a line of the page at ${shownUrl(response.url)} is not JSON`, response, { cause })
  }
}

const shifted = (url: string, word: string, by: number): string =>
  withWord(url, word, String(Number(new URL(url).searchParams.get(word) ?? 0) + by))

function absolute(target: string, base: string): string {
  if (!URL.canParse(target, base)) throw new ComityError('the next page is at no URL')
  const url = new URL(target, base)
  url.hash = ''
  return url.href
}

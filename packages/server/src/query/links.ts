// RFC 8288 with the relations first, prev, next and last: where a reader of a page may go on.
import type { Link } from '@comity/http'
import type { Page, PageStart } from '../store/store.ts'
import { formatCursor, unkeyable } from './cursor.ts'
import type { ListQuery } from './plan.ts'
import { formatWords, type Word } from './words.ts'

export type PageLinks = {
  /** Path (or URL) of the list, without a query. */
  readonly base: string
  /** The words asked with; all but the page's place are kept, in order. */
  readonly words: readonly Word[]
  readonly query: ListQuery
  readonly page: Page
  /** How many items the list has in all, where that is known. */
  readonly total?: number | undefined
}

/**
 * The links of a page, in the order first, prev, next, last. Neighbours are told by the key of the page's edge, so that
 * they cost the same anywhere and neither skip nor repeat a row when others come or go; by offset where the sort has
 * no keys. `last` needs the total. None for `limit=all`.
 */
export function pageLinks(about: PageLinks): readonly Link[] {
  const { base, words, query, page, total } = about
  if (query.all) return []
  const kept = words.filter(({ name }) => name !== 'offset' && name !== 'after' && name !== 'before')
  const link = (rel: string, place: readonly Word[]): Link => {
    const text = formatWords([...kept, ...place])
    return { target: text === '' ? base : `${base}?${text}`, rel: [rel], params: {} }
  }
  const places = query.plan.start.kind === 'offset' ? aroundOffset(query, page, total) : aroundKey(query, page)
  const last = total === undefined ? undefined : lastOffset(query, total)
  return [
    link('first', []),
    ...(places.prev ? [link('prev', places.prev)] : []),
    ...(places.next ? [link('next', places.next)] : []),
    ...(last === undefined ? [] : [link('last', offsetWord(last))]),
  ]
}

type Places = { readonly prev?: readonly Word[] | undefined; readonly next?: readonly Word[] | undefined }

function aroundOffset(query: ListQuery, page: Page, total: number | undefined): Places {
  const { plan } = query
  const offset = offsetOf(plan.start)
  const next = page.more ? (keyWord('after', query, page.last) ?? offsetWord(offset + plan.limit)) : undefined
  if (offset === 0) return { next }
  const beyond = total === undefined ? offset : Math.min(offset, lastOffset(query, total) + plan.limit)
  return { prev: keyWord('before', query, page.first) ?? offsetWord(Math.max(0, beyond - plan.limit)), next }
}

/** Beside a page that stands next to a row there is that row. */
function aroundKey(query: ListQuery, page: Page): Places {
  const forwards = query.plan.start.kind === 'after'
  return {
    prev: forwards || page.more ? keyWord('before', query, page.first) : undefined,
    next: !forwards || page.more ? keyWord('after', query, page.last) : undefined,
  }
}

/** Where the last page begins, in step with the page asked for. */
function lastOffset({ plan }: ListQuery, total: number): number {
  const step = offsetOf(plan.start) % plan.limit
  return total <= step ? 0 : step + Math.floor((total - step - 1) / plan.limit) * plan.limit
}

const offsetOf = (start: PageStart): number => (start.kind === 'offset' ? start.offset : 0)

const offsetWord = (offset: number): readonly Word[] =>
  offset === 0 ? [] : [{ name: 'offset', value: String(offset) }]

function keyWord(
  name: 'after' | 'before',
  { plan }: ListQuery,
  key: readonly unknown[] | undefined,
): readonly Word[] | undefined {
  if (key === undefined || unkeyable(plan.sort) !== undefined) return undefined
  return [{ name, value: formatCursor(plan.collection, plan.sort, key) }]
}

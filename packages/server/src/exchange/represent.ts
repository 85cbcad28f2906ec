// The current state of what is read, as a representation: from what was kept where that still shows it.
import type { Link } from '@comity/http'
import type { Form, Piece } from '../formats/format.ts'
import { listBytes } from '../formats/pieces.ts'
import type { CollectionModel, Field, Values } from '../model/model.ts'
import { styleLink } from '../pages/layout.ts'
import { pageLinks } from '../query/links.ts'
import type { ListQuery } from '../query/plan.ts'
import { after, type CollectionState, type Item, type Later, type ListPlan, type Page } from '../store/store.ts'
import { announced } from '../versions/announce.ts'
import type { Answer } from './answer.ts'
import { codedFrom } from './coding/kept.ts'
import { codingFor, fieldsIn } from './coding/settle.ts'
import { noteRead, tellsDifferences } from './difference.ts'
import type { Exchange } from './exchange.ts'
import { representFile } from './files/represent.ts'
import { keptFor, keptPlain, remember } from './keeping.ts'
import { languageFields } from './language.ts'
import {
  entityTagOf,
  type Kept,
  keep,
  type Metadata,
  notModifiedAnswer,
  representationFields,
} from './representation.ts'
import { nameOfRepresentation } from './representation-name.ts'
import { shapeOf } from './shape.ts'

/** Both answers that a safe request for an item or a list may get. */
export type Represented = Pick<Kept, 'answer' | 'notModified'>

/** For `not-modified` nothing is compressed. */
export function represent(x: Exchange, wanted: 'whole' | 'not-modified' = 'whole'): Later<Represented> {
  const { current } = x
  if (current.kind === 'kept') return current.kept
  const { place } = x.target
  if (current.kind === 'item' && place.kind === 'file') return representFile(x, place.collection, current.item)
  if (current.kind === 'item') return representItem(x, current.item, wanted)
  if (current.kind === 'collection' && x.query) return representList(x, x.query, current, wanted)
  throw new TypeError(`nothing to represent at ${x.target.url}`)
}

const formatOf = (x: Exchange): Form => {
  if (x.format === undefined) throw new TypeError(`no format was chosen for ${x.target.url}`)
  return x.format
}

/** Where the thing itself lives, without extension or query. */
export const pathOf = (x: Exchange): string => x.root() + x.target.path

function metadataOf(
  x: Exchange,
  collection: CollectionModel,
  vary: readonly string[],
  links: readonly Link[],
): Metadata {
  const byAccept = x.target.extension === undefined ? ['accept'] : []
  const byLanguage = x.language === undefined ? [] : ['accept-language']
  const varying = [...byAccept, ...vary, ...byLanguage].join(', ')
  const { cacheControl } = collection
  const format = formatOf(x)
  const loaded = format.name === 'html' ? [styleLink(x.incoming.prefix())] : []
  const more = languageFields(x)
  return { format, cacheControl, vary: varying, links: [...loaded, ...links], ranges: 'bytes', more }
}

function representItem(x: Exchange, item: Item, wanted: 'whole' | 'not-modified'): Later<Represented> {
  const { place } = x.target
  if (place.kind !== 'item') throw new TypeError('not an item')
  const known = keptFor(x)
  if (known?.revision === item.revision) return remember(x, { ...known, generation: x.generation })
  const plain = keptPlain(x)
  if (plain?.revision === item.revision) return codedFrom(x, { ...plain, generation: x.generation }, wanted)
  const list = pathOf(x).slice(0, pathOf(x).lastIndexOf('/'))
  const vary = tellsDifferences(x, place.collection) ? ['a-im'] : []
  const metadata = metadataOf(x, place.collection, vary, [{ target: list, rel: ['collection'], params: {} }])
  const kept = told(x, keep(itemContent(x, place.collection, item), validatorsOf(x, item), metadata))
  noteRead(x, place.collection, kept)
  return codedFrom(x, kept, wanted)
}

/** An item's bytes in the format and with the members that were asked for. */
export function itemContent(x: Exchange, collection: CollectionModel, item: Item): Piece {
  const seen = x.seen(collection)
  const fields = x.shown ?? seen.fields
  const whole = x.view()?.down(item.values) ?? item.values
  const all = fields.length === seen.fields.length
  const values = all ? whole : Object.fromEntries(fields.map(({ name }) => [name, whole[name]]))
  return formatOf(x).item(values, shapeOf(seen, fields))
}

export function validatorsOf(x: Exchange, { revision, modified }: CollectionState) {
  return { generation: x.generation, revision, modified, etag: entityTagOf(revision, nameOfRepresentation(x)) }
}

/** What every answer says of its version is said once, and kept. */
const told = (x: Exchange, kept: Kept): Kept => ({
  ...kept,
  answer: announced(x, kept.answer),
  notModified: announced(x, kept.notModified),
})

function representList(
  x: Exchange,
  query: ListQuery,
  state: CollectionState,
  wanted: 'whole' | 'not-modified',
): Later<Represented> {
  if (query.all) return streamList(x, query, state)
  if (x.method !== 'QUERY') {
    const known = keptFor(x)
    if (known?.revision === state.revision) return remember(x, { ...known, generation: x.generation })
    const plain = keptPlain(x)
    if (plain?.revision === state.revision) return codedFrom(x, { ...plain, generation: x.generation }, wanted)
  }
  const counts = x.preferences.get('count')?.value === 'exact'
  return after(x.reads.page(query.plan), page => {
    const listed = (total: number | undefined) => codedFrom(x, listOf(x, query, state, page, total), wanted)
    return counts ? after(x.reads.count(query.plan), listed) : listed(undefined)
  })
}

function listOf(x: Exchange, query: ListQuery, state: CollectionState, page: Page, total: number | undefined): Kept {
  const { collection } = query.plan
  // A QUERY's pages are reached by GET: its words stand in the links.
  const words = x.method === 'QUERY' ? [...x.target.words, ...x.queryWords] : x.target.words
  const extension = x.target.extension ? `.${x.target.extension}` : ''
  const links = pageLinks({ base: pathOf(x) + extension, words, query, page, total })
  const metadata = withTotal(metadataOf(x, collection, ['prefer'], links), total)
  const writer = formatOf(x).list(shapeOf(x.seen(collection), query.shown), links)
  const content = listBytes(writer, seenRows(x, query.shown, page.rows))
  return told(x, keep(content, validatorsOf(x, state), metadata))
}

/** Rows as the caller's version has them. */
export function seenRows(x: Exchange, shown: readonly Field[], rows: readonly Values[]): readonly Values[] {
  const view = x.view()
  if (view === undefined) return rows
  return rows.map(row => {
    const seen = view.down(row)
    return shown.length === view.fields.length ? seen : Object.fromEntries(shown.map(({ name }) => [name, seen[name]]))
  })
}

const withTotal = (metadata: Metadata, total: number | undefined): Metadata =>
  total === undefined
    ? metadata
    : { ...metadata, more: { ...metadata.more, 'x-total-count': String(total), 'preference-applied': 'count=exact' } }

/** `limit=all`: the whole list as it is read, in constant memory. */
function streamList(x: Exchange, query: ListQuery, state: CollectionState): Later<Represented> {
  const { collection } = query.plan
  const counts = x.preferences.get('count')?.value === 'exact'
  return after(counts ? x.reads.count(query.plan) : undefined, total => {
    // How long a stream will be is not known, so no part of it can be named.
    const metadata = { ...withTotal(metadataOf(x, collection, ['prefer'], []), total), ranges: 'none' as const }
    const plain = representationFields(validatorsOf(x, state), metadata)
    const { fields } = announced(x, { status: 200, fields: plain, body: undefined })
    const coding = codingFor(x, { status: 200, fields, body: undefined })
    return {
      // Begun where it is asked for, while the state that the validators name is still the current one.
      get answer(): Answer {
        return { status: 200, fields, body: x.method === 'HEAD' ? undefined : begunList(x, query) }
      },
      notModified: notModifiedAnswer(fieldsIn(x, fields, coding)),
    }
  })
}

/** What streams reads the store itself. */
const planFor = (x: Exchange, plan: ListPlan): ListPlan =>
  x.sight ? { ...plan, within: x.sight.seen(plan.collection, 'GET') } : plan

/** The pieces of a list, of the state it has now. Ended early, it gives back what it holds. */
function begunList(x: Exchange, query: ListQuery): AsyncIterableIterator<Piece> {
  const batches = x.runtime.store.stream(planFor(x, query.plan))[Symbol.asyncIterator]()
  const first = batches.next()
  // Its failure is thrown to whoever takes it.
  first.catch(() => {})
  const pieces = piecesOf(x, query, first, batches)
  return {
    next: () => pieces.next(),
    return: async () => {
      await batches.return?.()
      return pieces.return(undefined)
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

type Batch = IteratorResult<readonly Values[], unknown>

async function* piecesOf(
  x: Exchange,
  query: ListQuery,
  first: Promise<Batch>,
  rest: AsyncIterator<readonly Values[]>,
): AsyncGenerator<Piece, undefined> {
  const writer = formatOf(x).list(shapeOf(x.seen(query.plan.collection), query.shown))
  yield writer.open()
  let isFirst = true
  for (let batch = await first; !batch.done; batch = await rest.next()) {
    if (batch.value.length === 0) continue
    yield writer.rows(seenRows(x, query.shown, batch.value), isFirst)
    isFirst = false
  }
  yield writer.close()
  return undefined
}

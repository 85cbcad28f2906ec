// Is the content there, well-formed, and what the method reads? What can only be told against the stored item waits for
// the transaction.
import type { ProblemError } from '@comity/http'
import { fillerOf } from '../../access/fill.ts'
import { actOf } from '../../access/rule.ts'
import { type EntryRead, readEntry } from '../../content/entry.ts'
import { parseJson } from '../../content/parse-json.ts'
import { oneOfThem } from '../../define/names.ts'
import type { Expected, Parsed, Shape } from '../../formats/format.ts'
import { formatByName } from '../../formats/registry.ts'
import { fieldsOfNew, hasIntegerIds } from '../../model/ids.ts'
import type { CollectionModel, Field } from '../../model/model.ts'
import { planList } from '../../query/plan.ts'
import { errorsOfJson, wordsOfForm, wordsOfJson } from '../../query/query-content.ts'
import { after, type Later } from '../../store/store.ts'
import { raiseNew, readNew } from '../../versions/convert.ts'
import { type Refused, refuse, type Stop } from '../answer.ts'
import type { Exchange, Input, ManyMember } from '../exchange.ts'
import { rulesOfUpload } from '../files/place.ts'
import { receiveFiles } from '../files/receive.ts'
import { type ImportRow, type ImportSource, importFrom, type Pieces, piecesOf } from '../import.ts'
import { shapeOf } from '../shape.ts'
import { isResumable } from '../uploads/begin.ts'
import { contentSigned } from './caller.ts'
import { contentBounds, contentSmallEnough, importedFormat, tooLarge } from './content-fields.ts'
import { digestsOf } from './digests.ts'
import { invalid, listPlanned } from './query.ts'

export function contentValid(x: Exchange): Later<Stop | undefined> {
  // A part of an upload is read by its resource, an upload before it was begun again.
  if (x.contentKind === undefined || x.contentKind === 'partial-upload') return contentSigned(x)
  // Asked once more: what the client prefers is known by now.
  const stop = contentSmallEnough(x)
  if (stop) return stop
  const rules = rulesOfUpload(x)
  if (rules) {
    if (x.upload || isResumable(x)) return after(contentSigned(x), unsigned => unsigned ?? receiveFiles(x, rules))
    return receiveFiles(x, rules).then(unfit => unfit ?? contentSigned(x, 'read'))
  }
  const bounds = contentBounds(x)
  const closing = { fields: { connection: 'close' } }
  const digestFault = digestsOf(x)
  if (typeof digestFault !== 'function') return digestFault
  return x.incoming.readContent(bounds).then(read => {
    switch (read.kind) {
      case 'too-large':
        return tooLarge(x, largerThan(x, read.ratio))
      case 'undecodable':
        return refuse('undecodable-content', read.detail, closing)
      case 'timeout':
        return refuse('request-timeout', `The content did not arrive within ${bounds.timeout / 1000} seconds.`, closing)
      case 'no-room':
        return refuse('insufficient-storage', 'There is no room to keep the content until all of it is here.', closing)
      case 'aborted':
        return refuse('malformed-request', 'The connection ended before the content did.')
      case 'spooled':
        x.content = read.content.digest
        return (
          digestFault() ??
          after(contentSigned(x, 'read'), unsigned => unsigned ?? understandRows(x, read.content.pieces))
        )
      case 'content':
        x.content = read.bytes
        return (
          digestFault() ??
          after(
            contentSigned(x, 'read'),
            unsigned =>
              unsigned ??
              (importedFormat(x) ? understandRows(x, () => piecesOf(read.bytes)) : understand(x, read.bytes)),
          )
        )
    }
  })
}

function largerThan({ contentCodings }: Exchange, ratio: number | undefined): string {
  if (ratio !== undefined) return `The content unfolds to more than ${ratio} times its size`
  return contentCodings.length > 0 ? 'The content is larger, once it is decoded' : 'The content is larger'
}

/** Rows are read as they are written, unless each stands for itself: then what is wrong with one is told with it. */
function understandRows(x: Exchange, pieces: Pieces): Later<Stop | undefined> {
  const reader = importedFormat(x)?.rows
  const { place } = x.target
  const { limits } = x.runtime.model
  if (!reader || place.kind !== 'collection') throw new TypeError('there are no rows to read')
  const source = importFrom(pieces, reader, limits, x.contentView(), fillerFor(x, place.collection))
  if (x.preferences.get('handling')?.value === 'lenient') return understandEach(x, source, place.collection)
  x.input = { kind: 'import', source }
  return
}

async function understandEach(
  x: Exchange,
  source: ImportSource,
  collection: CollectionModel,
): Promise<Stop | undefined> {
  const members: ManyMember[] = []
  const { limits } = x.runtime.model
  const most = Math.floor(limits.members / collection.fields.length)
  for await (const rows of source(collection))
    for (const row of rows) {
      if (row.kind === 'malformed' && row.extent === 'rest') return malformed(row)
      if (members.length === most)
        return malformed({ detail: `The content has more than ${most} items`, line: row.line })
      members.push(row.kind === 'entry' ? { ...row, claims: {} } : { kind: 'refused', refused: refusedRow(row) })
    }
  x.input = { kind: 'many', members }
  return
}

/** A row of an import that is no item. */
export const refusedRow = (row: Exclude<ImportRow, { kind: 'entry' }>): Refused =>
  row.kind === 'invalid' ? invalidContent(row.errors, row.line) : malformed(row)

function understand(x: Exchange, bytes: Uint8Array): Stop | undefined {
  const { place } = x.target
  if (x.method === 'QUERY' && place.kind === 'collection')
    return understandQuery(x, bytes, place.collection, place.parent)
  if (place.kind === 'service') {
    const view = x.serviceView()
    const { name, input } = view?.model ?? place.service
    return take(x, parse(x, bytes, { singular: name, plural: name, fields: input }, 'item'), value => {
      const read = readEntry(input, value, 'create', name)
      if (read.kind === 'invalid') return read
      const raised = view ? raiseNew(view.input, place.service.input, read.values) : read
      return raised.kind === 'invalid' ? raised : { kind: 'arguments', values: raised.values }
    })
  }
  if (place.kind !== 'item' && place.kind !== 'collection') return
  const { collection } = place
  const list = place.kind === 'collection' && x.method !== 'POST'
  const expect = list ? 'list' : x.method === 'POST' ? 'either' : 'item'
  const seen = x.seen(collection)
  const parsed = parse(x, bytes, shapeOf(seen, seen.fields), expect)
  return take(x, parsed, value => {
    if (list || (x.method === 'POST' && Array.isArray(value)))
      return Array.isArray(value) ? readMany(x, collection, value) : notAList(seen)
    if (x.method === 'PATCH') return { kind: patchKind(x), patch: value }
    const filled = fillerFor(x, collection)(value)
    const view = x.contentView()
    if (x.method === 'POST') return readNew(view, collection, filled)
    return readEntry(fieldsFor(view?.model ?? seen, 'replace'), filled, 'replace', seen.singular)
  })
}

/** What the rules say of new items. */
const fillerFor = (x: Exchange, collection: CollectionModel) =>
  x.sight
    ? fillerOf(x.sight.fills(collection, actOf(x.method)), x.contentView(), collection.fields)
    : (value: unknown) => value

const patchKind = (x: Exchange) => (x.contentKind === 'json-patch' ? ('json-patch' as const) : ('merge-patch' as const))

function parse(x: Exchange, bytes: Uint8Array, shape: Shape, expect: Expected): Parsed {
  const { limits } = x.runtime.model
  if (bytes.length === 0) return { kind: 'malformed', detail: 'The content is empty' }
  const format = formatByName(x.contentKind ?? '')
  return format ? format.parse(bytes, shape, expect, limits) : parseJson(bytes, limits)
}

type Invalid = { readonly kind: 'invalid'; readonly errors: readonly ProblemError[] }

function take(x: Exchange, parsed: Parsed, read: (value: unknown) => Input | EntryRead | Invalid): Stop | undefined {
  if (parsed.kind === 'malformed') return malformed(parsed)
  const input = read(parsed.value)
  if (input.kind === 'invalid') return invalidContent(input.errors)
  x.input = input
  return
}

function malformed({ detail, line, column, offset }: Omit<Extract<Parsed, { kind: 'malformed' }>, 'kind'>): Refused {
  const lines = line === undefined ? '' : ` (line ${line}${column === undefined ? '' : `, column ${column}`})`
  const place = offset === undefined ? lines : ` (byte ${offset})`
  return refuse('malformed-content', `${detail.replace(/\.$/, '')}${place}.`, {
    members: {
      ...(line !== undefined && { line }),
      ...(column !== undefined && { column }),
      ...(offset !== undefined && { offset }),
    },
  })
}

/** `line` is where the item at fault starts, in a format of lines. */
export function invalidContent(errors: readonly ProblemError[], line?: number): Refused {
  const [first] = errors
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  const place = line === undefined ? '' : `Line ${line}: `
  return refuse('invalid-content', `${place}${first?.detail ?? 'The content is not valid.'}${more}`, {
    errors,
    ...(line !== undefined && { members: { line } }),
  })
}

/** In a PUT the path says the id: the content may repeat it. A new item of those that a source has may say its own. */
export function fieldsFor(collection: CollectionModel, mode: 'create' | 'replace'): readonly Field[] {
  if (mode === 'create') return fieldsOfNew(collection)
  if (collection.ids !== 'given') return collection.fields
  return collection.fields.map(field => (field.name === 'id' ? { ...field, access: 'server' as const } : field))
}

/** Members of an array, each for itself; unless they may stand each for itself, a fault in one is a fault of all. */
function readMany(x: Exchange, collection: CollectionModel, value: readonly unknown[]): Input | Invalid {
  const lenient = x.preferences.get('handling')?.value === 'lenient'
  const members: ManyMember[] = []
  const errors: ProblemError[] = []
  const seen = new Set<unknown>()
  const mode = x.method === 'POST' ? 'create' : 'replace'
  const view = x.contentView()
  const known = view?.model ?? collection
  const fields = fieldsFor(known, mode)
  const fill = fillerFor(x, collection)
  for (const [index, sent] of value.entries()) {
    const member = x.method === 'PATCH' ? sent : fill(sent)
    const read =
      x.method === 'PATCH'
        ? readChanges(known, member, index)
        : mode === 'create'
          ? readNew(view, collection, member, [index])
          : readEntry(fields, member, mode, known.singular, [index])
    const faults =
      read.kind === 'invalid'
        ? read.errors
        : mode === 'create'
          ? []
          : faultsOfId(known, (read.kind === 'changes' ? read.changes : read.claims).id, seen, index)
    members.push(faults.length > 0 ? { kind: 'invalid', errors: faults } : read)
    errors.push(...faults)
    if (errors.length >= 50 && !lenient) break
  }
  return errors.length > 0 && !lenient ? { kind: 'invalid', errors } : { kind: 'many', members }
}

function readChanges(
  collection: CollectionModel,
  value: unknown,
  index: number,
): Exclude<ManyMember, { kind: 'refused' }> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return { kind: 'changes', changes: value as Record<string, unknown> }
  const detail = `An object with an id and the changed members of ${oneOfThem(collection.singular)} is expected.`
  return { kind: 'invalid', errors: [{ pointer: `/${index}`, detail }] }
}

function faultsOfId(
  collection: CollectionModel,
  id: unknown,
  seen: Set<unknown>,
  index: number,
): readonly ProblemError[] {
  const pointer = `/${index}/id`
  if (id === undefined || id === null) return [{ pointer, detail: '“id” is missing: it says which item is meant.' }]
  const kind = hasIntegerIds(collection) ? 'number' : 'string'
  if (typeof id !== kind) return [{ pointer, detail: `“id” must be a ${kind}.` }]
  if (seen.has(id)) return [{ pointer, detail: `The id “${String(id).slice(0, 100)}” is named twice.` }]
  seen.add(id)
  return []
}

const notAList = (collection: CollectionModel): Invalid => ({
  kind: 'invalid',
  errors: [{ pointer: '', detail: `An array of ${collection.name} is expected.` }],
})

/** RFC 10008: the content is the query. */
function understandQuery(
  x: Exchange,
  bytes: Uint8Array,
  collection: CollectionModel,
  parent: string | undefined,
): Stop | undefined {
  const { limits } = x.runtime.model
  const fromJson = x.contentKind === 'json'
  if (!fromJson) {
    const read = wordsOfForm(bytes, limits)
    if (read.kind === 'malformed') return refuse('malformed-content', read.detail)
    x.queryWords = read.words
  } else {
    const parsed = parse(x, bytes, shapeOf(collection, []), 'item')
    if (parsed.kind === 'malformed') return malformed(parsed)
    const read = wordsOfJson(parsed.value, limits)
    if (read.kind === 'invalid') return invalid(read.errors)
    x.queryWords = read.words
  }
  const planned = planList(collection, parent, [...x.target.words, ...x.queryWords], limits, x.view())
  if (planned.kind === 'invalid') return invalid(fromJson ? errorsOfJson(planned.errors) : planned.errors)
  return listPlanned(x, planned.query)
}

// Is the content there, well-formed, and what the method reads? What can only be told against the stored item waits for
// the transaction.
import type { ProblemError } from '@comity/http'
import { type EntryRead, readEntry } from '../../content/entry.ts'
import { parseJson } from '../../content/parse-json.ts'
import type { Parsed, Shape } from '../../formats/format.ts'
import { formatByName } from '../../formats/registry.ts'
import type { CollectionModel, Field } from '../../model/model.ts'
import { planList } from '../../query/plan.ts'
import { errorsOfJson, wordsOfForm, wordsOfJson } from '../../query/query-content.ts'
import type { Later } from '../../store/store.ts'
import { refuse, type Stop } from '../answer.ts'
import type { Exchange, Input } from '../exchange.ts'
import { shapeOf } from '../shape.ts'
import { invalid, listPlanned } from './query.ts'

export function contentValid(x: Exchange): Later<Stop | undefined> {
  if (x.contentKind === undefined) return
  const { body, bodyTimeout } = x.runtime.model.limits
  return x.incoming.readContent(body, bodyTimeout).then(read => {
    if (read.kind === 'too-large')
      return refuse('content-too-large', `The content is larger than the ${body} bytes that are read.`, {
        fields: { connection: 'close' },
        members: { limit: body },
      })
    if (read.kind === 'timeout')
      return refuse('request-timeout', `The content did not arrive within ${bodyTimeout / 1000} seconds.`, {
        fields: { connection: 'close' },
      })
    if (read.kind === 'aborted') return refuse('malformed-request', 'The connection ended before the content did.')
    return understand(x, read.bytes)
  })
}

function understand(x: Exchange, bytes: Uint8Array): Stop | undefined {
  const { place } = x.target
  if (x.method === 'QUERY' && place.kind === 'collection')
    return understandQuery(x, bytes, place.collection, place.parent)
  if (place.kind === 'service')
    return take(
      x,
      parse(
        x,
        bytes,
        { singular: place.service.name, plural: place.service.name, fields: place.service.input },
        'item',
      ),
      value => {
        const read = readEntry(place.service.input, value, 'create', place.service.name)
        return read.kind === 'invalid' ? read : { kind: 'arguments', values: read.values }
      },
    )
  if (place.kind !== 'item' && place.kind !== 'collection') return
  const { collection } = place
  const list = place.kind === 'collection' && x.method !== 'POST'
  const parsed = parse(x, bytes, shapeOf(collection, collection.fields), list ? 'list' : 'item')
  return take(x, parsed, value => {
    if (x.method === 'PATCH') return list ? readChanges(collection, value) : { kind: patchKind(x), patch: value }
    if (list) return readEntries(collection, value)
    const mode = x.method === 'POST' ? 'create' : 'replace'
    return readEntry(fieldsFor(collection, mode), value, mode, collection.singular)
  })
}

const patchKind = (x: Exchange) => (x.contentKind === 'json-patch' ? ('json-patch' as const) : ('merge-patch' as const))

function parse(x: Exchange, bytes: Uint8Array, shape: Shape, expect: 'item' | 'list'): Parsed {
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

function malformed({ detail, line, column }: Extract<Parsed, { kind: 'malformed' }>): Stop {
  const place = line === undefined ? '' : ` (line ${line}${column === undefined ? '' : `, column ${column}`})`
  return refuse('malformed-content', `${detail.replace(/\.$/, '')}${place}.`, {
    members: { ...(line !== undefined && { line }), ...(column !== undefined && { column }) },
  })
}

export function invalidContent(errors: readonly ProblemError[]): Stop {
  const [first] = errors
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  return refuse('invalid-content', `${first?.detail ?? 'The content is not valid.'}${more}`, { errors })
}

/** In a PUT the path says the id: the content may repeat it. */
export function fieldsFor(collection: CollectionModel, mode: 'create' | 'replace'): readonly Field[] {
  if (mode === 'create' || collection.ids === 'uuid') return collection.fields
  return collection.fields.map(field => (field.name === 'id' ? { ...field, access: 'server' as const } : field))
}

function readEntries(collection: CollectionModel, value: unknown): Input | Invalid {
  if (!Array.isArray(value)) return notAList(collection)
  const entries: Extract<EntryRead, { kind: 'entry' }>[] = []
  const errors: ProblemError[] = []
  const seen = new Set<unknown>()
  const fields = fieldsFor(collection, 'replace')
  for (const [index, member] of value.entries()) {
    const read = readEntry(fields, member, 'replace', collection.singular, [index])
    if (read.kind === 'invalid') errors.push(...read.errors)
    else {
      errors.push(...faultsOfId(read.claims.id, seen, index))
      entries.push(read)
    }
    if (errors.length >= 50) break
  }
  return errors.length > 0 ? { kind: 'invalid', errors } : { kind: 'entries', entries }
}

function readChanges(collection: CollectionModel, value: unknown): Input | Invalid {
  if (!Array.isArray(value)) return notAList(collection)
  const errors: ProblemError[] = []
  const seen = new Set<unknown>()
  for (const [index, member] of value.entries()) {
    const isObject = typeof member === 'object' && member !== null && !Array.isArray(member)
    if (isObject) errors.push(...faultsOfId((member as Record<string, unknown>).id, seen, index))
    else
      errors.push({
        pointer: `/${index}`,
        detail: `An object with an id and the changed members of one ${collection.singular} is expected.`,
      })
    if (errors.length >= 50) break
  }
  return errors.length > 0
    ? { kind: 'invalid', errors }
    : { kind: 'changes', changes: value as Record<string, unknown>[] }
}

function faultsOfId(id: unknown, seen: Set<unknown>, index: number): readonly ProblemError[] {
  const pointer = `/${index}/id`
  if (typeof id !== 'string') return [{ pointer, detail: '“id” is missing: it says which item is meant.' }]
  if (seen.has(id)) return [{ pointer, detail: `The id “${id.slice(0, 100)}” is named twice.` }]
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
  const planned = planList(collection, parent, [...x.target.words, ...x.queryWords], limits)
  if (planned.kind === 'invalid') return invalid(fromJson ? errorsOfJson(planned.errors) : planned.errors)
  return listPlanned(x, planned.query)
}

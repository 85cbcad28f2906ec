// Intent, decision and outcome → status, fields and body. Location, Allow, Preference-Applied and the like are derived
// here and nowhere else; the fields of representations in `represent`, those of problems in `problem-answer`.
import { type EntityTag, formatEntityTag, formatPreferenceApplied } from '@comity/http'
import { listBytes } from '../formats/pieces.ts'
import { segmentOf } from '../model/files.ts'
import type { CollectionModel, Values } from '../model/model.ts'
import type { Item } from '../store/store.ts'
import { after, type Later } from '../store/store.ts'
import type { Answer, AnswerFields, Stop } from './answer.ts'
import type { Exchange } from './exchange.ts'
import { languageFields } from './language.ts'
import type { Part } from './many.ts'
import { acceptedCodings, acceptedContents, allowedMethods, readsContent } from './methods.ts'
import { partShape } from './part-shape.ts'
import { refusedAnswer } from './problem-answer.ts'
import { itemContent, pathOf, represent, validatorsOf } from './represent.ts'
import { bytesOfFile, contentFields, entityTagOf, keep, type Metadata, representationFields } from './representation.ts'
import { wholeRepresentation } from './representation-name.ts'
import { shapeOf } from './shape.ts'
import type { Outcome } from './write.ts'

export function respondStop(x: Exchange, stop: Stop): Later<Answer> {
  switch (stop.kind) {
    case 'refused':
      return refusedAnswer(x, stop)
    case 'answered':
      return stop.answer
    case 'moved':
      return { status: 308, fields: { location: stop.to, 'content-length': '0' }, body: undefined }
    case 'found-at': {
      const fields = { location: stop.to, 'content-length': '0', 'cache-control': 'no-cache' }
      return { status: 307, fields, body: undefined }
    }
    case 'not-modified':
      return after(represent(x, 'not-modified'), ({ notModified }) => aboutTag(notModified, stop.etag))
  }
}

/** RFC 9110 §15.4.5: a 304 names the representation it is about, among those that the client may have. */
function aboutTag(notModified: Answer, etag: EntityTag | undefined): Answer {
  const named = etag && formatEntityTag(etag)
  if (named === undefined || named === notModified.fields.etag) return notModified
  return { ...notModified, fields: { ...notModified.fields, etag: named } }
}

/** RFC 9110 §9.3.7 */
export function respondOptions(x: Exchange): Answer {
  const { place } = x.target
  return {
    status: 204,
    fields: {
      allow: allowedMethods(place).join(', '),
      ...acceptedContents(place),
      ...(readsContent(place) && { 'accept-encoding': acceptedCodings }),
    },
    body: undefined,
  }
}

/** What became of a write, told as its method and the client's preference ask. */
export function respondOutcome(x: Exchange, outcome: Outcome): Later<Answer> {
  switch (outcome.kind) {
    case 'created':
    case 'changed':
      return itemWritten(x, outcome.item, outcome.kind)
    case 'many':
      return itemsWritten(x, outcome.items, outcome.how)
    case 'parts':
      return partsWritten(x, outcome.parts)
    case 'imported':
      return outcome.items ? itemsWritten(x, outcome.items, 'created') : imported(x, outcome.count)
    case 'deleted':
      return { status: 204, fields: appliedFields(x, undefined), body: undefined }
    default:
      return respondStop(x, outcome)
  }
}

/** An extension names the format, whatever Accept says. */
const varyOf = (x: Exchange) => ({
  vary: [
    ...(x.target.extension === undefined ? ['accept'] : []),
    'prefer',
    ...(x.language === undefined ? [] : ['accept-language']),
  ].join(', '),
})

/** RFC 7240 §3 */
function appliedFields(x: Exchange, returned: 'minimal' | 'representation' | undefined): AnswerFields {
  const applied: [string, string][] = []
  if (returned !== undefined && x.preferences.get('return')?.value === returned) applied.push(['return', returned])
  const handling = x.preferences.get('handling')?.value
  if (handling === 'strict' || (handling === 'lenient' && x.input?.kind === 'many'))
    applied.push(['handling', handling])
  return applied.length > 0 ? { 'preference-applied': formatPreferenceApplied(applied) } : {}
}

const wantsMinimal = (x: Exchange): boolean => x.preferences.get('return')?.value === 'minimal'

function itemWritten(x: Exchange, item: Item, how: 'created' | 'changed'): Answer {
  const collection = x.collection() as CollectionModel
  const { place } = x.target
  const path = place.kind === 'collection' ? `${pathOf(x)}/${segmentOf(collection, item.values)}` : pathOf(x)
  const location: AnswerFields = how === 'created' ? { location: path } : {}
  const status = how === 'created' ? 201 : 200
  const metadata = writtenMetadata(x, collection)
  if (wantsMinimal(x)) {
    const validators = representationFields(validatorsWritten(x, collection, item), metadata)
    const fields = { etag: validators.etag ?? '', 'last-modified': validators['last-modified'] ?? '', ...varyOf(x) }
    const empty: AnswerFields = how === 'created' ? { 'content-length': '0' } : {}
    return {
      status: how === 'created' ? 201 : 204,
      fields: { ...location, ...fields, ...empty, ...appliedFields(x, 'minimal') },
      body: undefined,
    }
  }
  const { answer } = keep(itemContent(x, collection, item), validatorsWritten(x, collection, item), metadata)
  const fields = {
    ...location,
    // What is known of a file is told by no path of its own.
    ...(collection.files === undefined && { 'content-location': viewOf(x, collection, path) }),
    ...answer.fields,
    ...appliedFields(x, 'representation'),
  }
  return { status, fields, body: answer.body }
}

/** RFC 9110 §9.3.4: the validators of what lives at the target, which for a file are those of its bytes. */
function validatorsWritten(x: Exchange, { files }: CollectionModel, item: Item) {
  const validators = validatorsOf(x, item)
  return files ? { ...validators, etag: entityTagOf(item.revision, bytesOfFile) } : validators
}

/** RFC 9110 §8.7: where a GET would give this very representation, extension and members included. */
function viewOf(x: Exchange, collection: CollectionModel, path: string): string {
  const { shown, target } = x
  const { fields } = x.seen(collection)
  const extension = target.extension === undefined ? '' : `.${target.extension}`
  const some = shown !== undefined && shown.length < fields.length
  return `${path}${extension}${some ? `?fields=${shown.map(({ name }) => name).join()}` : ''}`
}

function writtenMetadata(x: Exchange, collection: CollectionModel): Metadata {
  if (x.format === undefined) throw new TypeError('no format was chosen')
  return { format: x.format, cacheControl: collection.cacheControl, links: [], more: languageFields(x), ...varyOf(x) }
}

function itemsWritten(x: Exchange, items: readonly Item[], how: 'created' | 'changed'): Later<Answer> {
  const { place } = x.target
  if (place.kind !== 'collection') throw new TypeError('not a collection')
  const { collection, parent } = place
  return after(x.reads.state(collection, parent), state => {
    if (wantsMinimal(x)) {
      const etag = `"${entityTagOf(state.revision, wholeRepresentation(x)).opaque}"`
      const fields = { etag, ...varyOf(x), ...appliedFields(x, 'minimal') }
      return how === 'created'
        ? { status: 201, fields: { ...fields, 'content-length': '0' }, body: undefined }
        : { status: 204, fields, body: undefined }
    }
    const seen = x.seen(collection)
    const fields = x.shown ?? seen.fields
    const view = x.view()
    const writer = writtenMetadata(x, collection)
    const list = (x.format as NonNullable<Exchange['format']>).list(shapeOf(seen, fields))
    const rows = items.map(({ values }) => {
      const whole = view ? view.down(values) : values
      return Object.fromEntries(fields.map(({ name }) => [name, whole[name]]))
    })
    const body = listBytes(list, rows)
    return {
      status: how === 'created' ? 201 : 200,
      fields: {
        ...contentFields(writer.format),
        'content-length': String(body.length),
        'cache-control': 'no-store',
        ...languageFields(x),
        ...varyOf(x),
        ...appliedFields(x, 'representation'),
      },
      body,
    }
  })
}

/** More items than are told back: how many there are is. */
const imported = (x: Exchange, count: number): Answer => ({
  status: 201,
  fields: { 'x-total-count': String(count), 'content-length': '0', ...varyOf(x), ...appliedFields(x, 'minimal') },
  body: undefined,
})

/** RFC 4918 §13's 207, as a list in the format of the request: what became of each, in the order sent. */
function partsWritten(x: Exchange, parts: readonly Part[]): Answer {
  const { format } = x
  if (format === undefined) throw new TypeError('no format was chosen')
  const rows = parts.map((part): Values => {
    if (part.kind === 'refused')
      return { status: part.problem.status, location: null, etag: null, problem: part.problem }
    const etag = `"${entityTagOf(part.item.revision, wholeRepresentation(x)).opaque}"`
    const status = part.kind === 'created' ? 201 : 200
    return { status, location: `${pathOf(x)}/${encodeURIComponent(part.item.id)}`, etag, problem: null }
  })
  const list = format.list(partShape)
  const body = listBytes(list, rows)
  return {
    status: 207,
    fields: {
      ...contentFields(format),
      'content-length': String(body.length),
      'cache-control': 'no-store',
      ...varyOf(x),
      ...appliedFields(x, undefined),
    },
    body,
  }
}

/** What would have been answered, had it been done. Its revision goes to another write: it names nothing. */
export function rehearsedAnswer(answer: Answer): Answer {
  const { etag: _, 'last-modified': __, ...fields } = answer.fields
  const applied = fields['preference-applied']
  return {
    ...answer,
    fields: {
      ...fields,
      'cache-control': 'no-store',
      'preference-applied': applied ? `${applied}, dry-run` : 'dry-run',
    },
  }
}

// A service called: its arguments enriched, its result written as a representation of its own.
import type { Form, Piece } from '../formats/format.ts'
import { bytesOf } from '../formats/pieces.ts'
import { deadlineOf } from '../limits/time.ts'
import { viaOf } from '../limits/via.ts'
import type { ServiceModel, Values } from '../model/model.ts'
import { after, type Later, type Reads } from '../store/store.ts'
import type { Answer, AnswerFields } from './answer.ts'
import { currentToken } from './change-token.ts'
import { digestAnswer } from './digest-answer.ts'
import { enrich, toWire } from './entry-values.ts'
import type { Exchange } from './exchange.ts'
import { contentFields } from './representation.ts'
import { tablesOf } from './tables.ts'

export function call(x: Exchange, service: ServiceModel, reads: Reads): Later<Answer> {
  const { input, runtime } = x
  if (input?.kind !== 'arguments') throw new TypeError(`${service.name} has no arguments`)
  const { model, newId } = runtime
  const { signal, within } = deadlineOf(service.name, service.timeout, x.incoming.signal())
  const context = {
    tx: tablesOf({ model, newId, caller: x.caller, sight: x.sight }, reads),
    all: tablesOf({ model, newId, caller: x.caller }, reads),
    caller: x.caller,
    signal,
    via: viaOf(x),
    query: enrich(service.query, x.queryArguments),
    token: () => currentToken(reads),
  }
  return after(within(service.handle(enrich(service.input, input.values), context)), result =>
    resultOf(x, service, result),
  )
}

/** What a handler gave, in the format that was asked for. */
export function resultOf(x: Exchange, service: ServiceModel, result: Readonly<Record<string, unknown>>): Answer {
  const values: Values = {}
  for (const field of service.output) values[field.name] = null
  Object.assign(values, toWire(service.output, result, service.name))
  const view = x.serviceView()
  const { name, output } = view?.model ?? service
  const shape = { singular: name, plural: name, fields: output }
  return answerOf(x, service, formatOf(x, service).item(view ? view.output.down(values) : values, shape))
}

function formatOf({ format }: Exchange, { name }: ServiceModel): Form {
  if (format === undefined) throw new TypeError(`no format was chosen for ${name}`)
  return format
}

function answerOf(x: Exchange, service: ServiceModel, content: Piece): Answer {
  const fields = {
    ...contentFields(formatOf(x, service)),
    'cache-control': service.method === 'GET' ? service.cacheControl : 'no-store',
    ...varyOf(x, service),
  }
  if (service.method === 'GET') return digestAnswer(x, content, fields)
  const body = bytesOf(content)
  return { status: 200, fields: { ...fields, 'content-length': String(body.length) }, body }
}

/** A POST that may be answered later depends on Prefer as well. */
function varyOf({ target }: Exchange, { method }: ServiceModel): AnswerFields {
  const accept = target.extension === undefined ? ['accept'] : []
  const vary = method === 'POST' ? [...accept, 'prefer'] : accept
  return vary.length > 0 ? { vary: vary.join(', ') } : {}
}

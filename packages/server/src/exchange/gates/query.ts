// Is the query string one that this place understands? What it asks for is noted as a plan.
import type { ProblemError } from '@comity/http'
import { planItem, planList, planSelection } from '../../query/plan.ts'
import type { Word } from '../../query/words.ts'
import { raiseArguments } from '../../versions/convert.ts'
import { refuse, type Stop } from '../answer.ts'
import { argumentsFromWords } from '../arguments.ts'
import type { Exchange } from '../exchange.ts'

export function queryUnderstood(x: Exchange): Stop | undefined {
  const { place } = x.target
  // A form of a page sends every input: one that was left empty asks for nothing.
  const words = x.format?.name === 'html' ? x.target.words.filter(({ value }) => value !== '') : x.target.words
  const { limits } = x.runtime.model
  if (x.method === 'OPTIONS') return
  switch (place.kind) {
    case 'service': {
      const { service } = place
      const view = x.serviceView()
      const side = service.method === 'GET' ? 'input' : 'query'
      const read = argumentsFromWords(view?.model ?? service, (view?.model ?? service)[side], words)
      if (read.kind === 'invalid') return invalid(read.errors)
      const raised = view ? raiseArguments(view[side], service[side], read.values) : read
      if (raised.kind === 'invalid') return invalid(raised.errors)
      if (side === 'input') x.input = { kind: 'arguments', values: raised.values }
      else x.queryArguments = raised.values
      return
    }
    case 'file':
    case 'item': {
      // Of a file there are only its bytes to read.
      if (place.kind === 'file' && x.isRead()) return noWords(x.seen(place.collection).singular, words)
      const read = planItem(x.seen(place.collection), words)
      if (read.kind === 'invalid') return invalid(read.errors)
      x.shown = read.fields
      return
    }
    case 'collection': {
      // A QUERY's content holds more of the question: both are read together, once it is here.
      if (x.method === 'QUERY') return
      if (x.isRead()) {
        const read = planList(place.collection, place.parent, words, limits, x.view())
        if (read.kind === 'invalid') return invalid(read.errors)
        return listPlanned(x, read.query)
      }
      if (x.method === 'DELETE') {
        const read = planSelection(place.collection, place.parent, words, limits, x.view())
        if (read.kind === 'invalid') return invalid(read.errors)
        x.selection = read.selection
        return
      }
      const read = planItem(x.seen(place.collection), words)
      if (read.kind === 'invalid') return invalid(read.errors)
      x.shown = read.fields
      return
    }
    default:
      return
  }
}

function noWords(name: string, words: readonly Word[]): Stop | undefined {
  const read = argumentsFromWords({ name }, [], words)
  return read.kind === 'invalid' ? invalid(read.errors) : undefined
}

/** Note the plan of a list. */
export function listPlanned(x: Exchange, query: NonNullable<Exchange['query']>): undefined {
  x.query = query
  x.shown = query.shown
}

export function invalid(errors: readonly ProblemError[]): Stop {
  const [first] = errors
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  return refuse('invalid-query', `${first?.detail ?? 'The query is not understood.'}${more}`, { errors })
}

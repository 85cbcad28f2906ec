// The four stages in a row: read, decide, perform, respond. What is thrown on the way is caught here, once.
import { Refusal } from '../define/refusal.ts'
import { after, BusyError, ConstraintError, type Later, type Reads } from '../store/store.ts'
import { type Answer, type Refused, refuse } from './answer.ts'
import { call } from './call.ts'
import { decide } from './decide.ts'
import type { Exchange } from './exchange.ts'
import { isKept } from './gates/existence.ts'
import { gatesOfTheRequest, gatesOfTheState } from './gates.ts'
import { refusedAnswer } from './problem-answer.ts'
import { represent } from './represent.ts'
import { respondOptions, respondOutcome, respondStop } from './respond.ts'
import { Stopped, write } from './write.ts'

/** Answer a request. Never throws and never rejects: what goes wrong inside is a 500 problem with an id. */
export function run(x: Exchange): Later<Answer> {
  try {
    const answer = after(decide(gatesOfTheRequest, x), stop => (stop ? respondStop(x, stop) : perform(x)))
    return answer instanceof Promise ? answer.catch(error => failed(x, error)) : answer
  } catch (error) {
    return failed(x, error)
  }
}

function perform(x: Exchange): Later<Answer> {
  const { place } = x.target
  const { store } = x.runtime
  if (x.method === 'OPTIONS') return respondOptions(x)
  if (place.kind === 'page')
    return after(decide(gatesOfTheState, x), stop => (stop ? respondStop(x, stop) : x.runtime.pageAnswer(x)))
  if (place.kind === 'service') {
    const { service } = place
    const done = service.effect === 'writes' ? store.write(tx => call(x, service, tx)) : call(x, service, store)
    return after(done, answer => ('status' in answer ? answer : respondStop(x, answer)))
  }
  if (!x.isRead()) return performWrite(x)
  // What is kept needs no snapshot, and one item is read in one statement.
  if (place.kind === 'item' || isKeptList(x)) return answerRead(x, store)
  return store.snapshot(reads => answerRead(x, reads))
}

function isKeptList(x: Exchange): boolean {
  const collection = x.collection()
  return x.method !== 'QUERY' && collection !== undefined && isKept(x, collection)
}

function answerRead(x: Exchange, reads: Reads): Later<Answer> {
  x.reads = reads
  return after(decide(gatesOfTheState, x), stop => {
    if (stop) return respondStop(x, stop)
    return after(represent(x), ({ answer }) => answer)
  })
}

function performWrite(x: Exchange): Later<Answer> {
  return x.runtime.store.write(tx => {
    x.reads = tx
    return after(decide(gatesOfTheState, x), stop => {
      if (stop) return respondStop(x, stop)
      return after(write(x, tx), outcome => respondOutcome(x, outcome))
    })
  })
}

/** Every way in which a handler, the database or the code itself can fail, as an answer. */
function failed(x: Exchange, error: unknown): Later<Answer> {
  if (error instanceof Stopped) return respondStop(x, error.stop)
  const refused = refusalOf(x, error)
  if (refused) {
    x.trace?.push({
      gate: 'perform',
      section: 'RFC 9110 §9',
      outcome: 'answered',
      because: `${refused.code}: ${refused.detail}`,
    })
    return refusedAnswer(x, refused)
  }
  const id = x.runtime.newId()
  x.runtime.report(error, id)
  return refusedAnswer(
    x,
    refuse('internal-error', `Something failed inside the server. It is on record as ${id}.`, {
      instance: `urn:uuid:${id}`,
      members: { id },
    }),
  )
}

function refusalOf(x: Exchange, error: unknown): Refused | undefined {
  if (error instanceof Refusal && x.runtime.model.problems.has(error.code)) {
    const { detail, errors, retryAfter, members } = error.about
    return refuse(error.code, detail ?? x.runtime.problem(error.code).explanation, {
      ...(errors && { errors }),
      ...(members && { members }),
      ...(retryAfter !== undefined && { fields: { 'retry-after': String(Math.ceil(retryAfter)) } }),
    })
  }
  if (error instanceof ConstraintError) return constraintRefusal(error)
  if (error instanceof BusyError)
    return refuse('overloaded', 'The database is held by another process.', { fields: { 'retry-after': '1' } })
  return
}

function constraintRefusal({ kind, members }: ConstraintError): Refused {
  const named = members.map(member => `“${member}”`).join(', ')
  const errors = (detail: string) => members.map(member => ({ pointer: `/${member}`, detail }))
  switch (kind) {
    case 'exists':
      return refuse('already-exists', 'There is an item with this id already.', { errors: errors('This id is taken.') })
    case 'unique':
      return refuse('already-exists', `Another item has the same ${named || 'value'}.`, {
        errors: errors('This value is taken.'),
      })
    case 'reference':
      return refuse('rule-refused', `${named || 'A member'} refers to an item that is not there.`, {
        errors: errors('There is no such item.'),
      })
    case 'referenced':
      return refuse('still-referenced', `Other items refer to this one${named ? ` in ${named}` : ''}.`)
  }
}

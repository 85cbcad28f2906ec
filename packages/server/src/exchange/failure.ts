// Every way in which a handler, the database or the code itself can fail, as an answer.
import type { ProblemError } from '@comity/http'
import { Refusal } from '../define/refusal.ts'
import { BusyError, ConstraintError } from '../store/errors.ts'
import { toldIn } from '../versions/convert.ts'
import { type Answer, type Refused, refuse, type Stop } from './answer.ts'
import type { Exchange } from './exchange.ts'
import { refusedAnswer } from './problem-answer.ts'

/** Leaves a transaction that has written already, so that it is rolled back. */
export class Stopped extends Error {
  readonly stop: Stop
  constructor(stop: Stop) {
    super(stop.kind)
    this.stop = stop
  }
}

/** Leaves a transaction that is to be rolled back, and says what is to be answered all the same. */
export class Rehearsed extends Error {
  readonly answer: Answer
  constructor(answer: Answer) {
    super('rolled back')
    this.answer = answer
  }
}

/** The answer to what was thrown; what is nobody's fault but ours is a 500 with an id, which the log has too. */
export function answerFailure(x: Exchange, error: unknown): Answer {
  if (error instanceof Rehearsed) return error.answer
  const refused = refusalOf(x, error)
  if (refused) {
    const because = `${refused.code}: ${refused.detail}`
    x.trace?.push({ gate: 'perform', section: 'RFC 9110 §9', outcome: 'answered', because })
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

/** What was refused where the caller is at fault (4xx), else undefined. */
export function callersFault(x: Exchange, error: unknown): Refused | undefined {
  const refused = refusalOf(x, error)
  return refused && x.runtime.problem(refused.code).status < 500 ? refused : undefined
}

/** Refused, but not for good: what is to be asked in another way (400, 401, 428), or later (408, 425, 429). */
const provisional: ReadonlySet<number> = new Set([400, 401, 408, 425, 428, 429])

/** Whether a refusal is as good as done, so that a repeat of the same request need not be tried again. */
export function isFinal(x: Exchange, refused: Refused): boolean {
  const { status } = x.runtime.problem(refused.code)
  return status < 500 && !provisional.has(status) && refused.fields?.['retry-after'] === undefined
}

/** What was refused, whoever is at fault; undefined where something failed inside. */
export function refusalOf(x: Exchange, error: unknown): Refused | undefined {
  if (error instanceof Stopped && error.stop.kind === 'refused') return error.stop
  if (error instanceof Refusal && x.runtime.model.problems.has(error.code)) {
    const { detail, errors, retryAfter, members } = error.about
    return refuse(error.code, detail ?? x.runtime.problem(error.code).explanation, {
      ...(errors && { errors: inCallersWords(x, errors) }),
      ...(members && { members }),
      ...(retryAfter !== undefined && { fields: { 'retry-after': String(Math.ceil(retryAfter)) } }),
    })
  }
  if (error instanceof ConstraintError) return constraintRefusal(error, memberOf(x))
  if (error instanceof BusyError)
    return refuse('overloaded', 'The database is held by another process.', { fields: { 'retry-after': '1' } })
  return
}

/** What hooks say of members, they say of the newest version's. */
function inCallersWords(x: Exchange, errors: readonly ProblemError[]): readonly ProblemError[] {
  const view = x.view() ?? x.serviceView()?.input
  return view ? toldIn(view, errors) : errors
}

/** A member as the caller's version names it. */
function memberOf(x: Exchange): (member: string) => string {
  const view = x.view()
  return member => view?.placeOf([member])?.join('/') ?? member
}

/** A rule of the database that a write would break, as a refusal. */
export function constraintRefusal(
  { kind, members: broken, rule }: ConstraintError,
  told = (name: string) => name,
): Refused {
  const members = broken.map(told)
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
    case 'missing':
      return refuse('rule-refused', `${named || 'A member'} must have a value.`, {
        errors: errors('A value is needed.'),
      })
    case 'rule':
      return refuse('rule-refused', rule ?? 'The database refuses it.', {
        errors: errors(rule ?? 'The database refuses it.'),
      })
    case 'referenced':
      return refuse('still-referenced', `Other items refer to this one${named ? ` in ${named}` : ''}.`)
  }
}

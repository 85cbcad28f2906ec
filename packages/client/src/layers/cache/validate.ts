// RFC 9111 §4.3: asking the server whether what is stored still holds, and what its answer means for it.
import {
  type CacheRequest,
  decideStandIn,
  fieldValue,
  selectForFreshening,
  type ValidationFailure,
  validationFields,
  validationOutcome,
} from '@comity/http'
import type { Kept } from '../../cache/store.ts'
import type { Outgoing } from '../../exchange/request.ts'
import type { Incoming } from '../../exchange/response.ts'
import type { Call } from '../call.ts'
import type { Send } from '../layer.ts'
import { freshened, type Keeper } from './keep.ts'
import type { Question } from './question.ts'
import { served } from './serve.ts'
import { agesOf, ageWords } from './words.ts'
import type { Writes } from './writes.ts'

/** Sends, and stores what comes. */
export type Forward = (request: Outgoing, question: Question, call: Call) => Promise<Incoming>

/** Stores what came. `mark` is that of the writes when it was asked for. */
export type Keep = (
  answer: Incoming,
  question: Question,
  requestTime: number,
  mark: number,
  call: Call,
) => Promise<Incoming>

/** What validation needs of the cache around it. */
export type Around = {
  readonly keeper: Keeper
  readonly writes: Writes
  readonly next: Send
  readonly forward: Forward
  readonly kept: Keep
}

export type Validate = (request: Outgoing, question: Question, stored: Kept, call: Call) => Promise<Incoming>

export function validating({ keeper, writes, next, forward, kept }: Around): Validate {
  const { store, policy } = keeper

  /** The stored response in place of an answer that failed, where it may stand there. */
  const standIn = async (
    failure: ValidationFailure,
    stored: Kept,
    asked: CacheRequest,
    call: Call,
  ): Promise<Incoming | undefined> => {
    const now = call.clock.now()
    const verdict = decideStandIn(asked, stored, failure, now, policy)
    const after = failure.kind === 'status' ? `the status is ${failure.status}` : 'no answer came'
    if (verdict.kind === 'refuse') {
      call.note('cache', `not served stale, though ${after}: ${verdict.why}`, { why: verdict.why })
      return undefined
    }
    const content = await store.content(stored)
    if (content === undefined) return undefined
    const ages = agesOf(stored, now, policy)
    const words = `served stale (${ageWords(ages)}), since ${after}: ${verdict.why}`
    call.note('cache', words, { why: verdict.why, ...ages })
    return served(asked, stored, content, now, 'stale')
  }

  /** The stored response with what a 304 says of it; `undefined` where that is about nothing stored. */
  const confirmed = async (answer: Incoming, requestTime: number, question: Question, stored: Kept, call: Call) => {
    const { asked } = question
    const said = { status: 304, fields: answer.fields, requestTime, responseTime: call.clock.now() }
    const named = selectForFreshening(asked, await store.variants(question.key), said)
    const content = await store.content(stored)
    if (content === undefined || !named.some(({ id }) => id === stored.id)) return undefined
    let fresh = stored
    for (const one of named) {
      const how = one.id === stored.id ? 'revalidated: 304' : 'another variant revalidated: 304'
      const updated = await freshened(store, policy, asked, one, said, call, how)
      if (one.id === stored.id) fresh = updated
    }
    return served(asked, fresh, content, call.clock.now(), 'revalidated')
  }

  return async (request, question, stored, call) => {
    const { asked } = question
    const added = validationFields(asked, [stored])
    const conditional = added['if-none-match'] !== undefined || added['if-modified-since'] !== undefined
    const requestTime = call.clock.now()
    const mark = writes.mark()
    let answer: Incoming
    try {
      answer = await next(conditional ? { ...request, fields: { ...request.fields, ...added } } : request, call)
    } catch (error) {
      if (call.signal?.aborted) throw error
      const instead = await standIn({ kind: 'network' }, stored, asked, call)
      if (instead === undefined) throw error
      return instead
    }
    const outcome = validationOutcome(answer.status)
    if (outcome === 'failed') {
      const instead = await standIn({ kind: 'status', status: answer.status }, stored, asked, call)
      if (instead !== undefined) {
        await answer.body.discard()
        return instead
      }
    }
    if (outcome !== 'freshen' || !conditional) return kept(answer, question, requestTime, mark, call)
    const holds = await confirmed(answer, requestTime, question, stored, call)
    const own = fieldValue(asked.fields, 'if-none-match') ?? fieldValue(asked.fields, 'if-modified-since')
    // What the caller has may be confirmed although what is stored is not.
    if (holds === undefined && own !== undefined) return answer
    await answer.body.discard()
    if (holds !== undefined) return holds
    call.note('cache', 'the 304 is about nothing that is stored: asking anew')
    return forward(request, question, call)
  }
}

// The four stages in a row: read, decide, perform, respond. What is thrown on the way is caught here, once.

import { enqueue, isDeferred, resultInTime } from '../jobs/accept.ts'
import { callLong } from '../jobs/long.ts'
import { writeAsJob } from '../jobs/record.ts'
import { listJobs, removeJob, showJob, showResult } from '../jobs/resource.ts'
import { inTime } from '../limits/time.ts'
import { after, type Later, type Reads, type Transaction } from '../store/store.ts'
import { type Answer, refuse, type Stop } from './answer.ts'
import { call } from './call.ts'
import { decide } from './decide.ts'
import { deliver } from './deliver.ts'
import { differing } from './difference.ts'
import type { Exchange } from './exchange.ts'
import { answerFailure, isFinal, Rehearsed, refusalOf, Stopped } from './failure.ts'
import { toldToSigner } from './gates/caller.ts'
import { isKept } from './gates/existence.ts'
import { gatesOfTheRequest, gatesOfTheState } from './gates.ts'
import { hint } from './hint.ts'
import { writeOnce } from './keyed.ts'
import { isRehearsal } from './rehearsal.ts'
import { represent } from './represent.ts'
import { rehearsedAnswer, respondOptions, respondOutcome, respondStop } from './respond.ts'
import { answerSite } from './site.ts'
import type { Place } from './target.ts'
import { performOnUpload } from './uploads/resource.ts'
import { completed } from './uploads/take.ts'
import { type Outcome, write } from './write.ts'

/** Answer a request. Never throws and never rejects: what goes wrong inside is a 500 problem with an id. */
export function run(x: Exchange): Later<Answer> {
  // What failed is told as any other answer is; what fails while it is delivered is told as it stands.
  return caught(x, () =>
    after(
      caught(x, () => exchanged(x)),
      answered =>
        x.upload
          ? after(
              completed(x, () => answered),
              done => deliver(x, done),
            )
          : deliver(x, answered),
    ),
  )
}

function caught(x: Exchange, act: () => Later<Answer>): Later<Answer> {
  try {
    const answer = act()
    return answer instanceof Promise ? answer.catch(error => answerFailure(x, error)) : answer
  } catch (error) {
    return answerFailure(x, error)
  }
}

/** The same without the catch. */
export const exchanged = (x: Exchange): Later<Answer> =>
  after(
    after(decide(gatesOfTheRequest, x), stop => toldToSigner(x, stop)),
    stop => (stop ? respondStop(x, stop) : perform(x)),
  )

function perform(x: Exchange): Later<Answer> {
  hint(x)
  const { place } = x.target
  if (place.kind === 'site') return answerSite(x, place.path)
  if (x.method === 'OPTIONS') return respondOptions(x)
  if (place.kind === 'page')
    return after(decide(gatesOfTheState, x), stop => (stop ? respondStop(x, stop) : x.runtime.pageAnswer(x)))
  if (place.kind === 'upload') return performOnUpload(x, place.id, exchanged)
  if (place.kind === 'jobs' || place.kind === 'job' || place.kind === 'job-result') return performOnJobs(x, place)
  return isDeferred(x) ? defer(x) : performNow(x)
}

function performNow(x: Exchange): Later<Answer> {
  const { place } = x.target
  const { store } = x.runtime
  if (place.kind === 'service') {
    const { service } = place
    if (x.run && service.work) return callLong(x, service, x.run)
    return service.effect === 'writes' || x.key ? transact(x, tx => call(x, service, tx)) : call(x, service, store)
  }
  if (!x.isRead()) return performWrite(x)
  // What is kept needs no snapshot, and one item is read in one statement.
  if (place.kind === 'item' || place.kind === 'file' || isKeptList(x)) return answerRead(x, store)
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
    return after(represent(x), ({ answer }) => differing(x, answer))
  })
}

function performWrite(x: Exchange): Later<Answer> {
  return transact(x, tx => {
    x.reads = tx
    return after(decide(gatesOfTheState, x), stop => {
      if (stop) return after(respondStop(x, stop), answer => standing(x, stop, answer))
      return after(writtenInTime(x, tx), outcome => {
        // Whatever was written before it was refused is undone.
        if (outcome.kind === 'refused') throw new Stopped(outcome)
        return respondOutcome(x, outcome)
      })
    })
  })
}

/** Hooks may wait for others. What streams in, and what is done in the background, takes the time it takes. */
function writtenInTime(x: Exchange, tx: Transaction): Later<Outcome> {
  const written = write(x, tx)
  if (x.run !== undefined || x.input?.kind === 'import' || x.input?.kind === 'files') return written
  const ms = x.runtime.model.limits.handler
  return inTime(written, ms, () => new Stopped(refuse('upstream-timeout', `The hooks did not end within ${ms} ms.`)))
}

function performOnJobs(x: Exchange, place: Extract<Place, { kind: 'jobs' | 'job' | 'job-result' }>): Later<Answer> {
  if (x.method === 'DELETE' && place.kind === 'job') return removeJob(x, place.id)
  return after(decide(gatesOfTheState, x), stop => {
    if (stop) return respondStop(x, stop)
    if (place.kind === 'jobs') return listJobs(x)
    return place.kind === 'job' ? showJob(x) : showResult(x)
  })
}

/** The job is queued where the request would be done now; its state is asked again when it is. */
function defer(x: Exchange): Later<Answer> {
  const { place } = x.target
  if (isRehearsal(x)) {
    if (place.kind !== 'service' || !place.service.work) return performNow(x)
    const detail = `${place.service.name} is long work, in many transactions: it cannot be done and undone.`
    return respondStop(x, refuse('preference-unsupported', detail))
  }
  const queued = transact(x, tx => {
    x.reads = tx
    return after(decide(gatesOfTheState, x), stop => {
      if (stop) return after(respondStop(x, stop), answer => standing(x, stop, answer))
      return enqueue(x, tx)
    })
  })
  return after(queued, answer => (answer.status === 202 ? resultInTime(x, answer) : answer))
}

/** An answer that is not the last word is given, and not remembered. */
function standing(x: Exchange, stop: Stop, answer: Answer): Answer {
  if (stop.kind === 'refused' && !isFinal(x, stop)) throw new Rehearsed(answer)
  return answer
}

/** One transaction: once for its idempotency key, and for nothing where it is only rehearsed. */
function transact(x: Exchange, act: (tx: Transaction) => Later<Answer>): Later<Answer> {
  if (isRehearsal(x)) return x.write(tx => rehearse(x, () => act(tx)))
  if (x.run) return writeAsJob(x, x.run, act)
  return x.key ? writeOnce(x, x.key, act) : x.write(act)
}

/** Refused or done: either is answered as it would have been, and neither happens. */
function rehearse(x: Exchange, act: () => Later<Answer>): Later<never> {
  const leave = (answer: Answer): never => {
    throw new Rehearsed(rehearsedAnswer(answer))
  }
  const failed = (error: unknown): never => {
    if (error instanceof Rehearsed) return leave(error.answer)
    if (refusalOf(x, error) === undefined) throw error
    return leave(answerFailure(x, error))
  }
  let answer: Later<Answer>
  try {
    answer = act()
  } catch (error) {
    return failed(error)
  }
  return answer instanceof Promise ? answer.then(leave, failed) : leave(answer)
}

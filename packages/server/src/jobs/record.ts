// How a job ends: in the transaction of what it did, so that no restart can do it twice.
import type { Answer } from '../exchange/answer.ts'
import type { Exchange } from '../exchange/exchange.ts'
import { answerFailure, callersFault, Rehearsed } from '../exchange/failure.ts'
import { keptOf } from '../exchange/keyed.ts'
import { refusedProblem } from '../exchange/problem-answer.ts'
import { after, type JobEnd, type Later, type Transaction, type WholeJob } from '../store/store.ts'
import { announced } from '../versions/announce.ts'
import { JobLeft, type JobRun } from './running.ts'

/**
 * Runs `act` in one transaction with the end of the job.
 * @throws JobLeft where the job is not this run's any more; what failed inside, with nothing written
 */
export async function writeAsJob(x: Exchange, run: JobRun, act: (tx: Transaction) => Later<Answer>): Promise<Answer> {
  const answer = await x.write(tx =>
    after(stillOurs(tx, run), () => after(attempted(x, tx, act), made => after(finish(x, tx, run, made), () => made))),
  )
  run.end = 'recorded'
  return answer
}

/** The end of a job that wrote nothing, or that wrote in transactions of its own. */
export async function recordEnd(x: Exchange, run: JobRun, answer: Answer): Promise<void> {
  await x.runtime.store.write(tx => after(stillOurs(tx, run), () => finish(x, tx, run, answer)))
  run.end = 'recorded'
}

/** @throws JobLeft */
export const stillOurs = (tx: Transaction, run: JobRun): Later<WholeJob> =>
  after(tx.job(run.id), job => {
    if (job?.state === 'running' && job.run === run.number) return job
    throw new JobLeft(`the job ${run.id} is not run ${run.number}’s any more`)
  })

/** What the caller did wrong is undone, and answered. */
function attempted(x: Exchange, tx: Transaction, act: (tx: Transaction) => Later<Answer>): Later<Answer> {
  const refused = (error: unknown): Answer => {
    if (!(error instanceof Rehearsed) && callersFault(x, error) === undefined) throw error
    return answerFailure(x, error)
  }
  try {
    const tried = tx.attempt(act)
    return tried instanceof Promise ? tried.catch(refused) : tried
  } catch (error) {
    return refused(error)
  }
}

function finish(x: Exchange, tx: Transaction, { id, progress }: JobRun, answer: Answer): Later<void> {
  const expires = tx.now + x.runtime.model.retention.jobs
  const noted = progress && tx.noteJob(id, { progress })
  return after(noted, () => tx.finishJob(id, endOf(x, answer), expires))
}

/** A job whose request was refused has failed. */
export function endOf(x: Exchange, answer: Answer): JobEnd {
  const { fingerprint: _, ...result } = keptOf(announced(x, answer), '', x.runtime.model.limits.replay)
  if (x.refused === undefined) return { state: 'succeeded', result }
  return { state: 'failed', result, problem: refusedProblem(x, x.refused) as Readonly<Record<string, unknown>> }
}

// Runs what is queued in the store, some of it at a time. The store is the queue: what is not done when the process
// ends is found there by the next one.
import { setTimeout as sleep } from 'node:timers/promises'
import { stillStanding } from '../auth/standing.ts'
import { type Answer, refuse } from '../exchange/answer.ts'
import type { Exchange } from '../exchange/exchange.ts'
import { answerFailure } from '../exchange/failure.ts'
import { refusedAnswer } from '../exchange/problem-answer.ts'
import { exchanged } from '../exchange/run.ts'
import type { Runtime } from '../exchange/runtime.ts'
import { after, type Job, type WholeJob } from '../store/store.ts'
import { endOf, recordEnd } from './record.ts'
import { hasEnded } from './representation.ts'
import { exchangeOf } from './request.ts'
import { JobLeft, type JobRun, type Jobs } from './running.ts'
import { waitingRoom } from './waiting.ts'

export type Runner = {
  readonly jobs: Jobs
  /** Goes on with what an earlier process left, then with what is queued. */
  readonly open: () => Promise<void>
  /** Begins nothing more, and lets nobody wait. */
  readonly drain: () => void
  /** Gives what runs `grace` ms to finish, and leaves the rest to the next start. */
  readonly close: (grace: number) => Promise<void>
}

type Running = { readonly stop: AbortController; run: JobRun | undefined; done: Promise<void> }

/** After a failure of the store itself, in ms. */
const tryAgainAfter = 1_000

/** `runtime` is asked once jobs run, not before. */
export function runnerOf(runtime: () => Runtime): Runner {
  const running = new Map<string, Running>()
  const room = waitingRoom()
  let phase: 'new' | 'open' | 'closing' = 'new'
  let looking: 'no' | 'yes' | 'again' = 'no'
  /** Begun by an earlier process, and to be begun again. */
  let interrupted: string[] = []

  const report = (error: unknown) => runtime().report(error, runtime().newId())

  function wake(): void {
    if (phase !== 'open') return
    if (looking !== 'no') {
      looking = 'again'
      return
    }
    looking = 'yes'
    look().then(
      () => {
        const again = looking === 'again'
        looking = 'no'
        if (again) wake()
      },
      error => {
        looking = 'no'
        report(error)
        setTimeout(wake, tryAgainAfter).unref()
      },
    )
  }

  async function look(): Promise<void> {
    const { store, model, mode } = runtime()
    const most = model.limits.jobs
    if (running.size >= most) return
    // Nothing is begun while nothing is to change.
    if (mode().kind !== 'normal') {
      setTimeout(wake, tryAgainAfter).unref()
      return
    }
    // Those that were begun a moment ago may still look queued.
    const queued = await store.jobs({ kind: 'queued' }, most)
    const next = [...interrupted, ...queued.map(({ id }) => id)].filter(id => !running.has(id))
    for (const id of next.slice(0, most - running.size)) begin(id)
  }

  function begin(id: string): void {
    interrupted = interrupted.filter(other => other !== id)
    const entry: Running = { stop: new AbortController(), run: undefined, done: Promise.resolve() }
    running.set(id, entry)
    entry.done = work(id, entry).then(
      () => {
        running.delete(id)
        room.tell(id)
        wake()
      },
      error => {
        running.delete(id)
        if (phase !== 'open') return
        report(error)
        // Nothing tells how far it came but the store: it is begun again from there.
        interrupted.push(id)
        setTimeout(wake, tryAgainAfter).unref()
      },
    )
  }

  async function work(id: string, entry: Running): Promise<void> {
    const { store } = runtime()
    const { signal } = entry.stop
    const job = await store.write(tx =>
      after(tx.job(id), found => {
        if (found === undefined || hasEnded(found)) return undefined
        return after(tx.startJob(id), (run): WholeJob => ({ ...found, run }))
      }),
    )
    if (job === undefined) return
    const { run: number, progress, checkpoint: resumed } = job
    const run: JobRun = { id, number, resumed, signal, progress, end: 'open' }
    entry.run = run
    const x = exchangeOf(runtime(), job.request, signal)
    x.run = run
    const answer = await (async () => asAsked(x))().catch(error => {
      if (signal.aborted || error instanceof JobLeft) return undefined
      return answerFailure(x, error)
    })
    if (answer === undefined || signal.aborted || run.end === 'recorded') return
    await recordEnd(x, run, answer).catch(error => {
      if (!(error instanceof JobLeft)) throw error
    })
  }

  /** For who asked for it, as far as they may ask for it by now. */
  async function asAsked(x: Exchange): Promise<Answer> {
    if (x.caller === undefined) return exchanged(x)
    const { store, now } = runtime()
    const caller = await stillStanding(store, x.caller, now())
    if (caller !== undefined) {
      x.caller = caller
      return exchanged(x)
    }
    const detail =
      'Whoever asked for this may not sign in any more, or the key or token that it was asked with was withdrawn.'
    return refusedAnswer(x, refuse('forbidden', detail))
  }

  /** What an earlier process had begun is begun again, or has failed, as its service declares. */
  async function takeOver({ id }: Job): Promise<void> {
    const { store, model } = runtime()
    await store.write(tx =>
      after(tx.job(id), job => {
        if (job?.state !== 'running') return
        const x = exchangeOf(runtime(), job.request, new AbortController().signal)
        const { place } = x.target
        if (place.kind !== 'service' || place.service.afterRestart === 'resume') {
          interrupted.push(id)
          return
        }
        const detail = 'The server stopped while the job ran, and this work is not begun again by itself.'
        const answer = refusedAnswer(x, refuse('job-interrupted', detail))
        return tx.finishJob(id, endOf(x, answer), tx.now + model.retention.jobs)
      }),
    )
  }

  return {
    jobs: {
      wake,
      cancelled(id) {
        running.get(id)?.stop.abort(new JobLeft('the job was cancelled'))
        room.tell(id)
      },
      progressOf: id => running.get(id)?.run?.progress,
      ended: (id, ms, signal) =>
        room.wait(id, ms, signal, async () => {
          const job = await runtime().store.job(id)
          return job === undefined || hasEnded(job)
        }),
    },
    async open() {
      const { store } = runtime()
      for (const job of await store.jobs({ kind: 'running' }, Number.MAX_SAFE_INTEGER)) await takeOver(job)
      if (phase === 'new') phase = 'open'
      wake()
    },
    drain() {
      phase = 'closing'
      room.close()
    },
    async close(grace) {
      phase = 'closing'
      const left = () => Promise.all([...running.values()].map(({ done }) => done))
      const patience = new AbortController()
      const waited = (ms: number) => sleep(ms, undefined, { signal: patience.signal }).catch(() => {})
      await Promise.race([left(), waited(grace)])
      for (const { stop } of running.values()) stop.abort(new JobLeft('the server stops'))
      // What heeds its signal ends now; what does not finds the store closed.
      await Promise.race([left(), waited(500)])
      patience.abort()
    },
  }
}

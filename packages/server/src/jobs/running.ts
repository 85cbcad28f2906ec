// What the exchange knows of the jobs that run in this process.
import type { JobProgress } from '../store/store.ts'

/** One run of a job: what may write in its name, until another run begins. */
export type JobRun = {
  readonly id: string
  /** 1 for the first. */
  readonly number: number
  /** The last checkpoint of an earlier run. */
  readonly resumed: unknown
  readonly signal: AbortSignal
  progress: JobProgress | undefined
  /** Whether the job's end is in the store. */
  end: 'open' | 'recorded'
}

/** The jobs of this process. */
export type Jobs = {
  /** A job may have been queued: begins what there is room for. */
  readonly wake: () => void
  /** Stops what runs under the id, and tells those who wait for it. */
  readonly cancelled: (id: string) => void
  /** How far it says it has come, if it runs here; newer than what is stored. */
  readonly progressOf: (id: string) => JobProgress | undefined
  /** Resolves when the job has ended, after `ms`, when `signal` is aborted or the server stops. */
  readonly ended: (id: string, ms: number, signal: AbortSignal) => Promise<void>
}

/** Leaves work whose job is cancelled, was taken over by another run, or is left to the next start. */
export class JobLeft extends Error {
  override name = 'JobLeft'
}

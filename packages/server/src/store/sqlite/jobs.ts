// Jobs, in the database of the writes they do: what ends a job commits with what it did.
import type { Job, JobRequest, JobState, Transaction, WholeJob } from '../store.ts'
import type { Connection } from './connection.ts'
import type { ReadsNow } from './reads.ts'

type JobReads = Pick<ReadsNow, 'job' | 'jobs' | 'queuedJobs'>
type JobWrites = Pick<Transaction, 'addJob' | 'startJob' | 'noteJob' | 'finishJob' | 'forgetJob'>

type Value = string | number | null | Uint8Array
type JobRow = readonly Value[]

const columns = 'id, caller, state, run, progress, created, started, finished, problem'

/** The reads of jobs on one connection. */
export function jobReadsOn(connection: Connection): JobReads {
  const one = connection.prepare(
    `SELECT ${columns}, request, content, checkpoint, status, fields, body FROM comity_jobs WHERE id = ?`,
  )
  // Ids grow with the time they were made at.
  const ofCaller = connection.prepare(
    `SELECT ${columns} FROM comity_jobs WHERE caller = ? ORDER BY caller, id DESC LIMIT ?`,
  )
  const inState = {
    queued: connection.prepare(`SELECT ${columns} FROM comity_jobs WHERE state = 'queued' ORDER BY id LIMIT ?`),
    running: connection.prepare(`SELECT ${columns} FROM comity_jobs WHERE state = 'running' ORDER BY id LIMIT ?`),
  }
  const queued = connection.prepare("SELECT count(*) FROM comity_jobs WHERE state = 'queued'")
  return {
    job(id) {
      const row = one.get(id) as unknown as JobRow | undefined
      return row && wholeJob(row)
    },
    jobs(wanted, most) {
      const rows = wanted.kind === 'caller' ? ofCaller.all(wanted.caller, most) : inState[wanted.kind].all(most)
      return (rows as unknown as readonly JobRow[]).map(jobOf)
    },
    queuedJobs: () => Number((queued.get() as unknown as JobRow)[0]),
  }
}

/**
 * On the writer's connection, inside its transaction.
 * @returns the writes of a transaction whose time is `now`, in ms; `live` throws once it has ended
 */
export function jobWritesOn(connection: Connection): (now: number, live: () => unknown) => JobWrites {
  const add = connection.prepare(
    `INSERT INTO comity_jobs (id, caller, state, run, created, request, content) VALUES (?, ?, 'queued', 0, ?, ?, ?)`,
  )
  const start = connection.prepare(
    `UPDATE comity_jobs SET state = 'running', run = run + 1, started = coalesce(started, ?) WHERE id = ? RETURNING run`,
  )
  const note = connection.prepare(
    'UPDATE comity_jobs SET progress = coalesce(?, progress), checkpoint = coalesce(?, checkpoint) WHERE id = ?',
  )
  const finish = connection.prepare(
    `UPDATE comity_jobs SET state = ?, finished = ?, expires = ?, problem = ?, status = ?, fields = ?, body = ?,
     content = NULL, checkpoint = NULL WHERE id = ?`,
  )
  const forget = connection.prepare('DELETE FROM comity_jobs WHERE id = ?')
  return (now, live) => ({
    addJob({ id, caller, request }) {
      live()
      const { content, ...rest } = request
      add.run(id, caller, now, JSON.stringify(rest), content)
    },
    startJob(id) {
      live()
      const row = start.get(now, id) as unknown as JobRow | undefined
      if (row === undefined) throw new Error(`no job ${id} to start`)
      return Number(row[0])
    },
    noteJob(id, { progress, checkpoint }) {
      live()
      note.run(json(progress), json(checkpoint), id)
    },
    finishJob(id, end, expires) {
      live()
      const { state } = end
      const problem = end.state === 'failed' ? end.problem : undefined
      const { status, fields, body } = end.state === 'cancelled' ? nothing : end.result
      finish.run(state, now, expires, json(problem), status ?? null, json(fields), body ?? null, id)
    },
    forgetJob(id) {
      live()
      forget.run(id)
    },
  })
}

const nothing = { status: undefined, fields: undefined, body: undefined }

const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value))
const parsed = <T>(value: Value | undefined): T | undefined =>
  value === null || value === undefined ? undefined : (JSON.parse(String(value)) as T)
const moment = (value: Value | undefined): number | undefined => (typeof value === 'number' ? value : undefined)
const bytes = (value: Value | undefined): Uint8Array | undefined => (value instanceof Uint8Array ? value : undefined)

const jobOf = ([id, caller, state, run, progress, created, started, finished, problem]: JobRow): Job => ({
  id: String(id),
  caller: String(caller),
  state: state as JobState,
  run: Number(run),
  progress: parsed(progress),
  created: Number(created),
  started: moment(started),
  finished: moment(finished),
  problem: parsed(problem),
})

function wholeJob(row: JobRow): WholeJob {
  const [request, content, checkpoint, status, fields, body] = row.slice(9)
  const rest = parsed<Omit<JobRequest, 'content'>>(request) as Omit<JobRequest, 'content'>
  return {
    ...jobOf(row),
    request: { ...rest, content: bytes(content) ?? new Uint8Array() },
    checkpoint: parsed(checkpoint),
    result: typeof status === 'number' ? { status, fields: parsed(fields) ?? {}, body: bytes(body) } : undefined,
  }
}

// One writer, and one transaction at a time. Writes that are waiting at the same moment share it: each runs under a
// savepoint of its own, so that one that fails takes nothing with it but its own work, and none is answered before the
// one commit that makes them all durable. A flush of the disk costs the same for one write as for fifty.
import type { CollectionModel } from '../../model/model.ts'
import { BusyError } from '../errors.ts'
import type { Later, Transaction } from '../store.ts'
import type { Connection } from './connection.ts'
import { commitError, isBusy } from './constraint.ts'
import type { OpenTransaction } from './transaction.ts'

export type Writer = {
  readonly write: <T>(work: (tx: Transaction) => Later<T>) => Promise<T>
  /** Runs `work` with nothing else on the connection, and no transaction: how a database in memory is read. */
  readonly alone: <T>(work: () => Later<T>) => Later<T>
  /** Resolves when all that was asked for before is done. */
  readonly drained: () => Later<void>
}

export type WriterOptions = {
  readonly connection: Connection
  readonly begin: (now: number) => OpenTransaction
  /** How long another process may hold the lock, in ms. */
  readonly busyTimeout: number
  /** Called right before one, within the transaction: what it throws undoes all of it. */
  readonly committing?: ((touched: ReadonlySet<CollectionModel>) => void) | undefined
  /** Called right after a commit, before anything else can run. */
  readonly committed: (touched: ReadonlySet<CollectionModel>) => void
  /** Writes that share a commit, at most (128): what one of them waits for the others is bounded. */
  readonly mostInGroup?: number
  /** The database's latest known time, in ms: time does not run backwards for its readers. */
  readonly since: number
}

type Waiting = {
  readonly kind: 'write' | 'alone'
  readonly work: (tx: Transaction) => Later<unknown>
  readonly resolve: (value: never) => void
  readonly reject: (error: unknown) => void
  /** In ms. */
  readonly arrived: number
}

/** What is told to a waiting write once its group has ended. */
type Settle = () => void

/** Pauses between attempts at a lock held by another process, in ms: doubled each time, within these. */
const pause = { shortest: 2, longest: 50 } as const

const usualGroup = 128

export function writerOn(options: WriterOptions): Writer {
  const { connection, begin, busyTimeout, committing, committed, since, mostInGroup = usualGroup } = options
  const { db } = connection
  const sql = {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    rollback: db.prepare('ROLLBACK'),
    savepoint: db.prepare('SAVEPOINT one'),
    undo: db.prepare('ROLLBACK TO one'),
    release: db.prepare('RELEASE one'),
  }
  const waiting: Waiting[] = []
  let taken = false
  let scheduled = false
  let latest = since

  const enqueue = <T>(kind: Waiting['kind'], work: Waiting['work']): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      waiting.push({ kind, work, resolve: resolve as Waiting['resolve'], reject, arrived: performance.now() })
      if (taken || scheduled) return
      scheduled = true
      // After the poll phase: every request that is readable now gets into the same group.
      setImmediate(() => {
        scheduled = false
        if (!taken) void drain()
      })
    })

  async function drain(): Promise<void> {
    taken = true
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      if (next.kind === 'alone') await runAlone(waiting.shift() as Waiting)
      else await runGroup()
    }
    taken = false
  }

  async function runAlone({ work, resolve, reject }: Waiting): Promise<void> {
    try {
      resolve((await work(undefined as never)) as never)
    } catch (error) {
      reject(error)
    }
  }

  /** Takes the lock, then the writes at the head of the queue. */
  async function runGroup(): Promise<void> {
    if (!(await locked())) return
    const end = waiting.findIndex(({ kind }) => kind === 'alone')
    const members = waiting.splice(0, Math.min(end === -1 ? waiting.length : end, mostInGroup))
    const settled: Settle[] = []
    const touched = new Set<CollectionModel>()
    try {
      for (const member of members) settled.push(await runMember(member, touched, members.length > 1))
      if (touched.size > 0) committing?.(touched)
      if (db.isTransaction) commit()
    } catch (error) {
      // The engine gave up the whole transaction, or could not commit it: nobody's work is there.
      if (db.isTransaction) undoAll()
      waiting.unshift(...members.splice(settled.length + 1))
      for (const { reject } of members) reject(error)
      return
    }
    if (touched.size > 0) committed(touched)
    for (const settle of settled) settle()
  }

  /** References that are checked last of all may dangle still. */
  function commit(): void {
    try {
      sql.commit.run()
    } catch (error) {
      throw commitError(error)
    }
  }

  function undoAll(): void {
    try {
      sql.rollback.run()
    } catch {
      // The error that led here says more; should the transaction still be open, the next one cannot begin.
    }
  }

  async function runMember(
    { work, resolve, reject }: Waiting,
    touched: Set<CollectionModel>,
    shared: boolean,
  ): Promise<Settle> {
    const tx = begin(Math.max(Date.now(), latest))
    if (shared) sql.savepoint.run()
    try {
      const result = work(tx)
      const value = result instanceof Promise ? await result : result
      tx.complete()
      tx.end()
      // Some failures (a full disk) roll back everything by themselves, whatever the work made of them.
      if (!db.isTransaction) throw new Error('the engine gave up the transaction')
      if (shared) sql.release.run()
      for (const collection of tx.touched) touched.add(collection)
      latest = tx.now
      return () => resolve(value as never)
    } catch (error) {
      tx.end()
      if (shared && !db.isTransaction) throw error
      if (shared) {
        sql.undo.run()
        sql.release.run()
      } else if (db.isTransaction) sql.rollback.run()
      return () => reject(error)
    }
  }

  /** Begins a transaction; while another process holds the lock, the writes that have waited too long are let go. */
  async function locked(): Promise<boolean> {
    let delay: number = pause.shortest
    const since = performance.now()
    while (waiting[0]?.kind === 'write') {
      try {
        sql.begin.run()
        return true
      } catch (error) {
        if (!isBusy(error)) {
          waiting.shift()?.reject(error)
          continue
        }
      }
      const now = performance.now()
      while (waiting[0]?.kind === 'write' && now - Math.max(since, waiting[0].arrived) >= busyTimeout)
        waiting.shift()?.reject(new BusyError(`another process has held the database for more than ${busyTimeout} ms`))
      await new Promise(resolve => setTimeout(resolve, delay * (0.5 + Math.random() / 2)))
      delay = Math.min(delay * 2, pause.longest)
    }
    return false
  }

  return {
    write: work => enqueue('write', work),
    alone: work => {
      if (taken || waiting.length > 0) return enqueue('alone', work)
      taken = true
      const free = () => {
        taken = false
        if (waiting.length > 0) void drain()
      }
      let result: ReturnType<typeof work>
      try {
        result = work()
      } catch (error) {
        free()
        throw error
      }
      if (result instanceof Promise) return result.finally(free)
      free()
      return result
    },
    drained: () => (!taken && waiting.length === 0 ? undefined : enqueue<void>('alone', () => undefined)),
  }
}

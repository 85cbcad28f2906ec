// One writer, one transaction at a time, first come first served. With nobody before it and work that is synchronous,
// a write is synchronous from BEGIN to COMMIT; all others get a promise.
import type { CollectionModel } from '../../model/model.ts'
import { after, BusyError, type Later, type Transaction } from '../store.ts'
import type { Connection } from './connection.ts'
import { isBusy } from './constraint.ts'
import type { OpenTransaction } from './transaction.ts'

/** The queue before the one writer. */
export type Writer = {
  readonly write: <T>(work: (tx: Transaction) => Later<T>) => Later<T>
  /** Runs `work` with nothing else on the connection, and no transaction: how a database in memory is read. */
  readonly alone: <T>(work: () => Later<T>) => Later<T>
  /** Resolves when all that was asked for before is done. */
  readonly drained: () => Later<void>
}

/** What a writer needs to know. */
export type WriterOptions = {
  readonly connection: Connection
  readonly begin: (now: number) => OpenTransaction
  /** How long another process may hold the lock, in ms. */
  readonly busyTimeout: number
  /** Called right after a commit, before anything else can run. */
  readonly committed: (touched: ReadonlySet<CollectionModel>) => void
  /** The database's latest known time, in ms: time does not run backwards for its readers. */
  readonly since: number
}

type Turn<T> = { readonly begin: () => 'begun' | 'locked'; readonly run: () => Later<T> }

type Waiting = {
  readonly begin: Turn<unknown>['begin']
  /** Runs the turn and settles the promise its caller holds. */
  readonly run: () => Later<void>
  readonly reject: (error: unknown) => void
  /** In ms. */
  readonly arrived: number
}

/** Pauses between attempts at a lock held by another process, in ms: doubled each time, within these. */
const pause = { shortest: 2, longest: 50 } as const

/** The writer of a connection, which nothing else may write on. */
export function writerOn({ connection, begin, busyTimeout, committed, since }: WriterOptions): Writer {
  const sql = {
    begin: connection.db.prepare('BEGIN IMMEDIATE'),
    commit: connection.db.prepare('COMMIT'),
    rollback: connection.db.prepare('ROLLBACK'),
  }
  const waiting: Waiting[] = []
  let taken = false
  let draining = false
  let latest = since

  const rollBack = () => {
    // Some failures (a full disk) roll back by themselves.
    if (connection.db.isTransaction) sql.rollback.run()
  }

  const free = () => {
    taken = false
    wake()
  }

  /** Runs a turn that has begun. The connection is free again when the answer is there. */
  function run<T>({ run: work }: Turn<T>): Later<T> {
    taken = true
    let result: Later<T>
    try {
      result = work()
    } catch (error) {
      free()
      throw error
    }
    if (result instanceof Promise) return result.finally(free)
    free()
    return result
  }

  function take<T>(turn: Turn<T>): Later<T> {
    if (!taken && !draining && waiting.length === 0 && turn.begin() === 'begun') return run(turn)
    return new Promise((resolve, reject) => {
      waiting.push({
        begin: turn.begin,
        run: () => after(run(turn), resolve),
        reject,
        arrived: performance.now(),
      })
      wake()
    })
  }

  const wake = () => {
    if (waiting.length > 0 && !taken && !draining) void drain()
  }

  async function drain(): Promise<void> {
    draining = true
    /** Since when the lock has been held by another process, without a break. */
    let lockedSince: number | undefined
    let delay: number = pause.shortest
    // Not within the caller's own turn.
    await undefined
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      try {
        if (next.begin() === 'locked') {
          lockedSince ??= performance.now()
          if (performance.now() - Math.max(lockedSince, next.arrived) >= busyTimeout)
            throw new BusyError(`another process has held the database for more than ${busyTimeout} ms`)
          await new Promise(resolve => setTimeout(resolve, delay * (0.5 + Math.random() / 2)))
          delay = Math.min(delay * 2, pause.longest)
          continue
        }
        lockedSince = undefined
        delay = pause.shortest
        await next.run()
      } catch (error) {
        next.reject(error)
      }
      waiting.shift()
    }
    draining = false
  }

  const beginTransaction = (): 'begun' | 'locked' => {
    try {
      sql.begin.run()
      return 'begun'
    } catch (error) {
      if (isBusy(error)) return 'locked'
      throw error
    }
  }

  function transact<T>(work: (tx: Transaction) => Later<T>): Later<T> {
    const tx = begin(Math.max(Date.now(), latest))
    const commit = (value: T): T => {
      tx.end()
      try {
        sql.commit.run()
      } catch (error) {
        rollBack()
        throw error
      }
      latest = tx.now
      committed(tx.touched)
      return value
    }
    const abandon = (error: unknown): never => {
      tx.end()
      rollBack()
      throw error
    }
    let result: Later<T>
    try {
      result = work(tx)
    } catch (error) {
      return abandon(error)
    }
    return result instanceof Promise ? result.then(commit, abandon) : commit(result)
  }

  return {
    write: work => take({ begin: beginTransaction, run: () => transact(work) }),
    alone: work => take({ begin: () => 'begun', run: work }),
    drained: () =>
      !taken && !draining && waiting.length === 0 ? undefined : take({ begin: () => 'begun', run: () => undefined }),
  }
}

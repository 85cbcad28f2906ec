// The embedded engine: one file, one writer, readers that never wait for it.
import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiModel, CollectionModel } from '../../model/model.ts'
import { BusyError } from '../errors.ts'
import { after, type ListPlan, type Store } from '../store.ts'
import { type Connection, connect } from './connection.ts'
import { isBusy } from './constraint.ts'
import { whenTablesChange } from './existing/changed-tables.ts'
import { defersReferences } from './existing/deferred.ts'
import { journalOf, restoreJournal } from './existing/journal.ts'
import { viewsOf } from './existing/view.ts'
import { countGenerations } from './generation.ts'
import { migrate } from './migrate.ts'
import { type OpenConnection, readersOf } from './readers.ts'
import { type ReadsNow, readsOn } from './reads.ts'
import { streamAtOnce, streamFrom } from './stream.ts'
import { readsThrough } from './through.ts'
import { type OpenTransaction, transactionsOn } from './transaction.ts'
import { writerOn } from './writer.ts'

/** A file, or a database that ends with the process. */
export type SqliteLocation = { readonly path: string } | 'memory'

/** Times, in ms. */
export type SqliteOptions = {
  /** How long another process may hold the database before a write gives up with BusyError, in ms (5,000). */
  readonly busyTimeout?: number
  /** How long a stream may keep the log from being emptied, in ms (10,000); see stream.ts. */
  readonly streamHold?: number
  /** The revision that a new database begins after (0). */
  readonly after?: number
  /**
   * Called within a transaction that has written, right before it commits; what it throws, the writes are refused with,
   * and nothing is written.
   */
  readonly committing?: (touched: ReadonlySet<CollectionModel>, reads: CommitReads) => void
}

/** What a transaction that is about to commit can be asked. */
export type CommitReads = Pick<ReadsNow, 'changes' | 'clock'>

export type SqliteStore = Store & {
  /** Nothing was ever written to the database. */
  readonly fresh: boolean
}

/** What SQLite itself may wait for a lock while the event loop stands still, in ms. Beyond that, we wait. */
const blockingTimeout = 5

/**
 * Opens the database, makes or migrates its tables.
 * @throws DestructiveChangeError when the definition would lose data; BusyError when another process holds the
 * database for too long.
 */
export async function openSqlite(
  model: ApiModel,
  location: SqliteLocation,
  options: SqliteOptions = {},
): Promise<SqliteStore> {
  const { busyTimeout = 5000, streamHold = 10_000 } = options
  const path = location === 'memory' ? ':memory:' : location.path
  const isMemory = path === ':memory:' || path === ''
  const arrange = (db: DatabaseSync) => {
    for (const view of viewsOf(model, 'kept')) db.exec(view)
  }
  const isShared = model.collections.some(({ existing }) => existing)
  const journal = isShared && !isMemory ? journalOf(path) : undefined
  const connection = await patiently(busyTimeout, () =>
    connect(path, isMemory ? 'only' : 'writer', blockingTimeout, arrange),
  )
  try {
    await patiently(busyTimeout, () => migrateOnce(connection, model))
    const [revision, modified] = connection.prepare('SELECT revision, modified FROM comity_clock').get() as unknown as [
      number,
      number,
    ]
    if (revision === 0 && options.after !== undefined)
      connection.prepare('UPDATE comity_clock SET revision = ?').run(options.after)
    const open = isMemory ? openMemory : openFile
    const settings = {
      read: (timeout: number) => connect(path, 'reader', timeout, arrange),
      busyTimeout,
      streamHold,
      since: modified,
      committing: options.committing,
      mostInGroup: isShared && defersReferences(connection) ? 1 : undefined,
      closed: () => {
        if (journal !== undefined) restoreJournal(connection, journal)
      },
    }
    return { ...open(connection, model, settings), fresh: revision === 0 }
  } catch (error) {
    connection.close()
    throw error
  }
}

function migrateOnce(connection: Connection, model: ApiModel): void {
  connection.db.exec('BEGIN IMMEDIATE')
  try {
    migrate(connection, model, Date.now())
    connection.db.exec('COMMIT')
  } catch (error) {
    if (connection.db.isTransaction) connection.db.exec('ROLLBACK')
    throw error
  }
}

/** Tries again while another process holds the lock. */
async function patiently<T>(timeout: number, attempt: () => T): Promise<T> {
  const deadline = performance.now() + timeout
  for (;;) {
    try {
      return attempt()
    } catch (error) {
      if (!isBusy(error)) throw error
      if (performance.now() >= deadline)
        throw new BusyError(`another process has held the database for more than ${timeout} ms`, { cause: error })
      await sleep(10 + Math.random() * 20)
    }
  }
}

type Settings = {
  readonly read: OpenConnection
  readonly busyTimeout: number
  readonly streamHold: number
  readonly since: number
  readonly committing: SqliteOptions['committing'] | undefined
  readonly mostInGroup: number | undefined
  /** Once no reader is open any more. */
  readonly closed: () => void
}

const withReads = (committing: SqliteOptions['committing'], reads: ReadsNow) =>
  committing && ((touched: ReadonlySet<CollectionModel>) => committing(touched, reads))

function openFile(connection: Connection, model: ApiModel, settings: Settings): Store {
  const { read, busyTimeout, streamHold, since, committing, closed, mostInGroup } = settings
  const isShared = model.collections.some(({ existing }) => existing)
  const generations = countGenerations(
    connection.prepare('PRAGMA data_version'),
    isShared ? whenTablesChange(connection, () => writer.write(() => undefined)) : undefined,
  )
  const reads = readsOn(connection)
  const begin = transactionsOn(connection, reads, model)
  const writer = writerOn({
    connection,
    begin,
    busyTimeout,
    since,
    committing: withReads(committing, reads),
    committed: generations.committed,
    ...(mostInGroup !== undefined && { mostInGroup }),
  })
  const readers = readersOf(read)
  return {
    ...readsThrough(readers.now),
    generation: generations.of,
    snapshot: readers.snapshot,
    write: writer.write,
    prune: (buried, most) => writer.write(tx => (tx as OpenTransaction).prune(buried, most)),
    stream: plan => streamFrom(readers, plan, streamHold),
    ping: () => {
      readers.now().ping()
    },
    close: () =>
      after(writer.drained(), () => {
        readers.close()
        closed()
        connection.close()
      }),
  }
}

/** A database in memory has one connection: what reads waits for what writes. */
function openMemory(connection: Connection, model: ApiModel, { busyTimeout, since, committing }: Settings): Store {
  const generations = countGenerations(undefined)
  const reads = readsOn(connection)
  const begin = transactionsOn(connection, reads, model)
  const writer = writerOn({
    connection,
    begin,
    busyTimeout,
    since,
    committing: withReads(committing, reads),
    committed: generations.committed,
  })
  return {
    get: (collection, id, parent) => writer.alone(() => reads.get(collection, id, parent)),
    page: plan => writer.alone(() => reads.page(plan)),
    count: selection => writer.alone(() => reads.count(selection)),
    first: selection => writer.alone(() => reads.first(selection)),
    extent: selection => writer.alone(() => reads.extent(selection)),
    state: (collection, parent) => writer.alone(() => reads.state(collection, parent)),
    clock: () => writer.alone(() => reads.clock()),
    changes: (collection, since, most) => writer.alone(() => reads.changes(collection, since, most)),
    job: id => writer.alone(() => reads.job(id)),
    jobs: (wanted, most) => writer.alone(() => reads.jobs(wanted, most)),
    queuedJobs: () => writer.alone(() => reads.queuedJobs()),
    record: (kind, id) => writer.alone(() => reads.record(kind, id)),
    recordsNamed: (kind, name, value, most) => writer.alone(() => reads.recordsNamed(kind, name, value, most)),
    records: (kind, from, most) => writer.alone(() => reads.records(kind, from, most)),
    generation: generations.of,
    snapshot: work => writer.alone(() => work(reads)),
    write: writer.write,
    prune: (buried, most) => writer.write(tx => (tx as OpenTransaction).prune(buried, most)),
    stream: (plan: ListPlan) => streamAtOnce(writer, reads, plan),
    ping: () => writer.alone(() => reads.ping()),
    close: () => after(writer.drained(), connection.close),
  }
}

// Connections that read a file. A single read borrows none: it looks at the last commit and is done. A snapshot takes
// one for itself, so that nobody else sees its past.
import type { Later } from '../store.ts'
import type { Connection } from './connection.ts'
import { type ReadsNow, readsOn } from './reads.ts'

/** A connection that reads, and its transaction. */
export type Reader = {
  readonly connection: Connection
  readonly reads: ReadsNow
  readonly begin: () => void
  readonly end: () => void
}

/** In ms. Readers of a log wait only while it is being recovered. */
const readerBusyTimeout = 250

/** Idle connections kept. */
const keptReaders = 4

/** Opens a connection that reads; SQLite itself may wait for a lock for that long, in ms. */
export type OpenConnection = (busyTimeout: number) => Connection

/** @throws where the file cannot be opened */
export function openReader(open: OpenConnection): Reader {
  const connection = open(readerBusyTimeout)
  const begin = connection.prepare('BEGIN')
  // A transaction's state is that of its first read.
  const look = connection.prepare('SELECT count(*) FROM main.sqlite_schema WHERE false')
  const end = connection.prepare('COMMIT')
  return {
    connection,
    reads: readsOn(connection),
    begin: () => {
      begin.run()
      look.get()
    },
    end: () => {
      if (connection.db.isOpen && connection.db.isTransaction) end.run()
    },
  }
}

/** The readers of a file. */
export type Readers = {
  /** For one read of the last commit. */
  readonly now: () => ReadsNow
  readonly snapshot: <T>(work: (reads: ReadsNow) => Later<T>) => Later<T>
  /** A reader for as long as the caller likes; given back by `giveBack`. */
  readonly take: () => Reader
  readonly giveBack: (reader: Reader) => void
  readonly close: () => void
}

/** Opens the first reader; the others as they are needed. */
export function readersOf(connect: OpenConnection): Readers {
  const idle: Reader[] = [openReader(connect)]
  const all = new Set(idle)

  let closed = false

  const open = (): Reader => {
    if (closed) throw new Error('the store is closed')
    const reader = openReader(connect)
    all.add(reader)
    return reader
  }
  const take = () => idle.pop() ?? open()
  const giveBack = (reader: Reader) => {
    reader.end()
    if (all.has(reader) && idle.length < keptReaders) idle.push(reader)
    else {
      all.delete(reader)
      reader.connection.close()
    }
  }

  return {
    now: () => {
      const last = idle[idle.length - 1]
      if (last) return last.reads
      const reader = open()
      idle.push(reader)
      return reader.reads
    },
    snapshot: work => {
      const reader = take()
      let result: ReturnType<typeof work>
      try {
        reader.begin()
        result = work(reader.reads)
      } catch (error) {
        giveBack(reader)
        throw error
      }
      if (result instanceof Promise) return result.finally(() => giveBack(reader))
      giveBack(reader)
      return result
    },
    take,
    giveBack,
    close: () => {
      closed = true
      for (const { connection } of all) connection.close()
      all.clear()
      idle.length = 0
    },
  }
}

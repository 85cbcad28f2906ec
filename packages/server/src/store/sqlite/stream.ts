// A list of any length, in batches of one state, no faster than they are taken and in constant memory.
//
// In a file the rows are read in one transaction of a reader. That blocks no writer, but while it lasts SQLite cannot
// empty the log, which grows with every write. So a stream whose taker is slow does not keep its transaction for long:
// after the hold time the rest is laid aside on disk (spool.ts), bit by bit, and the transaction ends. In memory, where
// there is only one connection, everything is laid aside at once.
import type { Values } from '../../model/model.ts'
import type { ListPlan } from '../store.ts'
import type { Reader, Readers } from './readers.ts'
import type { Batches, ReadsNow } from './reads.ts'
import { openSpool, type Spool } from './spool.ts'
import type { Writer } from './writer.ts'

/** Rows in a batch. */
const batchSize = 500

/** SQLite's page cache, in KiB (negative for the PRAGMA). */
const pageCache = { few: -1_000, many: -16_000 } as const

function keepPages({ connection: { db } }: Reader, much: keyof typeof pageCache): void {
  if (db.isOpen) db.exec(`PRAGMA cache_size = ${pageCache[much]}`)
}

/** Batches laid aside before others get a turn of the event loop: some 10 ms. */
const batchesPerTurn = 8

/** Between batches others get a turn: a taker that is always ready does not keep the event loop to itself. */
const turn = () => new Promise<void>(resolve => setImmediate(resolve))

async function layAside(rows: Batches, spool: Spool, isWanted: () => boolean): Promise<void> {
  for (let n = 1; isWanted(); n++) {
    const batch = rows.next(batchSize)
    if (batch.length === 0) return
    spool.put(batch)
    if (n % batchesPerTurn === 0) await turn()
  }
}

async function* spooled(spool: Spool): AsyncGenerator<readonly Values[], void> {
  for (let batch = spool.take(); batch !== undefined; batch = spool.take()) {
    yield batch
    await turn()
  }
}

/** @param hold how long the transaction may last before the rest is laid aside, in ms */
export async function* streamFrom(
  readers: Readers,
  plan: ListPlan,
  hold: number,
): AsyncGenerator<readonly Values[], void> {
  const reader = readers.take()
  let rows: Batches | undefined
  let spool: Spool | undefined
  let laidAside: Promise<void> | undefined
  let wanted = true

  // A list read once from end to end gains nothing from pages kept, and every stalled taker would keep its own.
  keepPages(reader, 'few')
  const release = () => {
    rows?.close()
    keepPages(reader, 'many')
    readers.giveBack(reader)
  }
  const timer = setTimeout(() => {
    if (rows === undefined) return
    spool = openSpool()
    laidAside = layAside(rows, spool, () => wanted).finally(release)
    // Its failure is thrown to the taker, at the next batch.
    laidAside.catch(() => {})
  }, hold).unref()

  try {
    reader.begin()
    rows = reader.reads.batches(plan)
    while (laidAside === undefined) {
      const batch = rows.next(batchSize)
      if (batch.length === 0) return
      yield batch
      await turn()
    }
    await laidAside
    if (spool) yield* spooled(spool)
  } finally {
    wanted = false
    clearTimeout(timer)
    if (laidAside === undefined) release()
    else await laidAside.catch(() => {})
    spool?.close()
  }
}

/** The stream of a database in memory: its rows are laid aside when the first batch is asked for. */
export async function* streamAtOnce(
  writer: Writer,
  reads: ReadsNow,
  plan: ListPlan,
): AsyncGenerator<readonly Values[], void> {
  const spool = openSpool()
  try {
    const first = await writer.alone(async () => {
      const rows = reads.batches(plan)
      try {
        const batch = rows.next(batchSize)
        if (batch.length === batchSize) await layAside(rows, spool, () => true)
        return batch
      } finally {
        rows.close()
      }
    })
    if (first.length > 0) yield first
    yield* spooled(spool)
  } finally {
    spool.close()
  }
}

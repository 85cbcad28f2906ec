// The handler of long work and what it is given: reads that let others have their turn, and short writes.
import { setImmediate as turn } from 'node:timers/promises'
import type { LongContext } from '../define/service.ts'
import type { Answer } from '../exchange/answer.ts'
import { resultOf } from '../exchange/call.ts'
import { enrich } from '../exchange/entry-values.ts'
import type { Exchange } from '../exchange/exchange.ts'
import { tablesOf } from '../exchange/tables.ts'
import type { ServiceModel } from '../model/model.ts'
import { after, type Later, type Reads, type Store, type Transaction } from '../store/store.ts'
import { stillOurs } from './record.ts'
import type { JobRun } from './running.ts'

/** How often progress is stored that nothing else stores, in ms. */
const noteEvery = 1_000

/** Runs the handler of a long service. */
export async function callLong(x: Exchange, service: ServiceModel, run: JobRun): Promise<Answer> {
  const { work } = service
  if (work === undefined || x.input?.kind !== 'arguments') throw new TypeError(`${service.name} has no work to do`)
  const { context, end } = contextOf(x, run, service)
  try {
    return resultOf(x, service, await work(enrich(service.input, x.input.values), context))
  } finally {
    end()
  }
}

function contextOf(
  x: Exchange,
  run: JobRun,
  service: ServiceModel,
): { readonly context: LongContext; readonly end: () => void } {
  const { model, store, newId } = x.runtime
  const { id, signal, resumed } = run
  let checkpoint: unknown
  let noted = run.progress
  let writing = 0

  const write = async <T>(work: (tx: Transaction) => Later<T>): Promise<T> => {
    signal.throwIfAborted()
    const before = checkpoint
    writing++
    try {
      const [value, progress] = await x.write(tx =>
        after(stillOurs(tx, run), () =>
          after(work(tx), done => {
            const notes = { ...(run.progress && { progress: run.progress }), checkpoint }
            return after(tx.noteJob(id, notes), () => [done, run.progress] as const)
          }),
        ),
      )
      noted = progress
      return value
    } catch (error) {
      checkpoint = before
      throw error
    } finally {
      writing--
      await turn()
    }
  }

  const timer = setInterval(() => {
    if (writing === 0 && run.progress !== noted) write(() => undefined).catch(() => {})
  }, noteEvery)
  timer.unref()

  const whole = { model, newId, caller: x.caller }
  const reads = considerate(store)
  const context: LongContext = {
    tx: tablesOf({ ...whole, sight: x.sight }, reads),
    all: tablesOf(whole, reads),
    caller: x.caller,
    write: work => write(tx => work(tablesOf({ ...whole, sight: x.sight }, tx), tablesOf(whole, tx))),
    progress(done, total) {
      run.progress = { done, total }
    },
    async checkpoint(value) {
      checkpoint = value
      if (writing === 0) await write(() => undefined)
    },
    query: enrich(service.query, x.queryArguments),
    resumed,
    signal,
  }
  return { context, end: () => clearInterval(timer) }
}

/** How long long work keeps everybody else waiting, in ms. */
const longestTurn = 5

/** Reads of the last commit, between which other work has its turn. */
function considerate(store: Store): Reads {
  let since = performance.now()
  const breath = (): Later<void> => {
    if (performance.now() - since < longestTurn) return
    return turn().then(() => {
      since = performance.now()
    })
  }
  return {
    get: (collection, id, parent) => after(breath(), () => store.get(collection, id, parent)),
    page: plan => after(breath(), () => store.page(plan)),
    count: selection => after(breath(), () => store.count(selection)),
    first: selection => after(breath(), () => store.first(selection)),
    extent: selection => after(breath(), () => store.extent(selection)),
    state: (collection, parent) => after(breath(), () => store.state(collection, parent)),
    clock: () => store.clock(),
    changes: (collection, since, most) => after(breath(), () => store.changes(collection, since, most)),
    job: id => store.job(id),
    jobs: (wanted, most) => store.jobs(wanted, most),
    queuedJobs: () => store.queuedJobs(),
    record: (kind, id) => store.record(kind, id),
    recordsNamed: (kind, name, value, most) => store.recordsNamed(kind, name, value, most),
    records: (kind, from, most) => store.records(kind, from, most),
  }
}

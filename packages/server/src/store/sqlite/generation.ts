// Whether anything may have changed, for nearly nothing.
//
// Own commits are counted as they happen. Another process's are seen by `PRAGMA data_version` on the writer's
// connection, which moves for the commits of every connection but its own; and while the writer holds the lock nobody
// else can commit. It costs about 2 µs, so it is asked at most once for each time the event loop polls. That is not
// stale: a request read after a poll had begun to arrive before the poll returned, so before the look; a commit that
// the look missed came after the request's start and is concurrent with it. (One pipelined behind another counts from
// its forerunner.) Which poll it is, the loop's own counters tell, whichever phase asks, for some 50 ns.
import { performance } from 'node:perf_hooks'
import type { StatementSync } from 'node:sqlite'
import type { CollectionModel } from '../../model/model.ts'
import { isBusy } from './constraint.ts'

/** The counters of a store. */
export type Generations = {
  /** See `Store.generation`. */
  readonly of: (collection: CollectionModel) => number
  readonly committed: (touched: ReadonlySet<CollectionModel>) => void
}

/**
 * @param dataVersion prepared on the writer's connection; undefined where no other process can reach the database
 * @param noticed called when another process has committed
 */
export function countGenerations(dataVersion: StatementSync | undefined, noticed?: () => void): Generations {
  const own = new Map<CollectionModel, number>()
  const loop = performance.nodeTiming
  let polls = -1
  let events = -1
  let version = dataVersion?.get() as unknown as readonly [number] | undefined
  /** Times that another process was seen to commit, to whatever. */
  let foreign = 0

  const look = (statement: StatementSync) => {
    try {
      const seen = statement.get() as unknown as readonly [number]
      if (seen[0] === version?.[0]) return
      version = seen
    } catch (error) {
      // While another process recovers the log there is no telling.
      if (!isBusy(error)) throw error
    }
    foreign++
    noticed?.()
  }

  return {
    of: collection => {
      if (dataVersion !== undefined) {
        const { loopCount, events: handled } = loop.uvMetricsInfo
        if (loopCount !== polls || handled !== events) {
          look(dataVersion)
          polls = loopCount
          events = handled
        }
      }
      return foreign + (own.get(collection) ?? 0)
    },
    committed: touched => {
      for (const collection of touched) own.set(collection, (own.get(collection) ?? 0) + 1)
    },
  }
}

// What has had its time is forgotten while the server runs: a little at a time, so that no write is kept waiting.
import { setTimeout as startTimer } from 'node:timers'
import { setTimeout } from 'node:timers/promises'
import type { Runtime } from '../exchange/exchange.ts'

/** Forgotten in one transaction, at most, of each kind. */
const most = 500

/** Time for others between two of them, in ms. */
const pause = 20

/**
 * Forgets, every `interval` ms, the keys that expired and the tombstones older than the model says. Keeps no process
 * alive. What fails is reported and tried again the next time.
 * @returns stops it, once the transaction it may be in has ended
 */
export function keepPruning(
  { model, store, now, report, newId }: Pick<Runtime, 'model' | 'store' | 'now' | 'report' | 'newId'>,
  interval: number,
): () => Promise<void> {
  let stopped = false
  let current: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout
  const prune = async () => {
    try {
      while (!stopped && (await store.prune(now() - model.retention.tombstones, most)) > 0) await setTimeout(pause)
    } catch (error) {
      if (!stopped) report(error, newId())
    }
    if (!stopped) schedule()
  }
  const schedule = () => {
    timer = startTimer(() => {
      current = prune()
    }, interval).unref()
  }
  schedule()
  return () => {
    stopped = true
    clearTimeout(timer)
    return current
  }
}

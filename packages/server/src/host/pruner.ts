// What has had its time is forgotten while the server runs: a little at a time, so that no write is kept waiting.
import { setTimeout as startTimer } from 'node:timers'
import { setTimeout } from 'node:timers/promises'
import type { Runtime } from '../exchange/runtime.ts'
import type { ApiModel, CollectionModel, Field } from '../model/model.ts'
import type { Unknown } from '../store/files/sweep.ts'
import type { Store, Transaction } from '../store/store.ts'

/** Forgotten in one transaction, at most, of each kind. */
const most = 500

/** Time for others between two of them, in ms. */
const pause = 20

/** Which contents no file has; nobody can write while they are removed. */
const unknownTo =
  (store: Store, { collections }: ApiModel): Unknown =>
  async (hashes, remove) => {
    const folders = collections.filter(({ files }) => files)
    await store.write(async tx => {
      const unknown: string[] = []
      for (const sha256 of hashes) if (!(await isKnown(tx, folders, sha256))) unknown.push(sha256)
      remove(unknown)
    })
  }

async function isKnown(tx: Transaction, folders: readonly CollectionModel[], sha256: string): Promise<boolean> {
  for (const collection of folders) {
    const field = collection.byName.get('sha256') as Field
    const conditions = [{ field, operator: 'eq' as const, values: [sha256] }]
    if ((await tx.count({ collection, parent: undefined, conditions })) > 0) return true
  }
  return false
}

/**
 * Forgets, every `interval` ms, the keys that expired and the tombstones older than the model says; and, every
 * `fileGrace` ms, the bytes of files that have been no more for as long. Keeps no process
 * alive. Nothing is forgotten while nothing is to change. What fails is reported and tried again the next time.
 * @returns stops it, once the transaction it may be in has ended
 */
export function keepPruning(
  {
    model,
    store,
    contents,
    now,
    report,
    newId,
    mode,
    blocks,
  }: Pick<Runtime, 'model' | 'store' | 'contents' | 'now' | 'report' | 'newId' | 'mode' | 'blocks'>,
  interval: number,
  fileGrace: number,
): () => Promise<void> {
  let stopped = false
  let current: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout
  let swept = now()
  const sweep = async () => {
    if (contents === undefined || now() - swept < fileGrace) return
    swept = now()
    await contents.sweep(swept, fileGrace, unknownTo(store, model))
  }
  const forget = async () => {
    await sweep()
    await contents?.uploads.expire(now() - model.retention.uploads)
    while (!stopped && (await store.prune(now() - model.retention.tombstones, most)) > 0) await setTimeout(pause)
  }
  const prune = async () => {
    try {
      await blocks.reload()
      if (mode().kind === 'normal') await forget()
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

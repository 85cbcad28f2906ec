// Counting by the day and the month, durably: in the records of the store.
import { LRUCache } from 'lru-cache'
import { after, type Later, type Store } from '../store/store.ts'
import type { Count } from './counter.ts'
import { type Period, periodAt } from './period.ts'

/** The kind of its records. */
const kind = 'quota'

/** How often what was used is written, in ms: a process that is killed forgets no more than this. */
const interval = 1_000
/** Keys that are remembered; others are read again when they come. */
const mostKeys = 50_000
/** Keys with something to write; beyond, it is written at once. */
const mostPending = 1_000

type Used = {
  readonly id: string
  readonly ends: number
  /** As the store has it. */
  stored: number
  /** What came since. */
  pending: number
}

export type Quotas = {
  /** Takes `cost` of `quota` where there is so much left; `taken` says whether there was. */
  readonly take: (
    name: string,
    key: string,
    cost: number,
    quota: number,
    period: Period,
  ) => Later<Count & { readonly taken: boolean }>
  /** Writes what is not written yet. */
  readonly close: () => Promise<void>
}

export function quotasIn(store: Store, now: () => number, report: (error: unknown) => void): Quotas {
  const known = new LRUCache<string, Used>({ max: mostKeys })
  /** Not to be forgotten before it is written. */
  const pending = new Map<string, Used>()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  function find(id: string, ends: number): Later<Used> {
    const here = pending.get(id) ?? known.get(id)
    if (here) return here
    return after(store.record(kind, id), record => {
      const since = pending.get(id) ?? known.get(id)
      if (since) return since
      const used: Used = { id, ends, stored: Number(record?.value.used ?? 0), pending: 0 }
      known.set(id, used)
      return used
    })
  }

  function note(used: Used, cost: number): void {
    used.pending += cost
    pending.set(used.id, used)
    if (pending.size > mostPending) void flush()
    else timer ??= setTimeout(flush, interval).unref()
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(write).catch(report)
    return writing
  }

  /** Other processes may have added to it: theirs counts too, from now on. */
  async function write(): Promise<void> {
    const batch = [...pending.values()].map(used => ({ used, cost: used.pending }))
    if (batch.length === 0) return
    const totals = await store.write(async tx => {
      const all: number[] = []
      for (const { used, cost } of batch) {
        const before = await tx.record(kind, used.id)
        const total = Number(before?.value.used ?? 0) + cost
        await tx.putRecord(kind, used.id, { value: { used: total }, expires: used.ends })
        all.push(total)
      }
      return all
    })
    for (const [index, { used, cost }] of batch.entries()) {
      used.pending -= cost
      used.stored = totals[index] ?? used.stored
      if (used.pending === 0) pending.delete(used.id)
    }
  }

  return {
    take(name, key, cost, quota, period) {
      const at = now()
      const { name: when, ends } = periodAt(period, at)
      return after(find(`${name} ${when} ${key}`, ends), used => {
        const sum = used.stored + used.pending + cost
        const taken = sum <= quota
        if (taken && cost > 0) note(used, cost)
        return { used: used.stored + used.pending, ms: ends - at, taken }
      })
    },
    close: flush,
  }
}

// The ways of the latest requests, kept for who asks why they were answered as they were.
import type { Trace } from './trace.ts'

export type KeptTrace = Trace & {
  readonly id: string
  /** Ms since the epoch. */
  readonly at: number
  /** Whose request it was; empty: nobody's in particular. Only they may read it. */
  readonly caller: string
}

export type Traces = {
  readonly keep: (trace: KeptTrace) => void
  readonly find: (id: string) => KeptTrace | undefined
  /** Of one caller, the latest first. */
  readonly latest: (caller: string, most: number) => readonly KeptTrace[]
}

/** `most` of them; the oldest goes first. */
export function tracesOf(most: number): Traces {
  const kept = new Map<string, KeptTrace>()
  return {
    keep(trace) {
      kept.set(trace.id, trace)
      const [oldest] = kept.keys()
      if (kept.size > most && oldest !== undefined) kept.delete(oldest)
    },
    find: id => kept.get(id),
    latest(caller, wanted) {
      const found: KeptTrace[] = []
      for (const trace of [...kept.values()].reverse()) {
        if (found.length === wanted) break
        if (trace.caller === caller) found.push(trace)
      }
      return found
    },
  }
}

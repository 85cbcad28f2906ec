// One call, from its first attempt to the end of its content: what all its layers share.

/** Time and chance, so that they can be other than the machine's in a test. */
export type Clock = {
  /** Ms since the epoch. */
  readonly now: () => number
  /** 0 ≤ random < 1 */
  readonly random: () => number
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted before. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}

/** One thing a layer did, or did not do, and why. `at` is ms since the call began. */
export type TraceNote = {
  readonly at: number
  readonly layer: string
  /** For people: `waited 1,000 ms, as Retry-After says`. */
  readonly text: string
  /** For programs: the values compared. */
  readonly values?: Readonly<Record<string, unknown>>
}

export type Call = {
  readonly clock: Clock
  /** Ms since the epoch at which the call has to be over, waits and content included; undefined: never. */
  readonly deadline: number | undefined
  /** Aborted by the caller, or at the deadline. */
  readonly signal: AbortSignal | undefined
  readonly note: (layer: string, text: string, values?: Readonly<Record<string, unknown>>) => void
  /** What this call asks of a layer, by the layer's name; what it does not ask is as the client has it. */
  readonly options: CallOptions
}

/** Each layer adds its own member. */
// biome-ignore lint/suspicious/noEmptyInterface: layers add to it
export interface CallOptions {}

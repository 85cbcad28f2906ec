// One call, from its first attempt to the end of its content: what all its layers share.
import type { Fields } from '@comity/http'

/** Time and chance, so that they can be other than the machine's in a test. */
export type Clock = {
  /** Ms since the epoch. */
  readonly now: () => number
  /** 0 ≤ random < 1 */
  readonly random: () => number
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted before. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  /** Runs `done` after `ms`, unless what it returns is called before. Does not keep a process alive. */
  readonly timer: (ms: number, done: () => void) => () => void
}

/** One thing a layer did, or did not do, and why. `at` is ms since the call began. */
export type TraceNote = {
  readonly at: number
  readonly layer: string
  /** For people: `waited 1,000 ms, as Retry-After says`. */
  readonly text: string
  /** For programs: the values compared. Never a secret. */
  readonly values?: Readonly<Record<string, unknown>>
}

export type Call = {
  readonly clock: Clock
  /** Ms since the epoch at which the call has to be over, waits and content included; undefined: never. */
  readonly deadline: number | undefined
  /** Aborted by the caller, or at the deadline; its reason is the error of the call. */
  readonly signal: AbortSignal | undefined
  /** Ms that one attempt may take until the head of its response is here; undefined: as the transport has it. */
  readonly timeout: number | undefined
  /** `whole`: the content will be read into memory, so that a layer may do it, and try again where it breaks off. */
  readonly reading: 'whole' | 'pieces'
  /** Told of each interim response (1xx) but 101. */
  readonly onInterim: ((status: number, fields: Fields) => void) | undefined
  readonly note: (layer: string, text: string, values?: Readonly<Record<string, unknown>>) => void
  /** What was noted so far; another list after each note. */
  readonly trace?: readonly TraceNote[]
  /** What this call asks of a layer, by the layer's name; what it does not ask is as the client has it. */
  readonly options: CallOptions
}

/** Each layer adds its own member. */
// biome-ignore lint/suspicious/noEmptyInterface: layers add to it
export interface CallOptions {}

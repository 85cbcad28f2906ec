// A call while it runs: its trace, and the one signal that ends it, made only where something can.
import type { Fields } from '@comity/http'
import { DeadlineError, NetworkError } from '../errors.ts'
import type { Call, CallOptions, Clock, TraceNote } from '../layers/call.ts'

/** What a call needs to know to run; each member as in `Call`. */
export type CallSettings = {
  readonly clock: Clock
  /** Ms from now. */
  readonly deadline: number | undefined
  readonly timeout: number | undefined
  readonly signal: AbortSignal | undefined
  readonly reading: 'whole' | 'pieces'
  readonly onInterim: ((status: number, fields: Fields) => void) | undefined
  readonly options: CallOptions
  /** For messages: `GET https://api.example/accounts`. */
  readonly what: () => string
}

const nothing: readonly TraceNote[] = []

export class RunningCall implements Call {
  readonly clock: Clock
  readonly begun: number
  readonly deadline: number | undefined
  readonly timeout: number | undefined
  readonly signal: AbortSignal | undefined
  readonly reading: 'whole' | 'pieces'
  readonly onInterim: ((status: number, fields: Fields) => void) | undefined
  readonly options: CallOptions
  #notes: TraceNote[] | undefined
  #release: (() => void) | undefined

  constructor(settings: CallSettings) {
    const { clock, deadline, signal } = settings
    for (const [name, ms] of [
      ['deadline', deadline],
      ['timeout', settings.timeout],
    ] as const)
      if (ms !== undefined && !(ms >= 0)) throw new TypeError(`“${name}” is a number of ms, not ${ms}`)
    this.clock = clock
    this.begun = clock.now()
    this.timeout = settings.timeout
    this.reading = settings.reading
    this.onInterim = settings.onInterim
    this.options = settings.options
    this.deadline = deadline === undefined ? undefined : this.begun + deadline
    if (deadline !== undefined || signal !== undefined) this.signal = this.#endedBy(deadline, signal, settings.what)
  }

  get trace(): readonly TraceNote[] {
    return this.#notes ?? nothing
  }

  note = (layer: string, text: string, values?: Readonly<Record<string, unknown>>): void => {
    const at = this.clock.now() - this.begun
    this.#notes ??= []
    this.#notes.push(values === undefined ? { at, layer, text } : { at, layer, text, values })
  }

  /** Nothing of it can take time any more. */
  end(): void {
    this.#release?.()
    this.#release = undefined
  }

  #endedBy(deadline: number | undefined, signal: AbortSignal | undefined, what: () => string): AbortSignal {
    const own = new AbortController()
    const aborted = () => {
      const { reason } = signal as AbortSignal
      own.abort(new NetworkError('aborted', 'wait', `${what()} was aborted by its caller`, { cause: reason }))
    }
    if (signal?.aborted) aborted()
    else signal?.addEventListener('abort', aborted, { once: true })
    const cancel =
      deadline === undefined
        ? undefined
        : this.clock.timer(deadline, () =>
            own.abort(new DeadlineError(`${what()} was not over within ${ms(deadline)}`)),
          )
    this.#release = () => {
      cancel?.()
      signal?.removeEventListener('abort', aborted)
    }
    return own.signal
  }
}

/** `1,500 ms` */
export const ms = (count: number): string => `${Math.round(count).toLocaleString('en')} ms`

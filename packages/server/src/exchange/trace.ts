/** One gate a request met: passed, or answered with the values it compared. */
export type TraceStep = {
  readonly gate: string
  readonly section: string
  readonly outcome: 'passed' | 'answered'
  /** What the answering gate said. */
  readonly because?: string
}

/** The way of one request. */
export type Trace = {
  readonly method: string
  readonly url: string
  readonly status: number
  readonly steps: readonly TraceStep[]
}

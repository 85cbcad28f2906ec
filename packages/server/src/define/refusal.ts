import type { ProblemError } from '@comity/http'

/** What a refusal may add to its row of the problem registry. */
export type RefusalDetail = {
  /** For the developer: what was refused, with the values compared. */
  readonly detail?: string
  /** One entry per member or parameter at fault. */
  readonly errors?: readonly ProblemError[]
  /** Seconds after which a repeat may succeed; becomes Retry-After. */
  readonly retryAfter?: number
  /** Extension members of the problem document (RFC 9457 §3.2). */
  readonly members?: Readonly<Record<string, unknown>>
}

/**
 * Thrown by a handler to refuse what was asked. The code names a row of the problem registry, of Comity's own or of
 * the API's `problems`; the transaction is rolled back and the caller receives that problem.
 */
export class Refusal extends Error {
  readonly code: string
  readonly about: RefusalDetail

  constructor(code: string, about: RefusalDetail | string = {}) {
    const detail = typeof about === 'string' ? { detail: about } : about
    super(detail.detail ?? code)
    this.name = 'Refusal'
    this.code = code
    this.about = detail
  }
}

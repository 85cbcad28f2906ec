// RFC 9110 §15: status codes

/**
 * What a client does on its own with a response:
 * - `continue`: go on with the request and wait for the final response
 * - `done`: take the result
 * - `follow`: go to `Location`, or choose among the alternatives
 * - `use-cached`: use the stored response that was revalidated
 * - `retry`: repeat the request at once, if it may be repeated at all
 * - `retry-later`: the same after a wait
 * - `retry-elsewhere`: the same on another connection or to another server
 * - `refresh`: read the current state again and decide anew
 * - `fix-request`: do not repeat unchanged
 * - `authenticate`: obtain or renew credentials, then repeat
 * - `give-up`: nothing the client can do
 */
export type Advice =
  | 'continue'
  | 'done'
  | 'follow'
  | 'use-cached'
  | 'retry'
  | 'retry-later'
  | 'retry-elsewhere'
  | 'refresh'
  | 'fix-request'
  | 'authenticate'
  | 'give-up'

/**
 * One status code. `source` is the section that defines it, or who uses an unregistered one (then also in `usedBy`).
 * `meaning` and `next` are one sentence each. `cacheable`: `'heuristically'` without being told so (§15.1),
 * `'explicitly'` with explicit freshness only, `'never'` not stored as a response of its own.
 */
export type Status = {
  readonly code: number
  readonly reason: string
  readonly kind: 'informational' | 'successful' | 'redirection' | 'client-error' | 'server-error'
  readonly registered: boolean
  readonly source: string
  readonly usedBy?: string
  readonly meaning: string
  readonly advice: Advice
  readonly next: string
  readonly cacheable: 'heuristically' | 'explicitly' | 'never'
}

/** What a row says itself; its class and whether it is registered follow from the file it stands in. */
export type StatusRow = Omit<Status, 'kind' | 'registered' | 'cacheable' | 'usedBy'> & {
  /** Left out: `'explicitly'`. */
  readonly cacheable?: Status['cacheable']
}

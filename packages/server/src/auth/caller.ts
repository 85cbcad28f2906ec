// Who asks, once credentials were accepted.

/** A caller that proved who it is. Plain data: it is kept with the jobs and uploads that are done in its name. */
export type Caller = {
  /** `account`: a person or whoever acts as one. `client`: a program on its own behalf. */
  readonly kind: 'account' | 'client'
  /** Unique within its kind, and stable: what rows are owned by (`ownerId = caller.id`). */
  readonly id: string
  /** The authentication scheme that it came by (`Basic`, `Bearer` …). */
  readonly scheme: string
  /** What it may do; undefined: all that its account may. */
  readonly scopes: readonly string[] | undefined
  /** What is known of it besides, for policies (`caller.branch`): texts, numbers, booleans and lists of texts. */
  readonly claims: Readonly<Record<string, unknown>>
  /** The program that acts for the account, or the name of the key that was used; for the audit log. */
  readonly via?: string
  /**
   * What of the API's own records it came by, as kind and id (`['api-key', '…']`): once one of them is gone, or was
   * withdrawn, it is nobody. None where somebody else says who it is.
   */
  readonly restsOn?: readonly (readonly [kind: string, id: string])[]
}

/** Whose idempotency keys, jobs and limits they are: no two callers have the same, and nobody's is empty. */
export const nameOfCaller = (caller: Pick<Caller, 'kind' | 'id'> | undefined): string =>
  caller === undefined ? '' : `${caller.kind}:${caller.id}`

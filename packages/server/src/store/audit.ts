// Who did what to which row, as the store keeps it.

/** In whose name something is written, for the audit log. All texts; empty where there is nothing to say. */
export type Signature = {
  /** Of the request, as its answer names it. */
  readonly request: string
  /** `account:…` or `client:…` */
  readonly caller: string
  readonly scheme: string
  /** The name of the key that was used, or the program that acts for the account. */
  readonly via: string
  /** IP */
  readonly address: string
  readonly method: string
  /** Without its query, which may hold what is nobody's business. */
  readonly path: string
}

/** One line of the audit log: who did what to which row. */
export type AuditEntry = Signature & {
  /** 1, 2, 3 … */
  readonly number: number
  /** Ms since the epoch. */
  readonly at: number
  /** `created`, `changed` or `deleted` for rows; other words for what is not a row. */
  readonly action: string
  /** `accounts`, or `accounts.transactions`. */
  readonly resource: string
  readonly id: string
  /** The parent's id, of what is nested. */
  readonly parent: string
  /** What the transaction was given; several entries of one transaction have the same. */
  readonly revision: number
  /** SHA-256 of this entry and the digest of the one before it, hex: none can be taken out or changed unseen. */
  readonly digest: string
}

// Where what is known of callers is kept: the database of the API, alone or within a transaction.

import type { RecordReads, RecordWrites } from '../store/records.ts'
import type { Later } from '../store/store.ts'

/** A transaction, as far as credentials go. */
export type RecordTransaction = RecordReads & RecordWrites

export type Keeping = {
  readonly reads: RecordReads
  readonly write: <T>(work: (tx: RecordTransaction) => Later<T>) => Later<T>
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** What was asked of credentials and cannot be: a name that is taken, an account that is not there. For a person to read. */
export class CredentialsError extends Error {
  override name = 'CredentialsError'
}

/** Records of a kind, page by page, all of them. */
export async function allRecords(reads: RecordReads, kind: string) {
  const all = []
  const length = 500
  for (let from = ''; ; ) {
    const page = await reads.records(kind, from, length)
    all.push(...page)
    const last = page.at(-1)
    if (page.length < length || last === undefined) return all
    from = last.id
  }
}

// Where what is known of callers is kept: the database of the API, alone or within a transaction.
import type { RecordReads, RecordWrites } from '../store/records.ts'
import type { Later, Transaction } from '../store/store.ts'

/** A transaction, as far as credentials go; `note` adds a line to the audit log, where the API keeps one. */
export type RecordTransaction = RecordReads & RecordWrites & Pick<Transaction, 'note'>

/** As the audit log calls what credentials are. Ids are told, and nothing that is secret. */
export type CredentialKind = 'accounts' | 'keys' | 'clients' | 'consumers' | 'tokens' | 'grants' | 'signing-keys'

/** Commits with what it tells of. */
export const noted = (tx: Pick<Transaction, 'note'>, action: string, kind: CredentialKind, id: string): Later<void> =>
  tx.note(action, `credentials.${kind}`, id)

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

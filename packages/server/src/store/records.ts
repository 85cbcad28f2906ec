// What the server keeps for itself, beside the resources.
import type { Later } from './store.ts'

/**
 * What the server keeps for itself beside the resources: keys, accounts, tokens, nonces. `kind` and `id` name it.
 */
export type StoredRecord = {
  readonly id: string
  /** Plain data. */
  readonly value: Readonly<Record<string, unknown>>
  /** In ms since the epoch; it is not there any more from then on. Undefined: never. */
  readonly expires: number | undefined
}

/** A record as it is put. `names`: other names by which it is found (`{ grant: '…' }`); they need not be its alone. */
export type NewRecord = {
  readonly value: StoredRecord['value']
  readonly expires?: number | undefined
  readonly names?: Readonly<Record<string, string>>
}

export interface RecordReads {
  record(kind: string, id: string): Later<StoredRecord | undefined>
  /** Those with this name, in order of id; at most `most`. */
  recordsNamed(kind: string, name: string, value: string, most: number): Later<readonly StoredRecord[]>
  /** Those after `after` in order of id; at most `most`. */
  records(kind: string, after: string, most: number): Later<readonly StoredRecord[]>
}

export interface RecordWrites {
  /** Puts it where it was or was not. */
  putRecord(kind: string, id: string, record: NewRecord): Later<void>
  /** Puts it only where there is none of this id that has not expired; says whether it did. */
  addRecord(kind: string, id: string, record: NewRecord): Later<boolean>
  /** Says whether it was there. */
  removeRecord(kind: string, id: string): Later<boolean>
  /** Returns how many there were. */
  removeRecordsNamed(kind: string, name: string, value: string): Later<number>
}

// RFC 5849 §2.1: temporary credentials, from the time they are handed out until a token is.

import type { RecordReads } from '../../store/records.ts'
import { after, type Later } from '../../store/store.ts'

export type Temporary = {
  readonly consumer: string
  readonly secret: string
  /** Where the person goes afterwards, or `oob`. */
  readonly callback: string
  /** Id of the account, and the verifier it was told, once it consented. */
  readonly account?: string
  readonly verifier?: string
}

export const temporaryKind = 'oauth1-temporary'

/** In ms. */
export const temporaryLife = 10 * 60_000

export const readTemporary = (reads: RecordReads, token: string | undefined): Later<Temporary | undefined> =>
  token === undefined
    ? undefined
    : after(reads.record(temporaryKind, token), record => record && (record.value as Temporary))

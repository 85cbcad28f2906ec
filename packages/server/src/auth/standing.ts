// What is done later for a caller is done for who they are by then: an account may have been disabled meanwhile, a key
// revoked, a role changed.

import type { RecordReads, StoredRecord } from '../store/records.ts'
import { after, type Later } from '../store/store.ts'
import { accountKind, narrowed } from './accounts.ts'
import type { Caller } from './caller.ts'

/** The same caller now; undefined where they would not be let in any more. What others say of a caller stands as it was said. */
export function stillStanding(reads: RecordReads, caller: Caller, now: number): Later<Caller | undefined> {
  const { restsOn = [] } = caller
  return restsOn.reduce<Later<Caller | undefined>>(
    (before, [kind, id]) =>
      after(before, still =>
        still === undefined
          ? undefined
          : after(reads.record(kind, id), record => (isGood(record, now) ? asKnown(still, kind, record) : undefined)),
      ),
    caller,
  )
}

function isGood(record: StoredRecord | undefined, now: number): record is StoredRecord {
  if (record === undefined) return false
  const { state, revoked, expires } = record.value as { state?: unknown; revoked?: unknown; expires?: unknown }
  return state !== 'disabled' && revoked === undefined && (expires === undefined || Number(expires) > now)
}

/** With the claims and scopes that it has by now: never with more scopes than it came with. */
function asKnown(caller: Caller, kind: string, { value }: StoredRecord): Caller {
  const { scopes, claims } = value as Partial<Pick<Caller, 'scopes' | 'claims'>>
  const isOwn = kind === accountKind || caller.kind === 'client'
  return { ...caller, scopes: narrowed(scopes, caller.scopes), ...(isOwn && claims !== undefined && { claims }) }
}

// Rows in batches: after those that were done before, first the one that was under way.
import { UsageError } from '../output/complain.ts'
import { digestWith } from './digest.ts'
import type { ImportState } from './import-state.ts'
import type { Record, Records } from './records.ts'

export type Batch = {
  readonly rows: readonly Record[]
  /** Of all rows up to the last of these. */
  readonly digest: string
}

/** Bytes of text: servers bound what they read. */
const mostBytes = 512 * 1024

/**
 * @param most rows of a batch
 * @throws UsageError where rows that are done, or were sent, are not what they were
 */
export async function* batchesOf(
  records: Records,
  shown: string,
  state: ImportState,
  most: number,
): AsyncGenerator<Batch, void, undefined> {
  let digest = records.header === undefined ? '' : digestWith('', records.header.text)
  let seen = 0
  let rows: Record[] = []
  let bytes = 0
  // The batch that was under way is sent again as it was, whatever the size asked for now.
  let exactly = state.pending?.rows
  for await (const row of records.rows) {
    if (seen < state.rows) {
      digest = digestWith(digest, row.text)
      if (++seen === state.rows && digest !== state.digest) throw changed(shown, state.rows)
      continue
    }
    const size = Buffer.byteLength(row.text)
    const isFull = exactly === undefined ? rows.length >= most || bytes + size > mostBytes : rows.length >= exactly
    if (rows.length > 0 && isFull) {
      if (exactly !== undefined && digest !== state.pending?.digest) throw changed(shown, state.rows + exactly)
      yield { rows, digest }
      rows = []
      bytes = 0
      exactly = undefined
    }
    rows.push(row)
    bytes += size
    digest = digestWith(digest, row.text)
  }
  if (seen < state.rows) throw changed(shown, state.rows)
  if (rows.length === 0) return
  if (exactly !== undefined && digest !== state.pending?.digest) throw changed(shown, state.rows + exactly)
  yield { rows, digest }
}

function changed(shown: string, rows: number): UsageError {
  return new UsageError(
    `${shown} is not what it was when ${rows.toLocaleString('en')} rows of it were imported`,
    'Rows may be added at its end; --again imports all of it once more.',
  )
}

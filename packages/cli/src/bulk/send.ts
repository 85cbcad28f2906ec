// A batch of rows to a collection, in the form that it takes; and what it says of rows that it does not take.
import { type Client, HttpError } from '@comity/client'
import type { Problem } from '@comity/http'
import type { Batch } from './batches.ts'
import { type Cells, objectOf } from './cells.ts'
import type { FileFormat, Record, Records } from './records.ts'

export type Sending = {
  readonly client: Client
  readonly method: 'POST' | 'PUT' | 'PATCH'
  readonly url: string
  readonly header: Records['header']
  /** What rows are sent as. */
  readonly as: FileFormat
  readonly cells: Cells
  /** A row by itself is an object, not a list of one. */
  readonly rows: 'list' | 'single'
  /** `all`: a batch with a row at fault is refused; `each`: that row is. */
  readonly refusal: 'all' | 'each'
}

export type Refused = { readonly row: Record; readonly why: string }

const types: Readonly<{ [Name in FileFormat]: string }> = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  json: 'application/json',
}

export type Taken = {
  /** `before`: the server says that it answered this batch before, and did nothing now. */
  readonly when: 'now' | 'before'
  /** All others were taken. */
  readonly refused: readonly Refused[]
}

/** @throws HttpError and others, where nothing of the batch was taken */
export async function sendBatch(sending: Sending, batch: Batch, key: string, signal: AbortSignal): Promise<Taken> {
  const { client, method, url, as, refusal, rows } = sending
  try {
    const response = await client.request(method, url, {
      body: new TextEncoder().encode(contentOf(sending, batch)),
      fields: {
        'content-type': types[as],
        accept: 'application/json, */*;q=0.1',
        prefer: refusal === 'each' ? 'handling=lenient' : 'return=minimal',
      },
      idempotency: { key },
      signal,
    })
    const when = response.field('idempotency-replayed') === 'true' ? 'before' : 'now'
    if (response.status === 207) return { when, refused: refusedIn(await response.json(), batch) }
    await response.discard()
    return { when, refused: [] }
  } catch (error) {
    const row = batch.rows[0]
    if (rows === 'single' && refusal === 'each' && row !== undefined && isRefusal(error))
      return { when: 'now', refused: [{ row, why: wordsOf(error.problem) ?? error.message }] }
    throw error
  }
}

function contentOf({ header, as, cells, rows }: Sending, batch: Batch): string {
  if (as === 'csv') return [header?.text ?? '', ...batch.rows.map(({ text }) => text), ''].join('\r\n')
  const objects = batch.rows.map(row =>
    row.cells === undefined ? row.text : objectOf(header?.cells ?? [], row.cells, cells),
  )
  if (as === 'ndjson') return objects.map(text => `${text}\n`).join('')
  return rows === 'single' ? (objects[0] ?? '') : `[${objects.join(',')}]`
}

/** RFC 4918 §13, in JSON: a status for each row, in the order sent. */
function refusedIn(answers: unknown, batch: Batch): readonly Refused[] {
  if (!Array.isArray(answers) || answers.length !== batch.rows.length)
    throw new Error(
      `the server told of ${Array.isArray(answers) ? answers.length : 'no'} rows where it was sent ${batch.rows.length}`,
    )
  return batch.rows.flatMap((row, at) => {
    const { status, problem } = answers[at] as { readonly status: number; readonly problem?: Problem }
    return status < 400 ? [] : [{ row, why: wordsOf(problem) ?? `answered ${status}` }]
  })
}

function isRefusal(error: unknown): error is HttpError {
  return error instanceof HttpError && [400, 403, 404, 409, 410, 422].includes(error.status)
}

/** What the problem is, without the line of what was sent, which is not that of the file. */
export function wordsOf(problem: Problem | undefined | null): string | undefined {
  if (problem === undefined || problem === null) return undefined
  const errors = problem.errors?.map(({ detail }) => detail) ?? []
  return errors.length > 0 ? errors.join(' ') : (problem.detail ?? problem.title).replace(/^Line \d+: /, '')
}

/** Which row a refusal of the whole batch is about, where it tells. */
export function rowAtFault(error: HttpError, { rows }: Batch, { as, header }: Sending): Record | undefined {
  if (!isRefusal(error)) return undefined
  const { problem } = error
  if (rows.length === 1) return rows[0]
  const index = /^\/(\d+)(?:\/|$)/.exec(problem?.errors?.[0]?.pointer ?? '')?.[1]
  if (as === 'json') return index === undefined ? undefined : rows[Number(index)]
  const line = problem?.line
  if (typeof line !== 'number') return undefined
  let first = as === 'csv' ? 1 + linesOf(header?.text ?? '') : 1
  return rows.find(({ text }) => {
    first += as === 'csv' ? linesOf(text) : 1
    return line < first
  })
}

const linesOf = (text: string): number => 1 + (text.match(/\n/g)?.length ?? 0)

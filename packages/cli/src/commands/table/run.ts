// comity table: many answers, one table.
import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import type { Client } from '@comity/client'
import { type Reading, rowsOfAnswer } from '../../bulk/answer-rows.ts'
import { type Ask, asksFor } from '../../bulk/asks.ts'
import type { Row, Rows } from '../../bulk/rows.ts'
import { TableLog } from '../../bulk/table-log.ts'
import { type RowFormat, rowFormatOf, textOfRows, writeRows } from '../../bulk/write-rows.ts'
import { type CommonFlags, callingFor } from '../../calling/client.ts'
import { complainOfCall } from '../../calling/failure.ts'
import { exitCodes } from '../../exit-codes.ts'
import { columnsOf } from '../../output/columns.ts'
import { complain, UsageError } from '../../output/complain.ts'
import { type Failure, listFailures, reasonOf } from '../../output/failures.ts'
import { print, ReaderGone } from '../../output/print.ts'
import { selectionOf } from '../../output/select.ts'
import { formatCount } from '../../terminal/amounts.ts'
import { Counter } from '../../terminal/counter.ts'
import type { Io } from '../../terminal/io.ts'
import { progressBars } from '../../terminal/progress.ts'
import { version } from '../../version.ts'
import { inParallel } from '../../work/in-parallel.ts'

export type TableFlags = CommonFlags & {
  readonly each?: string
  readonly columns?: string
  readonly select?: string
  readonly lines?: boolean
  readonly split?: string
  readonly out?: string
  readonly as?: RowFormat
  readonly table: string
  readonly overwrite?: boolean
  readonly concurrency: number
  /** Ms. */
  readonly pace?: number
  readonly fresh?: boolean
}

/** Where answers are kept until all are there: a file where there is one to write, else memory. */
type Kept = {
  readonly has: (url: string) => boolean
  readonly add: (url: string, rows: readonly Row[]) => Promise<void>
  readonly rowsOf: (urls: readonly string[]) => Rows
}

export async function tableCommand(words: readonly string[], flags: TableFlags, io: Io): Promise<number> {
  const format = formatFor(flags)
  const reading = await readingFor(flags)
  const polite = { userAgent: `comity/${version()}`, robots: 'ignored', concurrency: flags.concurrency } as const
  const pacing = flags.pace === undefined ? {} : { polite: { ...polite, interval: flags.pace } }
  const { client, urls, close } = await callingFor(flags, io, words, pacing)
  try {
    const asks = await asksFor(urls, flags.each, io)
    if (flags.out === undefined) {
      const kept = inMemory()
      const failures = await askAll(client, asks, kept, reading, flags, io)
      if (io.interrupted.aborted)
        return complain(io.stderr, 'Stopped: nothing is kept', undefined, exitCodes.interrupted)
      const rows = kept.rowsOf(asks.map(({ url }) => url))
      try {
        for await (const piece of textOfRows(rows, format as 'csv', namesIn(reading))) await print(io.stdout, piece)
      } catch (error) {
        if (!(error instanceof ReaderGone)) throw error
      }
      return report(asks, failures, undefined, io)
    }
    return await intoFile(client, asks, format, reading, { ...flags, out: flags.out }, io)
  } finally {
    await close()
  }
}

async function intoFile(
  client: Client,
  asks: readonly Ask[],
  format: RowFormat,
  reading: Reading,
  flags: TableFlags & { readonly out: string },
  io: Io,
): Promise<number> {
  const { out, columns, select, lines, split, fresh, table, overwrite } = flags
  // Another way of reading makes other rows of the same answers.
  const of = createHash('sha256')
    .update(JSON.stringify([columns, select, lines, split]))
    .digest('base64url')
    .slice(0, 22)
  const path = resolve(io.cwd, out)
  const log = await TableLog.open(`${path}.part`, `${out}.part`, of, fresh === true ? 'anew' : 'go-on')
  try {
    const failures = await askAll(client, asks, log, reading, flags, io)
    const here = asks.filter(({ url }) => log.has(url)).length
    if (io.interrupted.aborted) {
      await (here === 0 ? log.remove() : log.close())
      const kept =
        here === 0
          ? 'nothing is kept'
          : `${out}.part holds ${here.toLocaleString('en')} of ${formatCount(asks.length, 'answer')}`
      const cure = here === 0 ? undefined : 'The same command asks for the rest'
      return complain(io.stderr, `Stopped: ${kept}`, cure, exitCodes.interrupted)
    }
    let count = 0
    const source = log.rowsOf(asks.map(({ url }) => url))
    for await (const _ of source()) count++
    await writeRows(source, {
      path,
      shown: out,
      format,
      columns: namesIn(reading),
      table: { name: table, existing: overwrite === true ? 'replace' : 'refuse' },
    })
    io.stdout.write(`${formatCount(count, 'row')} written to ${out}\n`)
    await (failures.length === 0 || here === 0 ? log.remove() : log.close())
    return report(asks, failures, here === 0 ? undefined : out, io)
  } catch (error) {
    await log.close()
    return complainOfCall(io.stderr, error)
  }
}

async function askAll(
  client: Client,
  asks: readonly Ask[],
  kept: Kept,
  reading: Reading,
  { concurrency }: TableFlags,
  io: Io,
): Promise<readonly Failure[]> {
  const left = asks.filter(({ url }) => !kept.has(url))
  const failures: (Failure | undefined)[] = left.map(() => undefined)
  const bars = await progressBars(io)
  const bar = bars.add('table', 'answers', asks.length)
  const counter = new Counter(asks.length)
  let done = asks.length - left.length
  let failed = 0
  bar.update(counter.at(done))
  try {
    await inParallel(left, concurrency, io.interrupted, async ({ url, given }, at) => {
      try {
        const response = await client.get(url, { signal: io.interrupted })
        await kept.add(url, await rowsOfAnswer(response, reading, given))
      } catch (error) {
        if (io.interrupted.aborted) return
        failures[at] = { what: url, why: reasonOf(error, url) }
        failed++
      }
      bar.update({ ...counter.at(++done), name: failed === 0 ? 'table' : `table, ${failed} failed` })
    })
  } finally {
    bar.end(io.interrupted.aborted ? 'stopped' : 'done')
    bars.stop()
  }
  return failures.filter(failure => failure !== undefined)
}

function report(asks: readonly Ask[], failures: readonly Failure[], out: string | undefined, io: Io): number {
  listFailures(io.stderr, failures, asks.length, 'requests')
  if (failures.length === 0) return exitCodes.ok
  if (out !== undefined) complain(io.stderr, `${out}.part keeps the others`, 'The same command asks for these alone')
  return exitCodes.failed
}

async function readingFor({ select, columns, lines, split }: TableFlags): Promise<Reading> {
  if (split === '') throw new UsageError('--split needs a text', "A space stands for any white space: --split ' '.")
  return {
    selection: select === undefined ? undefined : await selectionOf(select),
    columns: columns === undefined ? undefined : columnsOf(columns),
    as: lines === true || split !== undefined ? 'lines' : 'values',
    split,
  }
}

function formatFor({ as, out }: TableFlags): RowFormat {
  const format = as ?? (out === undefined ? 'csv' : rowFormatOf(out))
  if (format === undefined)
    throw new UsageError(`The name ${out} does not say what it is to be`, 'Tell by --as csv, ndjson, json or sqlite.')
  if (format === 'sqlite' && out === undefined)
    throw new UsageError('An SQLite table needs a file', 'Name it with --out FILE.')
  return format
}

const namesIn = ({ columns }: Reading): readonly string[] | undefined => columns?.map(({ name }) => name)

function inMemory(): Kept {
  const answers = new Map<string, readonly Row[]>()
  return {
    has: url => answers.has(url),
    add: async (url, rows) => void answers.set(url, rows),
    rowsOf: urls =>
      async function* () {
        for (const url of urls) yield* answers.get(url) ?? []
      },
  }
}

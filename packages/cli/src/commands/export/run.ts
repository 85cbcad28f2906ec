// comity export: a list, read to its end, into a file.
import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { type Client, ComityError, HttpError } from '@comity/client'
import { ExportPart } from '../../bulk/export-part.ts'
import { type Row, type Rows, rowOfItem } from '../../bulk/rows.ts'
import { type RowFormat, rowFormatOf, writeRows } from '../../bulk/write-rows.ts'
import { type CommonFlags, callingFor } from '../../calling/client.ts'
import { complainOfCall } from '../../calling/failure.ts'
import { expectFile } from '../../calling/target.ts'
import { exitCodes } from '../../exit-codes.ts'
import { type Column, columnsOf, rowOf } from '../../output/columns.ts'
import { complain, UsageError } from '../../output/complain.ts'
import { readValue } from '../../output/value.ts'
import { formatCount } from '../../terminal/amounts.ts'
import { Counter } from '../../terminal/counter.ts'
import type { Io } from '../../terminal/io.ts'
import { progressBars } from '../../terminal/progress.ts'

export type ExportFlags = CommonFlags & {
  readonly as?: RowFormat
  readonly columns?: string
  readonly items?: string
  readonly pageSize?: number
  readonly table: string
  readonly overwrite?: boolean
  readonly fresh?: boolean
}

/** Where a server lets callers say how many, most take so many. */
const usualPage = 1000

export async function exportCommand(word: string, file: string, flags: ExportFlags, io: Io): Promise<number> {
  expectFile(file, 'comity export URL FILE')
  const format = flags.as ?? rowFormatOf(file)
  if (format === undefined)
    throw new UsageError(`The name ${file} does not say what it is to be`, 'Tell by --as csv, ndjson, json or sqlite.')
  const columns = flags.columns === undefined ? undefined : columnsOf(flags.columns)
  const { client, urls, close } = await callingFor(flags, io, [word])
  const [url = ''] = urls
  const path = resolve(io.cwd, file)
  const of = createHash('sha256')
    .update([url, flags.items ?? ''].join('\n'))
    .digest('base64url')
    .slice(0, 22)
  const part = await openPart(path, file, of, flags)
  const before = part.notes?.rows ?? 0
  try {
    await readAll(client, url, of, part, flags, file, io)
    const written = {
      path,
      shown: file,
      format,
      columns: columns?.map(({ name }) => name),
      table: { name: flags.table, existing: flags.overwrite === true ? 'replace' : 'refuse' },
    } as const
    await writeRows(columns === undefined ? part.rows : projected(part.rows, columns), written)
    io.stdout.write(`${formatCount(part.notes?.rows ?? 0, 'row')} written to ${file}\n`)
    await part.remove()
    return exitCodes.ok
  } catch (error) {
    await part.close()
    return ended(error, part, before, file, io)
  } finally {
    await close()
  }
}

async function readAll(
  client: Client,
  url: string,
  of: string,
  part: ExportPart,
  flags: ExportFlags,
  file: string,
  io: Io,
): Promise<void> {
  if (part.notes !== undefined && part.notes.next === undefined) return
  const bars = await progressBars(io)
  const bar = bars.add(file, 'rows', part.notes?.total)
  let counter = new Counter(part.notes?.total)
  try {
    for await (const { items, token, total } of pagesOf(client, url, flags, part.notes?.next, io.interrupted)) {
      if (part.notes === undefined) counter = new Counter(total)
      await part.add(items, token, of, total)
      bar.update({ ...counter.at(part.notes?.rows ?? 0), total: part.notes?.total })
    }
    bar.end('done')
  } catch (error) {
    bar.end(io.interrupted.aborted ? 'stopped' : 'failed')
    throw error
  } finally {
    bars.stop()
  }
}

type Read = { readonly items: readonly Row[]; readonly token: string | undefined; readonly total: number | undefined }

async function* pagesOf(
  client: Client,
  url: string,
  { items, pageSize }: ExportFlags,
  from: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<Read, void, undefined> {
  const hasLimit = new URL(url).searchParams.has('limit')
  const limit = pageSize ?? (hasLimit || from !== undefined ? undefined : usualPage)
  const read = (size: number | undefined) =>
    client.pages<unknown>(url, {
      signal,
      read: readValue,
      fields: { prefer: 'count=exact' },
      ...(size === undefined ? {} : { params: { limit: size } }),
      ...(items === undefined ? {} : { items }),
      ...(from === undefined ? {} : { from }),
    })
  let begun = false
  try {
    for await (const page of read(limit).byPage()) {
      begun = true
      yield {
        items: page.items.map(rowOfItem),
        token: page.token,
        total: totalIn(page.response.field('x-total-count')),
      }
    }
  } catch (error) {
    // It was our guess that it takes the word, or so many.
    if (begun || pageSize !== undefined || limit === undefined || !(error instanceof HttpError && error.status === 400))
      throw error
    for await (const page of read(undefined).byPage())
      yield {
        items: page.items.map(rowOfItem),
        token: page.token,
        total: totalIn(page.response.field('x-total-count')),
      }
  }
}

const totalIn = (field: string | undefined): number | undefined =>
  field !== undefined && /^\d{1,15}$/.test(field) ? Number(field) : undefined

const projected = (rows: Rows, columns: readonly Column[]): Rows =>
  async function* () {
    for await (const row of rows()) yield rowOf(row, columns)
  }

async function openPart(path: string, file: string, of: string, { fresh }: ExportFlags): Promise<ExportPart> {
  try {
    return await ExportPart.open(path, of, fresh === true ? 'anew' : 'go-on')
  } catch (error) {
    throw new UsageError(`${file}.part cannot be written: ${(error as NodeJS.ErrnoException).code ?? error}`)
  }
}

// The client speaks to programs.
const byOption = 'say by `items` where it is'
const byFlag = 'say by --items /POINTER where it is'

function ended(error: unknown, part: ExportPart, before: number, file: string, io: Io): number {
  const rows = part.notes?.rows ?? 0
  const kept = rows === 0 ? undefined : `${file}.part holds ${formatCount(rows, 'row')}`
  if (io.interrupted.aborted)
    return complain(
      io.stderr,
      `Stopped: ${kept ?? 'nothing is left behind'}`,
      kept && 'The same command goes on behind them',
      exitCodes.interrupted,
    )
  const exitCode =
    error instanceof ComityError && error.message.includes(byOption)
      ? complain(io.stderr, error.message.replace(byOption, byFlag))
      : complainOfCall(io.stderr, error)
  const isStale = before > 0 && rows === before && error instanceof HttpError && error.status < 500
  if (kept !== undefined)
    complain(io.stderr, kept, isStale ? '--fresh begins anew' : 'The same command goes on behind them')
  return exitCode
}

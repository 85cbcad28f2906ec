// comity import: the rows of a file to a collection, once.
import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { HttpError } from '@comity/client'
import { type Batch, batchesOf } from '../../bulk/batches.ts'
import { ImportNotes, type ImportState, keyOf, nothingYet } from '../../bulk/import-state.ts'
import { type FileFormat, type Records, recordsOf } from '../../bulk/records.ts'
import { keepRefused } from '../../bulk/refused-file.ts'
import { type Refused, rowAtFault, type Sending, sendBatch, type Taken, wordsOf } from '../../bulk/send.ts'
import { type CommonFlags, callingFor } from '../../calling/client.ts'
import { complainOfCall } from '../../calling/failure.ts'
import { expectFile } from '../../calling/target.ts'
import { exitCodeOf, exitCodes } from '../../exit-codes.ts'
import { complain, UsageError } from '../../output/complain.ts'
import { listFailures } from '../../output/failures.ts'
import { formatCount } from '../../terminal/amounts.ts'
import { Counter } from '../../terminal/counter.ts'
import type { Io } from '../../terminal/io.ts'
import { progressBars } from '../../terminal/progress.ts'

export type ImportFlags = CommonFlags & {
  readonly from?: FileFormat
  readonly send?: FileFormat
  readonly method: Sending['method']
  readonly batch: number
  readonly lenient?: boolean
  readonly refused?: string
  readonly text?: boolean
  readonly state?: string
  readonly again?: boolean
}

export async function importCommand(file: string, word: string, flags: ImportFlags, io: Io): Promise<number> {
  expectFile(file, 'comity import FILE URL')
  const format = flags.from ?? formatOf(file)
  const records = await recordsOf(resolve(io.cwd, file), file, format)
  const { client, urls, close } = await callingFor(flags, io, [word])
  try {
    const [url = ''] = urls
    const shownState = flags.state ?? `${file}.import.json`
    const notes = await ImportNotes.open(resolve(io.cwd, shownState), shownState, flags.method, url)
    if (flags.again === true) await notes.save({ ...nothingYet, salt: randomUUID() })
    const sending: Sending = {
      client,
      method: flags.method,
      url,
      header: records.header,
      as: sentAs(flags, format),
      cells: flags.text === true ? 'text' : 'typed',
      rows: flags.batch === 1 ? 'single' : 'list',
      refusal: flags.lenient === true ? 'each' : 'all',
    }
    return await new Import(file, format, records, sending, notes, flags, io).run()
  } finally {
    await close()
  }
}

function formatOf(file: string): FileFormat {
  const ending = /\.(csv|ndjson|jsonl|json)$/i.exec(file)?.[1]?.toLowerCase()
  if (ending === undefined)
    throw new UsageError(`The name ${file} does not say what it is`, 'Tell by --from csv, ndjson or json.')
  return ending === 'jsonl' ? 'ndjson' : (ending as FileFormat)
}

function sentAs({ send, batch }: ImportFlags, format: FileFormat): FileFormat {
  if (send === 'csv' && format !== 'csv') throw new UsageError('Only CSV is sent as CSV', 'Take --send json or ndjson.')
  return send ?? (batch === 1 ? 'json' : format)
}

class Import {
  readonly #file: string
  readonly #format: FileFormat
  readonly #records: Records
  readonly #notes: ImportNotes
  readonly #flags: ImportFlags
  readonly #io: Io
  #sending: Sending
  readonly #refused: Refused[] = []
  #imported = 0
  #before: number

  constructor(
    file: string,
    format: FileFormat,
    records: Records,
    sending: Sending,
    notes: ImportNotes,
    flags: ImportFlags,
    io: Io,
  ) {
    this.#file = file
    this.#format = format
    this.#records = records
    this.#sending = sending
    this.#notes = notes
    this.#before = notes.state.rows
    this.#flags = flags
    this.#io = io
  }

  async run(): Promise<number> {
    const { interrupted, stderr } = this.#io
    const bars = await progressBars(this.#io)
    const bar = bars.add(this.#file, 'bytes', this.#records.size)
    const counter = new Counter(this.#records.size)
    let batch: Batch | undefined
    try {
      for await (batch of batchesOf(this.#records, this.#file, this.#notes.state, this.#flags.batch)) {
        if (interrupted.aborted) break
        await this.#send(batch)
        bar.update(counter.at(batch.rows.at(-1)?.bytes ?? 0))
      }
      bar.end(interrupted.aborted ? 'stopped' : 'done')
    } catch (error) {
      bar.end(interrupted.aborted ? 'stopped' : 'failed')
      bars.stop()
      if (interrupted.aborted) return this.#stopped()
      return this.#failed(error, batch)
    }
    bars.stop()
    if (interrupted.aborted) return this.#stopped()
    const again = this.#before > 0 ? `; ${formatCount(this.#before, 'row')} of ${this.#file} before` : ''
    this.#io.stdout.write(`${formatCount(this.#imported, 'row')} imported${again}\n`)
    const failures = this.#refused.map(({ row, why }) => ({ what: this.#placeOf(row.place), why }))
    listFailures(stderr, failures, this.#imported + failures.length, 'rows')
    if (failures.length > 0) complain(stderr, `They are kept in ${this.#refusedName}`, 'Mend and import that file.')
    return failures.length === 0 ? exitCodes.ok : exitCodes.failed
  }

  /** It is written down before and after, so that nothing is lost or doubled by an end in between. */
  async #send(batch: Batch): Promise<void> {
    const { state } = this.#notes
    const key = keyOf(state, batch.digest, `${this.#sending.method} ${this.#sending.url}`)
    await this.#notes.save({ ...state, pending: { rows: batch.rows.length, digest: batch.digest } })
    const { when, refused } = await this.#answered(batch, key).catch(async error => {
      // A refusal says that nothing was done: what is sent next need not be the same.
      if (error instanceof HttpError && error.status < 500) await this.#notes.save(state)
      throw error
    })
    const refusedBytes = await this.#keep(refused, state)
    this.#refused.push(...refused)
    if (when === 'now') this.#imported += batch.rows.length - refused.length
    else this.#before += batch.rows.length
    await this.#notes.save({
      rows: state.rows + batch.rows.length,
      digest: batch.digest,
      refused: state.refused + refused.length,
      refusedBytes,
      salt: state.salt,
    })
  }

  async #answered(batch: Batch, key: string): Promise<Taken> {
    const { interrupted, stderr } = this.#io
    try {
      return await sendBatch(this.#sending, batch, key, interrupted)
    } catch (error) {
      const { as } = this.#sending
      if (!(error instanceof HttpError && error.status === 415) || as === 'json' || this.#flags.send !== undefined)
        throw error
      this.#sending = { ...this.#sending, as: 'json' }
      stderr.write(`The server takes no ${as === 'csv' ? 'CSV' : 'NDJSON'}: the rows are sent as JSON.\n`)
      return sendBatch(this.#sending, batch, key, interrupted)
    }
  }

  #keep(refused: readonly Refused[], { refusedBytes }: ImportState): Promise<number> {
    const path = resolve(this.#io.cwd, this.#refusedName)
    // JSON cannot be written on at its end.
    const format = this.#format === 'json' ? 'ndjson' : this.#format
    return keepRefused(path, refusedBytes, refused, this.#records.header, format)
  }

  get #refusedName(): string {
    if (this.#flags.refused !== undefined) return this.#flags.refused
    const stem = this.#file.replace(/\.(?:csv|ndjson|jsonl|json)$/i, '')
    return `${stem}.refused.${this.#format === 'csv' ? 'csv' : 'ndjson'}`
  }

  #placeOf(place: number): string {
    return `${this.#file}, ${this.#records.unit} ${place}`
  }

  #stopped(): number {
    const { rows } = this.#notes.state
    return complain(
      this.#io.stderr,
      `Stopped; imported so far: ${formatCount(rows, 'row')} of ${this.#file}`,
      'The same command goes on behind them',
      exitCodes.interrupted,
    )
  }

  #failed(error: unknown, batch: Batch | undefined): number {
    const { stderr } = this.#io
    const row = error instanceof HttpError && batch !== undefined ? rowAtFault(error, batch, this.#sending) : undefined
    let exitCode: number
    if (error instanceof HttpError && row !== undefined) {
      const why = wordsOf(error.problem) ?? error.message
      exitCode = complain(stderr, `${this.#placeOf(row.place)}: ${why}`, undefined, exitCodeOf(error.status))
    } else exitCode = complainOfCall(stderr, error)
    if (error instanceof UsageError) return exitCode
    const cure =
      row === undefined
        ? 'The same command goes on behind them.'
        : 'Mend the row and run the same command again, or pass by what is refused with --lenient.'
    complain(stderr, `Imported so far: ${formatCount(this.#notes.state.rows, 'row')} of ${this.#file}`, cure)
    return exitCode
  }
}

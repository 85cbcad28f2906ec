// What is here of a table: the answers so far, a line each, in FILE.part. Rows are written from it in the order asked.
import { createHash } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { UsageError } from '../output/complain.ts'
import { formatJson, parseJson } from '../output/json-value.ts'
import { linesOf } from './lines.ts'
import type { Row, Rows } from './rows.ts'

type Heading = { readonly comity: 'table'; readonly of: string }
type Entry = { readonly key: string; readonly rows: readonly Row[] }

type Places = Map<string, readonly [from: number, to: number]>

export class TableLog {
  readonly #path: string
  readonly #file: FileHandle
  /** Where the line of an answer begins and ends, by its key. */
  readonly #places: Places
  #end: number
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(path: string, file: FileHandle, places: Places, end: number) {
    this.#path = path
    this.#file = file
    this.#places = places
    this.#end = end
  }

  /** @param of what it is a table of @throws UsageError where it holds another, or cannot be written */
  static async open(path: string, shown: string, of: string, begin: 'anew' | 'go-on'): Promise<TableLog> {
    const found = begin === 'anew' ? undefined : await readLog(path)
    if (found !== undefined && found.of !== of)
      throw new UsageError(`${shown} is of another table`, 'Ask for that one to its end, or begin anew with --fresh.')
    const file = await open(path, found === undefined ? 'w+' : 'r+').catch(error => {
      throw new UsageError(`${shown} cannot be written: ${error.code}`)
    })
    const log = new TableLog(path, file, found?.places ?? new Map(), found?.end ?? 0)
    // A line that was being written when the end came is none.
    await file.truncate(log.#end)
    if (found === undefined) await log.#write({ comity: 'table', of } satisfies Heading)
    return log
  }

  has(url: string): boolean {
    return this.#places.has(keyOf(url))
  }

  async add(url: string, rows: readonly Row[]): Promise<void> {
    const key = keyOf(url)
    const [from, to] = await this.#write({ key, rows } satisfies Entry)
    this.#places.set(key, [from, to])
  }

  /** Those of the answers that are here, in the order of `urls`. */
  rowsOf(urls: readonly string[]): Rows {
    const places = urls.map(url => this.#places.get(keyOf(url))).filter(found => found !== undefined)
    const file = this.#file
    return async function* () {
      for (const [from, to] of places) {
        const bytes = Buffer.alloc(to - from)
        await file.read(bytes, 0, bytes.length, from)
        yield* (parseJson(bytes.toString()) as Entry).rows
      }
    }
  }

  async close(): Promise<void> {
    await this.#turn
    await this.#file.close()
  }

  async remove(): Promise<void> {
    await this.close()
    await rm(this.#path, { force: true })
  }

  #write(line: Heading | Entry): Promise<readonly [number, number]> {
    const bytes = Buffer.from(`${formatJson(line, 0)}\n`)
    const from = this.#end
    this.#end += bytes.length
    const written = this.#turn.then(async () => {
      for (let at = 0; at < bytes.length; )
        at += (await this.#file.write(bytes, at, bytes.length - at, from + at)).bytesWritten
      return [from, from + bytes.length] as const
    })
    this.#turn = written.catch(() => {})
    return written
  }
}

/** A URL may hold a key, and a log is a file like others. */
const keyOf = (url: string): string => createHash('sha256').update(url).digest('base64url').slice(0, 22)

async function readLog(path: string) {
  const places: Places = new Map()
  let of: string | undefined
  let end = 0
  try {
    for await (const line of linesOf(path)) {
      const value = line.end === 'line-feed' ? entryIn(line.text) : undefined
      if (value === undefined) break
      end = line.to + 1
      if ('of' in value) of = value.of
      else places.set(value.key, [line.from, line.to])
    }
  } catch {
    return undefined
  }
  return of === undefined ? undefined : { of, places, end }
}

function entryIn(line: string): Heading | Entry | undefined {
  try {
    const value = JSON.parse(line) as Partial<Heading & Entry>
    if (value.comity === 'table' && typeof value.of === 'string') return value as Heading
    return typeof value.key === 'string' && Array.isArray(value.rows) ? (value as Entry) : undefined
  } catch {
    return undefined
  }
}

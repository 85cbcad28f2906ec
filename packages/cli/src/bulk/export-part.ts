// What is here of an export: its rows in FILE.part, and beside it in FILE.part.json how far that goes.
import { type FileHandle, open, readFile, rm, stat } from 'node:fs/promises'
import { formatJson, parseJson } from '../output/json-value.ts'
import { writeFileAside } from '../output/write-file.ts'
import { linesOf } from './lines.ts'
import type { Row, Rows } from './rows.ts'

export type ExportNotes = {
  readonly comity: 'export'
  /** Which list it is of: a hash, since a URL may hold a key. */
  readonly of: string
  readonly rows: number
  /** Of FILE.part, that are known to be on the disk. */
  readonly bytes: number
  /** As the server counted them at the beginning. */
  readonly total: number | undefined
  /** Where it goes on; undefined where nothing is left. */
  readonly next: string | undefined
}

export class ExportPart {
  readonly #path: string
  readonly #file: FileHandle
  notes: ExportNotes | undefined

  private constructor(path: string, file: FileHandle, notes: ExportNotes | undefined) {
    this.#path = path
    this.#file = file
    this.notes = notes
  }

  /** @param target the file that the export is for @param begin `anew` forgets what is there */
  static async open(target: string, of: string, begin: 'anew' | 'go-on'): Promise<ExportPart> {
    const path = `${target}.part`
    const notes = begin === 'anew' ? undefined : await notesIn(path, of)
    const file = await open(path, notes === undefined ? 'w' : 'r+')
    // What stands behind was not told of before the end came.
    if (notes !== undefined) await file.truncate(notes.bytes)
    else await rm(`${path}.json`, { force: true })
    return new ExportPart(path, file, notes)
  }

  /** Rows first, then the word that they are there. */
  async add(rows: readonly Row[], next: string | undefined, of: string, total: number | undefined): Promise<void> {
    const at = this.notes?.bytes ?? 0
    const bytes = Buffer.from(rows.map(row => `${formatJson(row, 0)}\n`).join(''))
    for (let done = 0; done < bytes.length; )
      done += (await this.#file.write(bytes, done, bytes.length - done, at + done)).bytesWritten
    await this.#file.datasync()
    this.notes = {
      comity: 'export',
      of,
      rows: (this.notes?.rows ?? 0) + rows.length,
      bytes: at + bytes.length,
      total: this.notes?.total ?? total,
      next,
    }
    await writeFileAside(`${this.#path}.json`, [JSON.stringify(this.notes)])
  }

  readonly rows: Rows = () => rowsIn(this.#path)

  /** Without notes nobody can go on with it, and it is taken away. */
  async close(): Promise<void> {
    await this.#file.close()
    if (this.notes === undefined) await rm(this.#path, { force: true })
  }

  async remove(): Promise<void> {
    await this.#file.close()
    await rm(`${this.#path}.json`, { force: true })
    await rm(this.#path, { force: true })
  }
}

async function* rowsIn(path: string): AsyncGenerator<Row, void, undefined> {
  for await (const { text } of linesOf(path)) yield parseJson(text) as Row
}

async function notesIn(path: string, of: string): Promise<ExportNotes | undefined> {
  try {
    const notes = JSON.parse(await readFile(`${path}.json`, 'utf8')) as Partial<ExportNotes>
    const { size } = await stat(path)
    const isWhole =
      notes.comity === 'export' &&
      notes.of === of &&
      Number.isSafeInteger(notes.rows) &&
      Number.isSafeInteger(notes.bytes) &&
      size >= Number(notes.bytes) &&
      (notes.next === undefined || typeof notes.next === 'string')
    return isWhole ? (notes as ExportNotes) : undefined
  } catch {
    return undefined
  }
}

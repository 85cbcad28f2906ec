// What is here of a download: the bytes in `PATH.part`, and beside it in `PATH.part.json` what they are and what is
// missing. The notes never claim a byte that the disk might not have.
import { type FileHandle, open, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Span } from './pieces.ts'
import type { Version } from './version.ts'

export type Notes = {
  /** Which target they are for: a hash, since a URL may hold secrets. */
  readonly target: string
  readonly version: Version
  readonly length: number | undefined
  readonly missing: readonly Span[]
}

const reserved = 16 * 1024

export class PartFile {
  readonly path: string
  readonly #file: FileHandle

  private constructor(path: string, file: FileHandle) {
    this.path = path
    this.#file = file
  }

  /** Opens the part of `target`. What it held is left as it is. */
  static async open(target: string): Promise<PartFile> {
    const path = `${target}.part`
    const file = await open(path, 'a').then(
      // `a` makes it where it is not, and would write at its end always.
      async made => {
        await made.close()
        return open(path, 'r+')
      },
    )
    return new PartFile(path, file)
  }

  /** What an earlier download left; undefined where there is none that can be gone on with. */
  async notes(target: string): Promise<Notes | undefined> {
    try {
      const notes: unknown = JSON.parse(await readFile(`${this.path}.json`, 'utf8'))
      if (!isNotes(notes) || notes.target !== target) return undefined
      const { size } = await stat(this.path)
      const last = notes.missing[0]?.at ?? notes.length ?? 0
      return size >= last ? notes : undefined
    } catch {
      return undefined
    }
  }

  /** Writes `pieces` one behind the other, from `position` on. */
  async write(pieces: readonly Uint8Array[], position: number): Promise<void> {
    let size = 0
    for (const piece of pieces) size += piece.length
    const { bytesWritten } = await this.#file.writev(pieces as Uint8Array<ArrayBuffer>[], position)
    if (bytesWritten === size) return
    // A disk that is nearly full takes a part, and says so next time.
    let skip = bytesWritten
    let at = position + bytesWritten
    for (const piece of pieces) {
      let rest = piece.subarray(Math.min(skip, piece.length))
      skip -= piece.length - rest.length
      while (rest.length > 0) {
        const written = await this.#file.write(rest, 0, rest.length, at)
        at += written.bytesWritten
        rest = rest.subarray(written.bytesWritten)
      }
    }
  }

  /** First the bytes and then the notes about them: `notes` was taken before. */
  async save(notes: Notes): Promise<void> {
    await this.#file.datasync()
    const next = `${this.path}.json.next`
    await writeFile(next, JSON.stringify(notes), { mode: 0o600, flag: (await isThere(next)) ? 'r+' : 'w' })
    await truncate(next, Buffer.byteLength(JSON.stringify(notes)))
    await rename(next, `${this.path}.json`)
    await this.reserve()
  }

  /** Room for the notes, so that they can be written where the disk is full. */
  async reserve(): Promise<void> {
    await writeFile(`${this.path}.json.next`, Buffer.alloc(reserved, ' '), { mode: 0o600 }).catch(() => {})
  }

  /** Forgets all that was there. */
  async clear(): Promise<void> {
    await this.#forget()
    await this.#file.truncate(0)
    await this.reserve()
  }

  async #forget(): Promise<void> {
    await rm(`${this.path}.json`, { force: true })
    await rm(`${this.path}.json.next`, { force: true })
  }

  /** The pieces of the whole file, first to last. */
  async *read(): AsyncGenerator<Uint8Array> {
    const buffer = new Uint8Array(1024 * 1024)
    for (let at = 0; ; ) {
      const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, at)
      if (bytesRead === 0) return
      at += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  }

  /** The file takes its name, whole and on the disk. */
  async finish(target: string, length: number): Promise<void> {
    await this.#file.truncate(length)
    await this.#file.sync()
    await this.#file.close()
    await rename(this.path, target)
    await this.#forget()
    await syncFolder(dirname(target))
  }

  /** Without notes nobody can go on with it, and it is taken away. */
  async close(): Promise<void> {
    await this.#file.close().catch(() => {})
    if (!(await isThere(`${this.path}.json`))) await rm(this.path, { force: true })
    await rm(`${this.path}.json.next`, { force: true })
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

// So that the name is on the disk too; Windows opens no folders, and needs it not.
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r')
    await folder.sync().finally(() => folder.close())
  } catch {
    // Nothing more can be done for it.
  }
}

function isNotes(value: unknown): value is Notes {
  if (typeof value !== 'object' || value === null) return false
  const { target, version, length, missing } = value as Partial<Record<keyof Notes, unknown>>
  const isCount = (count: unknown) => count === undefined || (Number.isSafeInteger(count) && Number(count) >= 0)
  return (
    typeof target === 'string' &&
    typeof version === 'object' &&
    version !== null &&
    isCount(length) &&
    Array.isArray(missing) &&
    missing.every(
      span => typeof span === 'object' && span !== null && Number.isSafeInteger(span.at) && isCount(span.end),
    )
  )
}

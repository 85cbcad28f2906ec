// Uploads that may be taken up again: what has come of each, and the request that it is the content of. Both lie in files,
// so that they outlive the process; how much has come is how long the file is.
import { createHash, randomUUID } from 'node:crypto'
import { copyFileSync, linkSync, utimesSync } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import type { Digests, HashAlgorithm } from '@comity/http'
import type { JobRequest } from '../store.ts'

/** The request whose content is uploaded, without its content. */
export type UploadRequest = Omit<JobRequest, 'content'>

export type UploadRecord = {
  /** Not to be guessed: who knows it may go on with the upload. */
  readonly id: string
  readonly request: UploadRequest
  /** Most bytes in all. */
  readonly most: number
  /** Bytes in all, where it was told. */
  readonly length: number | undefined
  /** Once nothing can be appended any more: how long it was, and where the file is. */
  readonly ended: { readonly size: number; readonly location: string | undefined } | undefined
}

export type Upload = UploadRecord & {
  /** Bytes that are here. */
  readonly offset: number
  /** When it was last written to, in ms since the epoch. */
  readonly touched: number
}

/** All of a content that was uploaded. */
export type Uploaded = {
  readonly size: number
  /** In hexadecimal. */
  readonly sha256: string
  readonly digests: Digests
  readonly start: Uint8Array
}

export type Uploads = {
  readonly create: (record: UploadRecord) => Promise<void>
  /** Undefined where there is none, or a part of what was known of it is lost. */
  readonly read: (id: string) => Promise<Upload | undefined>
  readonly change: (record: UploadRecord) => Promise<void>
  /**
   * Appends what comes at `offset`, as far as it comes, and brings it to the disk: also where `pieces` throws, which is
   * thrown on. `over`: more than `most` bytes in all came, and were not written.
   */
  readonly append: (
    id: string,
    offset: number,
    most: number,
    pieces: AsyncIterable<Uint8Array>,
    progress: (offset: number) => void,
  ) => Promise<{ readonly kind: 'whole' | 'over' | 'no-room'; readonly offset: number }>
  /** Takes back what came after `offset`. */
  readonly cut: (id: string, offset: number) => Promise<void>
  /** Reads all that came. @param startLength how many of its first bytes are given back */
  readonly whole: (id: string, startLength: number, algorithms: readonly HashAlgorithm[]) => Promise<Uploaded>
  /** Gives what came a second name, at once. */
  readonly copyTo: (id: string, path: string) => void
  /** Nothing can be appended any more, and its bytes are the file's. */
  readonly end: (record: UploadRecord, location: string | undefined) => Promise<void>
  readonly remove: (id: string) => Promise<void>
  /** Those that have not ended. */
  readonly open: () => Promise<readonly Upload[]>
  /** Removes those that were last written to before `before`, in ms since the epoch. */
  readonly expire: (before: number) => Promise<void>
}

const form = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export const newUploadId = (): string => randomUUID()

const full: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** Bytes after which progress is told. */
const step = 8 * 1024 * 1024

/** `root` makes the directory that it names where it is not there. */
export function uploadsIn(root: () => string, durability: 'lasting' | 'passing'): Uploads {
  const directory = () => join(root(), 'uploads')
  const record = (id: string) => join(directory(), `${id}.json`)
  const part = (id: string) => join(directory(), `${id}.part`)
  const flush = async (file: FileHandle) => {
    if (durability === 'lasting') await file.sync()
  }

  async function save(about: UploadRecord): Promise<void> {
    const passing = `${record(about.id)}.${randomUUID()}`
    const file = await open(passing, 'wx', 0o600)
    try {
      await file.writeFile(JSON.stringify(about))
      await flush(file)
    } finally {
      await file.close()
    }
    await rename(passing, record(about.id))
  }

  async function read(id: string): Promise<Upload | undefined> {
    if (!form.test(id)) return undefined
    try {
      const about = JSON.parse(await readFile(record(id), 'utf8')) as UploadRecord
      if (about.ended) return { ...about, offset: about.ended.size, touched: (await stat(record(id))).mtimeMs }
      const { size, mtimeMs } = await stat(part(id))
      return { ...about, offset: size, touched: mtimeMs }
    } catch (error) {
      if ((error as { code?: unknown }).code === 'ENOENT') return undefined
      throw error
    }
  }

  async function all(): Promise<readonly Upload[]> {
    const names = await readdir(directory()).catch((): string[] => [])
    const ids = names.filter(name => name.endsWith('.json')).map(name => name.slice(0, -'.json'.length))
    const found = await Promise.all(ids.map(read))
    return found.filter(upload => upload !== undefined)
  }

  const remove = async (id: string) => {
    if (!form.test(id)) return
    await rm(record(id), { force: true })
    await rm(part(id), { force: true })
  }

  return {
    async create(about) {
      await mkdir(directory(), { recursive: true, mode: 0o700 })
      await (await open(part(about.id), 'wx', 0o600)).close()
      await save(about)
    },
    read,
    change: save,

    async append(id, offset, most, pieces, progress) {
      const file = await open(part(id), 'r+')
      let at = offset
      let told = offset
      try {
        for await (const piece of pieces) {
          if (at + piece.length > most) return { kind: 'over', offset: at }
          for (let done = 0; done < piece.length; ) {
            const { bytesWritten } = await file.write(piece, done, piece.length - done, at)
            done += bytesWritten
            at += bytesWritten
          }
          if (at - told < step) continue
          told = at
          progress(at)
        }
        return { kind: 'whole', offset: at }
      } catch (error) {
        if (full.has((error as { code?: unknown }).code)) return { kind: 'no-room', offset: at }
        throw error
      } finally {
        await flush(file)
        await file.close()
      }
    },

    cut: (id, offset) => truncate(part(id), offset),

    async whole(id, startLength, algorithms) {
      const hashes = new Map(
        [...new Set<HashAlgorithm>(['sha-256', ...algorithms])].map(name => [name, createHash(name)]),
      )
      const start: Buffer[] = []
      let size = 0
      const file = await open(part(id), 'r')
      try {
        for await (const piece of file.createReadStream({ autoClose: false, highWaterMark: 1 << 18 })) {
          const bytes = piece as Buffer
          if (size < startLength) start.push(bytes.subarray(0, startLength - size))
          size += bytes.length
          for (const hash of hashes.values()) hash.update(bytes)
        }
      } finally {
        await file.close()
      }
      const digests = new Map(Array.from(hashes, ([name, hash]) => [name, hash.digest() as Uint8Array] as const))
      const sha256 = Buffer.from(digests.get('sha-256') ?? []).toString('hex')
      return { size, sha256, digests, start: Buffer.concat(start) }
    },

    copyTo(id, path) {
      // As fresh as a file that came at once, so that no sweep takes it for forgotten.
      const now = Date.now() / 1000
      utimesSync(part(id), now, now)
      try {
        linkSync(part(id), path)
      } catch {
        // Not every file system has a second name for one file.
        copyFileSync(part(id), path)
      }
    },

    async end(about, location) {
      const size = (await stat(part(about.id)).catch(() => undefined))?.size ?? about.length ?? 0
      await save({ ...about, ended: { size, location } })
      await rm(part(about.id), { force: true })
    },
    remove,

    open: async () => (await all()).filter(({ ended }) => ended === undefined),

    async expire(before) {
      const known = new Set<string>()
      for (const { id, touched } of await all()) {
        if (touched < before) await remove(id)
        else known.add(id)
      }
      for (const name of await readdir(directory()).catch((): string[] => [])) {
        const path = join(directory(), name)
        const isOld = ((await stat(path).catch(() => undefined))?.mtimeMs ?? before) < before
        if (isOld && !known.has(name.split('.')[0] ?? '')) await rm(path, { force: true })
      }
    },
  }
}

// The bytes of files, each content once, under the name of its SHA-256. A content is written under a passing name,
// brought to the disk and renamed: whatever ends the process, there is never half of one. What the database does not
// know of is swept away in time.
import { createHash, randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, mkdtempSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { type FileHandle, open, rm, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Source } from '../../exchange/answer.ts'
import { readerOf } from './reader.ts'
import { ownPrefix, sweepIncoming, sweepUnknown, type Unknown } from './sweep.ts'
import { type Uploads, uploadsIn } from './uploads.ts'

/** A content that is here, and is nobody's yet. */
export type Laid = {
  readonly size: number
  /** In hexadecimal. */
  readonly sha256: string
  /**
   * Gives it its lasting name, at once. To be called within the transaction that names it, which no sweep can run
   * beside.
   */
  readonly keep: () => void
  /** Does away with it, unless it was kept. */
  readonly discard: () => Promise<void>
}

/** How laying a content aside ended. */
export type Received =
  | { readonly kind: 'laid'; readonly laid: Laid }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'no-room' }

/** The bytes of an API's files. */
export type Contents = {
  /** Writes at most `limit` bytes down as they come. Throws what `pieces` throws, with nothing left behind. */
  readonly receive: (pieces: AsyncIterable<Uint8Array>, limit: number) => Promise<Received>
  /** The bytes of a content that was kept. @throws Error where they are not there, or not all of them */
  readonly source: (sha256: string, size: number) => Source
  /**
   * Removes contents that nobody knows and that are older than `grace` ms, and what others that ended left half
   * written.
   */
  readonly sweep: (now: number, grace: number, unknown: Unknown) => Promise<void>
  readonly close: () => void
  /** Contents that come in several requests. */
  readonly uploads: Uploads
  /** One of those, all of which is here. */
  readonly uploaded: (id: string, whole: Pick<Laid, 'size' | 'sha256'>) => Laid
}

/** A directory, made where it is not there; or `temporary`, which ends with the process. */
export type Location = { readonly path: string } | 'temporary'

const full: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

export function contentsAt(location: Location): Contents {
  const lasting = location !== 'temporary'
  let root: string | undefined
  /** Nothing is made before there is something to put there. */
  const rooted = (): string => {
    if (root === undefined) {
      root = lasting ? location.path : mkdtempSync(join(tmpdir(), 'comity-files-'))
      mkdirSync(join(root, 'incoming'), { recursive: true, mode: 0o700 })
      sweepIncoming(root, Date.now(), 'own')
    }
    return root
  }
  if (lasting) rooted()
  const pathOf = (sha256: string) => join(rooted(), sha256.slice(0, 2), sha256.slice(2))

  function keep(path: string, sha256: string): void {
    const to = pathOf(sha256)
    const directory = join(rooted(), sha256.slice(0, 2))
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    // Over one that is there: the same bytes, as fresh as this, so that no sweep takes them for forgotten.
    renameSync(path, to)
    if (lasting) flushDirectory(directory)
  }

  async function write(file: FileHandle, pieces: AsyncIterable<Uint8Array>, limit: number) {
    const hash = createHash('sha256')
    let size = 0
    for await (const piece of pieces) {
      size += piece.length
      if (size > limit) return undefined
      hash.update(piece)
      for (let at = 0; at < piece.length; ) at += (await file.write(piece, at)).bytesWritten
    }
    if (lasting) await file.sync()
    return { size, sha256: hash.digest('hex') }
  }

  const uploads = uploadsIn(rooted, lasting ? 'lasting' : 'passing')

  return {
    uploads,

    uploaded: (id, { size, sha256 }) => ({
      size,
      sha256,
      keep() {
        const path = join(rooted(), 'incoming', `${ownPrefix}${randomUUID()}`)
        uploads.copyTo(id, path)
        keep(path, sha256)
        // Two names of one file stay two, where one is renamed to the other.
        rmSync(path, { force: true })
      },
      discard: async () => {},
    }),

    async receive(pieces, limit) {
      const path = join(rooted(), 'incoming', `${ownPrefix}${randomUUID()}`)
      const file = await open(path, 'wx', 0o600)
      let written: Awaited<ReturnType<typeof write>>
      try {
        written = await write(file, pieces, limit)
      } catch (error) {
        await file.close()
        await unlink(path)
        if (full.has((error as { code?: unknown }).code)) return { kind: 'no-room' }
        throw error
      }
      await file.close()
      if (written === undefined) {
        await unlink(path)
        return { kind: 'too-large' }
      }
      const { sha256 } = written
      let there = true
      const laid: Laid = {
        ...written,
        keep() {
          if (!there) return
          keep(path, sha256)
          there = false
        },
        async discard() {
          // Gone already, where the server was closed meanwhile.
          if (there) await rm(path, { force: true })
          there = false
        },
      }
      return { kind: 'laid', laid }
    },

    source(sha256, size) {
      const path = pathOf(sha256)
      const found = statSync(path, { throwIfNoEntry: false })?.size
      if (found !== size)
        throw new Error(`the content ${sha256} has ${size} bytes, and there are ${found ?? 'none'} at ${path}`)
      return { kind: 'source', size, digests: new Map([['sha-256', Buffer.from(sha256, 'hex')]]), read: readerOf(path) }
    },

    async sweep(now, grace, unknown) {
      if (root === undefined) return
      sweepIncoming(root, now, grace)
      await sweepUnknown(root, now - grace, unknown)
    },

    close() {
      if (root !== undefined && !lasting) rmSync(root, { recursive: true, force: true })
    },
  }
}

/** A name is on the disk when its directory is. */
function flushDirectory(path: string): void {
  // Not every platform opens directories; those that do not keep names by themselves.
  if (process.platform === 'win32') return
  const directory = openSync(path, 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}

// Content too large for memory waits in a temporary file of its own, until it is all here: a slow client holds nothing
// but its file.
import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, open, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pieceSize } from '../exchange/import.ts'
import type { Spooled } from '../exchange/incoming.ts'

/** What all contents together may take in files at one moment, in bytes. */
export type Room = { readonly take: (bytes: number) => boolean; readonly giveBack: (bytes: number) => void }

export function roomOf(most: number): Room {
  let taken = 0
  return {
    take(bytes) {
      const fits = taken + bytes <= most
      if (fits) taken += bytes
      return fits
    },
    giveBack(bytes) {
      taken -= bytes
    },
  }
}

/** There is no room for what was to be written. */
export class NoRoom extends Error {}

/** A content on its way into a file. */
export type Spool = {
  /** Rejects with NoRoom where there is none. */
  readonly write: (chunks: readonly Uint8Array[]) => Promise<void>
  /** What was written, to be read until it is discarded. */
  readonly finish: () => Spooled
  /** Closes the file and sees that it is gone. */
  readonly discard: () => Promise<void>
}

/** Opens a file that nobody else can read (0600), and that has no name any more wherever the platform allows it. */
export async function openSpool(room: Room): Promise<Spool> {
  const path = join(tmpdir(), `comity-${randomUUID()}`)
  const file = await open(path, 'wx+', 0o600)
  // An open file cannot be removed everywhere: there it is removed when it is closed.
  const removed = await unlink(path).then(
    () => true,
    () => false,
  )
  const hash = createHash('sha256')
  let size = 0
  return {
    async write(chunks) {
      for (const chunk of chunks) {
        if (!room.take(chunk.length)) throw new NoRoom()
        size += chunk.length
        hash.update(chunk)
      }
      try {
        await file.writev(chunks as Uint8Array[])
      } catch (error) {
        throw full.has((error as { code?: unknown }).code) ? new NoRoom('', { cause: error }) : error
      }
    },
    finish: () => ({ size, digest: hash.digest(), pieces: () => read(file) }),
    async discard() {
      room.giveBack(size)
      await file.close()
      if (!removed) await unlink(path)
    },
  }
}

async function* read(file: FileHandle): AsyncGenerator<Uint8Array, undefined> {
  for (let at = 0; ; ) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(pieceSize), 0, pieceSize, at)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
    at += bytesRead
  }
}

const full: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

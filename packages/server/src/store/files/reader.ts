// A file read in pieces, from any place, in memory that does not grow with it.
import { type FileHandle, open } from 'node:fs/promises'
import type { ByteRange } from '@comity/http'

/** Bytes read at a time: large enough that the system call is nothing beside them, small enough for many readers. */
const pieceLength = 256 * 1024

/**
 * Reads a range of the file, which is open from the first piece to the last, or until its reader turns away.
 * @returns throws where the file ends before the range does
 */
export const readerOf =
  (path: string) =>
  (range: ByteRange): AsyncIterableIterator<Uint8Array> => {
    let at = range.first
    let file: FileHandle | undefined
    let reading: Promise<IteratorResult<Uint8Array, undefined>> | undefined
    let ended = false
    const close = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
      ended = true
      const open = file
      file = undefined
      await open?.close()
      return { done: true, value: undefined }
    }
    const read = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
      if (ended || at > range.last) return close()
      try {
        file ??= await open(path, 'r')
        const length = Math.min(pieceLength, range.last - at + 1)
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(length), 0, length, at)
        if (bytesRead === 0) throw new Error(`${path} ends at ${at}, before ${range.last}`)
        at += bytesRead
        return { done: false, value: bytesRead === length ? buffer : buffer.subarray(0, bytesRead) }
      } catch (error) {
        await close()
        throw error
      }
    }
    return {
      next() {
        reading = read()
        return reading
      },
      async return() {
        // A read that is under way has the file.
        await reading?.catch(() => {})
        return close()
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }

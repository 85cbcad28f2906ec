// What is uploaded: a file or a Blob, from any byte on, and as long as it stays what it was.
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { TransferError } from '../../errors.ts'

export type UploadSource = {
  readonly size: number
  /** By which another content is told: size and time of its last change; undefined for a Blob, which never changes. */
  readonly mark: string | undefined
  readonly open: (from: number, until: number) => AsyncIterable<Uint8Array>
  /** @throws TransferError where it is another content now */
  readonly check: () => Promise<void>
}

/** @throws TransferError where the file cannot be read */
export async function sourceOf(given: string | Blob): Promise<UploadSource> {
  if (typeof given !== 'string') {
    return {
      size: given.size,
      mark: undefined,
      open: (from, until) => given.slice(from, until).stream() as unknown as AsyncIterable<Uint8Array>,
      check: async () => {},
    }
  }
  const { size, mark } = await look(given)
  return {
    size,
    mark,
    open: (from, until) =>
      from >= until ? nothing() : createReadStream(given, { start: from, end: until - 1, highWaterMark: 256 * 1024 }),
    async check() {
      if ((await look(given)).mark !== mark)
        throw new TransferError('changed', `${given} was changed while it was sent`)
    },
  }
}

async function look(path: string): Promise<{ readonly size: number; readonly mark: string }> {
  try {
    const found = await stat(path)
    if (!found.isFile()) throw new TransferError('file', `${path} is not a file`)
    return { size: found.size, mark: `${found.size} ${found.mtimeMs} ${found.ino}` }
  } catch (error) {
    if (error instanceof TransferError) throw error
    const code = error instanceof Error && 'code' in error ? error.code : error
    throw new TransferError('file', `${path} cannot be read: ${String(code)}`, { cause: error })
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

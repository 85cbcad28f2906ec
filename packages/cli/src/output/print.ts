// Writing to a stream at the pace of its reader, until that reader leaves.
import type { Sink } from '../terminal/io.ts'

/** Who read the output has left (`comity get … | head`): a reason to stop, and nothing to complain of. */
export class ReaderGone extends Error {
  constructor() {
    super('nobody reads the output any more')
    this.name = 'ReaderGone'
  }
}

/** Resolves when there is room for more. @throws ReaderGone */
export async function print(sink: Sink, piece: string | Uint8Array): Promise<void> {
  if (piece.length === 0) return
  if (sink.destroyed || sink.writableEnded) throw new ReaderGone()
  await new Promise<void>((resolve, reject) => {
    sink.write(piece, error => (error ? reject(isGone(error) ? new ReaderGone() : error) : resolve()))
  })
}

const isGone = (error: NodeJS.ErrnoException): boolean =>
  error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED' || error.code === 'ECONNRESET'

/** In words, what the stream of the output says; undefined where that is not what failed. A file's says it at once, by throwing. */
export function whyUnwritten(error: unknown): string | undefined {
  if (!(error instanceof Error && 'code' in error && 'syscall' in error && error.syscall === 'write')) return undefined
  if ('path' in error || 'address' in error) return undefined
  return error.code === 'ENOSPC' || error.code === 'EDQUOT'
    ? 'There is no room left for the output'
    : `The output cannot be written: ${String(error.code)}`
}

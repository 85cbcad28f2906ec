// An answer into its place in the file, in batches: while one is written the next one comes.
import type { PartFile } from './part-file.ts'
import type { Piece } from './pieces.ts'

export type Sink = {
  readonly part: PartFile
  /** So many bytes came. */
  readonly received: (count: number) => void
  /** `piece.at` moved. */
  readonly written: () => void
}

const batch = 512 * 1024

/**
 * Reads as much as the piece lacks. `end`: where the answer ends, as it says; not part of it. `longer`: it does not, and
 * nothing of it was kept.
 */
export async function pour(
  answer: AsyncIterable<Uint8Array>,
  piece: Piece,
  end: number | undefined,
  { part, received, written }: Sink,
): Promise<'went' | 'longer'> {
  const begun = piece.at
  let position = begun
  let held: Uint8Array[] = []
  let size = 0
  let writing: Promise<void> = Promise.resolve()
  const flush = async (): Promise<void> => {
    await writing
    if (held.length === 0) return
    const pieces = held
    const until = position
    held = []
    size = 0
    writing = part.write(pieces, piece.at).then(() => {
      piece.at = until
      written()
    })
    // A failure is met by whoever waits for it next.
    writing.catch(() => {})
  }
  try {
    for await (const bytes of answer) {
      if (end !== undefined && position + bytes.length > end) {
        await writing
        held = []
        piece.at = begun
        return 'longer'
      }
      // The end of a piece may come nearer while it is fetched.
      const room = (piece.end ?? Number.POSITIVE_INFINITY) - position
      const kept = bytes.length > room ? bytes.subarray(0, Math.max(0, room)) : bytes
      held.push(kept)
      size += kept.length
      position += kept.length
      received(kept.length)
      if (size >= batch) await flush()
      if (kept.length < bytes.length || (room === bytes.length && position !== end)) break
    }
  } finally {
    await flush()
    await writing
  }
  return 'went'
}

// Content read ahead into memory, as far as there is room for it.
import { completeBody, joined } from './inbox.ts'
import type { ReceivedBody } from './response.ts'

/**
 * The same content, whole in memory where it has at most `limit` bytes; beyond that its beginning is, and the rest comes
 * as it would have. Rejects where it breaks off within the limit.
 */
export async function gathered(body: ReceivedBody, limit: number): Promise<ReceivedBody> {
  if (body.complete) return body
  const pieces: Uint8Array[] = []
  let size = 0
  const reader = body[Symbol.asyncIterator]()
  for (let read = await reader.next(); !read.done; read = await reader.next()) {
    pieces.push(read.value)
    size += read.value.length
    if (size > limit) return continued(pieces, reader)
  }
  return completeBody(joined(pieces))
}

/** Pieces that are here, and then those that come. */
export function continued(pieces: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): ReceivedBody {
  return streamedBody(
    (async function* () {
      try {
        yield* pieces
        for (let read = await rest.next(); !read.done; read = await rest.next()) yield read.value
      } finally {
        await rest.return?.()
      }
    })(),
    async () => {
      await rest.return?.()
    },
  )
}

/** A body from a generator of its pieces. `discard` frees what it holds, begun or not. */
export function streamedBody(pieces: AsyncGenerator<Uint8Array>, discard: () => Promise<void>): ReceivedBody {
  let begun = false
  return {
    complete: false,
    async bytes() {
      const all: Uint8Array[] = []
      for await (const piece of this) all.push(piece)
      return joined(all)
    },
    async discard() {
      // What awaits its next piece is ended by what it reads from.
      await discard()
      if (!begun) await pieces.return(undefined)
    },
    [Symbol.asyncIterator]() {
      begun = true
      return pieces
    },
  }
}

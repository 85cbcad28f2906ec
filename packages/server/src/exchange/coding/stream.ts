// A body of pieces, compressed as it comes.
import type { Transform } from 'node:stream'
import type { Piece } from '../../formats/format.ts'

/** A compressor can be told to give out what it holds. */
type Compressor = Transform & { flush(done?: () => void): void }

/** How long a piece waits for those after it before it is sent without them, in ms. */
const patience = 20

/**
 * The pieces through `compressor`, which takes no more of them than are read on the other side. What fails at the source
 * fails here, before any end of the compressed stream; ended early, it ends the source too.
 */
export function compressedPieces(
  pieces: AsyncIterable<Piece>,
  compressor: Compressor,
): AsyncIterableIterator<Uint8Array> {
  const source = pieces[Symbol.asyncIterator]()
  const output = compressor[Symbol.asyncIterator]() as AsyncIterableIterator<Uint8Array>
  let state: 'new' | 'begun' | 'ended' = 'new'
  return {
    async next() {
      if (state === 'ended') return done
      if (state === 'new') pumpInto(compressor, source)
      state = 'begun'
      try {
        return await output.next()
      } catch (error) {
        // Ended while this piece was awaited: nobody's fault.
        if ((state as string) === 'ended') return done
        throw error
      }
    },
    async return() {
      state = 'ended'
      // One that was never begun holds its source all the same.
      compressor.destroy()
      await source.return?.()
      return done
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

const done: IteratorResult<Uint8Array> = { done: true, value: undefined }

/** Never rejects: what fails is thrown to whoever reads the compressor. */
async function pumpInto(compressor: Compressor, source: AsyncIterator<Piece>): Promise<void> {
  try {
    for (let piece = await source.next(); !piece.done; piece = await nextOf(compressor, source)) {
      if (!compressor.write(piece.value)) await drained(compressor)
      if (compressor.destroyed) return
    }
    compressor.end()
  } catch (error) {
    compressor.destroy(error as Error)
  }
}

/** The next piece; where it is long in coming, what was written before it is sent meanwhile. */
async function nextOf(compressor: Compressor, source: AsyncIterator<Piece>): Promise<IteratorResult<Piece>> {
  const timer = setTimeout(() => {
    if (!compressor.destroyed) compressor.flush()
  }, patience)
  try {
    return await source.next()
  } finally {
    clearTimeout(timer)
  }
}

function drained(compressor: Compressor): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      compressor.off('drain', done).off('close', done)
      resolve()
    }
    if (compressor.destroyed) resolve()
    else compressor.on('drain', done).on('close', done)
  })
}

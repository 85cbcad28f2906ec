// Content out of the store, and content that is copied for the store while its reader reads it.
import { joined } from '../../exchange/inbox.ts'
import type { ReceivedBody } from '../../exchange/response.ts'

/** Content that is here; each reading gets its own copy, so that nobody can write into the store. */
export class StoredBody implements ReceivedBody {
  readonly complete = true
  readonly #content: Uint8Array

  constructor(content: Uint8Array) {
    this.#content = content
  }

  async bytes(): Promise<Uint8Array> {
    // `slice` of a Buffer would be a view.
    return Uint8Array.prototype.slice.call(this.#content)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#content.length > 0) yield Uint8Array.prototype.slice.call(this.#content)
  }

  async discard(): Promise<void> {}
}

/**
 * The content as it comes, and a copy of it, up to `limit` bytes. `whole` gets the copy before the reader gets the end;
 * `left` is told instead where the reader leaves before, or where there is more than the limit.
 */
export function copied(
  body: ReceivedBody,
  limit: number,
  whole: (content: Uint8Array) => void | Promise<void>,
  left: (why: 'too-large' | 'not-read' | 'broken-off') => void,
): ReceivedBody {
  let done = false
  const leave = (why: 'too-large' | 'not-read' | 'broken-off'): void => {
    if (!done) left(why)
    done = true
  }
  return {
    get complete() {
      return body.complete
    },
    async bytes() {
      let content: Uint8Array
      try {
        content = await body.bytes()
      } catch (error) {
        leave('broken-off')
        throw error
      }
      if (content.length > limit) leave('too-large')
      else if (!done) {
        done = true
        const stored = whole(Uint8Array.prototype.slice.call(content))
        if (stored !== undefined) await stored
      }
      return content
    },
    async *[Symbol.asyncIterator]() {
      let pieces: Uint8Array[] = []
      let size = 0
      let end: 'whole' | 'not-read' | 'broken-off' = 'not-read'
      try {
        for await (const piece of body) {
          size += piece.length
          if (size > limit) {
            pieces = []
            leave('too-large')
          } else pieces.push(Uint8Array.prototype.slice.call(piece))
          yield piece
        }
        end = 'whole'
        if (!done) {
          done = true
          const stored = whole(joined(pieces))
          if (stored !== undefined) await stored
        }
      } catch (error) {
        end = 'broken-off'
        throw error
      } finally {
        if (end !== 'whole') leave(end)
      }
    },
    async discard() {
      leave('not-read')
      await body.discard()
    },
  }
}

/** Reads to the end and forgets what it read. */
export async function drained(body: ReceivedBody): Promise<void> {
  for await (const _ of body);
}

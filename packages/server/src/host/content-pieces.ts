// A request's content as it comes, its codings undone, no faster than it is taken.
import type { IncomingMessage } from 'node:http'
import { ContentLost } from '../exchange/content-lost.ts'
import type { ContentBounds } from '../exchange/incoming.ts'
import { decoding } from './decoding.ts'

/**
 * Shows each piece that came to `look`, as it was sent. Throws ContentLost where the message ends early, nothing of it
 * comes for `timeout` ms, or its codings cannot be undone within the bounds.
 */
export async function* piecesOf(
  message: IncomingMessage,
  { codings, limit, memory, ratio, timeout }: ContentBounds,
  look: (piece: Uint8Array) => void,
): AsyncGenerator<Uint8Array, void> {
  let fail: (lost: ContentLost) => void = () => {}
  const failed = new Promise<never>((_, reject) => {
    fail = reject
  })
  failed.catch(() => {})
  const decoder =
    codings.length === 0
      ? undefined
      : decoding(message, codings, limit, fault =>
          fail(new ContentLost(fault.kind, fault.kind === 'undecodable' ? fault.detail : undefined)),
        )
  const abort = () => void (message.complete || fail(new ContentLost('aborted')))
  if (decoder) message.on('data', look).on('close', abort)
  // What is left unread is no reason to break the connection: an answer is to be sent on it.
  const pieces: AsyncIterator<Uint8Array> = (decoder?.content ?? message).iterator({ destroyOnReturn: false })
  let size = 0
  try {
    for (;;) {
      const next = decoder ? Promise.race([pieces.next(), failed]) : pieces.next()
      const { done, value } = await within(timeout, next)
      if (done) return
      size += value.length
      if (!decoder) look(value)
      else if (size > memory && size > ratio * decoder.received()) throw new ContentLost('too-large')
      yield value
    }
  } catch (error) {
    throw error instanceof ContentLost ? error : new ContentLost('aborted')
  } finally {
    decoder?.stop()
    message.off('data', look).off('close', abort).pause()
  }
}

function within<T>(timeout: number, coming: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new ContentLost('timeout')), timeout)
    coming.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

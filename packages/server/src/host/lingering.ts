// RFC 9112 §9.6: a connection closed while bytes lie unread is reset, and the reset may take the answer with it. So what
// still comes of a request that is refused is read and forgotten for a while.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

/** In ms: after the last byte that came, and in all. */
const patience = { idle: 500, total: 5_000 } as const

/** The answer's bytes, and no end before the rest of the message has come or patience has. */
export async function* lingering(
  body: Uint8Array | string,
  message: IncomingMessage,
): AsyncGenerator<string | Uint8Array> {
  yield body
  await restOf(message)
}

function restOf(message: IncomingMessage): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(idle)
      clearTimeout(total)
      message.off('end', done).off('close', done).off('data', more)
      resolve()
    }
    const more = () => void idle.refresh()
    const idle = setTimeout(done, patience.idle)
    const total = setTimeout(done, patience.total)
    message.on('end', done).on('close', done).on('data', more).resume()
  })
}

/** Says the last words on a connection and closes it, whether or not the other side does. */
export function endWith(socket: Duplex, words?: string): void {
  const late = setTimeout(() => socket.destroy(), patience.idle)
  socket.once('close', () => clearTimeout(late))
  if (words === undefined) socket.end()
  else socket.end(words)
}

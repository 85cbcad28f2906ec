// RFC 9112 §9.3.2: pipelined requests may be worked on side by side only where all of them are safe.
import type { IncomingMessage } from 'node:http'
import { isSafe } from '@comity/http'
import type { Later } from '../store/store.ts'

type Turn = { readonly kind: 'safe' | 'unsafe'; readonly done: Promise<unknown> }

/** What is still being worked on, by connection. */
const turns = new WeakMap<object, Turn>()

/** Acts on a request once those before it on its connection allow. `act` does not reject. */
export function inTurn<T>({ socket, method, httpVersionMajor }: IncomingMessage, act: () => Later<T>): Later<T> {
  // HTTP/2 has no order among the streams of a connection.
  if (httpVersionMajor !== 1) return act()
  const before = turns.get(socket)
  const kind = isSafe(method ?? '') ? 'safe' : 'unsafe'
  const waits = before !== undefined && (kind === 'unsafe' || before.kind === 'unsafe')
  const acted = waits ? before.done.then(act) : act()
  if (!(acted instanceof Promise)) return acted
  const turn: Turn = {
    kind: waits ? 'unsafe' : kind,
    done: before ? Promise.all([before.done, acted]) : acted,
  }
  turns.set(socket, turn)
  turn.done.then(() => {
    if (turns.get(socket) === turn) turns.delete(socket)
  })
  return acted
}

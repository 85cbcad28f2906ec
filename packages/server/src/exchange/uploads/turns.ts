// §4.6: one request at a time appends to an upload. A newer one ends what an older one has left open, since its client has
// given that up.
import type { Exchange } from '../exchange.ts'

type Turn = { readonly stop: () => void; readonly ended: Promise<void> }

/** By upload; those of one process. */
const turns = new Map<string, Turn>()

/** Resolves when the request has the upload to itself. @returns gives it back */
export async function alone(x: Exchange, id: string): Promise<() => void> {
  for (let turn = turns.get(id); turn !== undefined; turn = turns.get(id)) {
    turn.stop()
    await turn.ended
  }
  let end = () => {}
  const ended = new Promise<void>(resolve => {
    end = resolve
  })
  // Content that is all here need not be cut off: the answer is on its way.
  turns.set(id, { stop: () => x.incoming.giveUp(), ended })
  return () => {
    turns.delete(id)
    end()
  }
}

// What several calls wait for, and none of them may end: a token, a robots.txt, an answer that they share.
import type { Call, CallOptions } from './call.ts'

/**
 * A call of the client's own, made when `call` needed it. No signal or deadline of those who wait ends it; it ends by itself
 * after `limit` ms, content included, since a server that never finishes would else hold them all. Undefined: whoever sends
 * by it bounds each of its requests.
 */
export function ownCall({ clock, note }: Call, limit: number | undefined, options: CallOptions = {}): Call {
  return {
    clock,
    note,
    trace: [],
    deadline: undefined,
    signal: limit === undefined ? undefined : AbortSignal.timeout(limit),
    timeout: undefined,
    reading: 'whole',
    onInterim: undefined,
    options,
  }
}

/** The promise for one who waits for it, until its own signal is aborted. */
export function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

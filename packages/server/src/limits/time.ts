// How long a handler may take. What does not end in time is given up: its transaction is undone, its signal is aborted.
import { refuse } from '../exchange/answer.ts'
import { Stopped } from '../exchange/failure.ts'
import type { Later } from '../store/store.ts'

export type Deadline = {
  /** Aborted when the client has gone away, and when the time is over. */
  readonly signal: AbortSignal
  /** @throws Stopped with `upstream-timeout`, where what is awaited does not end in time */
  readonly within: <T>(work: Later<T>) => Later<T>
}

/** `ms` begins with `within`. */
export function deadlineOf(name: string, ms: number, gone: AbortSignal): Deadline {
  const stop = new AbortController()
  const leave = () => stop.abort(gone.reason)
  if (gone.aborted) leave()
  else gone.addEventListener('abort', leave, { once: true })
  const late = () => {
    const stopped = new Stopped(refuse('upstream-timeout', `${name} did not end within ${ms} ms.`))
    stop.abort(new DOMException(stopped.message, 'TimeoutError'))
    return stopped
  }
  return { signal: stop.signal, within: work => inTime(work, ms, late) }
}

/** `late` makes the error. */
export function inTime<T>(work: Later<T>, ms: number, late: () => Error): Later<T> {
  if (!(work instanceof Promise)) return work
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms)
  })
  return Promise.race([work, over]).finally(() => clearTimeout(timer))
}

// Those who wait for jobs to end.

export type WaitingRoom = {
  /**
   * Resolves when the id is told, `isOver` says yes at the start, after `ms`, when `signal` is aborted, or when the
   * room closes.
   */
  readonly wait: (id: string, ms: number, signal: AbortSignal, isOver: () => Promise<boolean>) => Promise<void>
  readonly tell: (id: string) => void
  /** Nobody waits any more. */
  readonly close: () => void
}

export function waitingRoom(): WaitingRoom {
  const waiting = new Map<string, Set<() => void>>()
  let closed = false
  const tell = (id: string) => {
    for (const leave of waiting.get(id) ?? []) leave()
  }
  return {
    wait: (id, ms, signal, isOver) =>
      new Promise(resolve => {
        if (closed || signal.aborted) return resolve()
        const others = waiting.get(id) ?? new Set()
        waiting.set(id, others)
        const leave = () => {
          clearTimeout(timer)
          signal.removeEventListener('abort', leave)
          others.delete(leave)
          if (others.size === 0 && waiting.get(id) === others) waiting.delete(id)
          resolve()
        }
        const timer = setTimeout(leave, ms)
        signal.addEventListener('abort', leave)
        others.add(leave)
        isOver().then(
          over => over && leave(),
          () => leave(),
        )
      }),
    tell,
    close() {
      closed = true
      for (const id of [...waiting.keys()]) tell(id)
    },
  }
}

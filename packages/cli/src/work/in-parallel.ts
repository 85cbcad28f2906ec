// Work on many things, a few at a time.

/**
 * Does `work` with each item in its turn, at most `most` at once; ends when all are done, or the first failure is. Once
 * `signal` is aborted nothing more is begun.
 */
export async function inParallel<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  most: number,
  signal: AbortSignal,
  work: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  const source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
  let index = 0
  let failed = false
  // One at a time asks for the next item, whatever kind of source it is.
  let turn: Promise<unknown> = Promise.resolve()
  const next = () => {
    const mine = turn.then(() => source.next())
    turn = mine.catch(() => {})
    return mine
  }
  const worker = async () => {
    while (!failed && !signal.aborted) {
      const { done, value } = await next()
      if (done === true) return
      await work(value, index++)
    }
  }
  const workers = Array.from({ length: most }, () =>
    worker().catch(error => {
      failed = true
      throw error
    }),
  )
  try {
    await Promise.all(workers)
  } finally {
    await Promise.allSettled(workers)
    await source.return?.()
  }
}

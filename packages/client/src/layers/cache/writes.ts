// RFC 9111 §4.4: what a write makes out of date, also of what is still on its way.
import { cacheUrl, invalidatedUrls } from '@comity/http'
import type { CacheStore } from '../../cache/store.ts'
import type { Outgoing } from '../../exchange/request.ts'
import type { Incoming } from '../../exchange/response.ts'
import type { Call } from '../call.ts'
import type { Send } from '../layer.ts'

/** How many written URLs are remembered. */
const remembered = 1000

/** Which URLs were written last, so that a read that began before is not stored as if it came after. */
export class Writes {
  #count = 0
  /** Anything that was written before this is forgotten, and counts as written at every URL. */
  #forgotten = 0
  readonly #last = new Map<string, number>()

  mark(): number {
    return this.#count
  }

  changedSince(url: string, mark: number): boolean {
    return mark < this.#forgotten || (this.#last.get(url) ?? 0) > mark
  }

  written(url: string): void {
    this.#last.delete(url)
    this.#last.set(url, ++this.#count)
    if (this.#last.size <= remembered) return
    const [oldest] = this.#last
    if (oldest === undefined) return
    this.#last.delete(oldest[0])
    this.#forgotten = oldest[1]
  }
}

/** Sends an unsafe request, and marks what its response makes invalid. */
export async function invalidate(
  store: CacheStore,
  writes: Writes,
  request: Outgoing,
  call: Call,
  next: Send,
): Promise<Incoming> {
  const mark = async (urls: readonly string[], why: string): Promise<void> => {
    for (const url of urls) {
      writes.written(url)
      const marked = store.invalidate(url)
      const count = marked instanceof Promise ? await marked : marked
      if (count > 0) call.note('cache', `invalidated ${url}: ${why}`, { url, count })
    }
  }
  let answer: Incoming
  try {
    answer = await next(request, call)
  } catch (error) {
    const target = cacheUrl(request.url)
    // It may have been done for all that is known.
    if (target !== undefined) await mark([target], `${request.method} without an answer`)
    throw error
  }
  const urls = new Set(invalidatedUrls(request, answer))
  for (const hop of answer.hops ?? []) {
    const fields = { location: hop.location }
    if (hop.method === request.method)
      for (const url of invalidatedUrls({ method: hop.method, url: hop.url }, { status: hop.status, fields }))
        urls.add(url)
  }
  await mark([...urls], `${request.method} answered ${answer.status}`)
  return answer
}

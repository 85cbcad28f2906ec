// A page far into a collection beside the first one, one request at a time.
import { parseLinks } from '@comity/http'
import { ask, get } from '../exchange.ts'
import { startServer } from '../process.ts'
import type { Large } from './large.ts'
import { median } from './median.ts'

/** Milliseconds, medians. */
export type Pages = {
  /** Number of the far page; fewer than 10,000 where the collection is smaller. */
  readonly far: number
  readonly first: number
  readonly byKey: number
  /** The same page by its offset, for comparison. */
  readonly byOffset: number
  /** The far page, as a multiple of the first. */
  readonly ratio: number
}

const pageSize = 25

export async function measurePages({ database, path, rows }: Large, times = 400): Promise<Pages> {
  const { url, stop } = await startServer('comity', { database, cache: 'off' })
  try {
    const far = Math.min(10_000, Math.floor(rows / pageSize))
    const first = `${path}?limit=${pageSize}`
    // The link on the page before is how a client gets to a page.
    const before = await ask(url, get(`${first}&offset=${(far - 2) * pageSize}`))
    const next = parseLinks(String(before.fields.link)).find(({ rel }) => rel.includes('next'))
    if (next === undefined) throw new Error('The page before has no link to the next')
    const { pathname, search } = new URL(next.target, `${url}${path}`)
    const asked = { first, byKey: pathname + search, byOffset: `${first}&offset=${(far - 1) * pageSize}` }
    const [keyed, counted] = [await ask(url, get(asked.byKey)), await ask(url, get(asked.byOffset))]
    if (!keyed.content.equals(counted.content)) throw new Error('By key and by offset the pages differ')

    const took = { first: [] as number[], byKey: [] as number[], byOffset: [] as number[] }
    const time = async (name: keyof typeof took) => {
      const started = performance.now()
      await ask(url, get(asked[name]))
      took[name].push(performance.now() - started)
    }
    for (let turn = 0; turn < times; turn++) {
      await time('first')
      await time('byKey')
      if (turn % 20 === 0) await time('byOffset')
    }
    // The first tenth warms the server up.
    const settled = (durations: readonly number[]) => median(durations.slice(Math.floor(durations.length / 10)))
    const [one, key] = [settled(took.first), settled(took.byKey)]
    return { far, first: one, byKey: key, byOffset: settled(took.byOffset), ratio: key / one }
  } finally {
    await stop()
  }
}

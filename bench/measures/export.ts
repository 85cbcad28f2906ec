// The whole of a large collection as CSV, and what it costs in memory.
import { ask, get } from '../exchange.ts'
import { residentMemory, startServer } from '../process.ts'
import type { Large } from './large.ts'

export type Export = {
  readonly rows: number
  readonly seconds: number
  readonly rowsPerSecond: number
  /** MiB: the most held while streaming, less what was held before. */
  readonly growth: number
}

export async function measureExport({ database, path, rows }: Large): Promise<Export> {
  const { url, pid, stop } = await startServer('comity', { database })
  try {
    // A server that has answered some requests, as it would have.
    for (let turn = 0; turn < 200; turn++) await ask(url, get(`${path}?limit=100`))
    const before = residentMemory(pid)
    let most = before
    const watch = setInterval(() => {
      most = Math.max(most, residentMemory(pid))
    }, 50)
    let lines = 0
    const started = performance.now()
    const answer = await ask(url, get(`${path}.csv?limit=all`), piece => {
      for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) lines++
    })
    const seconds = (performance.now() - started) / 1000
    clearInterval(watch)
    if (answer.status !== 200 || lines !== rows + 1) throw new Error(`${answer.status} with ${lines} lines`)
    return { rows, seconds, rowsPerSecond: rows / seconds, growth: most - before }
  } finally {
    await stop()
  }
}

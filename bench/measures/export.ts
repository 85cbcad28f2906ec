// The whole of a large collection in each format, and what it costs in memory.
import { ask, get } from '../exchange.ts'
import { residentMemory, startServer } from '../process.ts'
import type { Large } from './large.ts'

export const exportedFormats = ['csv', 'ndjson', 'json', 'xml', 'cbor', 'html'] as const

export type Export = {
  readonly format: (typeof exportedFormats)[number]
  readonly rows: number
  readonly seconds: number
  readonly rowsPerSecond: number
  /** MiB: the most held while streaming, less what was held before. */
  readonly growth: number
}

/** Each by a server of its own, which has nothing left of the one before. */
export async function measureExports(large: Large): Promise<readonly Export[]> {
  const exports: Export[] = []
  for (const format of exportedFormats) exports.push(await measureExport(large, format))
  return exports
}

/** What of each row stands in the bytes once, and nowhere else but in so many places. */
const marks: Readonly<Record<Export['format'], readonly [mark: string, besides: number]>> = {
  csv: ['\n', 1],
  ndjson: ['\n', 0],
  json: ['"id":', 0],
  xml: ['<id>', 0],
  cbor: ['bid', 0],
  html: ['</tr>', 1],
}

async function measureExport({ database, path, rows }: Large, format: Export['format']): Promise<Export> {
  const { url, pid, stop } = await startServer('comity', { database })
  try {
    // A server that has answered some requests, as it would have.
    for (let turn = 0; turn < 200; turn++) await ask(url, get(`${path}?limit=100`))
    const before = residentMemory(pid)
    let most = before
    const watch = setInterval(() => {
      most = Math.max(most, residentMemory(pid))
    }, 50)
    const [mark, besides] = marks[format]
    const bytes = Buffer.from(mark)
    let [found, rest] = [0, Buffer.alloc(0)]
    const started = performance.now()
    const answer = await ask(url, get(`${path}.${format}?limit=all`), piece => {
      const all = rest.length > 0 ? Buffer.concat([rest, piece]) : piece
      for (let at = all.indexOf(bytes); at >= 0; at = all.indexOf(bytes, at + bytes.length)) found++
      // A mark may be cut between two pieces; its start alone is no mark.
      rest = Buffer.from(all.subarray(all.length - (bytes.length - 1)))
    })
    const seconds = (performance.now() - started) / 1000
    clearInterval(watch)
    if (answer.status !== 200 || found !== rows + besides)
      throw new Error(`${answer.status}: ${found} rows in ${format}`)
    return { format, rows, seconds, rowsPerSecond: rows / seconds, growth: most - before }
  } finally {
    await stop()
  }
}

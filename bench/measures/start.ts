// From the start of the process to the end of the first answer, as `comity serve` starts it from source.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ask, get } from '../exchange.ts'
import { startProcess } from '../process.ts'
import { median } from './median.ts'

/** Milliseconds, medians. */
export type Start = {
  /** On a new database, which is created and seeded first. */
  readonly fresh: number
  /** On a database that is there. */
  readonly again: number
}

export async function measureStart(folder: string, runs = 11): Promise<Start> {
  const database = (run: string) => `sqlite:${join(folder, `start-${run}.sqlite`)}`
  const fresh: number[] = []
  const again: number[] = []
  for (let run = 0; run < runs; run++) {
    fresh.push(await firstAnswer(database(`${run}`)))
    again.push(await firstAnswer(database('0')))
  }
  return { fresh: median(fresh), again: median(again) }
}

async function firstAnswer(database: string): Promise<number> {
  const bin = fileURLToPath(new URL('../../packages/cli/src/bin.ts', import.meta.url))
  const api = fileURLToPath(new URL('../../examples/bank/api.ts', import.meta.url))
  const words = ['--conditions=@comity/source', bin, 'serve', api, '--port', '0', '--database', database]
  const started = performance.now()
  const { url, stop } = await startProcess(words, line => / is served at (\S+)$/.exec(line)?.[1])
  const { status } = await ask(url, get('/accounts?limit=1'))
  const took = performance.now() - started
  await stop()
  if (status !== 200) throw new Error(`The first answer was ${status}`)
  return took
}

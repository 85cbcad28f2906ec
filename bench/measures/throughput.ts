// Requests a second and latency, of every server in turn, round by round.
import { chooseLoadTool, type Measured } from '../load/load.ts'
import type { Options } from '../options.ts'
import { residentMemory } from '../process.ts'
import { ours, startContenders } from '../servers/all.ts'
import { median } from './median.ts'

export type Row = {
  readonly server: string
  /** Medians over the rounds. */
  readonly rate: number
  readonly p50: number
  readonly p99: number
  /** MiB after the last round. */
  readonly memory: number
  /** How many times its rate is ours. */
  readonly ratio: number
  readonly failures: number
}

export type Throughput = { readonly work: string; readonly title: string; readonly rows: readonly Row[] }

/** Measures the kinds of work named in `only`. `told` is called with a line for each measurement. */
export async function measureThroughput(
  options: Options,
  folder: string,
  told: (line: string) => void,
): Promise<{ readonly tool: string; readonly tables: readonly Throughput[] }> {
  const tool = chooseLoadTool()
  const contenders = await startContenders(folder)
  try {
    const asked = contenders[0]?.works.filter(work => options.only.includes(work.name)) ?? []
    const tables: Throughput[] = []
    for (const { name, title } of asked) {
      const runs = new Map<string, { readonly pid: number; readonly measured: Measured[] }>()
      for (let round = 0; round <= options.rounds; round++) {
        for (const { name: server, running, works } of contenders) {
          const questions = works.find(work => work.name === name)?.questions ?? []
          const warming = round === 0
          const seconds = warming ? Math.min(2, options.seconds) : options.seconds
          const { connections } = options
          const measured = await tool.run({ base: running.url, questions, connections, seconds, folder })
          if (warming) runs.set(server, { pid: running.pid, measured: [] })
          else runs.get(server)?.measured.push(measured)
          told(`${title}: ${warming ? 'warm-up' : `round ${round}`}: ${server}: ${Math.round(measured.rate)}/s`)
        }
      }
      tables.push({ work: name, title, rows: rowsOf(runs) })
    }
    return { tool: tool.name, tables }
  } finally {
    await Promise.all(contenders.map(({ running }) => running.stop()))
  }
}

function rowsOf(runs: ReadonlyMap<string, { readonly pid: number; readonly measured: readonly Measured[] }>): Row[] {
  const of = (measured: readonly Measured[], member: keyof Measured) => median(measured.map(each => each[member]))
  const reference = of(runs.get(ours)?.measured ?? [], 'rate')
  return [...runs].map(([server, { pid, measured }]) => ({
    server,
    rate: of(measured, 'rate'),
    p50: of(measured, 'p50'),
    p99: of(measured, 'p99'),
    memory: residentMemory(pid),
    ratio: reference / of(measured, 'rate'),
    failures: measured.reduce((sum, { failures }) => sum + failures, 0),
  }))
}

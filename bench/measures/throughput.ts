// Requests a second and latency, of every server in turn, round by round.
import { chooseLoadTool, type Measured } from '../load/load.ts'
import type { Options } from '../options.ts'
import { processorTime, residentMemory } from '../process.ts'
import { ours, startContenders } from '../servers/all.ts'
import { median } from './median.ts'

export type Row = {
  readonly server: string
  /** Medians over the rounds. */
  readonly rate: number
  readonly p50: number
  readonly p99: number
  /** Microseconds of processor time for each request, all its threads together. */
  readonly cpu: number
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
      const runs = new Map<string, Run>()
      for (let round = 0; round <= options.rounds; round++) {
        for (const { name: server, running, works } of contenders) {
          const questions = works.find(work => work.name === name)?.questions
          if (questions === undefined) continue
          const warming = round === 0
          const seconds = warming ? Math.min(2, options.seconds) : options.seconds
          const { connections } = options
          const before = processorTime(running.pid)
          const measured = await tool.run({ base: running.url, questions, connections, seconds, folder })
          const cpu = (1000 * (processorTime(running.pid) - before)) / (measured.rate * seconds)
          if (warming) runs.set(server, { pid: running.pid, measured: [] })
          else runs.get(server)?.measured.push({ ...measured, cpu })
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

type Timed = Measured & { readonly cpu: number }
type Run = { readonly pid: number; readonly measured: Timed[] }

function rowsOf(runs: ReadonlyMap<string, Run>): Row[] {
  const of = (measured: readonly Timed[], member: keyof Timed) => median(measured.map(each => each[member]))
  const reference = of(runs.get(ours)?.measured ?? [], 'rate')
  return [...runs].map(([server, { pid, measured }]) => ({
    server,
    rate: of(measured, 'rate'),
    p50: of(measured, 'p50'),
    p99: of(measured, 'p99'),
    cpu: of(measured, 'cpu'),
    memory: residentMemory(pid),
    ratio: reference / of(measured, 'rate'),
    failures: measured.reduce((sum, { failures }) => sum + failures, 0),
  }))
}

// Figures as tables for a terminal and for a document.
import type { Export } from './measures/export.ts'
import type { Pages } from './measures/pages.ts'
import type { Start } from './measures/start.ts'
import type { Throughput } from './measures/throughput.ts'

export type Results = {
  readonly date: string
  readonly machine: { readonly node: string; readonly cpu: string; readonly cores: number; readonly memory: string }
  readonly tool: string | undefined
  readonly connections: number
  readonly seconds: number
  readonly rounds: number
  readonly throughput: readonly Throughput[]
  readonly start: Start | undefined
  readonly pages: Pages | undefined
  readonly exports: readonly Export[]
}

export type Target = { readonly goal: string; readonly reached: string; readonly verdict: 'reached' | 'missed' }

type Table = { readonly title: string; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }

/** The goals the project has set itself, as far as they were measured. */
export function targetsOf(results: Results): readonly Target[] {
  const ratio = (work: string, server: string) =>
    results.throughput.find(each => each.work === work)?.rows.find(row => row.server === server)?.ratio
  const atLeast = (goal: string, least: number, found: number | undefined) =>
    found === undefined ? [] : [target(goal, found.toFixed(2), found >= least)]
  const atMost = (goal: string, most: number, found: number | undefined, unit = '') =>
    found === undefined ? [] : [target(goal, found.toFixed(unit === '' ? 2 : 0) + unit, found <= most)]
  return [
    ...atLeast('item GET ≥ 0.80 of bare node:http', 0.8, ratio('item', 'node:http, bare')),
    ...atLeast('304 ≥ 0.85 of bare node:http', 0.85, ratio('304', 'node:http, bare')),
    ...atLeast('list of 20 ≥ 1.2 × Fastify by hand', 1.2, ratio('list', 'Fastify by hand')),
    ...atMost('first answer ≤ 400 ms after start', 400, results.start?.again, ' ms'),
    ...atMost('page 10,000 ≤ 1.2 × page 1', 1.2, results.pages?.ratio),
    ...atMost('memory growth of an export ≤ 64 MiB', 64, mostGrowth(results), ' MiB'),
  ]
}

/** Of the exports in every format, the one that took most. */
const mostGrowth = ({ exports }: Results): number | undefined =>
  exports.length === 0 ? undefined : Math.max(...exports.map(({ growth }) => growth))

const target = (goal: string, reached: string, holds: boolean): Target => ({
  goal,
  reached,
  verdict: holds ? 'reached' : 'missed',
})

export function forTerminal(results: Results): string {
  return tablesOf(results).map(aligned).join('\n\n')
}

export function forDocument(results: Results): string {
  const { date, machine, tool, connections, seconds, rounds } = results
  const load = tool && `${tool}, ${connections} connections, the median of ${rounds} rounds of ${seconds} s`
  const how = [`Node ${machine.node}`, `${machine.cores} × ${machine.cpu}`, machine.memory, load].filter(Boolean)
  return [`Measured on ${date}: ${how.join('; ')}.`, ...tablesOf(results).map(marked)].join('\n\n')
}

function tablesOf(results: Results): readonly Table[] {
  const { start, pages, exports } = results
  const single = [
    ...(start
      ? [
          ['first answer after start', `${start.again.toFixed(0)} ms`],
          ['the same with a new database to create and seed', `${start.fresh.toFixed(0)} ms`],
        ]
      : []),
    ...(pages
      ? [
          ['page 1', `${pages.first.toFixed(2)} ms`],
          [`page ${pages.far.toLocaleString('en')} by key`, `${pages.byKey.toFixed(2)} ms`],
          ['the same page by offset', `${pages.byOffset.toFixed(2)} ms`],
        ]
      : []),
    ...exports.map(({ format, rows, seconds, rowsPerSecond, growth }) => [
      `${rows.toLocaleString('en')} rows as ${format.toUpperCase()}`,
      `${seconds.toFixed(1)} s, ${Math.round(rowsPerSecond / 1000).toLocaleString('en')}k rows/s, ${growth.toFixed(0)} MiB more`,
    ]),
  ]
  const targets = targetsOf(results).map(({ goal, reached, verdict }) => [goal, reached, verdict])
  return [
    ...results.throughput.map(throughputTable),
    ...(single.length > 0 ? [{ title: 'By itself', head: ['what', 'measured'], rows: single }] : []),
    ...(targets.length > 0 ? [{ title: 'Targets', head: ['target', 'measured', ''], rows: targets }] : []),
  ]
}

function throughputTable({ title, rows }: Throughput): Table {
  return {
    title,
    head: ['server', 'req/s', 'p50 ms', 'p99 ms', 'CPU µs', 'RSS MiB', 'comity is', 'failures'],
    rows: rows.map(row => [
      row.server,
      Math.round(row.rate).toLocaleString('en'),
      row.p50.toFixed(2),
      row.p99.toFixed(2),
      Number.isNaN(row.cpu) ? '–' : row.cpu.toFixed(0),
      row.memory.toFixed(0),
      `${row.ratio.toFixed(2)} ×`,
      String(row.failures),
    ]),
  }
}

function aligned({ title, head, rows }: Table): string {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map(row => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
  return [title, ...[head, ...rows].map(cells => `  ${line(cells).join('  ').trimEnd()}`)].join('\n')
}

function marked({ title, head, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = `|${head.map((_, column) => (column === 0 ? '---' : '--:')).join('|')}|`
  return [`### ${title}`, '', line(head), rule, ...rows.map(line)].join('\n')
}

// Figures as tables for a terminal and for a document.
import type { Clients } from './measures/client.ts'
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
  readonly clients: Clients | undefined
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
  return [...tablesOf(results), ...clientTables(results.clients)].map(aligned).join('\n\n')
}

export function forDocument(results: Results): string {
  const { date, machine, tool, connections, seconds, rounds } = results
  const load = tool && `${tool}, ${connections} connections, the median of ${rounds} rounds of ${seconds} s`
  const how = [`Node ${machine.node}`, `${machine.cores} × ${machine.cpu}`, machine.memory, load].filter(Boolean)
  return [`Measured on ${date}: ${how.join('; ')}.`, ...tablesOf(results).map(marked)].join('\n\n')
}

/** The client's tables, which stand in a place of their own. */
export function clientsForDocument(results: Results): string {
  const { date, machine, connections, rounds } = results
  const how = `Node ${machine.node}; ${machine.cores} × ${machine.cpu}; ${connections} connections, the median of ${rounds * 4} rounds`
  return [`Measured on ${date}: ${how}.`, ...clientTables(results.clients).map(marked)].join('\n\n')
}

function clientTables(clients: Clients | undefined): readonly Table[] {
  if (clients === undefined) return []
  const { rows, hit, trip, size, download, curl } = clients
  const layered = rows.find(({ client }) => client === 'comity, all layers')?.ofUndici ?? Number.NaN
  const peers = rows.filter(({ client }) => !/^(?:comity|undici)/.test(client))
  const best = Math.max(...peers.map(({ ofUndici }) => ofUndici))
  const rate = (seconds: number) => `${Math.round(size / 2 ** 20 / seconds).toLocaleString('en')} MiB/s`
  const targets = [
    target('all layers ≥ 0.85 of undici.request', layered.toFixed(2), layered >= 0.85),
    target('ahead of fetch, ky, axios and got', `${(layered / best).toFixed(2)} × the best of them`, layered > best),
    target('cache hit ≥ 20 × a round trip', `${(trip / hit).toFixed(0)} ×`, trip / hit >= 20),
    ...(curl === undefined
      ? []
      : [target('download ≥ 0.9 of curl', (curl / download).toFixed(2), curl / download >= 0.9)]),
  ]
  return [
    {
      title: 'GET of an item as JSON, by a client',
      head: ['client', 'req/s', 'of undici.request', 'CPU µs a request'],
      rows: rows.map(row => [
        row.client,
        Math.round(row.rate).toLocaleString('en'),
        row.ofUndici.toFixed(2),
        row.cpu.toFixed(0),
      ]),
    },
    {
      title: 'The client by itself',
      head: ['what', 'measured'],
      rows: [
        ['answer from the cache', `${hit.toFixed(1)} µs`],
        ['the same from the server, one at a time', `${trip.toFixed(1)} µs`],
        [`download of ${size / 2 ** 20} MiB into a file`, `${download.toFixed(2)} s, ${rate(download)}`],
        ...(curl === undefined ? [] : [['the same by curl', `${curl.toFixed(2)} s, ${rate(curl)}`]]),
      ],
    },
    {
      title: 'Targets of the client',
      head: ['target', 'measured', ''],
      rows: targets.map(({ goal, reached, verdict }) => [goal, reached, verdict]),
    },
  ]
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

// A report as a table for people.
import type { RouteReport } from './tally.ts'

const heads = ['origin', 'route', 'calls', 'ok', 'mean', 'p50', 'p95', 'p99', 'retries', 'cached', 'received', 'ended']

/** One line for each route; durations in ms. */
export function tableOf(routes: readonly RouteReport[]): string {
  const rows = routes.map(({ origin, method, route, calls, successRate, ms, retries, cache, bytes, ...ended }) => [
    origin,
    `${method} ${route}`,
    String(calls),
    `${(100 * successRate).toFixed(1)} %`,
    short(ms.mean),
    short(ms.p50),
    short(ms.p95),
    short(ms.p99),
    String(retries.count),
    String(cache.fresh + cache.stale + cache.revalidated),
    size(bytes.received),
    [...Object.entries(ended.statuses), ...Object.entries(ended.errors)].map(([what, n]) => `${what}×${n}`).join(' '),
  ])
  const all = [heads, ...rows]
  const widths = heads.map((_, column) => Math.max(...all.map(row => row[column]?.length ?? 0)))
  const isText = (column: number) => column < 2 || column === heads.length - 1
  return all
    .map(row =>
      row
        .map((cell, column) => (isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const short = (ms: number): string => (ms < 100 ? ms.toFixed(1) : String(Math.round(ms)))

function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let at = 0
  while (bytes >= 1000 && at < units.length - 1) {
    bytes /= 1000
    at++
  }
  return `${at === 0 ? bytes : bytes.toFixed(1)} ${units[at]}`
}

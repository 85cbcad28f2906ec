// A measuring run as a page of text.
import { formatBytes, formatCount, formatMs } from '../terminal/amounts.ts'
import type { Durations, Report } from './report.ts'

const widestBar = 40
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

export function drawReport(report: Report, title: string, concurrency: number): string {
  const { requests, seconds, perSecond, bytes } = report
  const pace = `${perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond).toLocaleString('en')} a second`
  return [
    title,
    `${formatCount(requests, 'request')}, ${concurrency} at once, in ${formatMs(seconds * 1000)}: ${pace}, ${formatBytes(bytes)} received`,
    '',
    ...outcomes(report),
    `success  ${percent(report.successRate)}`,
    ...durations(report),
    ...histogram(report),
    '',
  ].join('\n')
}

function outcomes({ outcomes }: Report): readonly string[] {
  const names = outcomes.map(({ outcome }) => String(outcome))
  const width = Math.max(6, ...names.map(name => name.length))
  const counts = Math.max(...outcomes.map(({ count }) => String(count).length), 1)
  return outcomes.map(
    ({ count, part }, at) =>
      `${(names[at] ?? '').padEnd(width)}  ${String(count).padStart(counts)}  ${percent(part).padStart(7)}  ${bar(part)}`,
  )
}

function durations({ head, whole }: Report): readonly string[] {
  const rows = [
    ['to the head', head],
    ['to the end', whole],
  ] as const
  const shown = rows.filter((row): row is [(typeof row)[0], Durations] => row[1] !== undefined)
  if (shown.length === 0) return []
  const heads = ['mean', 'p50', 'p95', 'p99', 'max'] as const
  const line = (name: string, cells: readonly string[]) =>
    name.padEnd(12) + cells.map(cell => cell.padStart(11)).join('')
  return [
    '',
    line('', heads),
    ...shown.map(([name, each]) =>
      line(
        name,
        heads.map(member => formatMs(each[member])),
      ),
    ),
  ]
}

function histogram({ histogram }: Report): readonly string[] {
  if (histogram.length === 0) return []
  const most = Math.max(...histogram.map(({ count }) => count))
  const labels = histogram.map(({ from, to }) => `${formatMs(from).padStart(9)} – ${formatMs(to).padStart(9)}`)
  return ['', ...histogram.map(({ count }, at) => `${labels[at]}  ${bar(count / most)} ${count}`)]
}

/** @param part 0 to 1; whatever is there at all is seen */
export function bar(part: number): string {
  const steps = Math.round(part * widestBar * 8)
  if (steps === 0) return part > 0 ? '▏' : ''
  return '█'.repeat(Math.floor(steps / 8)) + eighths[steps % 8]
}

function percent(part: number): string {
  // 100 % is for all of them.
  const tenths = part < 1 ? Math.min(999, Math.round(part * 1000)) : 1000
  return `${(tenths / 10).toFixed(1)} %`
}

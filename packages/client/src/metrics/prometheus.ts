// The text format of Prometheus, version 0.0.4.
import type { Histogram } from '@comity/http'
import type { Tally } from './tally.ts'

type Sample = readonly [name: string, labels: Readonly<Record<string, string>>, value: number]
type Family = {
  readonly name: string
  readonly type: 'counter' | 'summary'
  readonly help: string
  readonly samples: (tally: Tally, labels: Readonly<Record<string, string>>) => readonly Sample[]
}

const prefix = 'comity_client'

const families: readonly Family[] = [
  {
    name: `${prefix}_calls_total`,
    type: 'counter',
    help: 'Calls, by how they ended.',
    samples: ({ statuses, errors }, labels) =>
      [...statuses, ...errors].map(([ended, count]) => [
        `${prefix}_calls_total`,
        { ...labels, ended: String(ended) },
        count,
      ]),
  },
  {
    name: `${prefix}_call_duration_seconds`,
    type: 'summary',
    help: 'From a call until the head of its response.',
    samples: ({ ms }, labels) => summary(`${prefix}_call_duration_seconds`, ms, labels),
  },
  {
    name: `${prefix}_attempt_duration_seconds`,
    type: 'summary',
    help: 'From an attempt until the head of its response; first tries and retries apart.',
    samples: ({ first, retries }, labels) => [
      ...summary(`${prefix}_attempt_duration_seconds`, first, { ...labels, try: 'first' }),
      ...summary(`${prefix}_attempt_duration_seconds`, retries, { ...labels, try: 'retry' }),
    ],
  },
  {
    name: `${prefix}_attempts_failed_total`,
    type: 'counter',
    help: 'Attempts without an answer, or with 429 or 5xx.',
    samples: ({ firstFailed, retriesFailed }, labels) => [
      [`${prefix}_attempts_failed_total`, { ...labels, try: 'first' }, firstFailed],
      [`${prefix}_attempts_failed_total`, { ...labels, try: 'retry' }, retriesFailed],
    ],
  },
  {
    name: `${prefix}_cache_total`,
    type: 'counter',
    help: 'Calls that the cache had a part in.',
    samples: ({ cache }, labels) =>
      Object.entries(cache).map(([use, count]) => [`${prefix}_cache_total`, { ...labels, use }, count]),
  },
  {
    name: `${prefix}_content_bytes_total`,
    type: 'counter',
    help: 'Bytes of contents.',
    samples: ({ sent, received }, labels) => [
      [`${prefix}_content_bytes_total`, { ...labels, direction: 'sent' }, sent],
      [`${prefix}_content_bytes_total`, { ...labels, direction: 'received' }, received],
    ],
  },
]

function summary(name: string, ms: Histogram, labels: Readonly<Record<string, string>>): readonly Sample[] {
  const at = (part: number): Sample => [name, { ...labels, quantile: String(part) }, ms.quantile(part) / 1000]
  const quantiles = ms.count === 0 ? [] : [at(0.5), at(0.95), at(0.99)]
  return [...quantiles, [`${name}_sum`, labels, ms.sum / 1000], [`${name}_count`, labels, ms.count]]
}

export function prometheusText(tallies: readonly Tally[]): string {
  const lines: string[] = []
  for (const { name, type, help, samples } of families) {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`)
    for (const tally of tallies) {
      const { origin, method, route } = tally
      for (const [sample, labels, value] of samples(tally, { origin, method, route })) {
        const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`)
        lines.push(`${sample}{${pairs.join(',')}} ${value}`)
      }
    }
  }
  return `${lines.join('\n')}\n`
}

const escaped = (text: string): string => text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')

// What a measuring run has shown: how requests ended, and how long they took.

/** One request. `outcome` is a status, or why no answer came: `timeout`, `refused`. */
export type Measured = {
  readonly outcome: number | string
  /** Ms until the head of the answer was here; undefined where none came. */
  readonly head: number | undefined
  /** Ms until its last byte was, or until it failed. */
  readonly whole: number
  /** Of its content. */
  readonly bytes: number
}

/** Ms. */
export type Durations = {
  readonly mean: number
  readonly min: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

export type Bin = { readonly from: number; readonly to: number; readonly count: number }

export type Report = {
  readonly requests: number
  /** Of the whole run. */
  readonly seconds: number
  readonly perSecond: number
  readonly bytes: number
  /** By status, then by kind of failure; most frequent first within each. */
  readonly outcomes: readonly { readonly outcome: number | string; readonly count: number; readonly part: number }[]
  /** The part, 0 to 1, that ended with a status below 400. */
  readonly successRate: number
  /** Of those that were answered; undefined where none was. */
  readonly head: Durations | undefined
  readonly whole: Durations | undefined
  readonly histogram: readonly Bin[]
}

export function reportOf(measured: readonly Measured[], ms: number, bins = 12): Report {
  const answered = measured.filter(({ outcome }) => typeof outcome === 'number')
  const succeeded = answered.filter(({ outcome }) => Number(outcome) < 400)
  const whole = sorted(answered.map(each => each.whole))
  const heads = sorted(answered.flatMap(({ head }) => (head === undefined ? [] : [head])))
  return {
    requests: measured.length,
    seconds: ms / 1000,
    perSecond: ms === 0 ? 0 : (measured.length * 1000) / ms,
    bytes: measured.reduce((sum, each) => sum + each.bytes, 0),
    outcomes: outcomesOf(measured),
    successRate: measured.length === 0 ? 0 : succeeded.length / measured.length,
    head: durationsOf(heads),
    whole: durationsOf(whole),
    histogram: histogramOf(whole, bins),
  }
}

function outcomesOf(measured: readonly Measured[]): Report['outcomes'] {
  const counts = new Map<number | string, number>()
  for (const { outcome } of measured) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  return [...counts]
    .map(([outcome, count]) => ({ outcome, count, part: count / measured.length }))
    .sort((a, b) => {
      if (typeof a.outcome !== typeof b.outcome) return typeof a.outcome === 'number' ? -1 : 1
      return b.count - a.count
    })
}

function durationsOf(ascending: Float64Array): Durations | undefined {
  if (ascending.length === 0) return undefined
  return {
    mean: ascending.reduce((sum, ms) => sum + ms, 0) / ascending.length,
    min: ascending[0] ?? 0,
    p50: quantile(ascending, 0.5),
    p95: quantile(ascending, 0.95),
    p99: quantile(ascending, 0.99),
    max: ascending.at(-1) ?? 0,
  }
}

/** The smallest that is not below the part `q` of all: exact, and one that was measured. */
export function quantile(ascending: Float64Array, q: number): number {
  return ascending[Math.max(0, Math.ceil(q * ascending.length) - 1)] ?? 0
}

/** Bins that grow by one factor, from the shortest to the longest: durations have long tails. */
export function histogramOf(ascending: Float64Array, bins: number): readonly Bin[] {
  const least = Math.max(0.001, ascending[0] ?? 0)
  const most = Math.max(least, ascending.at(-1) ?? 0)
  if (ascending.length === 0) return []
  if (most / least < 1.001) return [{ from: least, to: most, count: ascending.length }]
  const factor = (most / least) ** (1 / bins)
  let at = 0
  return Array.from({ length: bins }, (_, index) => {
    const to = index === bins - 1 ? most : least * factor ** (index + 1)
    const first = at
    while (at < ascending.length && ((ascending[at] ?? 0) < to || index === bins - 1)) at++
    return { from: least * factor ** index, to, count: at - first }
  })
}

const sorted = (values: readonly number[]): Float64Array => Float64Array.from(values).sort()

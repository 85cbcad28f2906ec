// Days and months, in UTC.

export type Period = 'day' | 'month'

export type PeriodSpan = {
  /** `2026-11` or `2026-11-26` */
  readonly name: string
  /** In ms since the epoch. */
  readonly begins: number
  readonly ends: number
}

export function periodAt(period: Period, now: number): PeriodSpan {
  const date = new Date(now)
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  const iso = date.toISOString()
  if (period === 'month')
    return { name: iso.slice(0, 7), begins: Date.UTC(year, month), ends: Date.UTC(year, month + 1) }
  return { name: iso.slice(0, 10), begins: Date.UTC(year, month, day), ends: Date.UTC(year, month, day + 1) }
}

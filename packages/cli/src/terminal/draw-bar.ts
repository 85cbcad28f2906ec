// One line of progress: what, how much of it, how fast, how long still.
import { stripVTControlCharacters } from 'node:util'
import { formatBytes, formatSpan } from './amounts.ts'

export type Drawn = {
  readonly name: string
  /** What is counted: bytes, or things by their plural (`rows`). */
  readonly unit: 'bytes' | (string & {})
  readonly value: number
  readonly total: number | undefined
  /** Of the unit, per second. */
  readonly speed: number
  /** Seconds. */
  readonly eta: number | undefined
  /** How it ended; empty while it goes on. */
  readonly words: string
}

const longestName = 28
const longestBar = 30

/** @param columns of the terminal; the line has fewer, so that it never wraps */
export function drawBar({ name, unit, value, total, speed, eta, words }: Drawn, columns: number): string {
  const label = shortened(stripVTControlCharacters(name), Math.min(longestName, Math.floor(columns / 3)))
  const amount = total === undefined ? counted(value, unit) : ratio(value, total, unit)
  const told =
    words !== ''
      ? [counted(value, unit), stripVTControlCharacters(words)]
      : [amount, speed > 0 ? pace(speed, unit) : '', eta === undefined ? '' : `${formatSpan(eta)} left`]
  const text = told.filter(part => part !== '').join('  ')
  const percent = total === undefined ? '' : `${String(percentOf(value, total)).padStart(3)} %`
  const room = columns - label.length - percent.length - text.length - 8
  const bar = total === undefined || room < 5 ? '' : `[${filled(value, total, Math.min(longestBar, room))}]`
  return shortened([label, bar, percent, text].filter(part => part !== '').join(' '), columns - 1)
}

function percentOf(value: number, total: number): number {
  // 100 is for what is whole.
  return total === 0 ? 100 : Math.min(100, Math.floor((100 * value) / total))
}

function filled(value: number, total: number, size: number): string {
  const done = total === 0 ? size : Math.min(size, Math.floor((size * value) / total))
  return '='.repeat(done) + (done < size ? '>' : '') + '-'.repeat(Math.max(0, size - done - 1))
}

function ratio(value: number, total: number, unit: string): string {
  return `${unit === 'bytes' ? formatBytes(value) : Math.round(value).toLocaleString('en')} of ${counted(total, unit)}`
}

function counted(value: number, unit: string): string {
  return unit === 'bytes' ? formatBytes(value) : `${Math.round(value).toLocaleString('en')} ${unit}`
}

function pace(speed: number, unit: string): string {
  return unit === 'bytes' ? `${formatBytes(speed)}/s` : `${speed < 10 ? speed.toFixed(1) : Math.round(speed)}/s`
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, Math.max(0, most - 1))}…`
}

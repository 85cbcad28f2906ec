// A table for a terminal: columns as wide as what is in them, cut where they do not fit.
import stringWidth from 'string-width'
import type { Paint } from './colour.ts'
import { cellOf, itemsOf, namesOf } from './columns.ts'
import { formatJson } from './json-value.ts'
import { safeLine } from './safe-text.ts'

const gap = '  '
const narrowest = 8

/** `width`: of the terminal; undefined where nothing has to be cut. */
export function formatTable(value: unknown, paint: Paint, width?: number, chosen?: readonly string[]): string {
  const items = itemsOf(value)
  const names = chosen ?? namesOf(items)
  if (names !== undefined && !Array.isArray(value)) return members(items[0] as Record<string, unknown>, paint)
  const cells =
    names === undefined
      ? items.map(item => [cell(item)])
      : items.map(item => names.map(name => cell((item as Record<string, unknown>)[name])))
  const heads = names === undefined ? ['value'] : names.map(safeLine)
  const natural = heads.map((head, at) =>
    cells.reduce((most, row) => Math.max(most, stringWidth(row[at] ?? '')), stringWidth(head)),
  )
  const widths = width === undefined ? natural : fitted(natural, width)
  const numeric = heads.map(
    (_, at) => cells.length > 0 && cells.every(row => /^(?:-?\d[\d.e+-]*)?$/i.test(row[at] ?? '')),
  )
  const lines = [
    row(heads, widths, numeric, text => paint.strong(text)),
    widths.map(each => paint.faint('─'.repeat(each))).join(gap),
    ...cells.map(each => row(each, widths, numeric, text => text)),
  ]
  return lines.join('\n')
}

/** One object: a member a line. */
function members(item: Record<string, unknown>, paint: Paint): string {
  const rows = Object.entries(item).map(([name, value]) => [safeLine(name), cell(value)] as const)
  const most = Math.max(0, ...rows.map(([name]) => stringWidth(name)))
  return rows
    .map(([name, value]) => `${paint.strong(name)}${' '.repeat(most - stringWidth(name))}${gap}${value}`)
    .join('\n')
}

const cell = (value: unknown): string => safeLine(cellOf(value, each => formatJson(each, 0)))

function row(
  cells: readonly string[],
  widths: readonly number[],
  numeric: readonly boolean[],
  painted: (text: string) => string,
): string {
  return cells
    .map((text, at) => {
      const fit = cut(text, widths[at] ?? 0)
      const space = ' '.repeat(Math.max(0, (widths[at] ?? 0) - stringWidth(fit)))
      return numeric[at] ? space + painted(fit) : painted(fit) + space
    })
    .join(gap)
    .trimEnd()
}

/** The widest columns give way until all of them fit. */
function fitted(natural: readonly number[], width: number): readonly number[] {
  const widths = [...natural]
  let over = widths.reduce((sum, each) => sum + each, 0) + gap.length * (widths.length - 1) - width
  while (over > 0) {
    const widest = Math.max(...widths)
    if (widest <= narrowest) break
    const next = Math.max(narrowest, ...widths.filter(each => each < widest))
    const which = widths.flatMap((each, at) => (each === widest ? [at] : []))
    const each = Math.max(1, Math.min(widest - next, Math.ceil(over / which.length)))
    for (const at of which) widths[at] = widest - each
    over -= each * which.length
  }
  return widths
}

const characters = new Intl.Segmenter()

function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let fit = ''
  let used = 0
  for (const { segment } of characters.segment(text)) {
    used += stringWidth(segment)
    if (used > width - 1) break
    fit += segment
  }
  return `${fit}…`
}

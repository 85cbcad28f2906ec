// The rows of an answer.
import type { HttpResponse } from '@comity/client'
import { type Column, rowOf } from '../output/columns.ts'
import type { Selection } from '../output/select.ts'
import { readValue } from '../output/value.ts'
import type { Given } from './asks.ts'
import { type Row, rowOfItem } from './rows.ts'

export type Reading = {
  readonly selection: Selection | undefined
  readonly columns: readonly Column[] | undefined
  /** `lines`: each line of the content is a row, whatever its type. */
  readonly as: 'values' | 'lines'
  /** What stands between the columns of a line. */
  readonly split: string | undefined
}

/** @throws what reading the content may fail with */
export async function rowsOfAnswer(response: HttpResponse, reading: Reading, given: Given): Promise<readonly Row[]> {
  const value = reading.as === 'lines' ? linesOf(await response.text()) : await readValue(response)
  const { selection, columns } = reading
  const found = selection === undefined ? [value] : selection.from(value)
  // What an answer has several of are rows each.
  const items = found.flatMap(item => (Array.isArray(item) ? item : item === undefined ? [] : [item]))
  return items.map((item, at) => {
    const row = typeof item === 'string' ? rowOfLine(item, at + 1, reading) : rowOfItem(item)
    if (columns === undefined) return row
    const chosen = rowOf(row, columns)
    // What was asked for is known, though an answer may not repeat it.
    return Object.fromEntries(columns.map(({ name }) => [name, chosen[name] ?? given[name] ?? null]))
  })
}

/** `line` and `text`; split, its parts, by the names of the columns where there are any. */
function rowOfLine(text: string, line: number, { split, columns }: Reading): Row {
  if (split === undefined) return { line, text }
  const parts = split === ' ' ? text.trim().split(/\s+/) : text.split(split)
  return Object.fromEntries(parts.map((part, at) => [columns?.[at]?.name ?? `column${at + 1}`, part]))
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r\n|\n/)
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

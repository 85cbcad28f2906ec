// What a value is written as. What writes YAML, CSV and tables is loaded when it is asked for.

import type { Paint } from './colour.ts'
import { type Column, cellOf, itemsOf, namesOf, rowOf } from './columns.ts'
import { formatJson } from './json-value.ts'
import { prettyJson } from './pretty-json.ts'
import { safeText } from './safe-text.ts'

export const formats = ['json', 'yaml', 'csv', 'table', 'ndjson', 'lines', 'raw'] as const
export type Format = (typeof formats)[number]

/** The format that the ending of a file's name stands for. */
export function formatOfName(path: string): Format | undefined {
  const [, ending = ''] = /\.([a-z]+)$/i.exec(path) ?? []
  const format = ending.toLowerCase()
  if (format === 'yml') return 'yaml'
  if (format === 'jsonl') return 'ndjson'
  if (format === 'txt') return 'lines'
  return format === 'json' || format === 'yaml' || format === 'csv' || format === 'ndjson' ? format : undefined
}

export type Rendering = {
  readonly format: Exclude<Format, 'raw'>
  readonly columns: readonly Column[] | undefined
  readonly paint: Paint
  /** Of the terminal, where it goes to one. */
  readonly width: number | undefined
}

/** The text of a value, with the end of its last line. */
export async function rendered(value: unknown, { format, columns, paint, width }: Rendering): Promise<string> {
  const chosen = columns === undefined ? value : projected(value, columns)
  switch (format) {
    case 'json':
      return `${prettyJson(onScreen(formatJson(chosen, 0), width), paint)}\n`
    case 'yaml': {
      const { stringify } = await import('yaml')
      return onScreen(stringify(chosen, { aliasDuplicateObjects: false, compat: 'yaml-1.1', lineWidth: 0 }), width)
    }
    case 'csv':
      return onScreen(
        await csv(
          chosen,
          columns?.map(({ name }) => name),
        ),
        width,
      )
    case 'table': {
      const { formatTable } = await import('./table.ts')
      return `${formatTable(
        chosen,
        paint,
        width,
        columns?.map(({ name }) => name),
      )}\n`
    }
    case 'ndjson':
      return onScreen(
        itemsOf(chosen)
          .map(item => `${formatJson(item, 0)}\n`)
          .join(''),
        width,
      )
    case 'lines':
      return onScreen(
        itemsOf(chosen)
          .map(
            item =>
              `${
                columns === undefined
                  ? lineOf(item)
                  : Object.values(item as object)
                      .map(lineOf)
                      .join('\t')
              }\n`,
          )
          .join(''),
        width,
      )
  }
}

function projected(value: unknown, columns: readonly Column[]): unknown {
  return Array.isArray(value) ? value.map(item => rowOf(item, columns)) : rowOf(value, columns)
}

const lineOf = (item: unknown): string => cellOf(item, each => formatJson(each, 0))

/** RFC 4180, its first line the names. Of items that are no objects, one column. */
async function csv(value: unknown, chosen: readonly string[] | undefined): Promise<string> {
  const { stringify } = await import('csv-stringify/sync')
  const items = itemsOf(value)
  const names = chosen ?? namesOf(items)
  const rows =
    names === undefined
      ? [['value'], ...items.map(item => [csvCell(item)])]
      : [names.map(csvCell), ...items.map(item => names.map(name => csvCell((item as Record<string, unknown>)[name])))]
  return stringify(rows)
}

// A spreadsheet runs text that begins like a formula: an apostrophe before it, which it hides, makes it text again.
const formula = /^'*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/
const number = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i

/** Text for a cell, guarded; quotes are put around it by who writes the row. */
export function csvCell(value: unknown): string {
  const text = lineOf(value)
  return typeof value === 'string' && formula.test(text) && !number.test(text) ? `'${text}` : text
}

const onScreen = (text: string, width: number | undefined): string => (width === undefined ? text : safeText(text))

// Which requests a table is made of: each URL with each value.
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { UsageError } from '../output/complain.ts'
import type { Io } from '../terminal/io.ts'

/** Values by the name of their place in the URL. */
export type Given = Readonly<globalThis.Record<string, string>>

export type Ask = { readonly url: string; readonly given: Given }

const place = /\{([A-Za-z_][\w.-]*)\}/g
const most = 1_000_000

/** @param each a file, `-` for standard input, or numbers `1..100` @throws UsageError where places and values do not fit */
export async function asksFor(templates: readonly string[], each: string | undefined, io: Io): Promise<readonly Ask[]> {
  const names = [...new Set(templates.flatMap(template => [...template.matchAll(place)].map(([, name]) => name ?? '')))]
  if (each === undefined) {
    if (names.length > 0)
      throw new UsageError(
        `Nothing is said to put into {${names[0]}}`,
        'Give the values by --each FILE, one a line, or --each 1..100.',
      )
    return templates.map(url => ({ url, given: {} }))
  }
  if (names.length === 0)
    throw new UsageError('The URL has no place for a value of --each', 'Write one into it: https://host/things/{id}.')
  const values = await valuesOf(each, names, io)
  const asks = new Map<string, Ask>()
  for (const given of values)
    for (const template of templates) {
      const url = template.replaceAll(place, (_, name: string) => encodeURIComponent(given[name] ?? ''))
      if (!asks.has(url)) asks.set(url, { url, given })
      if (asks.size > most)
        throw new UsageError(`More than ${most.toLocaleString('en')} requests are too many for one table`)
    }
  return [...asks.values()]
}

async function valuesOf(each: string, names: readonly string[], io: Io): Promise<readonly Given[]> {
  const [name = '', ...others] = names
  const [, from, to] = /^(\d{1,15})\.\.(\d{1,15})$/.exec(each) ?? []
  if (from !== undefined && others.length === 0) return numbers(name, Number(from), Number(to))
  const content = await contentOf(each, io)
  if (others.length > 0) return rowsOf(content, each, names)
  const lines = content.split(/\r?\n/).map(line => line.trim())
  const values = lines.filter(line => line !== '').map(line => ({ [name]: line }))
  if (values.length === 0) throw new UsageError(`${each} has no values`, 'Write one a line.')
  return values
}

function numbers(name: string, from: number, to: number): readonly Given[] {
  if (to < from || to - from >= most)
    throw new UsageError(`${from}..${to} is no range of at most ${most.toLocaleString('en')} numbers`)
  return Array.from({ length: to - from + 1 }, (_, at) => ({ [name]: String(from + at) }))
}

/** Several places: a CSV file, whose first line names them. */
async function rowsOf(content: string, each: string, names: readonly string[]): Promise<readonly Given[]> {
  const { parse } = await import('csv-parse/sync')
  const cure = `Its first line has to name ${names.join(', ')}.`
  let rows: readonly Given[]
  try {
    rows = parse(content, { columns: true, bom: true, skip_empty_lines: true })
  } catch (error) {
    throw new UsageError(`${each} is no CSV: ${(error as Error).message}`, cure)
  }
  const missing = names.find(name => rows[0] === undefined || !(name in rows[0]))
  if (missing !== undefined) throw new UsageError(`${each} has no column ${missing}`, cure)
  return rows
}

async function contentOf(each: string, io: Io): Promise<string> {
  if (each === '-') {
    if (io.stdin.isTTY === true) throw new UsageError('--each - reads standard input, which is a terminal here')
    return text(io.stdin)
  }
  try {
    // A pipe (<(seq 9)) is no file that has a size.
    const path = resolve(io.cwd, each)
    return each.startsWith('/dev/') ? await text(createReadStream(path)) : await readFile(path, 'utf8')
  } catch {
    throw new UsageError(`${each} cannot be read`, 'Give a file of values, one a line, or numbers: --each 1..100.')
  }
}

// A file of lines, each of them an object.
import { basename, extname } from 'node:path'
import type { FoundList, ReadFile, Row } from '../found.ts'
import { SourceError } from '../source.ts'

/** @throws SourceError naming the line that is no object */
export function readNdjson(path: string, text: string): ReadFile {
  const rows: Row[] = []
  for (const [at, line] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries())
    if (line.trim() !== '') rows.push(rowOf(path, at + 1, line))
  const list: FoundList = { name: basename(path, extname(path)), rows, form: 'json', place: basename(path) }
  return {
    path,
    text,
    lists: [list],
    things: [],
    writeRow: row => `${JSON.stringify(row)}\n`,
    write: rows => (rows.get(list.name) ?? []).join(''),
  }
}

function rowOf(path: string, line: number, text: string): Row {
  const cure = 'Each line is an object of its own, such as {"id": 1, "title": "Tea"}.'
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new SourceError(`${basename(path)}, line ${line}, is not JSON: ${(error as Error).message}.`, cure)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Row
  throw new SourceError(`${basename(path)}, line ${line}, is no object.`, cure)
}

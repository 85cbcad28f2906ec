// A JSON file: an object whose lists of objects are collections, or one such list.
import { basename, extname } from 'node:path'
import type { FoundList, FoundThing, ReadFile, Row } from '../found.ts'
import { SourceError } from '../source.ts'

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether a value is a list of things that have members. An empty list may become one. */
const isList = (value: unknown): value is readonly Row[] => Array.isArray(value) && value.every(isObject)

/** @throws SourceError for what is no JSON, and for what is no object and no list of objects */
export function readJson(path: string, text: string): ReadFile {
  const value = parse(path, text)
  const name = basename(path)
  const layout = layoutOf(text)
  if (isList(value)) {
    const list: FoundList = { name: basename(path, extname(path)), rows: value, form: 'json', place: name }
    const write: ReadFile['write'] = rows => layout.whole(layout.list(rows.get(list.name) ?? [], 0))
    return { path, text, lists: [list], things: [], writeRow: row => layout.value(row, 1), write }
  }
  if (!isObject(value))
    throw new SourceError(
      `${name} is ${Array.isArray(value) ? 'a list of more than objects' : `a ${value === null ? 'null' : typeof value}`}.`,
      'What is served is an object of named lists, such as {"todos": [{"id": 1, "title": "Tea"}]}.',
    )
  const lists: FoundList[] = []
  const things: FoundThing[] = []
  for (const [name, member] of Object.entries(value)) {
    if (name === '$schema') continue
    if (isList(member)) lists.push({ name, rows: member, form: 'json', place: `${basename(path)}: ${name}` })
    else things.push({ name, value: member })
  }
  if (lists.length + things.length === 0)
    throw new SourceError(
      `${name} is empty.`,
      'Give it a list to start with, such as {"todos": [{"id": 1, "title": "Tea"}]}.',
    )
  const write: ReadFile['write'] = rows =>
    layout.whole(
      layout.object(
        Object.entries(value).map(([name, member]) => {
          const list = rows.get(name)
          return [name, list ? layout.list(list, 1) : layout.value(member, 1)]
        }),
      ),
    )
  return { path, text, lists, things, writeRow: row => layout.value(row, 2), write }
}

function parse(path: string, text: string): unknown {
  try {
    // The source text tells a number that would be another one when it is written again.
    return JSON.parse(text.replace(/^\uFEFF/, ''), ((_key: string, value: unknown, context: { source?: string }) => {
      if (typeof value === 'number' && isInexact(value, context.source ?? '')) throw new InexactNumber(context.source)
      return value
    }) as (key: string, value: unknown) => unknown)
  } catch (error) {
    if (error instanceof InexactNumber)
      throw new SourceError(
        `${basename(path)} holds the number ${error.message}, which has more digits than JavaScript keeps.`,
        'Write it as text: in quotes.',
      )
    throw new SourceError(`${basename(path)} is not JSON: ${(error as Error).message}.`, 'Mend it.')
  }
}

class InexactNumber extends Error {}

const isInexact = (value: number, source: string): boolean =>
  (Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(source)) || !Number.isFinite(value)

/** JSON text of values at a depth, indented as the file was; all in one line where that was. */
function layoutOf(before: string) {
  const indent = /\n([ \t]+)\S/.exec(before)?.[1] ?? (before.includes('\n') ? '  ' : '')
  const mark = before.startsWith('\uFEFF') ? '\uFEFF' : ''
  const end = /\r?\n$/.exec(before)?.[0] ?? ''
  const line = (depth: number) => (indent === '' ? '' : `\n${indent.repeat(depth)}`)
  const within = (open: string, parts: readonly string[], close: string, depth: number): string =>
    parts.length === 0 ? open + close : open + line(depth + 1) + parts.join(`,${line(depth + 1)}`) + line(depth) + close
  return {
    whole: (text: string) => mark + text + end,
    value: (value: unknown, depth: number) =>
      JSON.stringify(value, undefined, indent).replaceAll('\n', `\n${indent.repeat(depth)}`),
    list: (rows: readonly string[], depth: number) => within('[', rows, ']', depth),
    object: (members: readonly (readonly [name: string, text: string])[]) =>
      within(
        '{',
        members.map(([name, text]) => `${JSON.stringify(name)}:${indent === '' ? '' : ' '}${text}`),
        '}',
        0,
      ),
  }
}

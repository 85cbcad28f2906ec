// Formats of lines, read in pieces: the same rows wherever the pieces are cut, and the line of each.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import Type from 'typebox'
import { integer, text } from '../define/fields.ts'
import { defaultLimits } from '../model/build.ts'
import { fieldOf } from '../model/field.ts'
import type { Row, Shape } from './format.ts'
import { formatByName } from './registry.ts'

const fields = [fieldOf('name', text()), fieldOf('count', integer()), fieldOf('extra', Type.Unknown())]
const shape: Shape = { singular: 'thing', plural: 'things', fields }
const limits = { ...defaultLimits, body: 60, depth: 3, members: 5 }

async function* cut(content: Uint8Array, size: number): AsyncGenerator<Uint8Array, undefined> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size)
}

async function rowsOf(format: string, content: Uint8Array, size: number): Promise<readonly Row[]> {
  const rows: Row[] = []
  for await (const batch of formatByName(format)?.rows?.(cut(content, size), shape, limits) ?? []) rows.push(...batch)
  return rows
}

const value = (value: unknown, line: number): Row => ({ kind: 'value', value, line })
const fault = (detail: string, line: number, extent: 'row' | 'rest', column?: number): Row => ({
  kind: 'malformed',
  detail,
  ...(column !== undefined && { column }),
  line,
  extent,
})
const cells = (detail: number) => `The row has ${detail} cells where the header has 2.`

const rows: readonly (readonly [string, string, string | Uint8Array, readonly Row[]])[] = [
  [
    'rows',
    'csv',
    'name,count\r\na,1\r\nb,2\r\n',
    [value({ name: 'a', count: 1 }, 2), value({ name: 'b', count: 2 }, 3)],
  ],
  ['no line end at the end', 'csv', 'name\na\nü', [value({ name: 'a' }, 2), value({ name: 'ü' }, 3)]],
  [
    'null, empty text and a guarded formula',
    'csv',
    `name,count\n,\n"",""\n'=1,2`,
    [value({ name: null, count: null }, 2), value({ name: '', count: null }, 3), value({ name: '=1', count: 2 }, 4)],
  ],
  [
    'line ends within quotes',
    'csv',
    'name,count\r\n"a\r\nb\nc",1\r\n\r\nd,2\r\n',
    [value({ name: 'a\r\nb\nc', count: 1 }, 2), value({ name: 'd', count: 2 }, 6)],
  ],
  ['a byte order mark', 'csv', '\uFEFFname\na\n', [value({ name: 'a' }, 2)]],
  ['a header only', 'csv', 'name,count\r\n', []],
  ['nothing', 'csv', '', [fault('Expected a header row with the names of the members.', 1, 'rest')]],
  ['an unknown column', 'csv', 'name,cuont\na,1\n', [fault('The column "cuont" is not known.', 1, 'rest')]],
  ['a column twice', 'csv', 'name,name\na,1\n', [fault('The column "name" is repeated.', 1, 'rest')]],
  [
    'a ragged row stands alone',
    'csv',
    'name,count\na\nb,2\nc,3,4\n',
    [fault(cells(1), 2, 'row'), value({ name: 'b', count: 2 }, 3), fault(cells(3), 4, 'row')],
  ],
  [
    'a cell that is no JSON stands alone',
    'csv',
    'extra\n{\n[1]\n',
    [
      fault(
        'The cell of the column "extra" is not JSON: Expected a member name in double quotes or "}" but found the end of the content.',
        2,
        'row',
      ),
      value({ extra: [1] }, 3),
    ],
  ],
  [
    'a quote that is not closed',
    'csv',
    'name\na\n"b\nc\n',
    [value({ name: 'a' }, 2), fault('A quoted cell is not closed.', 3, 'rest')],
  ],
  [
    'a stray quote',
    'csv',
    'name\na\nb"c\nd\n',
    [value({ name: 'a' }, 2), fault('A quote must open its cell; within a quoted cell it is doubled.', 3, 'rest')],
  ],
  [
    'not UTF-8',
    'csv',
    Buffer.from('name\na\n\xff\nb\n', 'latin1'),
    [value({ name: 'a' }, 2), fault('The content is not UTF-8.', 3, 'rest', 1)],
  ],
  [
    'too long a row over many lines',
    'csv',
    `name\na\n"${'b\n'.repeat(40)}"\n`,
    [value({ name: 'a' }, 2), fault('The row is longer than is read.', 3, 'rest')],
  ],
  ['lines', 'ndjson', '{"name":"a"}\n\n \r\n{"name":"ü"}', [value({ name: 'a' }, 1), value({ name: 'ü' }, 4)]],
  ['a byte order mark', 'ndjson', '\uFEFF{"name":"a"}\n', [value({ name: 'a' }, 1)]],
  ['nothing', 'ndjson', '', []],
  [
    'a line that is no JSON stands alone',
    'ndjson',
    '{"name":"a"}\n{"name"}\n[]\n',
    [value({ name: 'a' }, 1), fault('Expected ":" but found "}".', 2, 'row', 8), value([], 3)],
  ],
  [
    'not UTF-8',
    'ndjson',
    Buffer.from('1\n"\xff"\n2\n', 'latin1'),
    [value(1, 1), fault('The content is not UTF-8.', 2, 'row', 2), value(2, 3)],
  ],
  [
    'limits are for each line',
    'ndjson',
    '[1,2,3]\n[1,2,3]\n[[[[]]]]\n[1,2,3,4,5,6]\n',
    [
      value([1, 2, 3], 1),
      value([1, 2, 3], 2),
      fault('The content nests deeper than 3 levels.', 3, 'row', 4),
      fault('The content has more than 5 members and elements.', 4, 'row', 11),
    ],
  ],
]

for (const [name, format, content, expected] of rows)
  test(`${format}: ${name}`, async () => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    for (let size = 1; size <= bytes.length + 1; size++) assert.deepEqual(await rowsOf(format, bytes, size), expected)
  })

for (const [format, head] of [
  ['csv', 'name\na\n'],
  ['ndjson', '{"name":"a"}\n\n'],
] as const)
  test(`${format}: a line without end is not kept`, async () => {
    let taken = 0
    async function* endless(): AsyncGenerator<Uint8Array, undefined> {
      yield new TextEncoder().encode(head)
      for (; taken < 1_000; taken++) yield new TextEncoder().encode('"xxxxxxxxx')
    }
    const found: Row[] = []
    for await (const batch of formatByName(format)?.rows?.(endless(), shape, limits) ?? []) found.push(...batch)
    const [first, last, ...more] = found
    assert.deepEqual([first?.kind, last?.kind, last?.line, more.length], ['value', 'malformed', 3, 0])
    assert.ok(taken < 10, `${taken} pieces were taken`)
  })

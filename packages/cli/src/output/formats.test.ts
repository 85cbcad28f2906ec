import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { coloured, plain } from './colour.ts'
import { columnsOf } from './columns.ts'
import { type Format, formatOfName, rendered } from './formats.ts'
import { parseJson } from './json-value.ts'
import { prettyJson } from './pretty-json.ts'
import { valueOfXml } from './value.ts'

const list = [
  { id: 1, name: 'Ann', tags: ['a', 'b'], address: { city: 'Đà Nẵng' } },
  { id: 22, name: '=SUM(A1)', tags: [], address: null, more: true },
]

describe('values as', () => {
  const rows: readonly (readonly [Exclude<Format, 'raw'>, unknown, string | undefined, string])[] = [
    [
      'json',
      { a: [1, { b: null }], c: [] },
      undefined,
      '{\n  "a": [\n    1,\n    {\n      "b": null\n    }\n  ],\n  "c": []\n}\n',
    ],
    ['json', 'text', undefined, '"text"\n'],
    [
      'json',
      list,
      'id,address.city',
      '[\n  {\n    "id": 1,\n    "address.city": "Đà Nẵng"\n  },\n  {\n    "id": 22\n  }\n]\n',
    ],
    ['yaml', { a: ['x', 'no'], b: { c: 1 } }, undefined, 'a:\n  - x\n  - "no"\nb:\n  c: 1\n'],
    [
      'csv',
      list,
      undefined,
      'id,name,tags,address,more\n1,Ann,"[""a"",""b""]","{""city"":""Đà Nẵng""}",\n22,\'=SUM(A1),[],,true\n',
    ],
    ['csv', list, 'address.city,id', 'address.city,id\nĐà Nẵng,1\n,22\n'],
    ['csv', [-5, '-5', '-x', '+49 30'], undefined, "value\n-5\n-5\n'-x\n'+49 30\n"],
    ['csv', [], 'id,name', 'id,name\n'],
    ['csv', { a: 1, b: 'x,y' }, undefined, 'a,b\n1,"x,y"\n'],
    ['ndjson', list, 'id', '{"id":1}\n{"id":22}\n'],
    ['ndjson', { a: 1 }, undefined, '{"a":1}\n'],
    ['lines', ['a', 1, null, { b: 2 }], undefined, 'a\n1\n\n{"b":2}\n'],
    ['lines', list, 'id,name', '1\tAnn\n22\t=SUM(A1)\n'],
    ['table', list, 'id,name', 'id  name\n──  ────────\n 1  Ann\n22  =SUM(A1)\n'],
    [
      'table',
      [
        { a: '日本', b: 'x' },
        { a: 'é', b: 'y' },
      ],
      undefined,
      'a     b\n────  ─\n日本  x\né     y\n',
    ],
    ['table', { id: 1, name: 'Ann' }, undefined, 'id    1\nname  Ann\n'],
    ['table', [], 'id', 'id\n──\n'],
    ['table', ['a\nb'], undefined, 'value\n─────\na␊b\n'],
  ]
  for (const [format, value, columns, text] of rows)
    it(`${format} of ${JSON.stringify(value).slice(0, 40)} ${columns ?? ''}`, async () => {
      const chosen = columns === undefined ? undefined : columnsOf(columns)
      assert.equal(await rendered(value, { format, columns: chosen, paint: plain, width: undefined }), text)
    })

  it('a table that fits its terminal', async () => {
    const value = [{ id: 1, title: 'a title that is long, and then some', note: 'short' }]
    const text = await rendered(value, { format: 'table', columns: undefined, paint: plain, width: 30 })
    assert.equal(
      text,
      'id  title                note\n──  ───────────────────  ─────\n 1  a title that is lo…  short\n',
    )
  })

  it('text that could steer a terminal, shown instead of obeyed', async () => {
    for (const format of ['table', 'lines', 'csv', 'yaml', 'json', 'ndjson'] as const) {
      const value = ['\u001b[2J\u009b31m\u202e']
      const text = await rendered(value, { format, columns: undefined, paint: plain, width: 80 })
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      assert.doesNotMatch(text, /[\u001b\u009b\u202e]/, format)
    }
  })

  it('whole numbers of any length', async () => {
    const value = parseJson('{"id":12345678901234567890,"n":[-9007199254740993,1.5,1e400]}')
    const all = await Promise.all(
      (['json', 'yaml', 'csv', 'ndjson'] as const).map(format =>
        rendered([value], { format, columns: columnsOf('id'), paint: plain, width: undefined }),
      ),
    )
    for (const text of all) assert.match(text, /12345678901234567890/)
  })
})

describe('JSON for people', () => {
  it('keeps what was written', () => {
    const text = '{"a":1.50,"b":12345678901234567890,"c":"\\u00e9\\"{","d":[],"e":{}}'
    assert.equal(prettyJson(text, plain).replaceAll(/\n */g, '').replaceAll('": ', '":'), text)
  })
  it('paints names, texts, numbers and words apart', () =>
    assert.equal(
      prettyJson('{"a":["b",1,null]}', coloured),
      '{\n  \u001b[34m"a"\u001b[0m: [\n    \u001b[32m"b"\u001b[0m,\n    \u001b[36m1\u001b[0m,\n    \u001b[35mnull\u001b[0m\n  ]\n}',
    ))
})

describe('an element as a value', () => {
  type Node = Parameters<typeof valueOfXml>[0]
  const node = (name: string, text = '', children: readonly Node[] = [], attributes = {}): Node => ({
    name,
    text,
    children,
    attributes,
  })
  const rows = [
    [node('a', 'x'), 'x'],
    [node('list', '', [node('i', '1'), node('i', '2')]), ['1', '2']],
    [node('o', '', [node('a', '1'), node('b', '2'), node('b', '3')]), { a: '1', b: ['2', '3'] }],
    [node('o', ' t ', [node('a', '1')], { id: '7' }), { '@id': '7', a: '1', '#text': 't' }],
  ] as const
  for (const [given, value] of rows)
    it(JSON.stringify(value), () => assert.deepEqual(JSON.parse(JSON.stringify(valueOfXml(given))), value))
})

it('the format of a file by its name', () =>
  assert.deepEqual(['a.CSV', 'b.yml', 'c.jsonl', 'd.png', 'e', 'f.tar.json'].map(formatOfName), [
    'csv',
    'yaml',
    'ndjson',
    undefined,
    undefined,
    'json',
  ]))

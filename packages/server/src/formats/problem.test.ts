import assert from 'node:assert/strict'
import { test } from 'node:test'
import { writeProblem } from './problem.ts'
import { readXml } from './xml-reader.ts'

const plain = { type: 'https://api.example/problems/not-found', title: 'Not found', status: 404 }
const cycle: Record<string, unknown> = {}
cycle.self = cycle

const rows: readonly (readonly [name: string, extensions: Record<string, unknown>, json: string, xml: string])[] = [
  ['nothing more', {}, '', ''],
  [
    'text that needs escapes',
    { detail: 'a<b & "c"' },
    ',"detail":"a<b & \\"c\\""',
    '<detail>a&lt;b &amp; "c"</detail>',
  ],
  [
    'errors',
    {
      errors: [
        { pointer: '/a', detail: 'is missing' },
        { parameter: 'q', detail: 'is unknown' },
      ],
    },
    ',"errors":[{"pointer":"/a","detail":"is missing"},{"parameter":"q","detail":"is unknown"}]',
    '<errors><i><pointer>/a</pointer><detail>is missing</detail></i><i><parameter>q</parameter><detail>is unknown</detail></i></errors>',
  ],
  ['null', { balance: null }, ',"balance":null', ''],
  ['a name that XML cannot have', { '1 <x>': true, 'a:b': 1 }, ',"1 <x>":true,"a:b":1', ''],
  ['a date', { since: new Date(0) }, ',"since":"1970-01-01T00:00:00.000Z"', '<since>1970-01-01T00:00:00.000Z</since>'],
  ['a function', { act: () => 1 }, '', ''],
  ['a cycle beside a number', { cycle, left: 3 }, ',"left":3', '<left>3</left>'],
  ['a bigint beside a number', { big: 1n, left: 3 }, ',"left":3', '<left>3</left>'],
  ['control characters', { note: 'a\0b\r' }, ',"note":"a\\u0000b\\r"', '<note>a\uFFFDb&#13;</note>'],
]
for (const [name, extensions, json, xml] of rows)
  test(`a problem with ${name}`, () => {
    const problem = { ...plain, ...extensions }
    const start = '"type":"https://api.example/problems/not-found","title":"Not found","status":404'
    assert.equal(writeProblem(problem, 'json'), `{${start}${json}}`)
    const document = writeProblem(problem, 'xml')
    assert.equal(
      document,
      `<?xml version="1.0" encoding="UTF-8"?>\n<problem xmlns="urn:ietf:rfc:7807"><type>https://api.example/problems/not-found</type><title>Not found</title><status>404</status>${xml}</problem>`,
    )
    assert.equal(readXml(document, { depth: 32, members: 100 }).kind, 'document')
  })

test('a member that throws is left out', () => {
  const problem = { ...plain, odd: { toJSON: () => assert.fail('read') } }
  assert.equal(writeProblem(problem, 'json'), JSON.stringify(plain))
})

test('nesting without end is cut in XML', () => {
  let nested: Record<string, unknown> = {}
  for (let level = 0; level < 1000; level++) nested = { nested }
  assert.ok(writeProblem({ ...plain, nested }, 'xml').length < 1000)
})

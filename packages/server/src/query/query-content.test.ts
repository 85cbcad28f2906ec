import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { entriesModel } from './fixtures/query-model.ts'
import { planList } from './plan.ts'
import { errorsOfJson, wordsOfForm, wordsOfJson } from './query-content.ts'

const good: readonly (readonly [json: string, words: readonly (readonly [string, string])[]])[] = [
  ['{}', []],
  [
    '{"type":"debit","limit":10}',
    [
      ['type', 'debit'],
      ['limit', '10'],
    ],
  ],
  [
    '{"fields":["id","name"],"sort":["-date"]}',
    [
      ['fields', 'id,name'],
      ['sort', '-date'],
    ],
  ],
  [
    '{"amount.gte":100.5,"open":true}',
    [
      ['amount.gte', '100.5'],
      ['open', 'true'],
    ],
  ],
  ['{"type":"debit,credit"}', [['type', 'debit,credit']]],
  ['{"description":["a,b","c\\\\"]}', [['description', 'a\\,b,c\\\\']]],
  ['{"count.in":[1,2]}', [['count.in', '1,2']]],
  ['{"__proto__":"x"}', [['__proto__', 'x']]],
]
for (const [json, words] of good)
  test(`query content: ${json}`, () => {
    const expected = words.map(([name, value]) => ({ name, value }))
    assert.deepEqual(wordsOfJson(JSON.parse(json), { words: 5 }), { kind: 'words', words: expected })
  })

const bad: readonly (readonly [json: string, pointer: string])[] = [
  ['[]', ''],
  ['null', ''],
  ['"type=debit"', ''],
  ['{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1}', ''],
  ['{"type":null}', '/type'],
  ['{"amount":{"gte":1}}', '/amount'],
  ['{"type":[]}', '/type'],
  ['{"type":["debit",["credit"]]}', '/type/1'],
  ['{"type":["debit",null]}', '/type/1'],
  ['{"count":12345678901234567890}', '/count'],
  ['{"weight":1e999}', '/weight'],
  ['{"a/b~c":null}', '/a~1b~0c'],
]
for (const [json, pointer] of bad)
  test(`query content refused: ${json}`, () => {
    const read = wordsOfJson(JSON.parse(json), { words: 5 })
    assert.deepEqual(read.kind === 'invalid' && read.errors.map(error => error.pointer), [pointer])
  })

test('faults of the plan point into the content', () => {
  const read = wordsOfJson({ 'amount.gte': 'x' }, { words: 5 })
  assert.ok(read.kind === 'words')
  const planned = planList(entriesModel, undefined, read.words, { values: 5 })
  assert.ok(planned.kind === 'invalid')
  const [error] = errorsOfJson(planned.errors)
  assert.equal(error?.pointer, '/amount.gte')
  assert.equal(error?.parameter, undefined)
  assert.match(error?.detail ?? '', /decimal/)
})

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

test('a form is read, in ASCII or UTF-8', () => {
  const words = [{ name: 'description', value: 'Zoë Ø' }]
  assert.deepEqual(wordsOfForm(utf8('description=Zoë+%C3%98'), { words: 5 }), { kind: 'words', words })
  assert.equal(wordsOfForm(new Uint8Array([0x61, 0x3d, 0xff]), { words: 5 }).kind, 'malformed')
  assert.equal(wordsOfForm(utf8('a=%F'), { words: 5 }).kind, 'malformed')
  assert.equal(wordsOfForm(utf8('a&b&c'), { words: 2 }).kind, 'malformed')
})

test('no JSON throws', () => {
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      const read = wordsOfJson(value, { words: 5 })
      if (read.kind === 'words') planList(entriesModel, undefined, read.words, { values: 5 })
      else assert.ok(read.errors.length > 0)
    }),
  )
})

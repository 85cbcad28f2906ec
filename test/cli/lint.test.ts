// comity lint: what it finds, where, and how it ends.
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Serving, serve } from '@comity/server'
import bank from '../../examples/bank/api.ts'
import { rules } from '../../packages/cli/src/lint/rules.ts'
import { comity, here } from './support/comity.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

let folder: string
let serving: Serving

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comity-lint-'))
  serving = await serve(bank, { port: 0 })
})
after(async () => {
  await serving.close()
  await rm(folder, { recursive: true, force: true })
})

const ok = { description: 'Done.' }
const list = { description: 'All.', content: { 'application/json': { schema: { type: 'array' } } } }
const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } }
const limit = { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 100 } }
const missing = { description: 'Not there.', content: { 'application/problem+json': {} } }

/** Nothing is wrong with it. */
const good = () => ({
  openapi: '3.1.1',
  info: { title: 'Good', version: '1' },
  servers: [{ url: 'https://api.example/v1' }],
  security: [],
  paths: {
    '/orders': {
      get: { parameters: [limit], responses: { 200: list, 400: missing } },
      post: {
        parameters: [{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string' } }],
        requestBody: {},
        responses: { 201: { description: 'Made.', headers: { Location: {} } }, 400: missing },
      },
    } as Record<string, unknown>,
    '/orders/{id}': {
      parameters: [id],
      get: { responses: { 200: ok, 404: { $ref: '#/components/responses/Missing' } } },
      delete: { responses: { 204: ok, 404: missing } },
    } as Record<string, unknown>,
  } as Record<string, Record<string, unknown>>,
  components: { responses: { Missing: missing } },
})

type Document = ReturnType<typeof good>

/** Each spoils the good document in one way; what is found for it, and at which pointer. */
const spoilt: readonly (readonly [rule: string, pointer: string, spoil: (document: Document) => void])[] = [
  [
    'paths/no-verbs',
    '/paths/~1get-orders',
    d => {
      d.paths['/get-orders'] = {}
    },
  ],
  [
    'paths/plural-nouns',
    '/paths/~1order~1{id}',
    d => {
      d.paths['/order/{id}'] = {}
    },
  ],
  [
    'paths/depth',
    '/paths/~1orders~1{id}~1lines~1{line}~1notes',
    d => {
      d.paths['/orders/{id}/lines/{line}/notes'] = {}
    },
  ],
  [
    'paths/plain-segments',
    '/paths/~1userAccounts',
    d => {
      d.paths['/userAccounts'] = {}
    },
  ],
  [
    'parameters/telling-names',
    '/paths/~1orders/get/parameters/1',
    d => {
      of(d, '/orders', 'get').parameters.push({ name: 'q', in: 'query', schema: {} })
    },
  ],
  [
    'parameters/one-case',
    '/paths/~1orders/get/parameters/3',
    d => {
      of(d, '/orders', 'get').parameters.push(
        ...['dateFrom', 'dateTo', 'paid_by', 'paid_at'].map(name => ({ name, in: 'query', schema: {} })),
      )
    },
  ],
  [
    'lists/paging',
    '/paths/~1orders/get',
    d => {
      of(d, '/orders', 'get').parameters = []
    },
  ],
  [
    'lists/bounded-pages',
    '/paths/~1orders/get/parameters/0',
    d => {
      of(d, '/orders', 'get').parameters = [{ ...limit, schema: { type: 'integer' } }]
    },
  ],
  [
    'statuses/fit-method',
    '/paths/~1orders~1{id}/delete/responses/201',
    d => {
      of(d, '/orders/{id}', 'delete').responses = { 201: ok, 404: missing }
    },
  ],
  [
    'statuses/no-content',
    '/paths/~1orders~1{id}/delete/responses/204',
    d => {
      of(d, '/orders/{id}', 'delete').responses[204] = list
    },
  ],
  [
    'statuses/created',
    '/paths/~1orders/post',
    d => {
      of(d, '/orders', 'post').responses = { 200: ok, 400: missing }
    },
  ],
  [
    'statuses/location',
    '/paths/~1orders/post/responses/201',
    d => {
      of(d, '/orders', 'post').responses[201] = ok
    },
  ],
  [
    'statuses/mistakes-told',
    '/paths/~1orders~1{id}/get',
    d => {
      of(d, '/orders/{id}', 'get').responses = { 200: ok }
    },
  ],
  [
    'methods/no-content-to-read',
    '/paths/~1orders~1{id}/get',
    d => {
      of(d, '/orders/{id}', 'get').requestBody = {}
    },
  ],
  [
    'problems/details',
    '/paths/~1orders/get/responses/400',
    d => {
      of(d, '/orders', 'get').responses[400] = { description: 'No.', content: { 'application/json': {} } }
    },
  ],
  [
    'versions/named',
    '/paths',
    d => {
      d.servers = [{ url: 'https://api.example/' }]
    },
  ],
  [
    'ids/no-counting',
    '/paths/~1orders~1{id}/parameters/0',
    d => {
      ;(d.paths['/orders/{id}'] as { parameters: unknown }).parameters = [{ ...id, schema: { type: 'integer' } }]
    },
  ],
  [
    'security/said',
    '/paths/~1orders/post',
    d => {
      delete (d as { security?: unknown }).security
    },
  ],
  [
    'methods/repeatable',
    '/paths/~1orders/post',
    d => {
      of(d, '/orders', 'post').parameters = [{ name: 'Prefer', in: 'header' }]
    },
  ],
  [
    'methods/guarded',
    '/paths/~1orders~1{id}/put',
    d => {
      ;(d.paths['/orders/{id}'] as Record<string, unknown>).put = { responses: { 200: ok, 404: missing } }
    },
  ],
]

// biome-ignore lint/suspicious/noExplicitAny: a document is spoilt where it has to be
const of = (document: Document, path: string, method: string): any => document.paths[path]?.[method]

type Row = {
  readonly rule: string
  readonly pointer: string
  readonly line: number
  readonly reason: string
  readonly fix: string
}

async function found(document: unknown, ...words: string[]): Promise<readonly Row[]> {
  const file = join(folder, 'openapi.json')
  await writeFile(file, JSON.stringify(document, null, 2))
  const { out } = await here(['lint', file, '--as', 'json', ...words], root)
  return JSON.parse(out)
}

test('nothing is found where nothing is wrong', async () => {
  assert.deepEqual(await found(good()), [])
})

test('every rule has a document that breaks it', () => {
  assert.deepEqual(spoilt.map(([rule]) => rule).toSorted(), rules.map(({ id }) => id).toSorted())
})

for (const [rule, pointer, spoil] of spoilt)
  test(`${rule} finds what breaks it, and no other rule does`, async () => {
    const document = good()
    spoil(document)
    const rows = await found(document)
    assert.deepEqual(
      rows.map(row => [row.rule, row.pointer]),
      [[rule, pointer]],
    )
    const [row] = rows
    assert.ok(row && row.line > 1 && row.reason !== '' && row.fix !== '')
    assert.deepEqual(await found(document, '--ignore', rule), [])
  })

test('the bank keeps every rule: from its definition, and from what its server says', async () => {
  for (const source of ['examples/bank/api.ts', `${serving.url}/openapi.json`]) {
    const { code, out, err } = await here(['lint', source, '--fail-on', 'note'], root)
    assert.deepEqual([code, err, out], [0, '', `${source}: nothing found by ${rules.length} rules.\n`])
  }
})

test('what is served without a definition is checked as it would be served', async () => {
  const { code, out } = await here(['lint', 'examples/placeholder/db.json', '--fail-on', 'error'], root)
  assert.equal(code, 0)
  assert.match(out, /warning {2}ids\/no-counting/)
})

test('YAML is read, and the place of a finding is that in the file', async () => {
  const file = join(folder, 'pets.yaml')
  await writeFile(
    file,
    'openapi: 3.0.3\ninfo: {title: Pets, version: "1"}\nsecurity: []\npaths:\n  /v1/pets:\n    get:\n      responses:\n        "201": {description: Odd}\n',
  )
  const { code, out } = await here(['lint', file], root)
  assert.equal(code, 1)
  assert.match(out, /error {2}statuses\/fit-method/)
  assert.match(out, /pets\.yaml:8:16 {2}GET \/v1\/pets answers 201, which does not fit GET\./)
  assert.match(out, /1 error, 0 warnings, 0 notes\.\n$/)
})

test('SARIF names each rule, each finding and its line', async () => {
  const document = good()
  of(document, '/orders', 'get').parameters = []
  const file = join(folder, 'sarif.json')
  await writeFile(file, JSON.stringify(document, null, 2))
  const { out } = await here(['lint', file, '--as', 'sarif'], root)
  const [run] = JSON.parse(out).runs
  const [result] = run.results
  assert.equal(run.tool.driver.rules[result.ruleIndex].id, 'lists/paging')
  assert.deepEqual([result.ruleId, result.level], ['lists/paging', 'error'])
  const { artifactLocation, region } = result.locations[0].physicalLocation
  assert.equal(artifactLocation.uri, file)
  assert.ok(region.startLine > 1)
})

test('it fails as gravely as it is told to', async () => {
  const document = good()
  document.servers = [{ url: 'https://api.example/' }]
  const file = join(folder, 'grave.json')
  await writeFile(file, JSON.stringify(document))
  const codes = ['note', 'warning', 'error', 'never'].map(
    async level => (await here(['lint', file, '--fail-on', level], root)).code,
  )
  assert.deepEqual(await Promise.all(codes), [1, 1, 0, 0])
})

test('what cannot be checked is said, with what to do', async () => {
  await writeFile(join(folder, 'broken.json'), '{"openapi": "3.1.0", ')
  await writeFile(join(folder, 'two.yaml'), 'swagger: "2.0"\n')
  const rows: readonly (readonly [string[], number, RegExp])[] = [
    [['lint'], 2, /There is nothing to check/],
    [['lint', 'nowhere.yaml'], 2, /nowhere\.yaml is not there/],
    [['lint', join(folder, 'broken.json')], 2, /neither JSON nor YAML/],
    [['lint', join(folder, 'two.yaml')], 2, /Swagger 2/],
    [['lint', 'examples/bank/api.ts', '--ignore', 'paths/none'], 2, /no rule “paths\/none”/],
    [['lint', `${serving.url}/nothing`], 4, /404/],
    [['lint', 'http://127.0.0.1:1/openapi.json', '--retry', '0'], 1, /127\.0\.0\.1/],
  ]
  for (const [words, code, said] of rows) {
    const ended = await here(words, root)
    assert.equal(ended.code, code, words.join(' '))
    assert.match(ended.err, said)
  }
})

test('references that turn in a circle, and members of odd names, are no trap', async () => {
  const document = good()
  Object.assign(document.components, {
    responses: { Missing: { $ref: '#/components/responses/Missing' }, __proto__: {} },
  })
  of(document, '/orders', 'get').responses[404] = { $ref: '#/constructor/prototype' }
  assert.deepEqual(
    (await found(document)).map(({ rule }) => rule),
    [],
  )
})

test('as a process it prints the rules', async () => {
  const { code, out } = await comity(['lint', '--rules'], root)
  assert.equal(code, 0)
  for (const { id, reason, fix } of rules) assert.ok(out.includes(id) && out.includes(reason) && out.includes(fix))
})

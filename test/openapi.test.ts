// The OpenAPI document: valid for a linter by others, complete, and true in its examples.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import {
  boolean,
  collection,
  date,
  dateTime,
  decimal,
  defineApi,
  integer,
  number,
  oneOf,
  optional,
  reference,
  service,
  text,
} from '@comity/server'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import bank from '../examples/bank/api.ts'
import { openApiDocument } from '../packages/server/src/openapi/document.ts'
import { drawers } from './files/drawers.ts'

/** Every kind of field, in every position, with hostile words. */
const everything = defineApi({
  title: 'Everything <b>&</b> "more"',
  version: '2.3.1',
  description: 'A `description` with <i>markup</i>.',
  resources: {
    'big-boxes': collection({
      description: 'Boxes </script> & "things".',
      fields: {
        label: text({ pattern: '^[A-Z]{2}-\\d{4}$', unique: true }),
        note: optional(text({ min: 40, max: 60 })),
        size: oneOf('small', 'large'),
        weight: decimal({ over: '1000', max: '1001', scale: 3 }),
        parts: integer({ min: 7, max: 9 }),
        ratio: optional(number({ min: -2, max: -1 })),
        open: boolean({ default: false }),
        made: date(),
        seen: optional(dateTime()),
        previous: optional(reference('big-boxes')),
      },
      filters: { madeAfter: 'made.gt' },
      sort: '-made',
      exports: 'refused',
      history: 'kept',
      nested: { entries: collection({ fields: { problem: text() } }) },
    }),
    difficulties: collection({ singular: 'problem', fields: { problem: text() }, id: text({ pattern: '^p\\d+$' }) }),
    lamps: collection({
      fields: { lit: boolean() },
      id: 'integer',
      nested: { shades: collection({ fields: { hue: text() } }) },
    }),
    'list-big-boxes': service({ input: { box: text() }, output: { count: integer() }, handle: () => ({ count: 1 }) }),
    pack: service({
      method: 'POST',
      input: { box: text(), times: integer({ default: 1 }) },
      output: { done: boolean() },
      handle: () => ({ done: true }),
    }),
  },
})

const bases = [
  { name: 'the bank', model: bank.model, url: 'http://127.0.0.1:3000/bank' },
  { name: 'the bank at the root', model: bank.model, url: '' },
  { name: 'every kind of field', model: everything.model, url: '/box' },
  { name: 'files', model: drawers.model, url: '' },
]

const documents = bases.map(({ name, model, url }) => ({ name, model, document: openApiDocument(model, { url }) }))

const redocly = fileURLToPath(new URL('../node_modules/@redocly/cli/bin/cli.js', import.meta.url))

for (const { name, document } of documents)
  test(`redocly lint finds nothing in the document of ${name}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'comity-openapi-'))
    try {
      const path = join(folder, 'openapi.json')
      await writeFile(path, JSON.stringify(document))
      const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
      // Which license an API has is for its operator to say, not for the description of it.
      const rules = ['lint', path, '--extends', 'recommended', '--skip-rule', 'info-license', '--format', 'json']
      const lint = await promisify(execFile)(process.execPath, [redocly, ...rules], {
        env,
        cwd: folder,
        maxBuffer: 2 ** 26,
      }).catch((error: { stdout: string; stderr: string }) => error)
      const report = JSON.parse(lint.stdout) as { totals: unknown; problems: readonly { message: string }[] }
      assert.deepEqual(
        report.problems.map(({ message }) => message),
        [],
        lint.stderr,
      )
    } finally {
      await rm(folder, { recursive: true })
    }
  })

type Node = Record<string, unknown>
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null

/** Whatever has a schema and examples beside it, with its JSON Pointer. */
function* exampled(value: unknown, pointer = ''): Generator<{ pointer: string; examples: Node }> {
  if (!isNode(value)) return
  if (isNode(value.schema) && isNode(value.examples)) yield { pointer: `${pointer}/schema`, examples: value.examples }
  for (const [name, member] of Object.entries(value))
    if (name !== 'examples') yield* exampled(member, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
}

function validatorOf(document: unknown) {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addFormat('decimal', /^-?\d+(\.\d+)?$/)
  ajv.addSchema({ ...(document as Node), $id: 'https://example.org/openapi.json' })
  return (pointer: string) => {
    const reference = pointer.split('/').map(encodeURIComponent).join('/')
    return ajv.compile({ $ref: `https://example.org/openapi.json#${reference}` })
  }
}

for (const { name, document } of documents)
  test(`every example is valid for its schema: ${name}`, () => {
    const compile = validatorOf(document)
    let checked = 0
    for (const { pointer, examples } of exampled(document)) {
      const validate = compile(pointer)
      for (const [example, { value }] of Object.entries(examples as Record<string, Node>)) {
        assert.ok(
          validate(value),
          `${pointer} ${example}: ${JSON.stringify(validate.errors)}\n${JSON.stringify(value)}`,
        )
        checked++
      }
    }
    assert.ok(checked > 300, `only ${checked} examples`)
  })

const resolve = (document: unknown, value: unknown): Node => {
  const ref = (value as Node).$ref
  if (typeof ref !== 'string') return value as Node
  return ref
    .slice(2)
    .split('/')
    .reduce((node, name) => node[name] as Node, document as Node)
}

type Operation = { operationId: string; parameters?: unknown[]; requestBody?: { content: Node }; responses: Node }

function* operations(document: unknown): Generator<[where: string, operation: Operation]> {
  for (const [path, item] of Object.entries((document as { paths: Node }).paths))
    for (const [method, operation] of Object.entries(item as Node)) yield [`${method} ${path}`, operation as Operation]
}

for (const { name, document, model } of documents)
  test(`every body has an example, every id is told, every method is there: ${name}`, () => {
    const ids = new Set<string>()
    for (const [where, operation] of operations(document)) {
      assert.ok(!ids.has(operation.operationId), `two operations are ${operation.operationId}`)
      ids.add(operation.operationId)
      const parameters = (operation.parameters ?? []).map(parameter => resolve(document, parameter))
      const inPath = parameters.filter(parameter => parameter.in === 'path').map(parameter => `{${parameter.name}}`)
      assert.deepEqual(inPath, where.match(/\{[^}]+\}/g) ?? [], where)
      const words = parameters.map(parameter => `${parameter.in} ${parameter.name}`)
      assert.equal(new Set(words).size, words.length, `${where} names a parameter twice`)
      for (const [type, media] of Object.entries(operation.requestBody?.content ?? {}))
        assert.ok((media as Node).examples, `${where} has no example of a ${type} content`)
      for (const [status, response] of Object.entries(operation.responses)) {
        const { description, content = {} } = resolve(document, response)
        assert.ok(description, `${where} ${status}`)
        for (const [type, media] of Object.entries(content as Node))
          if (type !== 'text/html' && !where.endsWith('/openapi.json'))
            assert.ok((media as Node).examples, `${where} ${status} has no example in ${type}`)
      }
    }
    for (const { methods, name: plural, parent, parentField, files } of model.collections) {
      const path = parent ? `/${parent.name}/{${parentField?.name}}/${plural}` : `/${plural}`
      const said = (at: string) => Object.keys((document.paths as Record<string, Node>)[at] ?? {})
      const wanted = (allow: readonly string[]) =>
        allow.map(method => (method === 'QUERY' ? 'x-query' : method.toLowerCase())).sort()
      assert.deepEqual(said(path).sort(), wanted(methods.collection))
      assert.deepEqual(said(`${path}/{${files ? 'name' : 'id'}}`).sort(), wanted(methods.item))
    }
  })

/** Rows: an operation of the bank, the statuses it must have beside those of any request, those it must not have. */
const statuses: readonly [where: string, has: string, hasNot: string][] = [
  ['get /accounts', '200 206 304 400 404 406 412 416', '201 204 409 410 411 413 415 422 428'],
  ['x-query /accounts', '200 304 400 406 411 412 413 415', '201 204 409 428'],
  ['post /accounts', '201 400 406 409 411 412 413 415 422', '200 204 304 410 428'],
  ['put /accounts', '200 204 400 409 412', '201 304 428'],
  ['patch /accounts', '200 204 400 409 412 422', '201 304 428'],
  ['post /transfers', '201 400 409 412 422', '200 204 304 428'],
  ['delete /accounts', '204 400 409 412 428', '200 304 406 411 413 415'],
  ['head /accounts', '200 304 400 404 406 412', '206 416'],
  ['get /accounts/{id}', '200 206 304 404 406 410 412 416', '201 204 409 428'],
  ['put /accounts/{id}', '200 201 204 400 404 409 410 412', '304 428'],
  ['patch /accounts/{id}', '200 204 400 404 409 410 412 415', '201 304 428'],
  ['delete /accounts/{id}', '204 404 409 410 412', '200 304 406 428'],
  ['post /accounts/{accountId}/transactions', '201 404 410 422', '200 428'],
  ['put /rates/{id}', '200 201 204 412 422 428', '304'],
  ['patch /rates', '200 204 428', '304'],
  ['delete /rates/{id}', '204 428', '304'],
  ['get /convert', '200 206 304 400 406 412 416 422', '409 428'],
  ['get /problems/{code}', '200 304 404 406 412', '410'],
  ['get /readyz', '200 406 503', '304 412'],
  ['options /accounts/{id}', '204', '200 406 410 412'],
]

test('every operation of the bank lists the statuses it may answer, and no others', () => {
  const byPlace = new Map(operations(documents[0]?.document))
  const everywhere = ['400', '404', '408', '414', '417', '421', '431', '500', '503']
  for (const [where, has, hasNot] of statuses) {
    const said = Object.keys(byPlace.get(where)?.responses ?? {})
    for (const status of [...has.split(' '), ...everywhere])
      assert.ok(said.includes(status), `${where} lacks ${status}`)
    for (const status of hasNot.split(' ')) assert.ok(!said.includes(status), `${where} has ${status}`)
  }
  for (const [where, { responses }] of byPlace)
    for (const status of everywhere) assert.ok(responses[status], `${where} lacks ${status}`)
})

test('the bank’s schemas say what may be sent and what is answered', () => {
  const { components } = openApiDocument(bank.model, { url: '' })
  const of = (name: string) => {
    const { properties = {}, required = [], additionalProperties } = components.schemas[name] as Node
    return { members: Object.keys(properties as Node), required, additionalProperties }
  }
  const closed = { additionalProperties: false }
  const all = ['id', 'type', 'name', 'currency', 'balance', 'createdAt', 'updatedAt']
  const written = ['type', 'name', 'currency']
  assert.deepEqual(of('Account'), { members: all, required: all, ...closed })
  assert.deepEqual(of('AccountPart'), { members: all, required: [], ...closed })
  assert.deepEqual(of('AccountCreate'), { members: written, required: written, ...closed })
  assert.deepEqual(of('AccountReplace'), { members: all, required: written, ...closed })
  assert.deepEqual(of('AccountPatch'), { members: all, required: [], ...closed })
  assert.deepEqual(of('TransactionCreate').required, ['type', 'amount', 'date'])
  const transaction = components.schemas.Transaction as { properties: Record<string, Node> }
  assert.deepEqual(transaction.properties.description?.type, ['string', 'null'])
  assert.equal(transaction.properties.accountId?.readOnly, true)
})

test('an id in a path is described as the id of the item is', () => {
  const { components, paths } = openApiDocument(everything.model, { url: '' })
  const idOf = (path: string) => {
    const [parameter] = paths[path]?.get?.parameters ?? []
    const { name, schema, examples } = resolve({ components }, parameter)
    return [name, schema, (examples as { one: Node }).one.value]
  }
  const whole = { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }
  assert.deepEqual(idOf('/lamps/{id}'), ['id', whole, 7])
  assert.deepEqual(idOf('/lamps/{lampId}/shades'), ['lampId', whole, 1])
  const some = { type: 'string', minLength: 1, maxLength: 255 }
  assert.deepEqual(idOf('/difficulties/{id}')[1], { ...some, pattern: '^p\\d+$' })
  assert.deepEqual(idOf('/big-boxes/{id}')[1], some)
})

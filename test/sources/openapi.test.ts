// OpenAPI documents as mocks: what they answer is valid by a validator that the server does not use, and what they refuse
// is told as anywhere.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { isOpenapi, type Mock, openMock, openSource, SourceError, serve } from '@comity/server'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import bank from '../../examples/bank/api.ts'
import { openApiDocument } from '../../packages/server/src/openapi/document.ts'
import { startApi } from '../support/bank.ts'
import { agent, call, type Fields } from '../support/call.ts'

const here = (name: string) => fileURLToPath(new URL(`openapi/${name}`, import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'comity-mock-'))
after(() => {
  agent.destroy()
  rmSync(folder, { recursive: true })
})

const failed: unknown[] = []
async function serveMock(mock: Mock) {
  const { url, close } = await serve(mock, { port: 0, onError: error => failed.push(error) })
  return {
    url,
    close,
    call: (method: string, path: string, fields?: Fields, body?: unknown) => call(method, url + path, fields, body),
  }
}
after(() => assert.deepEqual(failed, []))

// biome-ignore lint/suspicious/noExplicitAny: documents are read as they are
type Document = any

/** Validates by reference into the document as it was written. */
function validatorFor(document: Document) {
  const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false })
  addFormats.default(ajv as never)
  ajv.addFormat('decimal', true)
  ajv.addSchema(document, 'doc:')
  const tokens = (...names: string[]) =>
    names.map(name => `/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}`)
  return (value: unknown, ...at: string[]) => {
    const check = ajv.compile({ $ref: `doc:#${tokens(...at).join('')}` })
    return check(value) ? [] : check.errors
  }
}

describe('an animal shelter, in OpenAPI 3.0', () => {
  let mock: Mock
  let shelter: Awaited<ReturnType<typeof serveMock>>
  const problem = async (method: string, path: string, fields?: Fields, body?: unknown) => {
    const answer = await shelter.call(method, path, fields, body)
    assert.equal(answer.fields['content-type'], 'application/problem+json')
    const { status, code, errors = [] } = answer.json()
    assert.equal(status, answer.status)
    return [status, code, errors.map((one: Document) => one.pointer ?? one.parameter ?? one.field)]
  }
  before(async () => {
    mock = await openMock(here('shelter.yaml'))
    shelter = await serveMock(mock)
  })
  after(() => shelter.close())

  test('a document is told from data', async () => {
    assert.equal(await isOpenapi(here('shelter.yaml')), true)
    assert.equal(await isOpenapi(here('search.json')), true)
    assert.equal(await isOpenapi(here('parts/person.json')), false)
    await assert.rejects(() => openSource(here('search.json')), SourceError)
    assert.deepEqual(mock.notes, [])
    assert.equal(mock.files.length, 3)
  })

  test('declared examples come first, the one that is asked for before others', async () => {
    const two = [
      { id: 1, name: 'Mun', kind: 'cat' },
      { id: 2, name: 'Рекс', kind: 'dog' },
    ]
    const usual = await shelter.call('GET', '/animals')
    assert.deepEqual([usual.status, usual.json(), usual.fields['x-total-count']], [200, two, '2'])
    const none = await shelter.call('GET', '/api/v1/animals', { prefer: 'example=none' })
    assert.deepEqual([none.json(), none.fields['preference-applied']], [[], 'example=none'])
    assert.deepEqual(await problem('GET', '/animals', { prefer: 'example=three' }), [
      400,
      'preference-unsupported',
      ['Prefer'],
    ])
    assert.equal((await shelter.call('GET', '/animals/newest')).json().name, 'Newest')
    const made = await shelter.call('POST', '/animals', { 'x-key': 'any' }, { name: 'A', kind: 'cat', secret: 's' })
    assert.deepEqual([made.status, made.fields.location], [201, '/animals/3'])
  })

  test('what no example is declared of is made: valid, telling, and the same each time', async () => {
    const one = await shelter.call('GET', '/animals/1')
    const { id, name, kind, tag, weight, born, seen, owner, ...more } = one.json()
    assert.deepEqual([id, name, kind, weight, more], [1, 'Name', 'cat', 1.5, {}])
    assert.match(tag, /^[A-Z]{3}-\d{4}$/)
    assert.match(born, /^\d{4}-\d\d-\d\d$/)
    assert.ok(!Number.isNaN(Date.parse(seen)))
    assert.match(owner.email, /^\S+@\S+$/)
    assert.match(owner.phone, /^\+\d{6,12}$/)
    const again = await serveMock(await openMock(here('shelter.yaml')))
    assert.equal((await again.call('GET', '/animals/1')).text, one.text)
    await again.close()
    const dynamic = await shelter.call('GET', '/animals/1', { prefer: 'dynamic=true' })
    const other = await shelter.call('GET', '/animals/1', { prefer: 'dynamic=true' })
    assert.notEqual(dynamic.text, other.text)
  })

  test('any status can be asked for', async () => {
    const missing = await shelter.call('GET', '/animals/1', { prefer: 'code=404' })
    assert.deepEqual(
      [missing.status, missing.json().title, missing.fields['preference-applied']],
      [404, 'Not here', 'code=404'],
    )
    assert.equal(missing.fields.etag, undefined)
    assert.equal((await shelter.call('GET', '/animals/1', { prefer: 'code=503' })).status, 503)
    assert.equal((await shelter.call('GET', '/animals', { prefer: 'code=500' })).json().title, 'Not here')
    const undeclared = await shelter.call('GET', '/animals/newest', { prefer: 'code=429' })
    assert.deepEqual([undeclared.status, undeclared.json().status], [429, 429])
    assert.deepEqual(await problem('GET', '/animals', { prefer: 'code=99' }), [
      400,
      'preference-unsupported',
      ['Prefer'],
    ])
  })

  test('media types are negotiated', async () => {
    const xml = await shelter.call('GET', '/animals', { accept: 'application/xml' })
    assert.match(xml.text, /^<\?xml.*<animals><animals id="1"><name>/s)
    assert.equal((await shelter.call('GET', '/animals', { accept: 'text/*' })).text, 'Mun\n')
    assert.deepEqual(await problem('GET', '/animals', { accept: 'image/png' }), [406, 'not-acceptable', []])
    assert.equal((await shelter.call('GET', '/animals', { accept: 'image/png', prefer: 'code=500' })).status, 500)
    const report = await shelter.call('GET', '/reports/2014-12')
    assert.equal(report.fields['content-type'], 'text/plain')
  })

  test('reads are conditional, have ranges, and guard writes', async () => {
    const one = await shelter.call('GET', '/animals/1')
    const same = await shelter.call('GET', '/animals/1', { 'if-none-match': one.fields.etag })
    assert.deepEqual([same.status, same.text, same.fields.etag], [304, '', one.fields.etag])
    const part = await shelter.call('GET', '/animals', { range: 'bytes=0-3' })
    assert.deepEqual([part.status, part.text], [206, '[{"i'])
    assert.equal((await shelter.call('GET', '/animals', { range: 'bytes=99999-' })).status, 416)
    const head = await shelter.call('HEAD', '/animals/1')
    assert.deepEqual([head.status, head.text, head.fields['content-length']], [200, '', one.fields['content-length']])
    const content = { name: 'A', kind: 'cat', secret: 's' }
    assert.equal((await shelter.call('PUT', '/animals/1', { 'if-match': one.fields.etag }, content)).status, 200)
    assert.deepEqual(await problem('PUT', '/animals/1', { 'if-match': '"old"' }, content), [
      412,
      'precondition-failed',
      [],
    ])
    const gone = await shelter.call('DELETE', '/animals/1', { 'if-match': one.fields.etag })
    assert.deepEqual([gone.status, gone.text], [204, ''])
  })

  test('parameters are held against the document', async () => {
    const wrong = '/animals?limit=0&kind=cow&ids=1,x&born[from]=x'
    assert.deepEqual(await problem('GET', wrong, { 'x-trace': '1' }), [
      400,
      'invalid-query',
      ['kind', 'limit', 'ids', 'born', 'X-Trace'],
    ])
    const right = '/animals?limit=5&kind=cat&ids=1,2&born[from]=2014-12-31&other=1'
    assert.equal((await shelter.call('GET', right, { 'x-trace': '0149f2c1-5c00-7a3e-8f4d-2b6c9e1d7a50' })).status, 200)
    assert.deepEqual(await problem('GET', '/animals?limt=3', { prefer: 'handling=strict' }), [
      400,
      'invalid-query',
      ['limt'],
    ])
    assert.deepEqual(await problem('GET', '/animals/x'), [400, 'invalid-query', ['animalId']])
    assert.deepEqual(await problem('GET', '/reports/2014-13'), [400, 'invalid-query', ['month']])
    assert.deepEqual(await problem('GET', '/nothing'), [404, 'no-such-resource', []])
    assert.deepEqual(await problem('PATCH', '/animals/1', {}, {}), [405, 'method-not-allowed', []])
    const options = await shelter.call('OPTIONS', '/animals/1')
    assert.deepEqual([options.status, options.fields.allow], [204, 'GET, PUT, DELETE, HEAD, OPTIONS'])
  })

  test('contents are held against the document', async () => {
    const key = { 'x-key': 'any' }
    const bad = { name: '', kind: 'cow', owner: { email: 'x' }, odd: 1 }
    const [status, code, at] = await problem('POST', '/animals', key, bad)
    assert.deepEqual([status, code], [400, 'invalid-content'])
    assert.deepEqual(new Set(at), new Set(['/secret', '/odd', '/name', '/kind', '/owner/email']))
    assert.deepEqual(await problem('POST', '/animals', key, '{"name":'), [400, 'malformed-content', []])
    assert.deepEqual(await problem('POST', '/animals', key), [400, 'malformed-content', []])
    const csv = { ...key, 'content-type': 'text/csv' }
    assert.deepEqual(await problem('POST', '/animals', csv, 'a,b'), [415, 'unsupported-media-type', []])
    const form = { ...key, 'content-type': 'application/x-www-form-urlencoded' }
    assert.equal((await shelter.call('POST', '/animals', form, 'name=A&kind=cat&secret=1&weight=2.5')).status, 201)
    assert.equal((await problem('POST', '/animals', form, 'name=A&kind=cat&secret=1&weight=2.3'))[0], 400)
    assert.deepEqual(await problem('POST', '/animals', key, 'x'.repeat(2_000_000)), [413, 'content-too-large', []])
  })

  test('who asks is asked for, and anybody will do', async () => {
    const animal = { name: 'A', kind: 'cat', secret: 's' }
    const nobody = await shelter.call('POST', '/animals', {}, animal)
    assert.deepEqual([nobody.status, nobody.fields['www-authenticate']], [401, 'bearer realm="mock"'])
    assert.equal((await shelter.call('POST', '/animals', { authorization: 'Bearer any' }, animal)).status, 201)
  })

  test('what the document leaves open is answered: itself, what there is, what problems mean', async () => {
    assert.equal((await shelter.call('GET', '/openapi.json')).json().info.title, 'Animal shelter')
    assert.deepEqual((await shelter.call('GET', '/')).json().paths['/animals'], ['GET', 'POST'])
    const { type } = (await shelter.call('GET', '/nothing')).json()
    assert.equal((await call('GET', type)).json().code, 'no-such-resource')
  })
})

test('OpenAPI 3.2: QUERY, JSON Schema of today, examples as text; a reference that leads nowhere is told', async () => {
  const mock = await openMock(here('search.json'))
  assert.deepEqual(mock.notes, [
    'The reference “#/$defs/Missing” leads nowhere: anything is taken for what it stands for.',
  ])
  const search = await serveMock(mock)
  try {
    const valid = validatorFor(mock.documents.all.get(mock.documents.root))
    const found = await search.call('QUERY', '/books', {}, { words: null })
    const at = ['paths', '/books', 'query', 'responses', '200', 'content', 'application/json', 'schema']
    assert.deepEqual(valid(found.json(), ...at), [])
    assert.equal(found.json()[1].title, 'Sông')
    assert.equal((await search.call('QUERY', '/books', {}, { words: 1 })).status, 400)
    assert.equal((await search.call('QUERY', '/books', {}, { words: 'a', more: 1 })).status, 400)
    assert.equal((await search.call('GET', '/books')).text, '[ 1,2 ]')
  } finally {
    await search.close()
  }
})

test('the bank’s own document is mocked: what its examples ask is answered with what is valid by it', async () => {
  const document: Document = JSON.parse(JSON.stringify(openApiDocument(bank.model, { url: 'https://bank.example' })))
  const path = join(folder, 'bank.json')
  writeFileSync(path, JSON.stringify(document))
  const mock = await openMock(path)
  assert.deepEqual(mock.notes, [])
  const served = await serveMock(mock)
  const valid = validatorFor(document)
  const follow = (value: Document): Document =>
    value?.$ref
      ? follow(
          value.$ref
            .slice(2)
            .split('/')
            .reduce((at: Document, name: string) => at[name], document),
        )
      : value
  const firstExample = (of: Document) =>
    of?.example ?? (Object.values(of?.examples ?? {})[0] as Document)?.value ?? of?.examples?.[0]
  let checked = 0
  let at = 0
  try {
    for (const [template, item] of Object.entries<Document>(document.paths))
      for (const [method, operation] of Object.entries<Document>(item)) {
        if (!['get', 'post', 'put', 'patch', 'delete'].includes(method)) continue
        // Compiling is what takes long: some of them by default.
        if (!process.env.COMITY_LONG && at++ % 3 > 0) continue
        const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(follow)
        const path = template.replace(/\{(\w+)\}/g, (_, name) => {
          const one = parameters.find(each => each.name === name)
          return encodeURIComponent(String(firstExample(one) ?? firstExample(follow(one.schema)) ?? '1'))
        })
        const words = parameters.filter(one => one.in === 'query' && one.required)
        const query = words.map(
          one => `${one.name}=${encodeURIComponent(firstExample(one) ?? firstExample(follow(one.schema)))}`,
        )
        const body = follow(operation.requestBody)?.content['application/json']
        const sent = body && firstExample(body)
        if (operation.requestBody && sent === undefined) continue
        const whole = query.length > 0 ? `${path}?${query.join('&')}` : path
        const inFields = parameters.filter(one => one.in === 'header' && one.required)
        const needed = Object.fromEntries(
          inFields.map(one => [one.name, String(firstExample(one) ?? firstExample(follow(one.schema)))]),
        )
        const fields = {
          accept: 'application/json, */*;q=0.1',
          ...needed,
          ...(sent !== undefined && { 'content-type': 'application/json' }),
        }
        const answer = await served.call(method.toUpperCase(), whole, fields, sent && JSON.stringify(sent))
        assert.ok(answer.status < 400, `${method} ${whole}: ${answer.text}`)
        const content = follow(operation.responses[answer.status])?.content?.['application/json']
        if (content === undefined || answer.text === '') continue
        const check = [
          'paths',
          template,
          method,
          'responses',
          String(answer.status),
          'content',
          'application/json',
          'schema',
        ]
        // What several operations share stands elsewhere.
        if (operation.responses[answer.status].$ref) continue
        assert.deepEqual(valid(answer.json(), ...check), [], `${method} ${template}`)
        checked++
      }
  } finally {
    await served.close()
  }
  assert.ok(checked >= (process.env.COMITY_LONG ? 15 : 5), `${checked} answers were checked`)
})

test('what a document can name is bounded', async () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['swagger.yaml', 'swagger: "2.0"\npaths: {}\n', /OpenAPI 2\.0/],
    ['empty.yaml', 'openapi: 3.1.0\npaths: {}\n', /no paths/],
    ['broken.yaml', 'openapi: 3.1.0\npaths: [\n', /neither JSON nor YAML/],
    ['outside.yaml', 'openapi: 3.1.0\npaths: { /a: { $ref: ../secret.yaml } }\n', /outside of the folder|is not there/],
    ['linked.yaml', 'openapi: 3.1.0\npaths: { /a: { $ref: link.yaml } }\n', /outside of the folder/],
    ['missing.yaml', 'openapi: 3.1.0\npaths: { /a: { $ref: nowhere.yaml } }\n', /is not there/],
    [
      'bomb.yaml',
      `openapi: 3.1.0\na: &a [1,1,1,1,1,1,1,1,1]\n${'bcdefgh'
        .split('')
        .map((name, i) => `${name}: &${name} [${`*${'abcdefg'[i]},`.repeat(9)}]`)
        .join('\n')}\n`,
      /cannot be read|too large/,
    ],
    ['deep.json', `{"openapi":"3.1.0","paths":${'{"a":'.repeat(300)}1${'}'.repeat(300)}}`, /deeper/],
  ]
  const inside = join(folder, 'inside')
  mkdirSync(inside)
  writeFileSync(join(folder, 'secret.yaml'), 'get: { responses: {} }\n')
  symlinkSync(join(folder, 'secret.yaml'), join(inside, 'link.yaml'))
  for (const [name, text, why] of cases) {
    writeFileSync(join(inside, name), text)
    await assert.rejects(
      () => openMock(join(inside, name)),
      (error: Error) => error instanceof SourceError && why.test(error.message),
      name,
    )
  }
  // The network is not asked, nor is anything below another scheme.
  const far =
    'openapi: 3.1.0\npaths: { /a: { get: { responses: { 200: { description: x, content: { application/json: { schema: { $ref: "http://127.0.0.1:1/x.json" } } } } } } } }\n'
  writeFileSync(join(inside, 'far.yaml'), far)
  const mock = await openMock(join(inside, 'far.yaml'))
  assert.match(mock.notes[0] ?? '', /leads nowhere/)
})

test('a document is fetched from where it is served', async () => {
  const origin = await startApi(bank)
  const mock = await openMock(`${origin.url}/openapi.json`)
  assert.equal(mock.title, bank.model.title)
  await assert.rejects(() => openMock(`${origin.url}/nothing`), /answers 404/)
  await origin.close()
  await assert.rejects(() => openMock(`${origin.url}/openapi.json`), SourceError)
})

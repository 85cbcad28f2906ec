// The fields that say what an answer depends on, what may be sent, and where things are: exact, on every kind of answer.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixRate, openAccount, serving, startBank, unusedPair } from '../support/bank.ts'
import { answerTo, requestText } from '../support/wire.ts'

const bank = serving(startBank)

const query = '/convert?from=EUR&to=CNY&amount=1'
const account = { type: 'current', name: 'Fields', currency: 'EUR' }
const both = 'accept, accept-language, api-version, accept-encoding'

type VaryRow = readonly [
  line: string,
  fields: Readonly<Record<string, string>>,
  status: number,
  vary: string | undefined,
]

const varying: readonly VaryRow[] = [
  ['GET /accounts', {}, 200, 'accept, prefer, api-version, accept-encoding'],
  ['HEAD /accounts', {}, 200, 'accept, prefer, api-version, accept-encoding'],
  ['GET /accounts', { accept: 'text/csv' }, 200, 'accept, prefer, api-version, accept-encoding'],
  ['GET /accounts?limit=all', {}, 200, 'accept, prefer, api-version, accept-encoding'],
  ['GET /accounts', { prefer: 'count=exact' }, 200, 'accept, prefer, api-version, accept-encoding'],
  ['GET /accounts', { 'if-none-match': '*' }, 304, 'accept, prefer, api-version, accept-encoding'],
  ['GET /accounts.csv', {}, 200, 'prefer, api-version, accept-encoding'],
  ['GET /accounts.ndjson', {}, 200, 'prefer, api-version, accept-encoding'],
  ['GET /accounts.cbor', {}, 200, 'prefer, api-version, accept-encoding'],
  ['GET /accounts.json?limit=all', {}, 200, 'prefer, api-version, accept-encoding'],
  ['GET /accounts.json', { 'if-none-match': '*' }, 304, 'prefer, api-version, accept-encoding'],
  ['GET /rates/EUR-CNY', {}, 200, 'accept, api-version, accept-encoding'],
  ['HEAD /rates/EUR-CNY', {}, 200, 'accept, api-version, accept-encoding'],
  ['GET /rates/EUR-CNY', { 'if-none-match': '*' }, 304, 'accept, api-version, accept-encoding'],
  ['GET /rates/EUR-CNY.xml', {}, 200, 'api-version, accept-encoding'],
  ['GET /rates/EUR-CNY.xml', { 'if-none-match': '*' }, 304, 'api-version, accept-encoding'],
  [`GET ${query}`, {}, 200, 'accept, api-version, accept-encoding'],
  [`GET ${query}`, { 'if-none-match': '*' }, 304, 'accept, api-version, accept-encoding'],
  [`GET ${query.replace('?', '.csv?')}`, {}, 200, 'api-version, accept-encoding'],
  ['GET /jobs', {}, 200, 'accept, api-version, accept-encoding'],
  ['GET /jobs.csv', {}, 200, 'api-version, accept-encoding'],
  ['GET /jobs/none', {}, 404, both],
  ['GET /jobs/none/result', {}, 404, both],
  ['GET /', {}, 200, 'accept, api-version, accept-encoding'],
  ['GET /', { accept: 'text/html' }, 200, 'accept, api-version, accept-encoding'],
  ['GET /openapi.json', {}, 200, 'accept, api-version, accept-encoding'],
  ['GET /docs', {}, 200, 'accept, api-version, accept-encoding'],
  ['GET /problems', {}, 200, 'accept, api-version, accept-encoding'],
  ['GET /problems/gone', { accept: 'text/html' }, 200, both],
  ['GET /problems/none', {}, 404, both],
  ['GET /accounts/none', {}, 404, both],
  ['HEAD /accounts/none', {}, 404, both],
  ['GET /accounts/none.xml', {}, 404, 'accept-language, api-version, accept-encoding'],
  ['GET /nothing', {}, 404, both],
  ['GET /accounts?what=1', {}, 400, both],
  ['GET /accounts', { accept: 'image/png' }, 406, both],
  ['GET /accounts', { 'if-match': '"x"' }, 412, both],
  ['TRACE /accounts', {}, 405, both],
  ['DELETE /rates/EUR-CNY', {}, 428, both],
  ['DELETE /rates', {}, 428, both],
  ['OPTIONS /accounts', {}, 204, 'api-version'],
  ['GET /accounts/', {}, 308, 'api-version'],
]

for (const [line, fields, status, vary] of varying)
  test(`Vary: ${line} ${JSON.stringify(fields)}`, async () => {
    const [method = '', path = ''] = line.split(' ')
    const answer = await bank.call(method, path, fields)
    assert.deepEqual([answer.status, answer.fields.vary], [status, vary])
  })

test('Vary of what answers a write', async () => {
  const { path, item } = await openAccount(bank)
  const rows = [
    ['POST', '/accounts', account, 201, 'accept, prefer, api-version, accept-encoding'],
    ['POST', '/accounts.xml', account, 201, 'prefer, api-version, accept-encoding'],
    ['POST', '/accounts', [account], 201, 'accept, prefer, api-version, accept-encoding'],
    ['POST', '/accounts.ndjson', [account], 201, 'prefer, api-version, accept-encoding'],
    ['POST', '/synchronize', {}, 200, 'accept, prefer, api-version, accept-encoding'],
    ['POST', '/synchronize.xml', {}, 200, 'prefer, api-version, accept-encoding'],
    ['POST', '/statements-run', {}, 202, 'accept, prefer, api-version, accept-encoding'],
    ['POST', '/statements-run.csv', {}, 202, 'prefer, api-version, accept-encoding'],
    ['POST', '/transfers', {}, 400, both],
    ['PUT', path, account, 200, 'accept, prefer, api-version, accept-encoding'],
    ['PATCH', `${path}.csv`, { name: 'CSV' }, 200, 'prefer, api-version, accept-encoding'],
    ['PATCH', '/accounts', [{ id: item.id }], 200, 'accept, prefer, api-version, accept-encoding'],
    ['PATCH', '/accounts.json', [{ id: item.id }], 200, 'prefer, api-version, accept-encoding'],
    ['POST', '/accounts', {}, 400, both],
    ['QUERY', '/accounts', {}, 200, 'accept, prefer, api-version, accept-encoding'],
    ['QUERY', '/accounts.json', {}, 200, 'prefer, api-version, accept-encoding'],
    ['DELETE', path, undefined, 204, 'api-version'],
  ] as const
  for (const [method, target, body, status, vary] of rows) {
    const answer = await bank.call(method, target, {}, body)
    assert.deepEqual([answer.status, answer.fields.vary], [status, vary], `${method} ${target}`)
  }
})

const formats = 'application/json, application/xml, text/csv, application/x-ndjson, application/cbor'
const queries = 'application/json, application/x-www-form-urlencoded'
const listPatches = `${formats}, application/merge-patch+json`
const itemPatches = 'application/merge-patch+json, application/json-patch+json, application/json'

type Named = string | undefined
type OptionsRow = readonly [path: string, allow: string, post?: Named, patch?: Named, query?: Named]

const offered: readonly OptionsRow[] = [
  ['/accounts', 'GET, HEAD, QUERY, POST, PUT, PATCH, DELETE, OPTIONS', formats, listPatches, queries],
  ['/accounts.csv', 'GET, HEAD, QUERY, POST, PUT, PATCH, DELETE, OPTIONS', formats, listPatches, queries],
  ['/accounts.ndjson', 'GET, HEAD, QUERY, POST, PUT, PATCH, DELETE, OPTIONS', formats, listPatches, queries],
  ['/v2/accounts', 'GET, HEAD, QUERY, POST, PUT, PATCH, DELETE, OPTIONS', formats, listPatches, queries],
  ['/accounts/ID', 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS', undefined, itemPatches],
  ['/accounts/ID/transactions', 'GET, HEAD, QUERY, POST, OPTIONS', formats, undefined, queries],
  ['/accounts/ID/transactions/ID', 'GET, HEAD, OPTIONS'],
  ['/accounts/ID/statements', 'GET, HEAD, QUERY, OPTIONS', undefined, undefined, queries],
  ['/accounts/ID/statements/ID', 'GET, HEAD, OPTIONS'],
  ['/transfers', 'GET, HEAD, QUERY, POST, OPTIONS', formats, undefined, queries],
  ['/transfers/ID', 'GET, HEAD, OPTIONS'],
  ['/rates', 'GET, HEAD, QUERY, PUT, PATCH, DELETE, OPTIONS', undefined, listPatches, queries],
  ['/rates/EUR-CNY', 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS', undefined, itemPatches],
  ['/convert', 'GET, HEAD, OPTIONS'],
  ['/synchronize', 'POST, OPTIONS', formats],
  ['/statements-run', 'POST, OPTIONS', formats],
  ['/jobs', 'GET, HEAD, OPTIONS'],
  ['/jobs/ID', 'GET, HEAD, DELETE, OPTIONS'],
  ['/jobs/ID/result', 'GET, HEAD, OPTIONS'],
  ['/', 'GET, HEAD, OPTIONS'],
  ['/openapi.json', 'GET, HEAD, OPTIONS'],
  ['/docs', 'GET, HEAD, OPTIONS'],
  ['/problems', 'GET, HEAD, OPTIONS'],
  ['/problems/gone', 'GET, HEAD, OPTIONS'],
  ['/livez', 'GET, HEAD, OPTIONS'],
  ['/readyz', 'GET, HEAD, OPTIONS'],
]

const methods = ['GET', 'HEAD', 'QUERY', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE']

for (const [path, allow, post, patch, query] of offered)
  test(`OPTIONS ${path} says what may be sent, and so does every 405`, async () => {
    const { status, fields, text } = await bank.call('OPTIONS', path)
    assert.deepEqual([status, text, fields.allow], [204, '', allow])
    assert.deepEqual([fields['accept-post'], fields['accept-patch'], fields['accept-query']], [post, patch, query])
    for (const method of methods) {
      if (allow.split(', ').includes(method)) continue
      const answer = await bank.call(method, path)
      assert.deepEqual([answer.status, answer.fields.allow], [405, allow], method)
      if (method !== 'HEAD') assert.deepEqual(answer.json().allowed, allow.split(', '))
    }
  })

test('OPTIONS * is about the whole server', async () => {
  const answer = await answerTo(bank.url, requestText('OPTIONS *'))
  assert.deepEqual([answer?.status, answer?.fields.allow, answer?.body.length], [204, 'GET, HEAD, OPTIONS', 0])
})

test('415 says what would be read', async () => {
  const { path } = await openAccount(bank)
  const type = { 'content-type': 'application/yaml' }
  const rows = [
    ['POST', '/accounts', 'accept-post', formats],
    ['POST', '/synchronize', 'accept-post', formats],
    ['PATCH', '/accounts', 'accept-patch', listPatches],
    ['PATCH', path, 'accept-patch', itemPatches],
    ['QUERY', '/accounts', 'accept-query', queries],
    ['PUT', path, 'accept', formats],
    ['PUT', '/accounts', 'accept', formats],
  ] as const
  for (const [method, target, field, value] of rows) {
    const { status, fields } = await bank.call(method, target, type, 'a: 1')
    assert.deepEqual([status, fields[field]], [415, value], `${method} ${target}`)
  }
  const packed = { 'content-encoding': 'compress' }
  const { status, fields } = await bank.call('POST', '/accounts', packed, account)
  assert.deepEqual([status, fields['accept-encoding']], [415, 'gzip, deflate, br, zstd'])
})

test('Location names the thing itself, Content-Location the representation that is sent back', async () => {
  for (const extension of ['', '.json', '.xml', '.csv', '.ndjson', '.cbor'])
    for (const version of ['', '/v2'])
      for (const words of ['', '?fields=id,name']) {
        const made = await bank.call('POST', `${version}/accounts${extension}${words}`, {}, account)
        const { location = '', 'content-location': view = '' } = made.fields
        assert.match(location, new RegExp(`^${version}/accounts/[0-9a-f-]{36}$`))
        assert.equal(view, `${location}${extension}${words}`)
        const changed = await bank.call('PATCH', view, {}, { name: 'Changed' })
        assert.deepEqual([changed.fields['content-location'], changed.fields.location], [view, undefined])
        const read = await bank.call('GET', view)
        assert.deepEqual([read.text, read.fields.etag], [changed.text, changed.fields.etag])
      }
  const pair = unusedPair()
  const [base, quote] = pair.split('-')
  const rate = { base, quote, rate: '1', asOf: '2014-12-31T12:00:00Z' }
  const put = await bank.call('PUT', `/rates/${pair}`, { 'if-none-match': '*' }, rate)
  assert.deepEqual([put.status, put.fields.location], [201, `/rates/${pair}`])
})

test('an answer to a write carries the tag under which its body can be asked for again', async () => {
  for (const accept of formats.split(', ')) {
    const { path } = await fixRate(bank)
    const patched = await bank.call('PATCH', path, { accept, 'if-match': '*' }, { rate: '9' })
    const read = await bank.call('GET', path, { accept })
    assert.deepEqual([patched.text, patched.fields.etag], [read.text, read.fields.etag])
    assert.equal((await bank.call('GET', path, { accept, 'if-none-match': patched.fields.etag })).status, 304)
  }
})

test('an item leads to its list, the entry point to everything', async () => {
  assert.equal((await bank.call('GET', '/rates/EUR-CNY')).fields.link, '</rates>; rel="collection"')
  assert.equal((await bank.call('GET', '/v2/rates/EUR-CNY')).fields.link, '</v2/rates>; rel="collection"')
  const { link = '' } = (await bank.call('GET', '/')).fields
  const targets = [...link.matchAll(/<([^>]*)>; rel="([^"]*)"/g)].map(([, target, rel]) => `${rel} ${target}`)
  // What a GET of each is answered: of a service, that it lacks its question, or is called otherwise.
  const wanted = {
    'service-desc /openapi.json': 200,
    'describedby /openapi.json': 200,
    'service-doc /docs': 200,
    'version-history /changelog': 200,
    'status /readyz': 200,
    'item /accounts': 200,
    'item /transfers': 200,
    'item /rates': 200,
    'item /convert': 400,
    'item /synchronize': 405,
    'item /statements-run': 405,
  }
  assert.deepEqual(targets, Object.keys(wanted))
  for (const [target, status] of Object.entries(wanted))
    assert.equal((await bank.call('GET', target.split(' ')[1] ?? '')).status, status, target)
})

// RFC 9110 §12: formats by Accept and by extension, in both directions, and the languages of problems.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openAccount, serving, startBank } from '../support/bank.ts'

const bank = serving(startBank)

const types = {
  json: 'application/json',
  xml: 'application/xml; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson',
  cbor: 'application/cbor',
} as const
const extensions = ['json', 'xml', 'csv', 'ndjson', 'cbor'] as const
const places = ['/accounts', '/accounts?limit=all', '/rates/EUR-CNY', '/convert?from=EUR&to=CNY&amount=1']

for (const place of places)
  for (const extension of extensions)
    test(`${place} as ${extension}: the extension and Accept give the same, and the extension wins`, async () => {
      const [path, words] = place.split('?')
      const byExtension = `${path}.${extension}${words ? `?${words}` : ''}`
      const plain = await bank.call('GET', place, { accept: types[extension].split(';')[0] })
      for (const accept of [
        undefined,
        '*/*',
        'application/json',
        'application/xml',
        'text/csv',
        'application/x-ndjson',
        'application/cbor',
        'image/png',
      ]) {
        const { status, fields, text } = await bank.call('GET', byExtension, { accept })
        assert.deepEqual([status, fields['content-type'], fields.etag], [200, types[extension], plain.fields.etag])
        assert.equal(text, plain.text)
      }
    })

test('an extension nobody knows names nothing', async () => {
  assert.equal((await bank.call('GET', '/accounts.yaml')).status, 404)
  assert.equal((await bank.call('GET', '/accounts.JSON')).status, 404)
  assert.equal((await bank.call('GET', '/rates/EUR-CNY.pdf')).status, 404)
})

const pages: readonly (readonly [path: string, accept: string | undefined, type: string])[] = [
  ['/', undefined, 'application/json'],
  ['/', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text/html; charset=utf-8'],
  ['/', 'application/json, text/html;q=0.9', 'application/json'],
  ['/problems', 'text/html', 'text/html; charset=utf-8'],
  ['/problems', undefined, 'application/json'],
  ['/problems/gone', 'text/html', 'text/html; charset=utf-8'],
  ['/problems/gone', 'application/json', 'application/json'],
  ['/openapi.json', undefined, 'application/json'],
  ['/openapi.json', 'application/vnd.oai.openapi+json', 'application/vnd.oai.openapi+json'],
  ['/docs', undefined, 'text/html; charset=utf-8'],
]

for (const [path, accept, type] of pages)
  test(`${path} for Accept: ${accept}`, async () => {
    const { status, fields } = await bank.call('GET', path, { accept })
    assert.deepEqual([status, fields['content-type']], [200, type])
  })

const sent: readonly (readonly [type: string, content: string])[] = [
  ['application/json', '{"type":"savings","name":"Ünï, \\"co\\"","currency":"EUR"}'],
  ['application/json; charset=utf-8', '{"type":"savings","name":"Ünï, \\"co\\"","currency":"EUR"}'],
  ['application/xml', '<account><type>savings</type><name>Ünï, "co"</name><currency>EUR</currency></account>'],
  [
    'text/xml; charset="UTF-8"',
    '<account><name>Ünï, &quot;co&quot;</name><type>savings</type><currency>EUR</currency></account>',
  ],
]

/** Lists of one, in formats of rows and in those that hold one or several. */
const sentLists: readonly (readonly [type: string, content: string])[] = [
  ['text/csv', 'type,name,currency\r\nsavings,"Ünï, ""co""",EUR\r\n'],
  ['TEXT/CSV;header=present', 'currency,name,type\r\nEUR,"Ünï, ""co""",savings\r\n'],
  ['application/x-ndjson', '{"type":"savings","name":"Ünï, \\"co\\"","currency":"EUR"}\n'],
  ['application/ndjson; charset=utf-8', '\r\n{"currency":"EUR","type":"savings","name":"Ünï, \\"co\\""}'],
  ['application/json', '[{"type":"savings","name":"Ünï, \\"co\\"","currency":"EUR"}]'],
  [
    'application/xml',
    '<accounts><account><type>savings</type><name>Ünï, "co"</name><currency>EUR</currency></account></accounts>',
  ],
]

for (const [type, content] of sent)
  test(`a POST of ${type} makes the same account as any other`, async () => {
    const { status, fields, text } = await bank.call('POST', '/accounts', { 'content-type': type }, content)
    assert.equal(status, 201, text)
    const { type: kind, name, currency } = (await bank.call('GET', fields.location ?? '')).json()
    assert.deepEqual([kind, name, currency], ['savings', 'Ünï, "co"', 'EUR'])
  })

for (const [type, content] of sentLists)
  test(`a POST of a list in ${type} makes the same account as one item in JSON does`, async () => {
    const answer = await bank.call('POST', '/accounts', { 'content-type': type }, content)
    assert.deepEqual([answer.status, answer.fields.location], [201, undefined], answer.text)
    const [made, ...others] = answer.json()
    assert.deepEqual(others, [])
    assert.deepEqual((await bank.call('GET', `/accounts/${made.id}`)).json(), made)
    const { item } = await openAccount(bank, { type: 'savings', name: 'Ünï, "co"', currency: 'EUR' })
    const { id, createdAt, updatedAt } = made
    assert.deepEqual({ ...item, id, createdAt, updatedAt }, made)
    assert.deepEqual([id === item.id, createdAt === updatedAt], [false, true])
  })

for (const extension of extensions)
  test(`what GET gives as ${extension}, PUT takes back unchanged: nothing is written`, async () => {
    const { path } = await openAccount(bank, { name: '=1+1, "quoted"\t<&> ' })
    const target = `${path}.${extension}`
    const { bytes, fields } = await bank.call('GET', target)
    const put = await bank.call('PUT', target, { 'content-type': types[extension], 'if-match': fields.etag }, bytes)
    assert.deepEqual([put.status, put.bytes, put.fields.etag], [200, bytes, fields.etag])
    const list = await bank.call('GET', `/rates.${extension}`)
    const all = { 'content-type': types[extension], 'if-match': list.fields.etag }
    const again = await bank.call('PUT', `/rates.${extension}`, all, list.bytes)
    assert.deepEqual([again.status, again.bytes], [200, list.bytes])
    assert.equal((await bank.call('GET', `/rates.${extension}`)).fields.etag, list.fields.etag)
  })

const messages = {
  en: 'We could not find what you are looking for.',
  ru: 'Не удалось найти то, что вы ищете.',
  vi: 'Không tìm thấy nội dung bạn cần.',
}

const languages: readonly (readonly [field: string | undefined, language: keyof typeof messages])[] = [
  [undefined, 'en'],
  ['*', 'en'],
  ['ru', 'ru'],
  ['vi', 'vi'],
  ['RU-ru', 'ru'],
  ['vi-VN, en;q=0.5', 'vi'],
  ['de, ru;q=0.5, en;q=0.4', 'ru'],
  ['en;q=0, ru;q=0.1', 'ru'],
  ['en;q=0.5, vi;q=0.9, ru;q=0.8', 'vi'],
  ['de', 'en'],
  ['vi;q=0, *', 'en'],
  ['russian', 'en'],
]

for (const [field, language] of languages)
  test(`a problem for Accept-Language: ${field}`, async () => {
    for (const accept of ['application/json', 'application/xml']) {
      const fields = { 'accept-language': field, accept }
      const answer = await bank.call('GET', '/accounts/none', fields)
      assert.ok(answer.text.includes(messages[language]), answer.text)
      assert.match(answer.text, /Not found/, 'the title is for programmers, in English')
      assert.equal(answer.fields['content-language'], language === 'en' ? 'en' : `en, ${language}`)
    }
  })

const json = 'application/problem+json'
const xml = 'application/problem+xml; charset=utf-8'

// What is acceptable is asked before what is there: who accepts no format of the item gets 406, in a form they may read.
const problems: readonly (readonly [path: string, accept: string | undefined, status: number, type: string])[] = [
  ['/accounts/none', undefined, 404, json],
  ['/accounts/none', 'application/json', 404, json],
  ['/accounts/none', 'application/json, application/problem+json', 404, json],
  ['/accounts/none', 'application/xml', 404, xml],
  ['/accounts/none', 'application/json;q=0.1, application/problem+xml', 404, xml],
  ['/accounts/none', 'application/xml;q=0.1, application/problem+json', 404, json],
  ['/accounts/none', 'text/csv', 404, json],
  ['/accounts/none', 'application/cbor', 404, json],
  ['/accounts/none.cbor', undefined, 404, json],
  ['/accounts/none', 'text/csv, application/problem+xml', 404, xml],
  ['/accounts/none.xml', 'application/json', 404, xml],
  ['/accounts/none.csv', undefined, 404, json],
  ['/accounts', 'image/png', 406, json],
  ['/accounts', 'image/png, application/problem+xml', 406, xml],
  ['/accounts/none', 'application/problem+json', 406, json],
  ['/accounts/none', 'application/problem+xml', 406, xml],
  ['/accounts/none', 'application/json;q=0', 406, json],
]

for (const [path, accept, status, type] of problems)
  test(`the problem of ${path} for Accept: ${accept}`, async () => {
    const answer = await bank.call('GET', path, { accept })
    assert.deepEqual([answer.status, answer.fields['content-type']], [status, type])
  })

test('the version is served by path, by field and by word; others are not', async () => {
  const { text } = await bank.call('GET', '/rates')
  for (const [path, fields] of [['/v2/rates'], ['/rates?v=2'], ['/rates', { 'api-version': '2' }]] as const)
    assert.equal((await bank.call('GET', path, fields)).text, text)
  for (const [path, fields] of [
    ['/v3/rates'],
    ['/v0/rates'],
    ['/rates?v=3'],
    ['/rates', { 'api-version': '3' }],
    ['/rates', { 'api-version': 'latest' }],
  ] as const) {
    const answer = await bank.call('GET', path, fields)
    assert.deepEqual([answer.status, answer.json().code], [404, 'version-unknown'], path)
  }
})

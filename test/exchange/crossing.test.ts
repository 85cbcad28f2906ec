// Where features meet: versions, languages, codings, ranges, files and pages in one request, as no file about one of them asks.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { changes, collection, defineApi, files, renamed, text, version } from '@comity/server'
import { serving, startApi } from '../support/bank.ts'
import type { Fields } from '../support/call.ts'
import { answerTo } from '../support/wire.ts'

const failures: unknown[] = []
const api = defineApi({
  title: 'Crossing',
  version: '2.0.0',
  languages: ['en', 'ru'],
  versions: [
    version({
      number: 1,
      status: 'deprecated',
      deprecated: '2014-06-01',
      sunset: '2030-01-01',
      resources: { notes: changes(renamed('heading', 'title')) },
    }),
  ],
  resources: {
    notes: collection({ fields: { title: text({ max: 9_000, translatable: true }) }, nested: { papers: files({}) } }),
    brochures: files({}),
  },
})

let note = ''
const crossing = serving(async () => {
  const served = await startApi(api, { onError: error => void failures.push(error) })
  const made = await served.call('POST', '/notes', {}, { title: 'A long note. '.repeat(200) })
  assert.equal(made.status, 201)
  note = made.fields.location ?? ''
  for (const path of ['/brochures/tea.txt', `${note}/papers/tea.txt`])
    assert.equal((await served.call('PUT', path, { 'content-type': 'text/plain' }, 'tea '.repeat(500))).status, 201)
  return served
})

describe('a range that is not there is refused as anything else is', () => {
  const beyond = { range: 'bytes=999999-' }
  const rows: readonly (readonly [path: () => string, fields: Fields, version: string])[] = [
    [() => note, {}, '2'],
    [() => `/v1${note}`, {}, '1'],
    [() => note, { 'api-version': '1' }, '1'],
    [() => `/v1${note}.html`, {}, '1'],
    [() => '/v1/brochures/tea.txt', {}, '1'],
    [() => '/notes?v=1&always_success_code=true', {}, '1'],
  ]
  for (const [path, fields, number] of rows)
    test(`${path.toString().slice(6)} ${JSON.stringify(fields)}`, async () => {
      const at = path()
      const refused = await crossing.call('GET', at, { ...fields, ...beyond })
      assert.equal(refused.status, at.includes('always') ? 200 : 416)
      assert.equal(refused.fields['api-version'], number)
      assert.match(refused.fields['content-range'] ?? '', /^bytes \*\/\d+$/)
      const vary = (refused.fields.vary ?? '').split(', ')
      assert.equal(vary.includes('api-version'), !at.startsWith('/v1'))
      assert.ok(vary.includes('accept-encoding'))
      assert.equal(refused.fields.deprecation !== undefined, number === '1')
    })

  test('in a coding, where nothing else is accepted', async () => {
    const refused = await crossing.call('GET', note, { ...beyond, 'accept-encoding': 'gzip, identity;q=0' })
    assert.deepEqual([refused.status, refused.fields['content-encoding']], [416, 'gzip'])
  })
})

test('Range is nothing to HEAD and QUERY: they are answered in the coding that they would have without it', async () => {
  const gzip = { 'accept-encoding': 'gzip' }
  for (const method of ['HEAD', 'QUERY']) {
    const content = method === 'QUERY' ? {} : undefined
    const path = method === 'QUERY' ? '/notes' : note
    const plain = await crossing.call(method, path, gzip, content)
    const ranged = await crossing.call(method, path, { ...gzip, range: 'bytes=0-1' }, content)
    assert.equal(plain.fields['content-encoding'], 'gzip')
    assert.deepEqual([ranged.status, ranged.fields.etag], [200, plain.fields.etag], method)
  }
})

describe('RFC 9110 §14.5: PUT of a part of what is there', () => {
  const part = { 'content-range': 'bytes 0-4/10' }
  test('of an item, a file, a new file, a list, in either version: 400, and nothing is written', async () => {
    const rows = [note, `/v1${note}`, '/brochures/tea.txt', '/v1/brochures/new.txt', `${note}/papers/tea.txt`, '/notes']
    for (const path of rows) {
      const type = path.endsWith('.txt') ? 'text/plain' : 'application/json'
      const refused = await crossing.call('PUT', path, { ...part, 'content-type': type }, '{"title":"part"}')
      assert.deepEqual([refused.status, refused.json().code], [400, 'partial-put'], path)
    }
    assert.equal((await crossing.call('GET', '/brochures/new.txt')).status, 404)
    assert.equal((await crossing.call('GET', '/brochures/tea.txt')).text.length, 2_000)
  })

  test('is refused before its content is sent', async () => {
    const answer = await answerTo(
      crossing.url,
      'PUT /brochures/tea.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Range: bytes 0-4/10\r\nContent-Length: 900000\r\n\r\n',
    )
    assert.equal(answer?.status, 400)
  })

  test('POST and PATCH do not look at the field', async () => {
    const merge = { ...part, 'content-type': 'application/merge-patch+json' }
    assert.equal((await crossing.call('PATCH', note, merge, {})).status, 200)
    assert.equal((await crossing.call('POST', '/notes', part, { title: 'x' })).status, 201)
  })
})

test('what is done later is done in the language of its content', async () => {
  const made = await crossing.call('POST', '/notes', {}, { title: 'Tea' })
  const path = made.fields.location ?? ''
  const later = { 'content-language': 'ru', prefer: 'respond-async, wait=10' }
  const merge = { ...later, 'content-type': 'application/merge-patch+json' }
  assert.equal((await crossing.call('PATCH', path, merge, { title: 'Чай' })).status, 200)
  assert.equal((await crossing.call('GET', path)).json().title, 'Tea')
  assert.equal((await crossing.call('GET', path, { 'accept-language': 'ru' })).json().title, 'Чай')
})

test('the successor of a file is the file', async () => {
  const rows = [
    ['/v1/brochures/tea.txt', '/v2/brochures/tea.txt'],
    ['/v1/brochures/%D1%87%D0%B0%D0%B9.txt', '/v2/brochures/%D1%87%D0%B0%D0%B9.txt'],
    [`/v1${note}/papers/tea.txt`, `/v2${note}/papers/tea.txt`],
  ] as const
  for (const [path, successor] of rows) {
    const { fields } = await crossing.call('GET', path)
    assert.ok(fields.link?.includes(`<${successor}>; rel="successor-version"`), fields.link ?? '')
  }
})

test('a Host that makes no URL fails nothing, in any form', async () => {
  for (const host of ['a:99999', '[::zz]', '1.2.3.4.5', 'a"<script>', 'a b', 'a|b'])
    for (const accept of ['text/html', 'application/json', 'application/xml'])
      for (const path of ['/nothing', '/', '/notes.html', '/v1/notes', '/docs']) {
        const answer = await answerTo(
          crossing.url,
          `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAccept: ${accept}\r\nConnection: close\r\n\r\n`,
        )
        assert.ok(answer && answer.status < 500, `${host} ${accept} ${path}: ${answer?.status}`)
        if (answer.fields['content-type']?.startsWith('text/html'))
          assert.doesNotMatch(answer.body.toString(), /<script/)
      }
  assert.deepEqual(failures, [])
})

describe('fields that an answer differs by are in its Vary, and HEAD says what GET says', () => {
  const fields: readonly Fields[] = [
    { accept: 'text/html' },
    { accept: 'application/cbor' },
    { accept: 'image/png' },
    { 'accept-language': 'ru' },
    { 'accept-encoding': 'gzip' },
    { 'accept-encoding': '*;q=0' },
    { 'api-version': '1' },
    { 'api-version': '9' },
    { prefer: 'count=exact' },
    { forwarded: 'host=evil.example;proto=https' },
    { 'x-forwarded-prefix': '/evil' },
    { 'x-forwarded-host': 'evil.example' },
    { cookie: 'a=b' },
    { 'user-agent': 'x' },
    { 'a-im': 'json-patch' },
  ]
  const told = ['etag', 'content-type', 'content-language', 'content-encoding', 'location', 'link']
  const paths = () => [
    ...['/notes', note, '/brochures/tea.txt'].flatMap(path => [path, `/v1${path}`]),
    ...['/notes.html', `${note}.csv`, '/notes?v=1', '/notes?limit=all', '/notes?bad=1', '/brochures/none', '/notes/'],
    ...['/', '/docs', '/problems/not-found', '/changelog', '/jobs', '/nothing'],
  ]
  for (const common of [{}, { accept: 'text/html' }, { 'accept-encoding': 'gzip' }] as readonly Fields[])
    test(JSON.stringify(common), async () => {
      for (const path of paths()) {
        const plain = await crossing.call('GET', path, common)
        const head = await crossing.call('HEAD', path, common)
        const { date: _, ...ofHead } = head.fields
        for (const [name, value] of Object.entries(ofHead)) assert.equal(value, plain.fields[name], `${path} ${name}`)
        for (const field of fields) {
          const other = await crossing.call('GET', path, { ...common, ...field })
          const [name = ''] = Object.keys(field)
          const isSame = plain.bytes.equals(other.bytes) && told.every(one => plain.fields[one] === other.fields[one])
          if (isSame) continue
          for (const {
            fields: { vary = '' },
          } of [plain, other])
            assert.ok(vary.split(', ').includes(name), `${path} ${JSON.stringify({ ...common, ...field })}: ${vary}`)
        }
      }
    })
})

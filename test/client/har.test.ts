// What a client sent and received, as an HTTP archive.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { basic, type ClientOptions, createClient } from '@comity/client'
import { Ajv2020 } from 'ajv/dist/2020.js'
import ajvFormats from 'ajv-formats'
import { harSchema } from './har-schema.ts'
import { scriptedServer } from './scripted.ts'

const server = scriptedServer()
const client = (options: ClientOptions = {}) => {
  const made = createClient({ baseUrl: server.url, retry: { base: 1 }, ...options })
  after(() => made.close())
  return made
}
const ajv = new Ajv2020({ strict: false, allErrors: true })
ajvFormats.default(ajv)
const validate = ajv.compile(harSchema)
// biome-ignore lint/suspicious/noExplicitAny: an archive is read as what it is, JSON
const archive = (recording: object): any => {
  const har = JSON.parse(JSON.stringify(recording))
  assert.ok(validate(har), JSON.stringify(validate.errors, null, 1))
  return har
}
const secret = 'pl4nted'

test('each exchange is recorded, retries and redirections too', async () => {
  let tries = 0
  server.script('/moved', () => ({ status: 302, fields: { location: '/flaky?a=1' }, body: '' }))
  server.script('/flaky?a=1', () => ({
    status: ++tries < 2 ? 503 : 200,
    fields: { 'content-type': 'application/json' },
    body: '{"a":1}',
  }))
  server.script('/cut', () => 'cut')
  server.script('/bytes', () => ({ status: 200, fields: {}, body: '\0\u0001' }))
  const api = client()
  const recording = await api.har()
  await api.get('/moved').json()
  await assert.rejects(api.get('/cut', { retry: false }))
  await api.post('/bytes', { body: { b: 2 } }).bytes()
  const { log } = archive(recording)
  const lines = log.entries.map(
    ({ request, response }: { request: { method: string; url: string }; response: { status: number } }) =>
      `${request.method} ${request.url.replace(server.url, '')} ${response.status}`,
  )
  assert.deepEqual(lines, [
    'GET /moved 302',
    'GET /flaky?a=1 503',
    'GET /moved 302',
    'GET /flaky?a=1 200',
    'GET /cut 0',
    'POST /bytes 200',
  ])
  const [, , , ok, cut, bytes] = log.entries
  assert.equal(ok.response.content.text, '{"a":1}')
  assert.deepEqual(ok.request.queryString, [{ name: 'a', value: '1' }])
  assert.match(cut.response._error, /GET/)
  assert.deepEqual(bytes.request.postData, { mimeType: 'application/json', text: '{"b":2}' })
  recording.stop()
  await api.get('/moved').json()
  assert.equal(archive(recording).log.entries.length, 6)
})

const exchange = async (options: Parameters<ReturnType<typeof client>['har']>[0]) => {
  const path = `/login?api_key=${secret}&page=2`
  server.script(path, () => ({
    status: 200,
    fields: {
      'content-type': 'application/json',
      'set-cookie': `sid=${secret}; HttpOnly`,
      location: `/next?token=${secret}`,
    },
    body: JSON.stringify({ name: 'Ann', access_token: secret, nested: { password: secret } }),
  }))
  const api = client({
    auth: basic({ username: 'ann', password: secret }),
    fields: { 'X-API-Key': secret, cookie: `a=${secret}` },
  })
  const recording = await api.har(options)
  await api.post(path, { body: { user: 'ann', password: secret } }).json()
  await api.post(path, { body: new URLSearchParams({ user: 'ann', client_secret: secret }) }).json()
  return JSON.stringify(archive(recording))
}

test('secrets are left out, and the rest is not', async () => {
  const text = await exchange({})
  assert.ok(!text.includes(secret), text)
  assert.ok(!text.includes(btoa(`ann:${secret}`)), text)
  for (const kept of [
    'Basic [redacted]',
    'page=2',
    '\\"name\\":\\"Ann\\"',
    '\\"user\\":\\"ann\\"',
    'user=ann',
    '"name":"sid"',
    'api_key=',
  ])
    assert.ok(text.includes(kept), kept)
})

test('secrets are kept where that is asked for', async () => {
  const text = await exchange({ secrets: 'keep' })
  assert.ok(text.includes(`api_key=${secret}`) && text.includes(btoa(`ann:${secret}`)))
})

test('it is bounded', async () => {
  const api = client()
  const recording = await api.har({ entries: 3, content: 10 })
  server.script('/big', () => ({ status: 200, fields: {}, body: 'x'.repeat(100) }))
  for (let n = 0; n < 5; n++) await api.get('/big').text()
  const { log } = archive(recording)
  assert.equal(log.entries.length, 3)
  assert.equal(log.entries[0].response.content.text, undefined)
  assert.equal(log.entries[0].response.content.size, 100)
  assert.match(log.entries[0].response.content.comment, /more than 10 bytes/)
})

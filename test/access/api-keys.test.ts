// API keys: who has one is let in, wherever it stands; it is made and revoked while the server runs; and none is ever
// said again.
import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { apiKey, createClient } from '@comity/client'
import {
  apiKeys,
  type Credentials,
  collection,
  comity,
  defineApi,
  integer,
  openCredentials,
  type Serving,
  serve,
  type Trace,
  text,
} from '@comity/server'
import Fastify from 'fastify'
import { here } from '../cli/support/comity.ts'
import { agent, call } from '../support/call.ts'
import { planting } from '../support/planted.ts'

const define = (query: 'allowed' | 'refused') =>
  defineApi({
    title: 'Notes',
    resources: { notes: collection({ fields: { text: text({ max: 100 }), count: integer({ default: 0 }) } }) },
    authentication: [apiKeys({ query })],
    async seed(tx, given) {
      const credentials: Credentials = planting(given)
      await credentials.addAccount({ login: 'ann', password: 'tea for two', scopes: ['read', 'write'] })
      for (let n = 0; n < 40; n++) await tx.notes?.add({ text: 'a', count: n })
    },
  })

let folder: string
let serving: Serving
const database = () => join(folder, 'notes.sqlite')
const traces: Trace[] = []
const errors: unknown[] = []
/** How far the server's clock is ahead, in ms. */
let ahead = 0

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comity-keys-'))
  const now = () => Date.now() + ahead
  const options = {
    port: 0,
    database: `sqlite:${database()}`,
    now,
    onError: (error: unknown) => void errors.push(error),
  }
  serving = await serve(define('refused'), { ...options, trace: trace => void traces.push(trace) })
})
after(async () => {
  agent.destroy()
  await serving.close()
  await rm(folder, { recursive: true })
})

/** `comity …` on the database of the server that runs. */
const command = (...words: readonly string[]) => here([...words, '--database', database()], folder)
const made = async (...words: readonly string[]) => (await command('keys', 'create', ...words)).out.trim()
const read = (fields: Record<string, string>, query = '') => call('GET', `${serving.url}/notes${query}`, fields)
const listed = async (name: string) =>
  (await command('keys', 'list')).out
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))
    .find(key => key.name === name)

test('a key has 256 random bits, is shown once, and is kept as a hash', async () => {
  const { code, out, err } = await command('keys', 'create', 'export')
  assert.equal(code, 0, err)
  assert.match(out, /^ck_[0-9a-f]{16}_[A-Za-z0-9_-]{43}\n$/)
  assert.match(err, /only time/)
  const [, secret = ''] = /^ck_[^_]+_(.+)\n$/.exec(out) ?? []
  assert.equal(Buffer.from(secret, 'base64url').length, 32)
  for (const name of await readdir(folder))
    assert.ok(!(await readFile(join(folder, name))).includes(secret), `${name} holds the key`)
  assert.ok(!(await command('keys', 'list')).out.includes(secret))
})

test('it is let in by Authorization and by X-API-Key, and is a caller of its own', async () => {
  const key = await made('ways')
  const ways = [
    ['authorization', `ApiKey ${key}`],
    ['authorization', `apikey  ${key}`],
    ['x-api-key', key],
  ] as const
  for (const [name, value] of ways) assert.equal((await read({ [name]: value })).status, 200, value)
  const client = createClient({ baseUrl: serving.url, auth: apiKey({ in: 'header', name: 'x-api-key', key }) })
  assert.equal((await client.get('/notes')).status, 200)
  await client.close()
})

test('what is no key is refused, in the same words whether there is one of its id or not', async () => {
  const key = await made('other')
  const sent = [
    `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`,
    `ck_${'0'.repeat(16)}_${'A'.repeat(43)}`,
    'x',
    '',
    `${key}, ${key}`,
  ]
  const details = new Set()
  for (const each of sent) {
    const { status, fields, json } = await read({ 'x-api-key': each })
    assert.deepEqual([each, status, json().code], [each, 401, 'credentials-invalid'])
    assert.equal(fields['www-authenticate'], 'ApiKey realm="Notes"')
    details.add(json().detail)
  }
  assert.equal(details.size, 1)
})

test('it is revoked while the server runs, by its name or its id', async () => {
  const key = await made('leaked')
  assert.equal((await read({ 'x-api-key': key })).status, 200)
  assert.equal((await command('keys', 'revoke', 'leaked')).code, 0)
  const { status, json } = await read({ 'x-api-key': key })
  assert.deepEqual([status, json().detail], [401, 'The API key was revoked, or its account may not sign in.'])
  assert.equal((await listed('leaked')).state, 'revoked')
  const unknown = await command('keys', 'revoke', 'nothing')
  assert.deepEqual([unknown.code, unknown.err], [1, 'There is no key “nothing”.\n'])
  await made('twin')
  const twin = await made('twin')
  assert.match((await command('keys', 'revoke', 'twin')).err, /^2 keys are called/)
  assert.equal((await command('keys', 'revoke', twin.split('_')[1] ?? '')).code, 0)
})

test('it ends when it is to', async () => {
  const key = await made('short', '--expires', '12h')
  assert.equal((await read({ 'x-api-key': key })).status, 200)
  ahead = 13 * 3_600_000
  assert.equal((await read({ 'x-api-key': key })).json().detail, 'The API key has expired.')
  ahead = 0
  assert.equal((await command('keys', 'create', 'x', '--expires', 'soon')).code, 2)
  assert.equal((await command('keys', 'create', 'x', '--expires', '2001-01-01')).code, 1)
})

test('it acts for an account, and not once that is disabled', async () => {
  const key = await made('app', '--account', 'ann', '--scope', 'read', '--scope', 'write')
  const posted = await call(
    'POST',
    `${serving.url}/notes`,
    { 'x-api-key': key, prefer: 'respond-async' },
    { text: 'b' },
  )
  assert.equal(posted.status, 202)
  assert.equal((await command('accounts', 'disable', 'ann')).code, 0)
  assert.equal((await read({ 'x-api-key': key })).status, 401)
  assert.equal((await command('accounts', 'enable', 'ann')).code, 0)
  assert.equal((await read({ 'x-api-key': key })).status, 200)
  assert.equal((await command('keys', 'create', 'x', '--account', 'nobody')).err, 'There is no account “nobody”.\n')
})

test('when it was used is written once a minute at most', async () => {
  const key = await made('used')
  /** What is listed, once it is another than `before`: answers do not wait for it. */
  const noted = async (before: string | undefined): Promise<string> => {
    for (;;) {
      const { lastUsed } = await listed('used')
      if (lastUsed !== before) return lastUsed
      await wait(20)
    }
  }
  await read({ 'x-api-key': key })
  const first = await noted(undefined)
  assert.ok(Math.abs(Date.parse(first) - Date.now()) < 30_000, first)
  ahead = 50_000
  await read({ 'x-api-key': key })
  ahead = 62_000
  await read({ 'x-api-key': key })
  const second = await noted(first)
  ahead = 0
  assert.ok(Date.parse(second) - Date.parse(first) >= 60_000, second)
})

test('in the URL it is refused unless that is allowed, and is not said again', async () => {
  const key = await made('urls')
  const { status, text: body, json } = await read({}, `?key=${key}&limit=2`)
  assert.deepEqual([status, json().code], [401, 'credentials-invalid'])
  assert.ok(!body.includes(key))
  assert.equal(json().instance, '/notes?limit=2')
  const trace = traces.at(-1)
  assert.deepEqual([trace?.url, trace?.status], ['/notes?limit=2', 401])
})

test('allowed in the URL, it stands in no link, Location, problem, job, page, trace or log', async t => {
  const key = await made('allowed')
  const said: string[] = []
  const log = new Writable({
    write(line, _encoding, done) {
      said.push(String(line))
      done()
    },
  })
  const app = Fastify({ logger: { level: 'trace', stream: log } })
  t.after(() => app.close())
  const trace = (seen: Trace) => void said.push(JSON.stringify(seen))
  await app.register(comity(define('allowed'), { database: `sqlite:${database()}`, trace }), { prefix: '/api' })
  const url = `${await app.listen({ port: 0 })}/api`
  const asked = [
    ['GET', '/notes?limit=2&key=KEY', 200],
    ['HEAD', '/notes?key=KEY&limit=2', 200],
    ['GET', '/notes.html?key=KEY&limit=2', 200],
    ['GET', '/notes/?key=KEY', 308],
    ['GET', '/notes/none?key=KEY', 404],
    ['GET', '/notes?colour=1&key=KEY', 400],
    ['GET', '/docs?key=KEY', 200],
    ['POST', '/notes?key=KEY', 201],
    ['POST', '/notes?key=KEY', 202],
    ['GET', '/jobs?key=KEY', 200],
    ['GET', '/nothing?key=KEY', 404],
    ['GET', '/notes?key=KEY&key=KEY', 401],
  ] as const
  for (const [method, path, status] of asked) {
    const fields = { prefer: status === 202 ? 'respond-async' : 'x', 'x-request-id': 'mine' }
    const body = method === 'POST' ? { text: 'c' } : undefined
    const answer = await call(method, `${url}${path.replaceAll('KEY', key)}`, fields, body)
    assert.deepEqual([method, path, answer.status], [method, path, status])
    said.push(JSON.stringify(answer.fields), answer.text)
  }
  await app.close()
  assert.ok(said.length > asked.length * 3, 'the log, the traces and the answers were heard')
  assert.deepEqual(
    said.filter(line => line.includes(key) || line.includes(key.slice(-43))),
    [],
  )
})

test('a field called key and keys in the URL do not go together', async () => {
  const api = defineApi({
    title: 'Locks',
    resources: { locks: collection({ fields: { key: text({ max: 9 }) } }) },
    authentication: [apiKeys({ query: 'allowed' })],
  })
  await assert.rejects(serve(api, { port: 0 }), /resources\.locks: .*“key” in the query is the API key/)
})

test('accounts by the command, and what it says where it cannot', async () => {
  const added = await here(
    ['accounts', 'add', 'bob', '--claim', 'branch=Riga', '--password-stdin', '-d', database()],
    folder,
    'milk for three\n',
  )
  assert.deepEqual([added.code, added.out], [0, ''])
  const credentials = await openCredentials(database())
  const bob = (await credentials.accounts()).find(({ login }) => login === 'bob')
  await credentials.close()
  assert.deepEqual([bob?.claims, bob?.state], [{ branch: 'Riga' }, 'active'])
  const password = await command('accounts', 'password', 'bob')
  assert.match(password.out, /^[\w-]{24}\n$/)
  assert.match((await command('accounts', 'add', 'bob')).err, /There is an account “bob” already\./)
  assert.match((await command('accounts', 'list')).out, /"login":"bob"/)
  const consumer = await command('consumers', 'create', 'Export', '--callback', 'https://app.example/back')
  const [key = '', secret = ''] = consumer.out.split('\n')
  assert.match(key, /^[0-9a-f]{32}$/)
  assert.equal(secret.length, 43)
  const consumers = async () => (await command('consumers', 'list')).out
  assert.match(await consumers(), /"name":"Export","state":"active".*"twoLegged":"refused"/)
  assert.ok(!(await consumers()).includes(secret))
  assert.equal((await command('consumers', 'revoke', key)).code, 0)
  assert.match(await consumers(), /"state":"revoked"/)
  assert.match((await command('consumers', 'create', 'X', '--callback', 'app')).err, /no absolute URL/)
  const missing = await here(['keys', 'list', '-d', 'none.sqlite'], folder)
  assert.deepEqual([missing.code, /none\.sqlite is not there\. .*--database/.test(missing.err)], [1, true])
  assert.deepEqual(errors, [])
})

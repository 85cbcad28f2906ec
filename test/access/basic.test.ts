// RFC 7617: who signs in with Basic, who does not, and what the trying costs.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { basic as asBasic, createClient } from '@comity/client'
import { basic, collection, defineApi, type Serving, serve, text } from '@comity/server'
import { passwordRuns } from '../../packages/server/src/auth/password.ts'
import { agent, call } from '../support/call.ts'
import { planting } from '../support/planted.ts'

let serving: Serving
const generated: string[] = []

before(async () => {
  const api = defineApi({
    title: 'Notes',
    resources: { notes: collection({ fields: { text: text({ max: 100 }) } }) },
    authentication: [basic()],
    attempts: { together: 3, address: 8 },
    async seed(tx, given) {
      const made = planting(given)
      await made.addAccount({ login: 'ann', password: 'tea for two', claims: { branch: 'Riga' } })
      await made.addAccount({ login: 'eve', password: 'coffee for one' })
      generated.push((await made.addAccount({ login: 'жанна' })).password)
      await made.disableAccount('eve')
      await tx.notes?.add({ text: 'a' })
    },
  })
  serving = await serve(api, { port: 0, proxy: 'trusted' })
})
after(async () => {
  agent.destroy()
  await serving.close()
})

const from = (address: string, login: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`,
  'x-forwarded-for': address,
})
const read = (fields: Record<string, string>) => call('GET', `${serving.url}/notes`, fields)

test('the right password is let in, and hashed once for all requests of a client that come together', async () => {
  const before = passwordRuns()
  const all = await Promise.all(Array.from({ length: 6 }, () => read(from('192.0.2.1', 'ann', 'tea for two'))))
  assert.deepEqual(new Set(all.map(({ status }) => status)), new Set([200]))
  assert.equal((await read(from('192.0.2.1', 'ann', 'tea for two'))).status, 200)
  assert.equal(passwordRuns() - before, 1)
})

test('letters beyond ASCII, and a password that was made', async () => {
  assert.equal((await read(from('192.0.2.1', 'жанна', generated[0] ?? ''))).status, 200)
})

test('nothing tells a login that is there from one that is not: same answer, same work', async () => {
  const tries = [
    ['ann', 'wrong'],
    ['nobody', 'wrong'],
    ['eve', 'coffee for one'],
  ] as const
  const seen = []
  for (const [login, password] of tries) {
    const before = passwordRuns()
    const { status, fields, json } = await read(from('192.0.2.2', login, password))
    const { instance: _, ...problem } = json()
    seen.push({ status, challenge: fields['www-authenticate'], problem, runs: passwordRuns() - before })
  }
  assert.deepEqual([seen[0]?.status, seen[0]?.problem.code, seen[0]?.runs], [401, 'credentials-invalid', 1])
  assert.equal(seen[0]?.challenge, 'Basic realm="Notes", charset="UTF-8"')
  assert.deepEqual(seen[1], seen[0])
  assert.deepEqual(seen[2], seen[0])
})

test('what is no Basic is refused without any work', async () => {
  const before = passwordRuns()
  for (const field of [
    'Basic',
    'Basic ?',
    'Basic YQ==',
    'Basic YWI6',
    `Basic ${'a'.repeat(9000)}`,
    'Basic a, Basic b',
  ]) {
    const { status, json } = await read({ authorization: field })
    assert.deepEqual([field.slice(0, 20), status, json().code], [field.slice(0, 20), 401, 'credentials-invalid'])
  }
  assert.equal(passwordRuns(), before)
})

test('who fails too often waits; the owner at another address does not; guesses cost nothing then', async () => {
  for (const address of ['198.51.100.1', '198.51.100.2']) {
    const statuses = []
    for (let n = 0; n < 3; n++) statuses.push((await read(from(address, 'ann', `guess ${n}`))).status)
    assert.deepEqual(statuses, [401, 401, 401])
  }
  const before = passwordRuns()
  const limited = await read(from('198.51.100.1', 'ann', 'guess 4'))
  assert.deepEqual([limited.status, limited.json().code], [429, 'too-many-sign-ins'])
  const wait = Number(limited.fields['retry-after'])
  assert.ok(wait > 0 && wait <= 900, String(wait))
  assert.equal(limited.fields['www-authenticate'], undefined)
  // The same of a login that is not there.
  for (let n = 0; n < 3; n++) await read(from('198.51.100.3', 'nobody', `guess ${n}`))
  assert.equal((await read(from('198.51.100.3', 'nobody', 'guess 4'))).status, 429)
  assert.equal(passwordRuns() - before, 3)
  assert.equal((await read(from('203.0.113.7', 'ann', 'tea for two'))).status, 200)
})

test('guesses sent at once are counted as those sent in turn', async () => {
  const all = await Promise.all(
    Array.from({ length: 6 }, (_, n) => read(from('198.51.100.9', 'ann', `at once ${n}`)).then(({ status }) => status)),
  )
  assert.deepEqual(all.toSorted(), [401, 401, 401, 429, 429, 429])
})

test('an address that tries many logins waits too, by its /64 where it is IPv6', async () => {
  const statuses = []
  for (let n = 0; n < 9; n++)
    statuses.push((await read(from(`2001:db8:1:2::${n + 1}`, `login ${n}`, 'password'))).status)
  assert.deepEqual(statuses.slice(-2), [401, 429])
  assert.equal((await read(from('2001:db8:1:3::1', 'login', 'password'))).status, 401)
})

test('curl and our own client sign in', async () => {
  const url = `${serving.url}/notes`
  const curl = promisify(execFile)
  for (const how of ['--basic', '--anyauth']) {
    const { stdout } = await curl('curl', ['-sS', how, '-u', 'ann:tea for two', '-w', '\n%{http_code}', url])
    assert.equal(stdout.split('\n').at(-1), '200', how)
  }
  const client = createClient({ baseUrl: serving.url, auth: asBasic({ username: 'ann', password: 'tea for two' }) })
  assert.equal((await client.get('/notes')).status, 200)
  await client.close()
})

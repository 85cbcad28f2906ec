// Several schemes offered together, by an API that is mounted below a path.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash, createHmac } from 'node:crypto'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { apiKeys, basic, collection, comity, defineApi, digest, files, oauth1, type Trace, text } from '@comity/server'
import { DigestClient } from 'digest-fetch'
import Fastify from 'fastify'
import OAuth10a from 'oauth-1.0a'
import { agent, call } from '../support/call.ts'
import { planting } from '../support/planted.ts'

const app = Fastify()
let url: string
const secrets = { key: '', consumer: '', consumerSecret: '' }
const traces: Trace[] = []

before(async () => {
  const api = defineApi({
    title: 'Notes',
    resources: {
      notes: collection({
        fields: { text: text({ max: 100 }) },
        nested: { papers: files({ accept: ['text/plain'], size: 100_000, most: 9 }) },
      }),
    },
    authentication: [digest(), basic(), apiKeys(), oauth1()],
    async seed(tx, given) {
      const credentials = planting(given)
      await credentials.addAccount({ login: 'ann', password: 'tea for two' })
      secrets.key = (await credentials.createKey({ name: 'k' })).secret
      const { consumer, secret = '' } = await credentials.addConsumer({ name: 'Robot', twoLegged: 'allowed' })
      Object.assign(secrets, { consumer: consumer.key, consumerSecret: secret })
      await tx.notes?.add({ text: 'a' })
    },
  })
  await app.register(comity(api, { trace: seen => void traces.push(seen) }), { prefix: '/api' })
  url = `${await app.listen({ port: 0, host: '127.0.0.1' })}/api`
})
after(async () => {
  agent.destroy()
  await app.close()
})

test('a challenge for each, on a line of its own, in the order declared', async () => {
  const lines = await new Promise<readonly string[]>((resolve, reject) => {
    const outgoing = request(`${url}/notes`, { agent }, answer => {
      answer.resume()
      resolve(answer.headersDistinct['www-authenticate'] ?? [])
    })
    outgoing.on('error', reject).end()
  })
  assert.deepEqual(
    lines.map(line => line.split(' ')[0]),
    ['Digest', 'Digest', 'Basic', 'ApiKey', 'OAuth'],
  )
  const { gate, because } = traces.at(-1)?.steps.at(-1) ?? {}
  assert.equal(gate, 'authenticated')
  assert.match(because ?? '', /authentication-required: .* Digest, Basic, ApiKey, OAuth can be used/)
  for (const code of ['authentication-required', 'credentials-invalid', 'too-many-sign-ins'])
    assert.equal((await call('GET', `${url}/problems/${code}`)).status, 200)
})

test('each lets its callers in', async () => {
  const curl = promisify(execFile)
  for (const how of ['--digest', '--basic', '--anyauth']) {
    const words = ['-sS', how, '-u', 'ann:tea for two', '-w', '\n%{http_code}', `${url}/notes?limit=1`]
    assert.equal((await curl('curl', words)).stdout.split('\n').at(-1), '200', how)
  }
  const fetched = await new DigestClient('ann', 'tea for two', { algorithm: 'SHA-256' }).fetch(`${url}/notes`)
  assert.equal(fetched.status, 200)
  assert.equal((await call('GET', `${url}/notes`, { 'x-api-key': secrets.key })).status, 200)
  const client = new OAuth10a({
    consumer: { key: secrets.consumer, secret: secrets.consumerSecret },
    signature_method: 'HMAC-SHA256',
    hash_function: (base, key) => createHmac('sha256', key).update(base).digest('base64'),
  })
  const target = `${url}/notes?limit=1&sort=-id`
  const signed = client.toHeader(client.authorize({ url: target, method: 'GET' }))
  assert.equal((await call('GET', target, { ...signed })).status, 200)
})

/** Authorization that covers a content, by a nonce of its own. */
async function covering(method: string, place: string, content: string | Buffer): Promise<{ authorization: string }> {
  const { fields } = await call('GET', `${url}/notes`)
  const nonce = /nonce="([^"]+)"/.exec(fields['www-authenticate'] ?? '')?.[1] ?? ''
  const hash = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')
  const a2 = hash(`${method}:${place}:${hash(content)}`)
  const response = hash(`${hash('ann:Notes:tea for two')}:${nonce}:00000001:c:auth-int:${a2}`)
  const user = `username="ann", realm="Notes", nonce="${nonce}", uri="${place}"`
  const rest = `algorithm=SHA-256, response="${response}", qop=auth-int, nc=00000001, cnonce="c"`
  return { authorization: `Digest ${user}, ${rest}` }
}

test('Digest covers content as it is sent, coded or not, and files', async () => {
  const content = gzipSync('{"text":"coded"}')
  const coded = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
  const signed = await covering('POST', '/api/notes', content)
  assert.equal((await call('POST', `${url}/notes`, { ...coded, ...signed }, gzipSync('{"text":"other"}'))).status, 401)
  const posted = await call('POST', `${url}/notes`, { ...coded, ...signed }, content)
  assert.equal(posted.status, 201)

  const place = `${posted.fields.location}/papers/b.txt`
  const at = new URL(place, url).href
  const type = { 'content-type': 'text/plain' }
  const key = { 'x-api-key': secrets.key }
  const file = await covering('PUT', place, 'as signed')
  assert.equal((await call('PUT', at, { ...type, ...file }, 'not so')).status, 401)
  assert.equal((await call('GET', at, key)).status, 404)
  assert.equal((await call('PUT', at, { ...type, ...file }, 'as signed')).status, 201)
  // What comes in several requests is not covered: nothing of it is taken.
  const part = { ...type, 'upload-complete': '?1', ...(await covering('PUT', `${place}x.txt`, 'as signed')) }
  assert.equal((await call('PUT', `${at}x.txt`, part, 'as signed')).status, 401)
  assert.match(traces.at(-1)?.steps.at(-1)?.because ?? '', /comes in parts/)
  assert.equal((await call('GET', `${at}x.txt`, key)).status, 404)
})

// Two servers on one database: what one of them has taken, or withdrawn, the other takes no more.
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  apiKeys,
  authorizationServer,
  collection,
  defineApi,
  type OpenCredentials,
  openCredentials,
  type Serving,
  serve,
  text,
} from '@comity/server'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { agent, call, type Fields } from '../support/call.ts'
import { planting } from '../support/planted.ts'

/** As a balancer in front of both would have it. */
const publicUrl = 'http://127.0.0.1:9'
let folder: string
let credentials: OpenCredentials
const made: Record<string, string> = {}
const servers: Serving[] = []

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comity-two-'))
  const file = join(folder, 'notes.sqlite')
  const api = defineApi({
    title: 'Two',
    authentication: [authorizationServer(), apiKeys()],
    resources: { notes: collection({ fields: { text: text({ max: 20 }) } }) },
    async seed(_tx, given) {
      const seeded = planting(given)
      const { client, secret = '' } = await seeded.addClient({ name: 'client' })
      Object.assign(made, { client: client.id, secret, key: (await seeded.createKey({ name: 'key' })).secret })
    },
  })
  for (let at = 0; at < 2; at++) servers.push(await serve(api, { port: 0, publicUrl, database: `sqlite:${file}` }))
  credentials = await openCredentials(file)
})
after(async () => {
  agent.destroy()
  await credentials.close()
  for (const server of servers) await server.close()
  await rm(folder, { recursive: true, force: true })
})

const at = (which: number, path: string): string => `${servers[which]?.url}${path}`
const read = async (which: number, fields: Fields) => (await call('GET', at(which, '/notes'), fields)).status

test('a proof of DPoP counts once, whichever of them it is sent to', async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwk = await exportJWK(publicKey)
  const proof = (method: string, path: string, more = {}) =>
    new SignJWT({ htm: method, htu: publicUrl + path, jti: randomUUID(), ...more })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
      .setIssuedAt()
      .sign(privateKey)
  const got = await call(
    'POST',
    at(0, '/oauth/token'),
    {
      authorization: `Basic ${btoa(`${made.client}:${made.secret}`)}`,
      'content-type': 'application/x-www-form-urlencoded',
      dpop: await proof('POST', '/oauth/token'),
    },
    'grant_type=client_credentials&scope=notes:read',
  )
  assert.equal(got.status, 200, got.text)
  const { access_token: token } = got.json()
  const ath = createHash('sha256').update(token).digest('base64url')
  const fields = async () => ({ authorization: `DPoP ${token}`, dpop: await proof('GET', '/notes', { ath }) })
  const sent = await fields()
  assert.deepEqual([await read(0, sent), await read(1, sent), await read(0, sent)], [200, 401, 401])
  const both = await fields()
  const statuses = await Promise.all([read(0, both), read(1, both)])
  assert.deepEqual(statuses.sort(), [200, 401])
  assert.equal(await read(1, await fields()), 200)
  await credentials.revokeClient(made.client ?? '')
  assert.deepEqual([await read(0, await fields()), await read(1, await fields())], [401, 401])
})

test('a key that was revoked is refused by both at once', async () => {
  const fields = { 'x-api-key': made.key }
  assert.deepEqual([await read(0, fields), await read(1, fields)], [200, 200])
  await credentials.revokeKey('key')
  assert.deepEqual([await read(0, fields), await read(1, fields)], [401, 401])
})

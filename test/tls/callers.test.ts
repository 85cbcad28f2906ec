// Who calls, over TLS: each scheme once over HTTP/2, and those that need TLS over HTTP/1.1 too. What a browser is told to
// remember of it.
import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { once } from 'node:events'
import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2'
import { request } from 'node:https'
import { connect as connectPlain } from 'node:net'
import { after, before, test } from 'node:test'
import { parseChallenges } from '@comity/http'
import {
  apiKeys,
  authorizationServer,
  basic,
  collection,
  defineApi,
  digest,
  oauth1,
  type Serving,
  serve,
  text,
} from '@comity/server'
import OAuth10a from 'oauth-1.0a'
import { plant, planting } from '../support/planted.ts'
import { type Certificates, makeCertificates } from './certificates.ts'

const password = plant('a password sent over TLS')
const made: Record<string, string> = {}
let pems: Certificates
let serving: Serving
let session: ClientHttp2Session

before(async () => {
  pems = await makeCertificates()
  const api = defineApi({
    title: 'Over TLS',
    authentication: [digest(), basic(), oauth1(), apiKeys(), authorizationServer()],
    resources: { notes: collection({ fields: { text: text({ max: 100 }) }, access: 'callers' }) },
    async seed(_tx, given) {
      const credentials = planting(given)
      await credentials.addAccount({ login: 'ann', password })
      made.key = (await credentials.createKey({ name: 'key' })).secret
      const { consumer, secret = '' } = await credentials.addConsumer({ name: 'consumer', twoLegged: 'allowed' })
      Object.assign(made, { consumer: consumer.key, consumerSecret: secret })
      const app = await credentials.addClient({ name: 'client' })
      Object.assign(made, { client: app.client.id, clientSecret: app.secret })
    },
  })
  serving = await serve(api, { port: 0, tls: pems.server })
  session = connect(serving.url, { ca: pems.authority.cert })
})
after(async () => {
  session.close()
  await serving.close()
})

type Answered = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }

async function over2(fields: Record<string, string> | string[], content?: string): Promise<Answered> {
  const stream = session.request(fields as Record<string, string>, { endStream: content === undefined })
  if (content !== undefined) stream.end(content)
  const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders]
  let body = ''
  for await (const piece of stream.setEncoding('utf8')) body += piece
  return { status: Number(headers[':status']), headers, text: body }
}

const over1 = (authorization: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const options = { ca: pems.authority.cert, agent: false, headers: { authorization } } as const
    request(`${serving.url}/notes`, options, answer => resolve(answer.resume().statusCode ?? 0))
      .on('error', reject)
      .end()
  })

const as = async (authorization: string) => (await over2({ ':path': '/notes', authorization })).status
const basicOf = (login: string, secret: string) => `Basic ${btoa(`${login}:${secret}`)}`

test('Basic and API keys', async () => {
  assert.equal(await as(basicOf('ann', password)), 200)
  assert.equal(await as(basicOf('ann', 'another one')), 401)
  assert.equal(await over1(basicOf('ann', password)), 200)
  assert.equal(await as(`ApiKey ${made.key}`), 200)
  assert.equal((await over2({ ':path': '/notes', 'x-api-key': made.key ?? '' })).status, 200)
})

const hash = (data: string): string => createHash('sha256').update(data).digest('hex')

test('Digest', async () => {
  const { status, headers } = await over2({ ':path': '/notes' })
  assert.equal(status, 401)
  const lines = [headers['www-authenticate'] ?? []].flat().join(', ')
  const found = parseChallenges(lines).find(({ params }) => params.algorithm === 'SHA-256')?.params
  const { realm = '', nonce = '', opaque = '' } = found ?? {}
  const response = hash(`${hash(`ann:${realm}:${password}`)}:${nonce}:00000001:c:auth:${hash('GET:/notes')}`)
  const field = `Digest username="ann", realm="${realm}", nonce="${nonce}", uri="/notes", algorithm=SHA-256, response="${response}", qop=auth, nc=00000001, cnonce="c", opaque="${opaque}"`
  assert.equal(await as(field), 200)
  assert.equal(await as(field), 401)
})

test('OAuth 1.0, with PLAINTEXT too', async () => {
  const signed = (method: 'HMAC-SHA256' | 'PLAINTEXT') => {
    const signer = new OAuth10a({
      consumer: { key: made.consumer ?? '', secret: made.consumerSecret ?? '' },
      signature_method: method,
      hash_function: (base, key) =>
        method === 'PLAINTEXT' ? key : createHmac('sha256', key).update(base).digest('base64'),
    })
    return signer.toHeader(signer.authorize({ url: `${serving.url}/notes`, method: 'GET' })).Authorization
  }
  for (const method of ['HMAC-SHA256', 'PLAINTEXT'] as const) {
    assert.equal(await as(signed(method)), 200, method)
    assert.equal(await over1(signed(method)), 200, method)
  }
})

test('OAuth 2: a token is fetched and used over HTTP/2', async () => {
  const got = await over2(
    {
      ':method': 'POST',
      ':path': '/oauth/token',
      'content-type': 'application/x-www-form-urlencoded',
      authorization: basicOf(made.client ?? '', made.clientSecret ?? ''),
    },
    'grant_type=client_credentials&scope=notes:read',
  )
  assert.equal(got.status, 200, got.text)
  const { access_token: token } = JSON.parse(got.text)
  assert.equal(await as(`Bearer ${token}`), 200)
  assert.equal(await as(`Bearer ${token}x`), 401)
})

test('browsers are told to come by TLS from then on, and nobody is told so in the clear', async () => {
  const { headers } = await over2({ ':path': '/livez' })
  assert.match(String(headers['strict-transport-security']), /^max-age=\d{8}/)
  const socket = connectPlain(Number(new URL(serving.url).port), '127.0.0.1')
  socket.write('GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n')
  let plain = ''
  for await (const piece of socket.setEncoding('latin1')) plain += piece
  assert.match(plain, /^HTTP\/1\.1 308 /)
  assert.doesNotMatch(plain, /strict-transport-security/i)
})

test('a request that says two hosts, or two callers, is refused', async () => {
  const { host } = new URL(serving.url)
  const hosts = await over2({ ':path': '/livez', ':authority': host, host: 'elsewhere.example' })
  assert.equal(hosts.status, 400)
  const callers = await over2([
    ...[':path', '/notes', ':method', 'GET', ':scheme', 'https', ':authority', host],
    ...['authorization', basicOf('ann', password), 'authorization', basicOf('eve', 'nothing')],
  ]).catch(() => undefined)
  assert.ok(callers === undefined || callers.status === 400, `${callers?.status}`)
})

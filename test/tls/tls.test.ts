// HTTPS and HTTP/2 without a proxy, with clients that others wrote: curl, Node's http2 and https.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash, createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2'
import { request } from 'node:https'
import { connect as connectPlain } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { promisify } from 'node:util'
import { parseChallenges } from '@comity/http'
import {
  apiKeys,
  authorizationServer,
  basic,
  clientCertificates,
  collection,
  defineApi,
  digest,
  files,
  oauth1,
  type Serving,
  serve,
  text,
} from '@comity/server'
import OAuth10a from 'oauth-1.0a'
import { here, start } from '../cli/support/comity.ts'
import { plant, planting } from '../support/planted.ts'
import { type Certificates, makeCertificates } from './certificates.ts'

const execute = promisify(execFile)
const resources = {
  notes: collection({ fields: { text: text({ max: 100 }) } }),
  pictures: files({}),
}
const api = defineApi({ title: 'Notes', resources })
const guarded = defineApi({
  title: 'Notes',
  resources,
  authentication: [
    clientCertificates({
      caller: ({ subject }) =>
        subject === 'CN=partner' ? { kind: 'client', id: 'partner', scopes: undefined, claims: {} } : undefined,
    }),
  ],
})

let folder: string
let pems: Certificates
let serving: Serving
let asking: Serving
let port: number
let session: ClientHttp2Session

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comity-tls-'))
  pems = await makeCertificates()
  await writeFile(join(folder, 'ca.pem'), pems.authority.cert)
  for (const name of ['client', 'stranger'] as const) {
    await writeFile(join(folder, `${name}.pem`), pems[name].cert)
    await writeFile(join(folder, `${name}.key`), pems[name].key)
  }
  serving = await serve(api, { port: 0, tls: pems.server, headersTimeout: 1_000 })
  const clients = { ca: pems.authority.cert, certificate: 'asked' } as const
  asking = await serve(guarded, { port: 0, tls: { ...pems.server, clients } })
  port = Number(new URL(serving.url).port)
  session = connect(serving.url, { ca: pems.authority.cert })
})
after(async () => {
  session.close()
  await Promise.all([serving.close(), asking.close()])
  await rm(folder, { recursive: true, force: true })
})

type Answered = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }

/** Over HTTP/2. */
async function ask(fields: Record<string, string>, content?: string, over = session): Promise<Answered> {
  const stream = over.request(fields, { endStream: content === undefined })
  if (content !== undefined) stream.end(content)
  const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders]
  let body = ''
  for await (const piece of stream.setEncoding('utf8')) body += piece
  return { status: Number(headers[':status']), headers, text: body }
}

const json = { 'content-type': 'application/json' }

test('HTTP/2: created, read, revalidated, in parts, refused and deleted as over HTTP/1.1', async () => {
  const made = await ask({ ':method': 'POST', ':path': '/notes', ...json }, '{"text":"over two"}')
  assert.equal(made.status, 201)
  const path = String(made.headers.location)
  const read = await ask({ ':path': path })
  assert.deepEqual([read.status, JSON.parse(read.text).text], [200, 'over two'])
  const again = await ask({ ':path': path, 'if-none-match': String(read.headers.etag) })
  assert.deepEqual([again.status, again.text], [304, ''])
  const part = await ask({ ':path': path, range: 'bytes=0-4' })
  assert.deepEqual([part.status, part.text], [206, read.text.slice(0, 5)])
  const stale = await ask({ ':method': 'DELETE', ':path': path, 'if-match': '"old"' })
  assert.deepEqual([stale.status, stale.headers['content-type']], [412, 'application/problem+json'])
  assert.ok(JSON.parse(stale.text).type.startsWith(`${serving.url}/problems/`))
  assert.equal((await ask({ ':method': 'DELETE', ':path': path })).status, 204)
  assert.equal((await ask({ ':path': path })).status, 410)
  const head = await ask({ ':method': 'HEAD', ':path': '/notes' })
  assert.deepEqual([head.status, head.text], [200, ''])
})

test('HTTP/2: many streams at once, each with its own answer; nothing about a connection is said', async () => {
  const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => ask({ ':path': `/notes?limit=${n + 1}` })))
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
  for (const { headers } of answers) assert.equal(headers.connection ?? headers['transfer-encoding'], undefined)
  // What over HTTP/1.1 closes the connection.
  const large = await ask({ ':method': 'POST', ':path': '/notes', ...json, 'content-length': '999999999' }, '{}').catch(
    error => error,
  )
  assert.ok(large instanceof Error || large.status === 413 || large.status === 400)
  assert.equal((await ask({ ':path': '/livez' })).status, 200)
})

test('HTTP/2: a file is sent and comes back whole, and an export streams', async () => {
  const bytes = 'x'.repeat(300_000)
  const put = await ask({ ':method': 'PUT', ':path': '/pictures/a.txt', 'content-type': 'text/plain' }, bytes)
  assert.equal(put.status, 201)
  assert.equal((await ask({ ':path': '/pictures/a.txt' })).text, bytes)
  await ask({ ':method': 'POST', ':path': '/notes', ...json }, '[{"text":"a"},{"text":"b"}]')
  const all = await ask({ ':path': '/notes.csv?limit=all' })
  assert.equal(all.text.trim().split(/\r?\n/).length, 3)
})

test('HTTP/2: the authority is the host, and links lead to https', async () => {
  const { text: body } = await ask({ ':path': '/notes/none', ':authority': `localhost:${port}` })
  assert.ok(JSON.parse(body).type.startsWith(`https://localhost:${port}/problems/`))
})

test('curl speaks both to the same port', async () => {
  const curl = async (...words: string[]) => {
    const { stdout } = await execute('curl', [
      '-sS',
      '--cacert',
      join(folder, 'ca.pem'),
      '-w',
      '\n%{http_version} %{http_code}',
      ...words,
      `${serving.url}/notes`,
    ])
    return stdout.split('\n').at(-1)
  }
  assert.equal(await curl('--http2'), '2 200')
  assert.equal(await curl('--http1.1'), '1.1 200')
  assert.equal(await curl('--http2', '-d', '{"text":"c"}', '-H', 'content-type: application/json'), '2 201')
})

type Plain = { readonly head: string; readonly body: string }

async function plainly(text: string, to = port): Promise<Plain> {
  const socket = connectPlain(to, '127.0.0.1')
  socket.write(text)
  let answer = ''
  for await (const piece of socket.setEncoding('latin1')) answer += piece
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  return { head, body }
}

test('plain HTTP to it: a GET is moved to https, anything else is 426 and told to upgrade', async () => {
  const moved = await plainly(`GET /notes?limit=1 HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`)
  assert.match(moved.head, /^HTTP\/1\.1 308 /)
  assert.match(moved.head, new RegExp(`\r\nlocation: https://localhost:${port}/notes\\?limit=1(\r\n|$)`, 'i'))
  const refused = await plainly(`POST /notes HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Length: 2\r\n\r\n{}`)
  assert.match(refused.head, /^HTTP\/1\.1 426 /)
  assert.match(refused.head, /\r\nupgrade: TLS\/1\.2, HTTP\/1\.1/i)
  assert.match(refused.head, /\r\nconnection: upgrade, close/i)
  assert.equal(JSON.parse(refused.body).code, 'upgrade-required')
  // Where to is the client's to say only as far as it is a host.
  for (const host of ['evil.example/@x', 'evil.example@x', 'a b', '']) {
    const { head } = await plainly(`GET //evil.example/ HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
    assert.doesNotMatch(head, /location: https:\/\/evil\.example/i)
  }
})

test('what is neither TLS nor HTTP, and who says nothing, keeps no connection', async () => {
  assert.match((await plainly('\x01\x02\x03\r\n\r\n')).head, /^(HTTP\/1\.1 400 |$)/)
  const { head } = await plainly('GET / HTTP/1.1\r\nHost: ')
  assert.equal(head === '' || /^HTTP\/1\.1 40/.test(head), true)
})

test('who says nothing over TLS, or only the half, keeps no connection either', async () => {
  const said = async (text: string) => {
    const socket = connectTls({ port, host: '127.0.0.1', ca: pems.authority.cert, ALPNProtocols: ['http/1.1'] })
    await once(socket, 'secureConnect')
    socket.write(text)
    let answer = ''
    for await (const piece of socket.setEncoding('latin1')) answer += piece
    return answer.split('\r\n')[0]
  }
  assert.equal(await said('GET /notes HTTP/1.1\r\nHost: localhost'), 'HTTP/1.1 408 Request Timeout')
  const silent = connectPlain(port, '127.0.0.1')
  await once(silent, 'close')
  const half = connectPlain(port, '127.0.0.1')
  half.write('\x16\x03')
  await once(half.resume(), 'close')
})

test('TLS older than 1.2 is not spoken', async () => {
  const socket = connectTls({
    port,
    host: '127.0.0.1',
    ca: pems.authority.cert,
    maxVersion: 'TLSv1.1',
    minVersion: 'TLSv1',
    ciphers: 'ALL:@SECLEVEL=0',
  })
  await assert.rejects(once(socket, 'secureConnect'))
})

const ofClient = (name?: 'client' | 'stranger') => (name ? { key: pems[name].key, cert: pems[name].cert } : {})

function statusOver1(name?: 'client' | 'stranger', path = '/notes'): Promise<readonly [number, string]> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      asking.url + path,
      { ca: pems.authority.cert, agent: false, ...ofClient(name) },
      answer => {
        let body = ''
        answer
          .setEncoding('utf8')
          .on('data', piece => (body += piece))
          .on('end', () => resolve([answer.statusCode ?? 0, body]))
      },
    )
    outgoing.on('error', reject).end()
  })
}

test('a certificate says who its owner is, over HTTP/1.1, HTTP/2 and by curl', async () => {
  assert.equal((await statusOver1('client'))[0], 200)
  const over2 = connect(asking.url, { ca: pems.authority.cert, ...ofClient('client') })
  try {
    assert.equal((await ask({ ':path': '/notes' }, undefined, over2)).status, 200)
  } finally {
    over2.close()
  }
  const files = [
    '--cert',
    join(folder, 'client.pem'),
    '--key',
    join(folder, 'client.key'),
    '--cacert',
    join(folder, 'ca.pem'),
  ]
  const { stdout } = await execute('curl', [
    '-sS',
    ...files,
    '-o',
    join(folder, 'out'),
    '-w',
    '%{http_code}',
    `${asking.url}/notes`,
  ])
  assert.equal(stdout, '200')
})

test('without one, and with one of another authority, nobody is known; a field that says so is not believed', async () => {
  for (const who of [undefined, 'stranger'] as const) {
    const [status, body] = await statusOver1(who)
    assert.deepEqual([status, JSON.parse(body).code], [401, 'authentication-required'])
  }
  const der = Buffer.from(pems.client.cert.replace(/-----[^-]+-----|\s/g, ''), 'base64').toString('base64')
  const over2 = connect(asking.url, { ca: pems.authority.cert })
  try {
    assert.equal((await ask({ ':path': '/notes', 'client-cert': `:${der}:` }, undefined, over2)).status, 401)
  } finally {
    over2.close()
  }
})

test('Client-Cert of a proxy that is trusted is believed, and of it alone', async () => {
  const believing = defineApi({
    title: 'Notes',
    resources,
    authentication: [
      clientCertificates({
        proxies: ['127.0.0.0/8'],
        caller: ({ subject }) =>
          subject === 'CN=partner' ? { kind: 'client', id: 'partner', scopes: undefined, claims: {} } : undefined,
      }),
    ],
  })
  const behind = await serve(believing, { port: 0 })
  try {
    const status = async (field: string) =>
      (await fetch(`${behind.url}/notes`, { headers: { 'client-cert': field } })).status
    const der = (pem: string) => pem.replace(/-----[^-]+-----|\s/g, '')
    assert.equal(await status(`:${der(pems.client.cert)}:`), 200)
    assert.equal(await status(`:${der(pems.stranger.cert)}:`), 401)
    assert.equal(await status('partner'), 401)
    assert.equal(await status(':AAAA:'), 401)
  } finally {
    await behind.close()
  }
  assert.throws(() => clientCertificates({ proxies: ['10.0.0.0/99'], caller: () => undefined }), /10\.0\.0\.0\/99/)
})

test('where a certificate has to be shown, nobody comes in without', async () => {
  const clients = { ca: pems.authority.cert, certificate: 'required' } as const
  const strict = await serve(guarded, { port: 0, tls: { ...pems.server, clients } })
  const status = (name?: 'client') =>
    new Promise<number | string>(resolve => {
      const outgoing = request(
        `${strict.url}/livez`,
        { ca: pems.authority.cert, agent: false, ...ofClient(name) },
        answer => resolve(answer.resume().statusCode ?? 0),
      )
      outgoing.on('error', () => resolve('refused')).end()
    })
  try {
    assert.deepEqual([await status('client'), await status()], [200, 'refused'])
  } finally {
    await strict.close()
  }
})

test('comity serve --cert --key serves it, and says what is wrong with them', async () => {
  await writeFile(join(folder, 'server.pem'), pems.server.cert)
  await writeFile(join(folder, 'server.key'), pems.server.key)
  await writeFile(join(folder, 'db.json'), '{"notes":[{"id":1,"text":"a"}]}')
  const running = start(['serve', 'db.json', '--port', '0', '--cert', 'server.pem', '--key', 'server.key'], folder)
  try {
    let url = ''
    running.child.stdout?.on('data', piece => {
      url ||= /https:\/\/127\.0\.0\.1:\d+/.exec(String(piece))?.[0] ?? ''
    })
    await running.said(/https:\/\/127\.0\.0\.1:\d+/)
    const { stdout } = await execute('curl', ['-sS', '--http2', '--cacert', join(folder, 'ca.pem'), `${url}/notes/1`])
    assert.equal(JSON.parse(stdout).text, 'a')
  } finally {
    running.child.kill('SIGTERM')
    await running.ended
  }
  for (const words of [
    ['--cert', 'server.pem'],
    ['--cert', 'server.pem', '--key', 'client.key'],
    ['--cert', 'none.pem', '--key', 'server.key'],
  ])
    assert.equal((await here(['serve', 'db.json', ...words], folder)).code, 2, words.join(' '))
})

test('it closes while clients hold connections, and finishes what is under way', async () => {
  const closing = await serve(api, { port: 0, tls: pems.server, drainTimeout: 2_000 })
  const held = connect(closing.url, { ca: pems.authority.cert })
  assert.equal((await ask({ ':path': '/notes' }, undefined, held)).status, 200)
  const since = performance.now()
  const ended = once(held, 'close')
  await closing.close()
  await ended
  assert.ok(performance.now() - since < 60_000)
})

describe('who calls, over TLS: each scheme over HTTP/2', () => {
  const password = plant('a password sent over TLS')
  const made: Record<string, string> = {}
  let serving: Serving
  let session: ClientHttp2Session

  before(async () => {
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
})

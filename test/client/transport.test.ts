// The transport of Node: what breaks at any byte, TLS, HTTP/2, sockets, files, fetch, and what a closed client says.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createSecureServer, type Http2SecureServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type Client, createClient, file, HttpError, NetworkError } from '@comity/client'
import { cert, key } from './support/certificate.ts'
import { answer, type FaultServer, jsonAnswer, type Step, startFaultServer } from './support/fault-server.ts'

let server: FaultServer
let client: Client
const folder = mkdtempSync(join(tmpdir(), 'comity-client-'))

before(async () => {
  server = await startFaultServer()
  client = createClient({ baseUrl: server.url, retry: false, breaker: false })
})

after(async () => {
  await client.close()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

const failing = async (asked: PromiseLike<unknown>): Promise<NetworkError> => {
  const error = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof NetworkError, String(error))
  return error
}

describe('an answer that breaks off', () => {
  const whole = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 8\r\n\r\n{"a":12}'
  const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\n{"a"\r\n4\r\n:12}\r\n0\r\n\r\n'
  for (const [name, text] of [
    ['with a length', whole],
    ['in chunks', chunked],
  ] as const)
    for (const end of ['reset', 'close'] as const)
      it(`at any byte, ${name}, by ${end}, is never taken for a whole one`, async () => {
        const cuts = Array.from({ length: text.length }, (_, index) => index)
        server.play((_, index): readonly Step[] => [text.slice(0, cuts[index]), { kind: end }])
        const errors = await cuts.reduce<Promise<NetworkError[]>>(
          async (all, _) => [...(await all), await failing(client.get('/x').json())],
          Promise.resolve([]),
        )
        const headEnd = text.indexOf('\r\n\r\n') + 4
        for (const [cut, error] of errors.entries()) {
          if (cut < headEnd) assert.notEqual(error.phase, 'receive', `cut at ${cut}`)
          else assert.deepEqual([error.kind, error.phase], ['interrupted', 'receive'], `cut at ${cut}`)
        }
        server.play(() => [text])
        assert.deepEqual(await client.get('/x').json(), { a: 12 })
      })

  it('may come byte by byte', async () => {
    server.play(() => [{ kind: 'drip', bytes: chunked }])
    assert.deepEqual(await client.get('/x').json(), { a: 12 })
  })

  const rows = [
    ['more than its length', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}garbage', '{}'],
    [
      'interim answers before it',
      'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}',
      '{}',
    ],
    ['no length', 'HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{}', '{}'],
  ] as const
  for (const [name, text, content] of rows)
    it(`is read with ${name}`, async () => {
      const told: number[] = []
      server.play(() => [text, { kind: 'close' }])
      assert.equal(await client.get('/x', { onInterim: status => told.push(status) }).text(), content)
      if (name.startsWith('interim')) assert.deepEqual(told, [103, 102])
    })

  const broken = [
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}'],
    ['a length that is none', 'HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n{}'],
    ['a length and chunks', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a chunk that is none', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n'],
    ['a status that is none', 'HTTP/1.1 OK\r\n\r\n'],
    ['an endless head', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(30_000)}`],
  ] as const
  for (const [name, text] of broken)
    it(`is refused with ${name}`, async () => {
      server.play(() => [text, { kind: 'close' }])
      const error = await failing(client.get('/x').text())
      assert.ok(['protocol', 'too-large', 'interrupted', 'reset'].includes(error.kind), error.kind)
      assert.match(error.message, /^GET http:\/\/127\.0\.0\.1:\d+\/x failed: \S.*\S$/)
    })

  it('takes a slow reader at its pace', async () => {
    const size = 4 * 1024 * 1024
    server.play(() => [answer(200, {}, 'x'.repeat(size))])
    const response = await client.get('/x')
    let read = 0
    for await (const piece of response) {
      read += piece.length
      await new Promise(setImmediate)
    }
    assert.equal(read, size)
  })

  it('gives its connection back when it is discarded, or left', async () => {
    server.play(() => ['HTTP/1.1 200 OK\r\ncontent-length: 999999\r\n\r\nabc'])
    {
      await using response = await client.get('/x')
      assert.equal(response.status, 200)
    }
    for await (const piece of await client.get('/x')) {
      assert.equal(piece.length, 3)
      break
    }
    assert.equal(
      (await failing(client.get('/x', { timeout: 30, signal: AbortSignal.timeout(30) }).text())).kind,
      'aborted',
    )
  })
})

describe('TLS and HTTP/2', () => {
  let secure: Http2SecureServer
  let url = ''
  before(async () => {
    secure = createSecureServer({ key, cert, allowHTTP1: true }, (request, reply) => {
      let body = ''
      request.on('data', piece => {
        body += piece
      })
      request.on('end', () => {
        reply.setHeader('content-type', 'application/json')
        reply.end(JSON.stringify({ version: request.httpVersion, method: request.method, body }))
      })
    })
    await new Promise<void>(resolve => secure.listen(0, '127.0.0.1', resolve))
    url = `https://localhost:${(secure.address() as AddressInfo).port}`
  })
  after(() => {
    secure.close()
  })

  it('speaks HTTP/2 where it is offered', async () => {
    await using trusting = createClient({ baseUrl: url, transport: { tls: { ca: cert } } })
    const response = await trusting.post('/x', { body: { a: 1 } })
    assert.equal(response.httpVersion, '2')
    assert.deepEqual(await response.json(), { version: '2.0', method: 'POST', body: '{"a":1}' })
    assert.ok((response.timings?.tls ?? 0) > 0 && (response.timings?.total ?? 0) > 0)
    const all = await Promise.all(Array.from({ length: 20 }, (_, index) => trusting.post('/x', { body: index }).json()))
    assert.equal(all.length, 20)
  })

  it('speaks HTTP/1.1 where it is told to', async () => {
    await using trusting = createClient({ baseUrl: url, transport: { tls: { ca: cert }, http2: false } })
    const response = await trusting.get('/x')
    assert.equal(response.httpVersion, '1.1')
    await response.discard()
  })

  it('trusts nobody that is not vouched for', async () => {
    await using strict = createClient({ baseUrl: url })
    const error = await failing(strict.get('/x'))
    assert.deepEqual([error.kind, error.phase], ['tls', 'connect'])
    assert.match(error.message, /: no trusted connection to localhost: its certificate is signed by itself$/)
    assert.equal(error.trace.length, 0)
  })
})

describe('a client in Node', () => {
  it('goes through a Unix socket', { skip: process.platform === 'win32' }, async t => {
    const socketPath = join(folder, 'socket')
    const local = createServer((_, reply) => reply.end('local')).listen(socketPath)
    t.after(() => local.close())
    await using client = createClient({ baseUrl: 'http://local', transport: { socketPath } })
    assert.equal(await client.get('/').text(), 'local')
  })

  it('sends files, also again', async () => {
    const path = join(folder, 'rows.csv')
    writeFileSync(path, 'a,b\n1,2\n')
    server.play((_, index) => [answer(index === 0 ? 503 : 201)])
    await using client = createClient({ baseUrl: server.url, retry: { base: 1 } })
    await client.post('/x', { body: await file(path) })
    for (const seen of server.seen) {
      assert.deepEqual([seen.fields['content-type'], seen.fields['content-length']], ['text/csv;charset=utf-8', '8'])
      assert.equal(seen.body.toString(), 'a,b\n1,2\n')
    }
    assert.equal(server.seen.length, 2)
    await assert.rejects(file(folder), TypeError)
  })

  it('tells why a source of content failed, and does not try it again', async () => {
    server.play(() => [answer(200)])
    await using client = createClient({ baseUrl: server.url, retry: { base: 1 } })
    let opened = 0
    const body = async function* () {
      opened++
      yield Buffer.from('abc')
      throw new RangeError('the source is dry')
    }
    await assert.rejects(client.put('/x', { body }), RangeError)
    assert.equal(opened, 1)
  })

  it('is closed once', async () => {
    const closing = createClient({ baseUrl: server.url })
    await closing.close()
    await closing.close()
    assert.equal((await failing(closing.get('/x'))).kind, 'closed')
  })

  it('tells of its calls', async () => {
    server.play(() => [answer(404)])
    const told: string[] = []
    await using telling = createClient({ baseUrl: server.url })
    const stop = telling.on('call', ({ request, response, error }) =>
      told.push(`${request.method} ${response?.status} ${error instanceof HttpError}`),
    )
    await telling.get('/x').catch(() => {})
    await telling.get('/x', { throwOnError: false })
    stop()
    await telling.get('/x', { throwOnError: false })
    assert.deepEqual(told, ['GET 404 true', 'GET 404 false'])
  })
})

describe('fetch', () => {
  it('gives the platform what the platform’s own gives', async () => {
    server.play(request => [
      request.target === '/moved'
        ? answer(302, { location: '/x' })
        : jsonAnswer(
            201,
            { method: request.method, body: request.body.toString(), type: request.fields['content-type'] },
            { 'set-cookie': 'a=1\r\nset-cookie: b=2' },
          ),
    ])
    const inits: readonly (readonly [string, RequestInit])[] = [
      ['/x', {}],
      ['/x', { method: 'POST', body: 'text' }],
      ['/x', { method: 'PUT', body: new URLSearchParams({ a: 'b' }), headers: { 'x-a': '1' } }],
      ['/moved', {}],
    ]
    for (const [target, init] of inits) {
      const [ours, theirs] = [await client.fetch(target, init), await fetch(server.url + target, init)]
      assert.ok(ours instanceof Response)
      const view = async (response: Response) => ({
        status: [response.status, response.ok, response.redirected, response.url],
        cookies: response.headers.getSetCookie(),
        type: response.headers.get('content-type'),
        body: await response.json(),
      })
      assert.deepEqual(await view(ours), await view(theirs))
    }
    assert.deepEqual(await (await client.fetch(new Request(`${server.url}/x`, { method: 'DELETE' }))).json(), {
      method: 'DELETE',
      body: '',
    })
  })

  it('rejects as the platform’s own does', async () => {
    server.play(() => [{ kind: 'reset' }])
    const { fetch } = client
    const error = await fetch('/x').then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    assert.ok(error instanceof TypeError && error.cause instanceof NetworkError)
    server.play(() => [{ kind: 'hang' }])
    await assert.rejects(fetch('/x', { signal: AbortSignal.timeout(20) }), { name: 'TimeoutError' })
    await assert.rejects(fetch('/x', { signal: AbortSignal.abort() }), { name: 'AbortError' })
    server.play(() => [answer(302, { location: '/y' })])
    await assert.rejects(fetch('/x', { redirect: 'error' }), TypeError)
    assert.equal((await fetch('/x', { redirect: 'manual' })).status, 302)
    server.play(() => [answer(204)])
    assert.equal((await fetch('/x')).body, null)
  })
})

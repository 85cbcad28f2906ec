// What a client does by itself: retries, keys, redirections, breakers, negotiation, decoding; over a server that fails.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import {
  type Client,
  type ClientOptions,
  createClient,
  DeadlineError,
  DecodeError,
  HttpError,
  NetworkError,
} from '@comity/client'
import { fakeClock } from './support/clock.ts'
import { answer, type FaultServer, jsonAnswer, type Step, startFaultServer } from './support/fault-server.ts'

let server: FaultServer
let other: FaultServer
const clients: Client[] = []

/** A client of its own: what one has learned about the server says nothing to the next. */
function fresh(options: ClientOptions = {}): Client {
  const client = createClient({ baseUrl: server.url, clock: fakeClock(), cache: false, dedupe: false, ...options })
  clients.push(client)
  return client
}

/** Answers these, one for each request, and 200 from then on. */
const playAll = (...answers: readonly (readonly Step[])[]) => server.play((_, index) => answers[index] ?? [answer(200)])
const status = (code: number, fields: Readonly<Record<string, string>> = {}): readonly Step[] => [answer(code, fields)]
const caught = async <E extends Error>(asked: PromiseLike<unknown>, kind: new (...words: never[]) => E): Promise<E> => {
  const error = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof kind, String(error))
  return error
}

before(async () => {
  server = await startFaultServer()
  other = await startFaultServer()
})

after(async () => {
  for (const client of clients) await client.close()
  await server.close()
  await other.close()
})

describe('a retry', () => {
  it('waits what Retry-After says, jitter on top, and tells so', async () => {
    const clock = fakeClock('leaping', () => 0.5)
    playAll(status(503, { 'retry-after': '2' }), status(429, { 'retry-after': '0' }))
    const response = await fresh({ clock }).get('/x')
    assert.deepEqual(clock.slept, [2150, 300])
    assert.deepEqual(
      response.trace.map(note => note.text),
      ['503; tried again after 2150 ms (as Retry-After says)', '429; tried again after 300 ms (as Retry-After says)'],
    )
  })

  const date = 'Wed, 31 Dec 2014 00:00:00 GMT'
  const rows = [
    [
      'a date, by the Date of the response',
      { 'retry-after': 'Wed, 31 Dec 2014 01:00:07 GMT', date: 'Wed, 31 Dec 2014 01:00:00 GMT' },
      7000,
    ],
    ['a date of RFC 850', { 'retry-after': 'Wednesday, 31-Dec-14 00:00:07 GMT', date }, 7000],
    ['a date of asctime', { 'retry-after': 'Wed Dec 31 00:00:07 2014', date }, 7000],
    ['a date that is past', { 'retry-after': 'Tue, 30 Dec 2014 00:00:00 GMT', date }, 0],
    ['the reset of RateLimit', { ratelimit: '"default";r=0;t=9' }, 9000],
    ['Retry-After before RateLimit', { ratelimit: '"default";r=0;t=9', 'retry-after': '0' }, 0],
    ['nothing', {}, 0],
  ] as const
  for (const [name, fields, ms] of rows)
    it(`waits by ${name}`, async () => {
      const clock = fakeClock()
      playAll(status(429, fields))
      await fresh({ clock }).get('/x')
      assert.deepEqual(
        clock.slept.reduce((sum, each) => sum + each, 0),
        ms,
      )
    })

  it('is not made where the wait would pass the deadline, or patience', async () => {
    playAll(status(503, { 'retry-after': '10' }))
    const error = await caught(fresh().get('/x', { deadline: 9000 }), HttpError)
    assert.match(error.trace[0]?.text ?? '', /^503; not tried again: to wait 10000 ms, the deadline would be over$/)
    assert.equal(server.seen.length, 1)
    playAll(status(503, { 'retry-after': '3600' }))
    assert.equal((await caught(fresh().get('/x'), HttpError)).status, 503)
    assert.equal(server.seen.length, 1)
  })

  it('is over with the deadline, whatever the attempt may take', async () => {
    playAll(status(503), [{ kind: 'hang' }])
    const client = createClient({ baseUrl: server.url, retry: { base: 1 } })
    await caught(client.get('/x', { deadline: 60, timeout: 5000 }), DeadlineError)
    await client.close()
  })

  it('keeps the key of its call, and gives each call one of its own', async () => {
    playAll(status(503), [{ kind: 'reset' }])
    const client = fresh()
    await client.post('/x', { body: { a: 1 } })
    await client.post('/x', { body: { a: 1 }, retry: false })
    await client.patch('/x', { body: {}, idempotency: { key: 'mine' } })
    await client.put('/x', { body: {} })
    const keys = server.seen.map(seen => seen.fields['idempotency-key'])
    assert.match(keys[0] ?? '', /^"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"$/)
    assert.deepEqual([keys[1], keys[2], keys[4], keys[5]], [keys[0], keys[0], '"mine"', undefined])
    assert.notEqual(keys[3], keys[0])
  })

  it('makes a stream anew, and sends none that is spent', async () => {
    playAll(status(503), [{ kind: 'reset' }])
    let opened = 0
    const body = () => {
      opened++
      return new Blob(['whole']).stream()
    }
    await fresh().post('/x', { body })
    assert.deepEqual([opened, server.seen.map(seen => seen.body.toString())], [3, ['whole', 'whole', 'whole']])
    playAll(status(503))
    const error = await caught(fresh().post('/x', { body: body() }), HttpError)
    assert.equal(error.trace.at(-1)?.text, '503; not tried again: its content was a stream that can be sent only once')
  })

  it('tries content that broke off again, where it is read at once', async () => {
    playAll(['HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"a"', { kind: 'reset' }], [jsonAnswer(200, { a: 1 })])
    assert.deepEqual(await fresh().get('/x').json(), { a: 1 })
    assert.equal(server.seen.length, 2)
  })

  it('keeps the content of the last error', async () => {
    server.play(() => [jsonAnswer(503, { title: 'Busy', status: 503 }, { 'content-type': 'application/problem+json' })])
    const error = await caught(fresh().get('/x'), HttpError)
    assert.deepEqual([error.problem?.title, server.seen.length], ['Busy', 3])
  })

  it('is not made by all calls of a client once its budget is spent', async () => {
    server.play(() => status(503))
    const client = fresh({ retryBudget: { capacity: 3, perSecond: 0 }, breaker: false })
    for (let call = 0; call < 5; call++) await caught(client.get('/x'), HttpError)
    assert.equal(server.seen.length, 5 + 3)
  })

  it('is not made for what is lasting', async () => {
    server.play(() => status(404))
    await caught(fresh().get('/x'), HttpError)
    assert.equal(server.seen.length, 1)
    server.play(() => status(503))
    await caught(fresh({ retry: false }).get('/x'), HttpError)
    await caught(fresh().get('/x', { retry: { attempts: 2 } }), HttpError)
    assert.equal(server.seen.length, 3)
  })
})

describe('a breaker', () => {
  it('leaves an origin alone that fails, and tries it again later', async () => {
    const clock = fakeClock('standing')
    server.play(() => status(500))
    const client = fresh({ clock, retry: false, breaker: { threshold: 3, cooldown: 1000 } })
    for (let call = 0; call < 3; call++) await caught(client.get('/x'), HttpError)
    const error = await caught(client.get('/x'), NetworkError)
    assert.equal(error.kind, 'circuit-open')
    assert.equal(server.seen.length, 3)
    assert.equal((await client.get(`${other.url}/x`)).status, 200)
    clock.advance(1000)
    server.play(() => status(200))
    const [probe] = await Promise.all([client.get('/x'), caught(client.get('/x'), NetworkError)])
    assert.equal(probe.status, 200)
    assert.equal((await client.get('/x')).status, 200)
  })
})

describe('a redirection', () => {
  const to = (location: string, code = 302): readonly Step[] => status(code, { location })

  it('is followed, and stands on the response', async () => {
    playAll(to('/b?c#d', 301), to('e', 308), [answer(200, {}, 'here')])
    const response = await fresh().post('/a', { body: { a: 1 } })
    assert.deepEqual(
      server.seen.map(({ method, target, body }) => `${method} ${target} ${body}`),
      ['POST /a {"a":1}', 'GET /b?c ', 'GET /e '],
    )
    assert.equal(response.url, `${server.url}/e`)
    assert.deepEqual(
      response.redirects.map(hop => [hop.status, hop.url]),
      [
        [301, `${server.url}/a`],
        [308, `${server.url}/b?c`],
      ],
    )
  })

  it('keeps method and content at 307', async () => {
    playAll(to('/b', 307))
    await fresh().put('/a', { body: 'text' })
    assert.deepEqual(
      server.seen.map(({ method, target, body }) => `${method} ${target} ${body}`),
      ['PUT /a text', 'PUT /b text'],
    )
  })

  it('carries no secret to another origin', async () => {
    other.play(() => status(200))
    playAll(to(`${other.url}/x`, 307))
    await fresh().get('/a', { fields: { authorization: 'Bearer x', 'x-api-key': 'x', 'x-plain': '1' } })
    const { authorization, 'x-api-key': key, 'x-plain': plain } = other.seen[0]?.fields ?? {}
    assert.deepEqual([authorization, key, plain], [undefined, undefined, '1'])
  })

  it('is an error where it cannot be followed', async () => {
    server.play(request => to(request.target === '/a' ? '/b' : '/a'))
    assert.match((await caught(fresh().get('/a'), HttpError)).message, /302 .*: the redirections go round in a circle$/)
    server.play((_, index) => to(`/${index}`))
    assert.match((await caught(fresh().get('/a'), HttpError)).message, /too many/)
    assert.equal(server.seen.length, 6)
    playAll(to(`${other.url}/x`, 307))
    assert.match((await caught(fresh().post('/a', { body: {} }), HttpError)).message, /content to another origin$/)
    playAll(to('/b'))
    assert.equal((await fresh().get('/a', { redirect: false })).status, 302)
  })
})

describe('negotiation', () => {
  it('asks again for what a 406 offers, once', async () => {
    const offer = {
      title: 'Not acceptable',
      status: 406,
      available: [{ type: 'text/csv' }, { type: 'application/json' }],
    }
    server.play(request =>
      request.fields.accept === 'application/json'
        ? [jsonAnswer(200, [])]
        : [jsonAnswer(406, offer, { 'content-type': 'application/problem+json' })],
    )
    const response = await fresh().get('/x')
    assert.deepEqual([response.status, server.seen.length], [200, 2])
    assert.equal(response.trace[0]?.text, '406; asked again for application/json, which is offered instead')
    const error = await caught(fresh().get('/x', { fields: { accept: 'image/png' } }), HttpError)
    assert.deepEqual([error.status, error.problem?.title, server.seen.length], [406, 'Not acceptable', 3])
  })

  it('asks for what a link names', async () => {
    server.play(request =>
      request.fields.accept === 'application/xml'
        ? [answer(200)]
        : [answer(406, { link: '</x.xml>; rel=alternate; type="application/xml"' })],
    )
    await fresh().get('/x')
    assert.equal(server.seen.length, 2)
  })

  it('sends what the client can read', async () => {
    playAll()
    const client = fresh({ negotiate: { accept: ['application/xml', 'text/csv'] } })
    await client.get('/x')
    await client.get('/x').json()
    await client.get('/x', { fields: { accept: 'text/html' } })
    const sent = server.seen.map(seen => seen.fields.accept)
    assert.deepEqual(sent, ['application/xml, text/csv;q=0.9', 'application/json, */*;q=0.1', 'text/html'])
  })
})

describe('a content coding', () => {
  const text = 'abc'.repeat(1000)
  const rows = [
    ['gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['zstd', zstdCompressSync(text)],
    ['deflate, gzip', gzipSync(deflateSync(text))],
  ] as const
  for (const [name, bytes] of rows)
    it(`is decoded: ${name}`, async () => {
      server.play(() => [answer(200, { 'content-encoding': name }, bytes)])
      const response = await fresh().get('/x')
      assert.equal(response.field('content-encoding'), undefined)
      assert.equal(await response.text(), text)
      const head = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-encoding: '
      const half = bytes.length >> 1
      const chunk = (piece: Buffer) =>
        Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')])
      server.play(() => [
        `${head}${name}\r\n\r\n`,
        chunk(bytes.subarray(0, half)),
        chunk(bytes.subarray(half)),
        '0\r\n\r\n',
      ])
      assert.equal(await fresh().get('/x').text(), text)
      assert.equal(server.seen[0]?.fields['accept-encoding'], 'gzip, deflate, br, zstd')
    })

  it('is not decoded into more than is allowed', async () => {
    const zeros = Buffer.alloc(40 * 1024 * 1024)
    for (const [name, bomb] of [
      ['gzip', gzipSync(zeros)],
      ['br', brotliCompressSync(zeros)],
      ['gzip, br', brotliCompressSync(gzipSync(zeros))],
    ] as const) {
      server.play(() => [answer(200, { 'content-encoding': name }, bomb)])
      const error = await caught(fresh().get('/x').bytes(), DecodeError)
      assert.match(error.message, /becomes larger than is allowed/)
    }
    server.play(() => [answer(200, { 'content-encoding': Array(9).fill('gzip').join() }, 'x')])
    await caught(fresh().get('/x').bytes(), DecodeError)
  })

  it('that is none is a DecodeError, one that broke off a NetworkError', async () => {
    server.play(() => [answer(200, { 'content-encoding': 'gzip' }, 'plain')])
    await caught(fresh().get('/x').bytes(), DecodeError)
    const bytes = gzipSync(Buffer.from(Array.from({ length: 90_000 }, (_, index) => (index * index) % 251)))
    server.play(() => [answer(200, { 'content-encoding': 'gzip' }, bytes).subarray(0, -100), { kind: 'close' }])
    assert.equal((await caught(fresh({ retry: false }).get('/x').bytes(), NetworkError)).kind, 'interrupted')
  })
})

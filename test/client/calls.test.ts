// What a call sends, and what its caller gets back.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Client, createClient, DeadlineError, DecodeError, HttpError, NetworkError } from '@comity/client'
import { answer, type FaultServer, jsonAnswer, startFaultServer } from './support/fault-server.ts'

let server: FaultServer
let client: Client

before(async () => {
  server = await startFaultServer()
  client = createClient({ baseUrl: `${server.url}/api` })
})

after(async () => {
  await client.close()
  await server.close()
})

describe('a request', () => {
  it('goes to the path behind the base, with the words of its params', async () => {
    server.play(() => [jsonAnswer(200, { a: 1 })])
    const params = { type: ['savings', 'current'], amount: { gte: 5 }, from: new Date(0), none: undefined, no: null }
    const item = await client.get('/accounts/{id}', { path: { id: 'a/b c' }, params }).json()
    assert.deepEqual(item, { a: 1 })
    assert.equal(
      server.seen[0]?.target,
      '/api/accounts/a%2Fb%20c?type=savings&type=current&amount.gte=5&from=1970-01-01T00%3A00%3A00.000Z',
    )
    assert.equal(server.seen[0]?.fields.accept, 'application/json, */*;q=0.1')
  })

  it('is refused where a segment of its path would lead elsewhere', async () => {
    for (const id of ['..', '.', '']) await assert.rejects(client.get('/accounts/{id}', { path: { id } }), TypeError)
    await assert.rejects(client.get('/accounts/{id}', { path: {} }), TypeError)
  })

  const form = new FormData()
  form.set('name', 'Tea\nfor "two"')
  form.set('file', new Blob(['abc'], { type: 'text/plain' }), 'a"b.txt')
  const rows: readonly (readonly [string, unknown, string | RegExp, string | RegExp])[] = [
    ['a value as JSON', { a: [1, null] }, 'application/json', '{"a":[1,null]}'],
    ['null as JSON', null, 'application/json', 'null'],
    ['text as text', 'déjà', 'text/plain;charset=utf-8', 'déjà'],
    ['a form', new URLSearchParams({ a: 'b c' }), /^application\/x-www-form-urlencoded/, 'a=b+c'],
    ['bytes', Uint8Array.of(65, 66), 'application/octet-stream', 'AB'],
    ['a file', new Blob(['abc'], { type: 'text/csv' }), 'text/csv', 'abc'],
    [
      'multipart',
      form,
      /^multipart\/form-data; boundary=/,
      /name="name"\r\n\r\nTea\r\nfor "two"\r\n--.*filename="a%22b.txt"\r\nContent-Type: text\/plain\r\n\r\nabc\r\n--/s,
    ],
    ['a stream made anew', () => new Blob(['abc']).stream(), 'application/octet-stream', 'abc'],
    ['a stream', new Blob(['abc']).stream(), 'application/octet-stream', 'abc'],
  ]
  for (const [name, body, type, sent] of rows)
    it(`sends ${name}`, async () => {
      server.play(() => [answer(204)])
      const response = await client.post('/x', { body })
      assert.equal(response.status, 204)
      const [seen] = server.seen
      assert.match(
        seen?.fields['content-type'] ?? '',
        typeof type === 'string' ? new RegExp(`^${type.replace('/', '\\/')}$`) : type,
      )
      if (typeof sent === 'string') assert.equal(seen?.body.toString(), sent)
      else assert.match(seen?.body.toString() ?? '', sent)
    })

  it('takes fields over those of the client, in any case', async () => {
    server.play(() => [answer(200)])
    const extended = client.extend({ fields: { 'X-One': '1', 'X-Two': '2' } })
    await extended.get('/', { fields: { 'x-one': 'one', 'X-TWO': undefined } })
    const { 'x-one': one, 'x-two': two } = server.seen[0]?.fields ?? {}
    assert.deepEqual([one, two], ['one', undefined])
  })

  it('leaves the secrets of the client behind where its URL is of another origin', async () => {
    const other = await startFaultServer()
    const extended = client.extend({
      fields: { authorization: 'Bearer s3cret', 'x-api-key': 's3cret', 'x-plain': '1' },
    })
    await extended.get(`${other.url}/x`)
    const { authorization, 'x-api-key': key, 'x-plain': plain } = other.seen[0]?.fields ?? {}
    assert.deepEqual([authorization, key, plain], [undefined, undefined, '1'])
    await other.close()
  })
})

describe('a response', () => {
  it('says what it is', async () => {
    server.play(() => [
      answer(200, { 'content-type': 'text/plain', 'set-cookie': 'a=1\r\nset-cookie: b=2', vary: 'a\r\nvary: b' }, 'hi'),
    ])
    const response = await client.get('/x')
    assert.equal(response.status, 200)
    assert.equal(response.reason, 'OK')
    assert.equal(response.field('Vary'), 'a, b')
    assert.deepEqual(response.cookies, ['a=1', 'b=2'])
    assert.equal(response.url, `${server.url}/api/x`)
    assert.equal(response.httpVersion, '1.1')
    assert.equal(await response.text(), 'hi')
    assert.ok((response.timings?.firstByte ?? 0) > 0)
    assert.deepEqual(response.redirects, [])
  })

  it('is read line by line, as CSV, as XML, as a stream', async () => {
    server.play(() => [answer(200, { 'content-type': 'text/csv' }, 'a,b\r\n1,"x\ny"\r\n')])
    const lines: string[] = []
    for await (const line of client.get('/x').lines()) lines.push(line)
    assert.deepEqual(lines, ['a,b', '1,"x', 'y"'])
    assert.deepEqual(await client.get('/x').csv(), [{ a: '1', b: 'x\ny' }])
    assert.equal((await new Response(await client.get('/x').stream()).text()).length, 14)
    server.play(() => [answer(200, { 'content-type': 'application/xml' }, '<a x="1"><b>t</b></a>')])
    assert.deepEqual(await client.get('/x').xml(), {
      name: 'a',
      attributes: { x: '1' },
      children: [{ name: 'b', attributes: {}, children: [], text: 't' }],
      text: '',
    })
  })

  it('that is an error is thrown, with its problem and its content', async () => {
    const problem = { type: 'about:blank', title: 'Not found', status: 404, detail: 'There is no account 9.' }
    server.play(() => [answer(404, { 'content-type': 'application/problem+json' }, JSON.stringify(problem))])
    const error = await client.get('/accounts/9?key=s3cret').then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    assert.ok(error instanceof HttpError)
    assert.equal(error.message, `GET ${server.url}/api/accounts/9?… was answered 404 Not Found: There is no account 9.`)
    assert.equal(error.problem?.detail, 'There is no account 9.')
    assert.deepEqual(await error.response.json(), problem)
    assert.deepEqual(await error.response.json(), problem)
    const returned = await client.get('/accounts/9', { throwOnError: false })
    assert.equal(returned.problem?.title, 'Not found')
  })

  it('that is not what it is read as is a DecodeError', async () => {
    server.play(() => [answer(200, { 'content-type': 'text/html' }, '<p>hi')])
    for (const read of ['json', 'xml'] as const)
      await assert.rejects(client.get('/x')[read](), (error: unknown) => {
        assert.ok(error instanceof DecodeError)
        assert.match(error.message, /is not (JSON|XML) \(it says that it is text\/html\)$/)
        return true
      })
  })

  it('is not read beyond the limit', async () => {
    server.play(() => [answer(200, {}, 'x'.repeat(2000))])
    const small = client.extend({ limits: { content: 1000 } })
    await assert.rejects(small.get('/x').bytes(), DecodeError)
  })
})

describe('a failure', () => {
  const broken = async (asked: Promise<unknown>) => {
    const error = await asked.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    assert.ok(error instanceof NetworkError, String(error))
    return [error.kind, error.phase]
  }

  it('is told apart', async () => {
    const free = await startFaultServer()
    await free.close()
    assert.deepEqual(await broken(client.get(free.url)), ['refused', 'connect'])
    assert.deepEqual(await broken(client.get('http://name.invalid/')), ['name-not-known', 'connect'])
    server.play(() => [{ kind: 'reset' }])
    assert.deepEqual(await broken(client.get('/x')), ['reset', 'wait'])
    server.play(() => ['HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc', { kind: 'close' }])
    assert.deepEqual(await broken(client.get('/x').text()), ['interrupted', 'receive'])
    server.play(() => ['hello\r\n\r\n', { kind: 'close' }])
    assert.deepEqual(await broken(client.get('/x')), ['protocol', 'wait'])
    server.play(() => [{ kind: 'hang' }])
    assert.deepEqual(await broken(client.get('/x', { timeout: 20 })), ['timeout', 'wait'])
    assert.deepEqual(await broken(client.get('/x', { signal: AbortSignal.timeout(20) })), ['aborted', 'wait'])
    assert.deepEqual(await broken(client.get('/x', { signal: AbortSignal.abort() })), ['aborted', 'wait'])
  })

  it('is a DeadlineError when the time is over, also while the content comes', async () => {
    server.play(() => [{ kind: 'hang' }])
    await assert.rejects(client.get('/x', { deadline: 20 }), DeadlineError)
    server.play(() => ['HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc', { kind: 'hang' }])
    const response = await client.get('/x', { deadline: 50 })
    await assert.rejects(response.text(), DeadlineError)
  })
})

// Servers that mean harm, and ways of the protocol that meet where no single layer looks.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import {
  apiKey,
  bearer,
  type Client,
  type ClientOptions,
  createClient,
  NetworkError,
  sqliteStore,
} from '@comity/client'
import { answer, type FaultServer, jsonAnswer, type Seen, startFaultServer } from './support/fault-server.ts'

let server: FaultServer
const folder = mkdtempSync(join(tmpdir(), 'comity-hostile-'))
const opened: Client[] = []
before(async () => {
  server = await startFaultServer()
})
after(async () => {
  // What is never answered ends with the server, so that no client waits for it.
  await server.close()
  for (const client of opened) await client.close()
  rmSync(folder, { recursive: true })
})
const fresh = (options: ClientOptions = {}): Client => {
  const client = createClient({ baseUrl: server.url, retry: false, ...options }) as Client
  opened.push(client)
  return client
}
const elsewhere = () => server.url.replace('127.0.0.1', 'localhost')

describe('content', () => {
  it('in a coding that only an object’s prototype knows is left as it is', async () => {
    for (const coding of ['constructor', '__proto__', 'toString']) {
      server.play(() => [answer(200, { 'content-encoding': coding }, 'x'.repeat(100_000))])
      assert.equal((await fresh().get('/').text()).length, 100_000, coding)
    }
  })

  it('of one endless line is read in time that grows with its length alone', { timeout: 20_000 }, async () => {
    const size = 24 * 1024 * 1024
    server.play(() => [answer(200, {}, 'a'.repeat(size))])
    let length = 0
    for await (const line of fresh().get('/').lines()) length += line.length
    assert.equal(length, size)
  })

  it('is split where its lines end, wherever its pieces do', async () => {
    server.play(() => [
      { kind: 'drip', bytes: Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\na\r\n\r\nbé\nc\r') },
    ])
    const lines: string[] = []
    for await (const line of fresh().get('/').lines()) lines.push(line)
    assert.deepEqual(lines, ['a', '', 'bé', 'c\r'])
  })

  it('asked for in ranges is not put together out of coded bytes', async () => {
    const text = 'hello world '.repeat(50)
    server.play(({ fields }) => {
      const isCoded = /gzip/.test(fields['accept-encoding'] ?? '')
      const all = isCoded ? gzipSync(text) : Buffer.from(text)
      const [, from, to] = /bytes=(\d+)-(\d*)/.exec(fields.range ?? '') ?? []
      const said = {
        etag: isCoded ? '"gz"' : '"id"',
        'cache-control': 'max-age=60',
        ...(isCoded ? { 'content-encoding': 'gzip' } : {}),
      }
      if (from === undefined) return [answer(200, said, all)]
      const last = to ? Number(to) : all.length - 1
      const range = { 'content-range': `bytes ${from}-${last}/${all.length}` }
      return [answer(206, { ...said, ...range }, all.subarray(Number(from), last + 1))]
    })
    const client = fresh()
    for (const range of ['bytes=0-9', 'bytes=10-']) await client.get('/', { fields: { range } }).bytes()
    const whole = await client.get('/')
    assert.equal(whole.cached, 'fresh')
    assert.equal(await whole.text(), text)
  })
})

describe('heads', () => {
  it('that are never final are given up', { timeout: 20_000 }, async () => {
    server.play(() => ['HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(5000), { kind: 'hang' }])
    await assert.rejects(
      fresh().get('/'),
      (error: unknown) => error instanceof NetworkError && error.kind === 'too-large' && /interim/.test(error.message),
    )
  })

  it('with a status beyond 599 are shown by fetch too', async () => {
    server.play(() => [answer(999, {}, 'denied')])
    const response = await fresh().fetch('/')
    assert.deepEqual([response.status, response.ok, await response.text()], [999, false, 'denied'])
  })
})

describe('credentials', () => {
  it('of one user never fetch what another was given, whatever their field is called', async () => {
    server.play(({ fields }) => [
      answer(200, { 'cache-control': 'max-age=60' }, fields['x-auth-token'] ?? fields['private-token'] ?? ''),
    ])
    const client = fresh()
    for (const name of ['X-Auth-Token', 'Private-Token'])
      for (const who of ['ann', 'bob'])
        assert.equal(await client.get(`/${name}`, { fields: { [name]: who } }).text(), who)
  })

  it('given to pages stay at the first origin', async () => {
    server.play(({ target }) => [
      target === '/1' ? jsonAnswer(200, [1], { link: `<${elsewhere()}/2>; rel=next` }) : jsonAnswer(200, [2]),
    ])
    const given = { auth: bearer('SECRET'), fields: { 'X-Api-Key': 'SECRET', 'x-kind': 'kept' } }
    assert.deepEqual(
      await fresh()
        .pages('/1', { ...given, otherOrigins: 'follow' })
        .all(),
      [1, 2],
    )
    const [first, second] = server.seen as [Seen, Seen]
    assert.deepEqual([first.fields.authorization, first.fields['x-api-key']], ['Bearer SECRET', 'SECRET'])
    assert.equal(JSON.stringify(second.fields).includes('SECRET'), false)
    assert.equal(second.fields['x-kind'], 'kept')
  })

  it('are not sent where a token of pages that was tampered with leads', async () => {
    server.play(() => [jsonAnswer(200, [1])])
    const from = Buffer.from(`0 ${server.url}/inner`).toString('base64url')
    const pages = fresh({ baseUrl: 'https://bank.invalid' }).pages('/accounts', { from, auth: bearer('SECRET') })
    await assert.rejects(pages.all(), /another origin/)
    assert.equal(server.seen.length, 0)
  })

  it('among the query words of a client stay at its origin, and next pages do not repeat them', async () => {
    server.play(({ target }) => [
      target.endsWith('limit=1')
        ? jsonAnswer(200, [1], { link: '</list?key=k&limit=1&after=1>; rel=next' })
        : jsonAnswer(200, [2]),
    ])
    const client = fresh({ params: { key: 'k', limit: 1 } })
    assert.deepEqual(await client.pages('/list').all(), [1, 2])
    await client.get(`${elsewhere()}/x`)
    assert.deepEqual(
      server.seen.map(({ target }) => target),
      ['/list?key=k&limit=1', '/list?key=k&limit=1&after=1', '/x'],
    )
  })
})

describe('cookies', () => {
  it('set without end are kept within bounds', async () => {
    let count = 0
    const flood = () => Array.from({ length: 50 }, () => `Set-Cookie: c${count++}=${'v'.repeat(100)}\r\n`).join('')
    server.play(() => [`HTTP/1.1 200 OK\r\n${flood()}Content-Length: 0\r\n\r\n`])
    const client = fresh()
    for (let call = 0; call < 8; call++) await client.get('/', { cache: false })
    const sent = server.seen.at(-1)?.fields.cookie?.split('; ') ?? []
    assert.equal(sent.length, 100)
    // What came last is there.
    assert.ok(sent.some(cookie => cookie.startsWith('c349=')))
  })

  it('out of a file that is spoilt are none', async () => {
    server.play(() => [answer(200)])
    const file = join(folder, 'cookies.json')
    for (const text of ['{"default":5}', '{"default":null}', '{"default":{"cookies":"x"}}', '[]', 'null']) {
      writeFileSync(file, text)
      for (const session of ['default', 'constructor'])
        assert.equal((await fresh({ cookies: { file, session } }).get('/')).status, 200, text)
    }
  })

  it('tell sessions apart in a cache that both use, also in their first request', async () => {
    const file = join(folder, 'sessions.json')
    server.play(({ target, fields }) => [
      target.startsWith('/login')
        ? answer(200, { 'set-cookie': `who=${target.slice(7)}; Max-Age=1000` })
        : answer(200, { 'cache-control': 'max-age=60', vary: 'Cookie' }, fields.cookie ?? 'nobody'),
    ])
    for (const session of ['ann', 'bob']) await fresh({ cookies: { file, session } }).get(`/login?${session}`)
    const path = join(folder, 'shared.db')
    for (const session of ['ann', 'bob']) {
      const store = sqliteStore(path)
      assert.equal(await fresh({ cookies: { file, session }, cache: { store } }).get('/me').text(), `who=${session}`)
      await store.close()
    }
  })
})

describe('layers together', () => {
  it('who reads after a write is not given what was read before it', async () => {
    let content = 'old'
    const release = Promise.withResolvers<void>()
    const arrived = Promise.withResolvers<void>()
    server.play(({ method }, index) => {
      if (method === 'PUT') {
        content = 'new'
        return [answer(204)]
      }
      const now = content
      arrived.resolve()
      return index === 0 ? [{ kind: 'until', over: release.promise }, answer(200, {}, now)] : [answer(200, {}, now)]
    })
    const client = fresh()
    const before = client.get('/x').text()
    await arrived.promise
    await client.put('/x', { body: 'new' })
    assert.equal(await client.get('/x').text(), 'new')
    release.resolve()
    assert.equal(await before, 'old')
  })

  it('an origin is not blamed for where it redirects to', async () => {
    server.play(({ target }) => [target === '/away' ? answer(302, { location: 'http://127.0.0.1:1/' }) : answer(200)])
    const client = fresh({ breaker: { threshold: 3 } })
    const kinds: string[] = []
    for (let call = 0; call < 5; call++)
      await client.get('/away').catch(error => void kinds.push((error as NetworkError).kind))
    assert.deepEqual(kinds, ['refused', 'refused', 'refused', 'circuit-open', 'circuit-open'])
    assert.equal((await client.get('/here')).status, 200)
  })

  it('a robots.txt that never ends ends with the deadline of who waits for it', async () => {
    server.play(() => ['HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nUser-agent: *\n', { kind: 'hang' }])
    await assert.rejects(fresh({ polite: { userAgent: 'A/1' } }).get('/x', { deadline: 200 }), /was not over within/)
  })

  it('a host that asks to be left alone for ages is not waited for', async () => {
    server.play(() => [answer(200, { ratelimit: '"day";r=0;t=999999999999' })])
    const client = fresh({ polite: { userAgent: 'A/1', robots: 'ignored' } })
    await client.get('/1')
    await assert.rejects(client.get('/2'), /asked to be left alone/)
  })

  it('a deadline that is no number is refused', async () => {
    await assert.rejects(fresh().get('/', { deadline: Number.NaN }), TypeError)
    await assert.rejects(fresh().get('/', { timeout: -1 }), TypeError)
  })
})

describe('a cache file', () => {
  const tables = (path: string): unknown[] => {
    const database = new DatabaseSync(path)
    const rows = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()
    database.close()
    return rows.map(({ name }) => name)
  }

  it('that is the database of something else stays as it is', async () => {
    for (const [name, sql] of [
      ['versioned', 'CREATE TABLE ledger (a); PRAGMA user_version = 5'],
      ['plain', 'CREATE TABLE ledger (a)'],
      ['entries', 'CREATE TABLE entries (a); CREATE TABLE ledger (a)'],
    ] as const) {
      const path = join(folder, `${name}.db`)
      const own = new DatabaseSync(path)
      own.exec(sql)
      own.close()
      const before = readFileSync(path)
      const told: string[] = []
      const store = sqliteStore(path, { told: text => told.push(text) })
      assert.deepEqual(await store.variants('k'), [])
      await store.close()
      assert.deepEqual(readFileSync(path), before, name)
      assert.ok(tables(path).includes('ledger'))
      assert.match(told.join(), /database of something else/)
    }
  })

  it('that is no database is kept beside what is begun anew', async () => {
    const path = join(folder, 'notes.txt')
    writeFileSync(path, 'what must not be lost')
    const store = sqliteStore(path, { told: () => {} })
    assert.deepEqual(await store.variants('k'), [])
    await store.close()
    assert.equal(readFileSync(`${path}.spoilt`, 'utf8'), 'what must not be lost')
  })
})

describe('recordings and counts', () => {
  it('hold no key, whatever its API calls it', async () => {
    server.play(({ target }) => [answer(200, { link: `<${target}&page=2>; rel=next` })])
    const client = fresh()
    const recording = await client.har()
    await client.get('/a', { auth: apiKey({ in: 'header', name: 'X-Weather', key: 'SEKRET' }) })
    await client.get('/b', { auth: apiKey({ in: 'query', name: 'appid', key: 'SEKRET' }) })
    await client.get('/c?%61pi_key=SEKRET', { fields: { 'X-Auth-Key': 'SEKRET' } })
    recording.stop()
    assert.equal(server.seen.length, 3)
    const text = JSON.stringify(recording)
    assert.equal(
      text.includes('SEKRET'),
      false,
      text.slice(Math.max(0, text.indexOf('SEKRET') - 100), text.indexOf('SEKRET')),
    )
  })

  it('take no attempt for one that a breaker refused', async () => {
    server.play(() => [answer(500)])
    const client = fresh({ breaker: { threshold: 1 } })
    for (let call = 0; call < 3; call++) await client.get('/x').catch(() => {})
    assert.equal(server.seen.length, 1)
    assert.equal(client.metrics.report().routes[0]?.first.count, 1)
  })
})

describe('mistakes', () => {
  it('are told in words that help', async () => {
    assert.throws(() => createClient({ baseUrl: 'localhost:8080' }), /“localhost:8080” is no base URL/)
    assert.throws(() => createClient({ baseUrl: 'bank.example' }), /begins with “https:/)
    await assert.rejects(fresh().get('/x', { headers: {} } as never), /“headers”: here it is “fields”/)
    await assert.rejects(fresh().post('/x', { json: {} } as never), /here it is “body”/)
    await assert.rejects(fresh().get('/x/{id}'), /needs a value for “id”/)
  })
})

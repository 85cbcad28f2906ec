// Cookies: kept per client, per session, and beyond the process where that is asked for.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { type Client, type ClientOptions, createClient } from '@comity/client'
import { answer, type FaultServer, startFaultServer } from './support/fault-server.ts'

let server: FaultServer
const folder = mkdtempSync(join(tmpdir(), 'comity-cookies-'))
before(async () => {
  server = await startFaultServer()
})
after(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

async function using(options: ClientOptions, act: (client: Client) => Promise<unknown>): Promise<void> {
  const client = createClient({ baseUrl: server.url, cache: false, ...options })
  try {
    await act(client)
  } finally {
    await client.close()
  }
}
const sent = () => server.seen.map(({ fields }) => fields.cookie)
const setting = (...lines: string[]) =>
  `HTTP/1.1 200 OK\r\n${lines.map(line => `Set-Cookie: ${line}\r\n`).join('')}Content-Length: 0\r\n\r\n`

it('what is set is sent again, where it belongs', async () => {
  server.play(({ target }) => [
    target === '/login'
      ? setting(
          'a=1',
          'b=2; Path=/deep',
          'gone=1; Max-Age=0',
          'c=3; Domain=other.example',
          'd=4; Domain=com',
          'e=5; Secure',
        )
      : answer(200),
  ])
  await using({}, async client => {
    for (const path of ['/', '/login', '/', '/deep/x']) await client.get(path)
    await client.get('/', { cookies: false })
    await client.get('/', { fields: { cookie: 'own=1' } })
    assert.deepEqual(sent().slice(0, 3), [undefined, undefined, 'a=1; e=5'])
    assert.equal(sent()[3]?.split('; ').sort().join('; '), 'a=1; b=2; e=5')
    assert.deepEqual(sent().slice(4), [undefined, 'own=1'])
    // Another host has cookies of its own.
    const other = server.url.replace('127.0.0.1', 'localhost')
    await client.get(`${other}/`)
    assert.equal(sent().at(-1), undefined)
  })
  await using({}, async client => {
    await client.get('/')
    assert.equal(sent().at(-1), undefined)
  })
  await using({ cookies: false }, async client => {
    await client.get('/login')
    await client.get('/')
    assert.equal(sent().at(-1), undefined)
  })
})

it('a redirection sets some for the next step', async () => {
  server.play(({ target }) =>
    target === '/a'
      ? ['HTTP/1.1 302 Found\r\nSet-Cookie: step=1\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n']
      : [answer(200)],
  )
  await using({}, async client => {
    await client.get('/a')
    assert.deepEqual(sent(), [undefined, 'step=1'])
  })
})

it('sessions are apart, and kept in one file', async () => {
  const file = join(folder, 'deep', 'cookies.json')
  server.play(({ target }) => [
    target.startsWith('/as') ? setting(`who=${target.slice(4)}; Max-Age=1000; Path=/`) : answer(200),
  ])
  await using({ cookies: { file, session: 'ann' } }, client => client.get('/as/ann'))
  await using({ cookies: { file, session: 'bob' } }, client => client.get('/as/bob'))
  assert.equal(statSync(file).mode & 0o777, 0o600)
  server.play(() => [answer(200)])
  for (const session of ['ann', 'bob', 'eve']) await using({ cookies: { file, session } }, client => client.get('/'))
  assert.deepEqual(sent(), ['who=ann', 'who=bob', undefined])
  writeFileSync(file, 'spoilt')
  await using({ cookies: { file, session: 'ann' } }, client => client.get('/'))
  assert.equal(sent().at(-1), undefined)
  assert.equal(readFileSync(file, 'utf8'), 'spoilt')
})

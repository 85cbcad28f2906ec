// Two servers on one database file are one API: neither shows what the other has changed since.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type ServerProcess, startServer } from '../support/server-process.ts'

const notes = new URL('../support/failing-api.ts', import.meta.url)
const json = { 'content-type': 'application/json' }
let folder: string
let servers: readonly [ServerProcess, ServerProcess]
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'comity-two-'))
  const database = `sqlite:${join(folder, 'notes.sqlite')}`
  servers = await Promise.all([startServer(notes, database), startServer(notes, database)])
})
after(async () => {
  await Promise.all(servers.map(server => server.stop()))
  rmSync(folder, { recursive: true, force: true })
})

const ask = (server: ServerProcess, path: string, init: RequestInit = {}) =>
  fetch(server.url + path, { ...init, headers: { ...json, ...init.headers } })
const title = async (server: ServerProcess, path: string) =>
  ((await (await ask(server, path)).json()) as { readonly title: string }).title

describe('two servers on one file', () => {
  it('see each other’s writes at once, items and lists, however often they were read before', async () => {
    const [one, other] = servers
    const created = await ask(one, '/notes', { method: 'POST', body: '{"title":"0"}' })
    assert.equal(created.status, 201)
    const path = created.headers.get('location') ?? ''
    for (let n = 1; n <= 20; n++) {
      const [writer, reader] = n % 2 ? [one, other] : [other, one]
      for (let again = 0; again < 3; again++) assert.equal(await title(reader, path), String(n - 1))
      const before = await ask(reader, '/notes?fields=title')
      const etag = before.headers.get('etag') ?? ''
      const body = JSON.stringify({ title: String(n) })
      assert.equal((await ask(writer, path, { method: 'PATCH', body })).status, 200)
      assert.equal(await title(reader, path), String(n))
      const list = await ask(reader, '/notes?fields=title', { headers: { 'if-none-match': etag } })
      assert.equal(list.status, 200)
      assert.deepEqual(await list.json(), [{ title: String(n) }])
    }
    assert.equal((await ask(one, path, { method: 'DELETE' })).status, 204)
    assert.equal((await ask(other, path)).status, 410)
  })

  it('keep each other’s preconditions: of two writers with one ETag, one wins', async () => {
    for (let round = 0; round < 10; round++) {
      const created = await ask(servers[0], '/notes', { method: 'POST', body: '{"title":"shared"}' })
      const path = created.headers.get('location') ?? ''
      const headers = { 'if-match': created.headers.get('etag') ?? '' }
      const tries = servers.map((server, n) =>
        ask(server, path, { method: 'PATCH', headers, body: JSON.stringify({ title: `writer ${n}` }) }),
      )
      const statuses = (await Promise.all(tries)).map(({ status }) => status)
      assert.deepEqual([...statuses].sort(), [200, 412])
      const winner = `writer ${statuses.indexOf(200)}`
      for (const server of servers) assert.equal(await title(server, path), winner)
    }
  })

  it('lose none of the writes of either', async () => {
    const writes = Array.from({ length: 200 }, (_, n) =>
      ask(servers[n % 2] as ServerProcess, '/notes', {
        method: 'POST',
        body: JSON.stringify({ title: 'many', rank: n }),
      }),
    )
    for (const answer of await Promise.all(writes)) assert.equal(answer.status, 201)
    for (const server of servers) {
      const list = (await (await ask(server, '/notes?title=many&limit=all&sort=rank')).json()) as { rank: number }[]
      assert.deepEqual(
        list.map(({ rank }) => rank),
        Array.from({ length: 200 }, (_, n) => n),
      )
    }
  })
})

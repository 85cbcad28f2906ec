// Rates that are counted for several processes together, in a real Redis or Valkey; and how much one process remembers.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { defineApi, serve, service } from '@comity/server'
import { Redis } from 'ioredis'
import { counterOf } from '../../packages/server/src/limits/counter.ts'
import { agent, call } from '../support/call.ts'

after(() => agent.destroy())

const program = ['valkey-server', 'redis-server'].find(name => spawnSync(name, ['--version']).status === 0)
const skip = program === undefined ? 'neither valkey-server nor redis-server is installed' : false

const api = () =>
  defineApi({
    title: 'Shared',
    resources: { ask: service({ input: {}, output: {}, handle: () => ({}) }) },
    rates: { shared: { per: 'address', requests: 4, window: 3_600 } },
  })

test('two servers count together, and each by itself once nobody else does', { skip }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'comity-counters-'))
  const socket = join(folder, 'counters.sock')
  const counters = spawn(program as string, ['--port', '0', '--unixsocket', socket, '--save', ''], { cwd: folder })
  await ready(counters)
  const clients = [0, 1].map(() => new Redis(socket, { enableOfflineQueue: false, lazyConnect: true }))
  for (const client of clients) {
    client.on('error', () => {})
    await client.connect()
  }
  const servers = await Promise.all(clients.map(client => serve(api(), { port: 0, counters: client })))
  const ask = async (index: number) => {
    const { status, fields } = await call('GET', `${servers[index]?.url}/ask`)
    return [status, /r=(\d+)/.exec(fields.ratelimit ?? '')?.[1]]
  }
  try {
    assert.deepEqual(await ask(0), [200, '3'])
    assert.deepEqual(await ask(1), [200, '2'])
    assert.deepEqual(await ask(1), [200, '1'])
    assert.deepEqual(await ask(0), [200, '0'])
    assert.deepEqual(await ask(1), [429, '0'])
    counters.kill()
    await once(counters, 'exit')
    while (clients.some(({ status }) => status === 'ready')) await new Promise(setImmediate)
    assert.deepEqual(await ask(1), [200, '3'])
    assert.deepEqual(await ask(0), [200, '3'])
  } finally {
    counters.kill()
    for (const client of clients) client.disconnect()
    await Promise.all(servers.map(server => server.close()))
    rmSync(folder, { recursive: true })
  }
})

async function ready({ stdout }: ChildProcess): Promise<void> {
  for await (const line of stdout ?? []) if (/ready to accept connections/i.test(String(line))) return
}

test('a process counts so many keys and no more: the least used make room', async () => {
  const counter = counterOf('bounded', { quota: 10, seconds: 3_600, keys: 100 }, undefined)
  await counter.add('first', 1)
  assert.equal((await counter.add('first', 1)).used, 2)
  for (let n = 0; n < 100; n++) await counter.add(String(n), 1)
  assert.equal((await counter.add('first', 1)).used, 1)
  assert.equal((await counter.add('99', 1)).used, 2)
})

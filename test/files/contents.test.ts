// The bytes behind the files: read in constant memory, let go when nobody reads, swept away when nobody has them.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Served, startApi } from '../support/bank.ts'
import { agent, call } from '../support/call.ts'
import { openWire, requestText } from '../support/wire.ts'
import { drawers } from './drawers.ts'

let folder = ''
let server: Served
let now = Date.now()
const files = () => join(folder, 'files')
const plain = { 'content-type': 'text/plain' }
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const pathOf = (hash: string) => join(files(), hash.slice(0, 2), hash.slice(2))

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comity-contents-'))
  const options = { database: `sqlite:${join(folder, 'd.sqlite')}`, files: files(), now: () => now }
  server = await startApi(drawers, { ...options, pruneInterval: 5, fileGrace: 1_000, onError: () => {} })
})
after(async () => {
  agent.destroy()
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

const until = async (isSo: () => boolean) => {
  const late = performance.now() + 20_000
  while (!isSo()) {
    assert.ok(performance.now() < late, `never: ${isSo}`)
    await new Promise(resolve => setTimeout(resolve, 2))
  }
}

test('bytes that no file has any more are swept away, those that one has stay', async () => {
  const [shared, single] = ['had twice', 'had once']
  await call('PUT', `${server.url}/brochures/one.txt`, plain, shared)
  await call('PUT', `${server.url}/brochures/two.txt`, plain, shared)
  await call('PUT', `${server.url}/brochures/three.txt`, plain, single)
  const orphan = sha256('never named')
  mkdirSync(join(files(), orphan.slice(0, 2)), { recursive: true })
  writeFileSync(pathOf(orphan), 'never named')
  for (const hash of [sha256(shared), sha256(single), orphan]) utimesSync(pathOf(hash), 1_000, 1_000)
  await call('DELETE', `${server.url}/brochures/one.txt`)
  await call('PUT', `${server.url}/brochures/three.txt`, plain, 'another')
  now += 2_000
  await until(() => !existsSync(pathOf(orphan)) && !existsSync(pathOf(sha256(single))))
  assert.equal((await call('GET', `${server.url}/brochures/two.txt`)).text, shared)
  assert.equal((await call('GET', `${server.url}/brochures/three.txt`)).text, 'another')
  assert.deepEqual(readdirSync(join(files(), 'incoming')), [])
})

test('bytes that are missing or cut off are 500, and never a wrong file', async () => {
  await call('PUT', `${server.url}/brochures/lost.txt`, plain, 'to be lost')
  truncateSync(pathOf(sha256('to be lost')), 3)
  assert.equal((await call('GET', `${server.url}/brochures/lost.txt`)).status, 500)
  await call('PUT', `${server.url}/brochures/lost.txt`, plain, 'to be lost')
  assert.equal((await call('GET', `${server.url}/brochures/lost.txt`)).text, 'to be lost')
})

/** Descriptors of this process that lead to a content; where the system tells. */
const open = () =>
  readdirSync('/proc/self/fd').filter(fd => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(files())
    } catch {
      return false
    }
  }).length

const noProc = existsSync('/proc/self/fd') ? false : 'there is no /proc'
const gibibyte = 1024 ** 3
const size = (process.env.COMITY_LONG ? 10 : 1) * gibibyte

test(`50 ranges of a sparse file of ${size / gibibyte} GiB at once, in constant memory`, {
  skip: noProc,
}, async () => {
  // What its name says of its bytes is not asked of one that is only read.
  await call('PUT', `${server.url}/brochures/sparse.bin`, { 'content-type': 'application/octet-stream' }, 'sparse')
  const hash = sha256('sparse')
  truncateSync(pathOf(hash), size)
  const { DatabaseSync } = await import('node:sqlite')
  const other = new DatabaseSync(join(folder, 'd.sqlite'))
  other.prepare('UPDATE brochures SET size = ? WHERE sha256 = ?').run(size, hash)
  other.close()

  const before = process.memoryUsage().external
  const wires = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const { hostname, port } = new URL(server.url)
      const socket = connect(Number(port), hostname)
      const first = Math.floor((size / 50) * index)
      socket.write(requestText('GET /brochures/sparse.bin', { range: `bytes=${first}-` }))
      await new Promise(resolve => socket.once('data', resolve))
      socket.pause()
      return socket
    }),
  )
  // All have begun and none is read: what waits for them is a few pieces each.
  const growth = process.memoryUsage().external - before
  // Pieces that were sent may not have been collected yet.
  assert.ok(growth < 300 * 1024 * 1024, `${growth} bytes`)
  assert.ok(open() >= 50)
  let received = 0
  const wanted = 64 * 1024 * 1024
  await new Promise<void>(resolve => {
    for (const socket of wires)
      socket
        .on('data', piece => {
          received += piece.length
          if (received >= wanted) resolve()
        })
        .resume()
  })
  for (const socket of wires) socket.destroy()
  await until(() => open() === 0)
})

test('a reader that goes away lets go of the file', {
  skip: noProc,
}, async () => {
  const bytes = 'x'.repeat(20_000_000)
  await call('PUT', `${server.url}/brochures/long.bin`, { 'content-type': 'application/octet-stream' }, bytes)
  const wire = await openWire(server.url)
  wire.send(requestText('GET /brochures/long.bin'))
  await until(() => open() === 1)
  wire.close()
  await until(() => open() === 0)
})

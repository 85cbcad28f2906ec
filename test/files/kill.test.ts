// The process is killed while files come in: there is never half of one, and what is left over goes.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { call } from '../support/call.ts'
import { startServer } from '../support/server-process.ts'
import { openWire, requestText } from '../support/wire.ts'

const definition = new URL('./drawers.ts', import.meta.url)
let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comity-kill-'))
})
after(() => rm(folder, { recursive: true, force: true }))

const incoming = () => readdirSync(join(folder, 'drawers.sqlite-files', 'incoming'))

/** Every content in the directory is what its name says. */
function contents(): number {
  let count = 0
  for (const shard of readdirSync(join(folder, 'drawers.sqlite-files'))) {
    if (shard === 'incoming' || shard === 'uploads') continue
    count += readdirSync(join(folder, 'drawers.sqlite-files', shard)).length
  }
  return count
}

test('killed while a file comes in', async () => {
  const database = `sqlite:${join(folder, 'drawers.sqlite')}`
  const bytes = randomBytes(3_000_000)
  const first = await startServer(definition, database)
  const sent = await call('PUT', `${first.url}/brochures/kept.txt`, { 'content-type': 'text/plain' }, 'kept')
  assert.equal(sent.status, 201)
  for (const path of ['/brochures/new.bin', '/brochures/kept.txt']) {
    const wire = await openWire(first.url)
    wire.send(requestText(`PUT ${path}`, { 'content-type': 'application/octet-stream', 'content-length': '3000000' }))
    wire.send(bytes.subarray(0, 2_000_000))
    wire.socket.on('close', () => {})
  }
  const large = () =>
    incoming().filter(name => statSync(join(folder, 'drawers.sqlite-files', 'incoming', name)).size > 0)
  while (large().length < 2) await new Promise(setImmediate)
  await first.stop('SIGKILL')
  assert.equal(incoming().length, 2, 'half of two files is left')

  const second = await startServer(definition, database)
  assert.deepEqual(incoming(), [], 'and goes when the next process begins')
  assert.equal((await call('GET', `${second.url}/brochures/new.bin`)).status, 404)
  assert.equal((await call('GET', `${second.url}/brochures/kept.txt`)).text, 'kept')
  assert.equal(contents(), 1)
  const whole = await fetch(`${second.url}/brochures/new.bin`, { method: 'PUT', body: bytes })
  assert.equal(whole.status, 201)
  await second.stop('SIGKILL')

  const third = await startServer(definition, database)
  const read = await fetch(`${third.url}/brochures/new.bin`)
  const digest = (data: Uint8Array) => createHash('sha256').update(data).digest('hex')
  assert.equal(digest(new Uint8Array(await read.arrayBuffer())), digest(bytes), 'what was answered is on the disk')
  await third.stop()
})

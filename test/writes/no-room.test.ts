// Contents that wait in files take so much room and no more: 507, until there is some again.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { servingOnDisk } from './many.ts'
import { thingsApi } from './things.ts'

const largest = 50_000
const { url, ask, count } = servingOnDisk(thingsApi({ limits: { body: 10_000, import: largest } }))

/** An import of the largest size that lacks its last byte. */
async function unfinished() {
  const { hostname, port } = new URL(url())
  const socket = connect(Number(port), hostname).on('error', () => {})
  await once(socket, 'connect')
  const content = 'name\r\n'.padEnd(largest - 1, 'stalled\r\n')
  const head = `POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: ${largest}\r\n\r\n`
  socket.write(head + content)
  return socket
}

/** The answer to one more import that needs a file, as soon as it has the status, else the last of them. */
async function oneMore(status: number) {
  const content = 'name\r\n'.padEnd(20_000, 'thing\r\n')
  for (let tries = 0; ; tries++) {
    const told = await ask('POST', '/things', { 'content-type': 'text/csv' }, content)
    if (told.status === status || tries === 100) return told
    await sleep(20)
  }
}

test('where other imports have taken the room an import is 507, until they have ended', async () => {
  const others = await Promise.all(Array.from({ length: 4 }, unfinished))
  const refused = await oneMore(507)
  assert.equal(refused.status, 507, refused.text)
  assert.equal(refused.json().code, 'insufficient-storage')
  const before = await count('/things')
  assert.equal((await ask('POST', '/things', { 'content-type': 'text/csv' }, 'name\r\nsmall\r\n')).status, 201)
  for (const socket of others) socket.destroy()
  assert.equal((await oneMore(201)).status, 201)
  assert.ok((await count('/things')) > before + 1)
})

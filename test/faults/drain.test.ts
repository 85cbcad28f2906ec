// SIGTERM: what is under way is finished, nothing new is begun, and the process ends with 0.
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { type ServerProcess, startServer } from '../support/server-process.ts'
import { openWire, requestText } from '../support/wire.ts'

const notes = new URL('../support/failing-api.ts', import.meta.url)
const json = { 'content-type': 'application/json' }
let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'comity-drain-'))
})
after(() => rmSync(folder, { recursive: true, force: true }))

/** Sends SIGTERM and waits until the server has seen it, and takes no more connections. */
async function terminate(server: ServerProcess): Promise<void> {
  server.child.kill('SIGTERM')
  while (!server.err().includes('Stopping')) await new Promise(later => setTimeout(later, 5))
  for (;;) {
    const refused = await openWire(server.url).then(
      wire => wire.close(),
      (error: NodeJS.ErrnoException) => error.code,
    )
    if (refused === 'ECONNREFUSED') return
  }
}

it('a content that is still being sent is waited for, written and answered', async t => {
  const database = `sqlite:${join(folder, 'upload.sqlite')}`
  const server = await startServer(notes, database)
  t.after(() => server.stop('SIGKILL'))
  const content = '{"title":"sent slowly"}'
  const wire = await openWire(server.url)
  const fields = { ...json, expect: '100-continue', 'content-length': String(content.length) }
  wire.send(requestText('POST /notes', fields))
  // 100 says that the server is reading now.
  assert.equal((await wire.next())?.status, 100)
  wire.send(content.slice(0, 5))
  await terminate(server)
  wire.send(content.slice(5))
  const answer = await wire.next()
  assert.equal(answer?.status, 201)
  assert.equal(answer?.fields.connection, 'close')
  await wire.closed
  wire.close()
  assert.equal((await server.ended).code, 0)
  assert.deepEqual(
    readdirSync(folder).filter(name => name.startsWith('upload')),
    ['upload.sqlite'],
  )
  const again = await startServer(notes, database)
  t.after(() => again.stop('SIGKILL'))
  const [note] = (await (await fetch(`${again.url}/notes`)).json()) as { readonly title: string }[]
  assert.equal(note?.title, 'sent slowly')
})

it('a handler that takes its time is waited for, and idle connections are not', async t => {
  const server = await startServer(notes)
  t.after(() => server.stop('SIGKILL'))
  const idle = await openWire(server.url)
  idle.send(requestText('GET /livez'))
  assert.equal((await idle.next())?.status, 200)
  const busy = await openWire(server.url)
  // The answer to the first says that the second has been read.
  busy.send(Buffer.concat([requestText('GET /livez'), requestText('GET /wait?ms=1500')]))
  assert.equal((await busy.next())?.status, 200)
  await terminate(server)
  await idle.closed
  const answer = await busy.next()
  assert.equal(answer?.status, 200)
  assert.equal(String(answer?.body), '{"ms":1500}')
  assert.equal((await server.ended).code, 0)
  idle.close()
  busy.close()
})

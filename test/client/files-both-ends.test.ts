// Files between this client and this server, over connections that break in either direction.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { type Client, createClient } from '@comity/client'
import { defineApi, files } from '@comity/server'
import { serving, startApi } from '../support/bank.ts'

const server = serving(() => startApi(defineApi({ title: 'Films', resources: { films: files({}) } })))
const folder = mkdtempSync(join(tmpdir(), 'comity-both-'))
const film = randomBytes(6_000_000)
const sockets = new Set<Socket>()
let cuts: number[] = []
let client: Client

/** Each connection breaks after so many bytes in both directions together, once the server has said something. */
const wire = createServer(incoming => {
  const cut = cuts.shift()
  const { hostname, port } = new URL(server.url)
  const outgoing = connect(Number(port), hostname)
  let passed = 0
  let answered = false
  const pass = (from: Socket, to: Socket) => {
    sockets.add(from)
    from.on('error', () => {})
    from.on('close', () => to.end())
    from.on('data', (piece: Buffer) => {
      // What the server says first has to arrive.
      passed = answered ? passed + piece.length : 0
      answered ||= from === outgoing
      if (!to.write(piece)) {
        from.pause()
        to.once('drain', () => from.resume())
      }
      if (cut !== undefined && answered && passed > cut) {
        incoming.destroy()
        outgoing.end()
      }
    })
  }
  pass(incoming, outgoing)
  pass(outgoing, incoming)
})

before(async () => {
  await new Promise<void>(resolve => wire.listen(0, '127.0.0.1', resolve))
  const address = wire.address()
  client = createClient({ baseUrl: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}` })
})
after(async () => {
  await client.close()
  for (const socket of sockets) socket.destroy()
  wire.close()
  rmSync(folder, { recursive: true })
})

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

it('goes up and comes down again, whatever breaks', async () => {
  const path = join(folder, 'film.bin')
  writeFileSync(path, film)
  cuts = [900_000, 1_500_000, 700_000]
  const asked: string[] = []
  client.on('call', ({ request }) => asked.push(request.method))
  const up = await client.upload('/films/film.bin', path, { type: 'video/mp4' })
  assert.ok(up.response.ok)
  assert.equal(up.requests, asked.length)
  assert.ok(asked.includes('PATCH'), asked.join(' '))
  await client.close()

  const address = wire.address()
  client = createClient({ baseUrl: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}` })
  cuts = [1_000_000, 500_000, 800_000, 900_000]
  const down = await client.download('/films/film.bin', join(folder, 'again.bin'), {
    connections: { begin: 2, most: 2 },
    digest: sha256(film),
  })
  assert.equal(down.verified, 'sha-256')
  assert.ok(down.received < film.length * 1.2)
  assert.equal(sha256(readFileSync(down.path)), sha256(film))
})

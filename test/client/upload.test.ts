// Uploads: gone on with where the server can, sent as a whole where it cannot.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, it } from 'node:test'
import { type Client, createClient, HttpError, NetworkError, TransferError } from '@comity/client'

const size = 3 * 2 ** 20
const bytes = randomBytes(size)
const folder = mkdtempSync(join(tmpdir(), 'comity-upload-'))
const file = join(folder, 'file.bin')
const digest = (data: Uint8Array) => createHash('sha256').update(data).digest('hex')

/** draft-ietf-httpbis-resumable-upload from the server's side; `cuts` are the bytes after which connections break. */
let server: Server
let client: Client
let cuts: number[] = []
let speaks = true
let mostAtOnce: number | undefined
let stored = Buffer.alloc(0)
let isComplete = false
let isForgotten = false
let loseAnswer = false
let isRefused = false
let seen: {
  method: string
  url: string
  offset: string | undefined
  type: string | undefined
  key: string | undefined
}[] = []

before(async () => {
  server = createServer((request, response) => {
    const { method = '', url = '', headers } = request
    const offset = headers['upload-offset'] as string | undefined
    seen.push({
      method,
      url,
      offset,
      type: headers['content-type'],
      key: headers['idempotency-key'] as string | undefined,
    })
    const upload = url.startsWith('/uploads/')
    if (isRefused) return void response.writeHead(403).end()
    if (upload && isForgotten) {
      isForgotten = false
      return void response.writeHead(404).end()
    }
    if (method === 'HEAD') {
      const fields = { 'upload-offset': String(stored.length), 'upload-complete': isComplete ? '?1' : '?0' }
      return void response
        .writeHead(204, { ...fields, 'upload-limit': mostAtOnce === undefined ? '' : `max-append-size=${mostAtOnce}` })
        .end()
    }
    if (upload && Number(offset) !== stored.length) return void response.writeHead(409).end()
    if (!upload) {
      stored = Buffer.alloc(0)
      isComplete = false
      if (speaks)
        request.socket.write(
          `HTTP/1.1 104 Upload Resumption Supported\r\nLocation: /uploads/1\r\nUpload-Draft-Interop-Version: 8\r\n\r\n`,
        )
    }
    let left = cuts.shift()
    const pieces: Buffer[] = []
    let came = 0
    const keep = () => {
      if (upload || speaks) stored = Buffer.concat([stored, ...pieces.splice(0)])
    }
    request.on('data', (piece: Buffer) => {
      const kept = left === undefined ? piece : piece.subarray(0, left - came)
      pieces.push(kept)
      came += kept.length
      if (left !== undefined && came >= left) {
        left = -1
        keep()
        request.socket.destroy()
      }
    })
    request.on('error', () => {})
    request.on('end', () => {
      if (left === -1) return
      if (!upload && !speaks) stored = Buffer.concat(pieces)
      else keep()
      isComplete = headers['upload-complete'] !== '?0'
      if (loseAnswer) {
        loseAnswer = false
        return void request.socket.destroy()
      }
      response.writeHead(isComplete ? 201 : 204).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  client = createClient({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
})
after(async () => {
  await client.close()
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
  rmSync(folder, { recursive: true })
})
beforeEach(() => {
  cuts = []
  speaks = true
  mostAtOnce = undefined
  isForgotten = false
  loseAnswer = false
  isRefused = false
  seen = []
  writeFileSync(file, bytes)
})

it('nothing befalls it: one request', async () => {
  const done = await client.upload('/x', file, { type: 'image/png' })
  assert.deepEqual([done.response.status, done.bytes, done.sent, done.requests], [201, size, size, 1])
  assert.equal(digest(stored), digest(bytes))
  assert.deepEqual(seen, [{ method: 'PUT', url: '/x', offset: undefined, type: 'image/png', key: undefined }])
  assert.ok(!existsSync(`${file}.upload.json`))
})

it('a Blob, broken off ten times, goes on each time', async () => {
  cuts = Array.from({ length: 10 }, () => 1 + Math.floor(Math.random() * 200_000))
  const told: number[] = []
  await client.upload('/x', new Blob([bytes]), { onProgress: ({ bytes }) => told.push(bytes) })
  assert.equal(digest(stored), digest(bytes))
  assert.equal(seen.filter(({ url }) => url === '/x').length, 1)
  assert.ok(seen.filter(({ method }) => method === 'PATCH').every(({ type }) => type === 'application/partial-upload'))
  assert.equal(told.at(-1), size)
})

it('a server that does not speak it gets it again as a whole', async () => {
  speaks = false
  cuts = [100_000, 200_000]
  const done = await client.upload('/x', file)
  assert.equal(digest(stored), digest(bytes))
  assert.equal(done.requests, 3)
  seen = []
  cuts = [100_000]
  await client.upload('/x', file, { method: 'POST' })
  assert.equal(new Set(seen.map(({ key }) => key)).size, 1)
  assert.match(seen[0]?.key ?? '', /^"/)
})

it('a later run goes on', async () => {
  cuts = [1_000_000, 0, 0, 0, 0]
  await assert.rejects(client.upload('/x', file, { attempts: 1 }), NetworkError)
  assert.equal(statSync(`${file}.upload.json`).mode & 0o777, 0o600)
  assert.ok(!readFileSync(`${file}.upload.json`, 'utf8').includes('/x'))
  seen = []
  cuts = []
  const done = await client.upload('/x', file)
  assert.ok(done.resumed && done.sent < size)
  assert.equal(digest(stored), digest(bytes))
  assert.deepEqual(
    seen.map(({ method }) => method),
    ['HEAD', 'PATCH'],
  )
})

it('of another content, or to another target, a later run begins anew', async () => {
  for (const change of [() => writeFileSync(file, randomBytes(1000)), () => {}]) {
    cuts = [1_000_000, 0, 0, 0]
    await assert.rejects(client.upload('/x', file, { attempts: 1 }), NetworkError)
    change()
    cuts = []
    const done = await client.upload(change.toString().includes('write') ? '/x' : '/y', file)
    assert.equal(done.resumed, false)
    assert.equal(digest(stored), digest(readFileSync(file)))
    writeFileSync(file, bytes)
  }
})

it('as much at once as the server takes', async () => {
  mostAtOnce = 500_000
  cuts = [1_000_000]
  await client.upload('/x', file)
  assert.equal(digest(stored), digest(bytes))
  assert.equal(seen.filter(({ method }) => method === 'PATCH').length, 5)
})

it('an answer that was lost is asked for; an upload that was forgotten begins anew', async () => {
  loseAnswer = true
  assert.equal((await client.upload('/x', file)).response.status, 204)
  assert.deepEqual(
    seen.map(({ method }) => method),
    ['PUT', 'HEAD'],
  )
  seen = []
  isForgotten = true
  cuts = [1_000_000]
  await client.upload('/x', file)
  assert.deepEqual(
    seen.map(({ method }) => method),
    ['PUT', 'HEAD', 'PUT'],
  )
  assert.equal(digest(stored), digest(bytes))
})

it('a file that cannot be read, and one that changes on the way', async () => {
  await assert.rejects(
    client.upload('/x', join(folder, 'none')),
    (error: unknown) => error instanceof TransferError && error.kind === 'file',
  )
  await assert.rejects(client.upload('/x', folder), TransferError)
  for (const cut of [1_000_000, undefined]) {
    writeFileSync(file, bytes)
    cuts = cut === undefined ? [] : [cut]
    server.prependOnceListener('request', request => {
      request.once('data', () => writeFileSync(file, randomBytes(size)))
    })
    await assert.rejects(
      client.upload('/x', file),
      (error: unknown) => error instanceof TransferError && error.kind === 'changed',
    )
  }
})

it('a refusal is an error', async () => {
  isRefused = true
  await assert.rejects(client.upload('/x', new Blob(['x'])), HttpError)
})

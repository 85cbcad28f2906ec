// Parts of a source: only what is asked for is read, when it is asked for.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ByteRange } from '@comity/http'
import type { Answer, Source } from './answer.ts'
import type { Exchange } from './exchange.ts'
import { partial } from './partial.ts'

const size = 10 * 2 ** 30

/** A file of 10 GiB, each byte the low byte of its place divided by 7. */
function hugeFile() {
  const read: string[] = []
  let ended = 0
  const source: Source = {
    kind: 'source',
    size,
    async *read({ first, last }: ByteRange) {
      read.push(`${first}-${last}`)
      try {
        for (let at = first; at <= last; at += 1000)
          yield Uint8Array.from({ length: Math.min(1000, last + 1 - at) }, (_, index) => byteAt(at + index))
      } finally {
        ended++
      }
    },
  }
  return { source, read, ended: () => ended }
}

const byteAt = (place: number) => Math.floor(place / 7) % 256

function ask(source: Source, fields: Record<string, string>): Answer {
  const x = { method: 'GET', fields, field: (name: string) => fields[name], runtime: { now: Date.now } }
  const whole = { 'content-type': 'video/mp4', 'content-length': String(source.size), etag: '"v"' }
  return partial(x as unknown as Exchange, { status: 200, fields: whole, body: source }) as Answer
}

async function bytesOf({ body }: Answer): Promise<Buffer> {
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) throw new TypeError('not a stream')
  const pieces = 'kind' in body ? body.read({ first: 0, last: body.size - 1 }) : body
  const bytes: Uint8Array[] = []
  for await (const piece of pieces as AsyncIterable<Uint8Array>) bytes.push(piece)
  return Buffer.concat(bytes)
}

test('one part is a source of that part', async () => {
  const { source, read } = hugeFile()
  const answer = ask(source, { range: 'bytes=5000000000-5000002499', 'if-range': '"v"' })
  assert.deepEqual(read, [], 'nothing is read before it is sent')
  assert.equal(answer.fields['content-range'], `bytes 5000000000-5000002499/${size}`)
  const bytes = await bytesOf(answer)
  assert.equal(bytes.length, 2500)
  assert.ok(bytes.every((byte, index) => byte === byteAt(5_000_000_000 + index)))
  assert.deepEqual(read, ['5000000000-5000002499'])
})

test('several parts are read one after the other, and their length is told before', async () => {
  const { source, read } = hugeFile()
  const answer = ask(source, { range: 'bytes=0-9,9000000000-9000000009,-10' })
  const bytes = await bytesOf(answer)
  assert.equal(answer.fields['content-length'], String(bytes.length))
  assert.deepEqual(read, ['0-9', '9000000000-9000000009', `${size - 10}-${size - 1}`])
  const boundary = answer.fields['content-type']?.split('boundary=')[1] ?? ''
  assert.equal(bytes.toString('latin1').split(boundary).length, 5)
  const again = ask(source, { range: 'bytes=0-9,20-29' }).fields['content-type']
  assert.ok(!again?.includes(boundary), 'a boundary is used once')
})

test('a reader that leaves ends the reading', async () => {
  const { source, ended } = hugeFile()
  const { body } = ask(source, { range: 'bytes=0-1000000000,2000000000-3000000000' })
  const pieces = (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]()
  for (let count = 0; count < 5; count++) await pieces.next()
  assert.equal(ended(), 0)
  await pieces.return?.()
  assert.equal(ended(), 1)
})

test('a coding is that of the parts, where there are several', async () => {
  const fields = { 'content-type': 'text/plain', 'content-encoding': 'gzip', etag: '"v.gzip"' }
  const body = Buffer.from('coded')
  const asked = {
    method: 'GET',
    fields: { range: 'bytes=0-0,2-2' },
    field: (name: string) => (name === 'range' ? 'bytes=0-0,2-2' : undefined),
    runtime: { now: Date.now },
  }
  const answer = partial(asked as unknown as Exchange, { status: 200, fields, body }) as Answer
  assert.deepEqual([answer.fields['content-encoding'], answer.fields.etag], [undefined, '"v.gzip"'])
  const text = (await bytesOf(answer)).toString()
  assert.equal(text.match(/Content-Encoding: gzip\r\nContent-Range: bytes \d-\d\/5\r\n\r\n/g)?.length, 2)
})

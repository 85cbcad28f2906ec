// RFC 9110 §15.5.9: a client that takes its time is told so, and keeps nobody else waiting.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Serving, serve } from '@comity/server'
import { notesApi } from '../support/notes.ts'
import { problemOf } from '../support/problem.ts'
import { openWire, requestText, type Wire } from '../support/wire.ts'

let serving: Serving
before(async () => {
  serving = await serve(notesApi({ bodyTimeout: 200 }), { port: 0, headersTimeout: 200, requestTimeout: 1_000 })
})
after(() => serving.close())

const json = { 'content-type': 'application/json' }

/** Sends one byte after the other until the connection ends. */
async function drip(wire: Wire, bytes: string): Promise<void> {
  let open = true
  wire.closed.then(() => {
    open = false
  })
  for (let at = 0; open; at = (at + 1) % bytes.length) {
    wire.send(bytes.slice(at, at + 1))
    await new Promise(later => setTimeout(later, 20))
  }
}

/** Name, what is sent at once, what is sent byte by byte for ever after. */
const rows: readonly (readonly [string, string | Uint8Array, string])[] = [
  ['half a request line', 'GET /not', ''],
  ['fields that stop', 'GET /notes HTTP/1.1\r\nHost: h\r\nX: y', ''],
  ['fields that never end', 'GET /notes HTTP/1.1\r\nHost: h\r\n', 'x: y\r\n'],
  ['a content that does not begin', requestText('POST /notes', { ...json, 'content-length': '5' }), ''],
  ['a content that stops', requestText('POST /notes', { ...json, 'content-length': '50' }, '{"title"'), ''],
  ['a content that drips', requestText('POST /notes', { ...json, 'content-length': '5000' }), '[1,'],
  ['chunks that stop', requestText('POST /notes', { ...json, 'transfer-encoding': 'chunked' }), ''],
  ['chunks that drip', requestText('PUT /notes', { ...json, 'transfer-encoding': 'chunked' }), '1\r\n[\r\n'],
  ['a patch that stops', requestText('PATCH /notes/x', { ...json, 'content-length': '5' }, '{'), ''],
  ['a QUERY that stops', requestText('QUERY /notes', { ...json, 'content-length': '5' }, '{'), ''],
]

describe('408', { concurrency: true }, () => {
  for (const [name, first, rest] of rows)
    it(name, async () => {
      const wire = await openWire(serving.url)
      wire.send(first)
      const dripping = rest === '' ? undefined : drip(wire, rest)
      const answer = await wire.next()
      assert.equal(problemOf(answer, 408).code, 'request-timeout')
      assert.equal(answer?.fields.connection, 'close')
      if (dripping === undefined) await wire.closed
      wire.close()
      await dripping
    })

  it('a hundred slow clients keep nobody else waiting, and a writer neither', async () => {
    const slow = requestText('POST /notes', { ...json, 'content-length': '50' }, '{"title"')
    const wires = await Promise.all(Array.from({ length: 100 }, () => openWire(serving.url)))
    for (const wire of wires) wire.send(slow)
    const response = await fetch(`${serving.url}/notes`, { method: 'POST', headers: json, body: '{"title":"quick"}' })
    assert.equal(response.status, 201)
    const answers = await Promise.all(wires.map(wire => wire.next()))
    for (const answer of answers) problemOf(answer, 408)
    for (const wire of wires) wire.close()
  })

  it('a connection on which nothing comes is closed', async () => {
    const wire = await openWire(serving.url)
    await wire.closed
    wire.close()
  })
})

it('a malformed message whose sender does not hang up keeps no server from closing', async () => {
  const own = await serve(notesApi(), { port: 0, drainTimeout: 60_000 })
  const wire = await openWire(own.url)
  wire.send('garbage\r\n\r\n')
  problemOf(await wire.next(), 400)
  await own.close()
  wire.close()
})

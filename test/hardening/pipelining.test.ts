// RFC 9112 §9.3.2: requests sent without waiting are answered in their order, each once, whatever comes after them.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Serving, serve } from '@comity/server'
import { notesApi } from '../support/notes.ts'
import { problemOf } from '../support/problem.ts'
import { answersTo, requestText } from '../support/wire.ts'

let serving: Serving
before(async () => {
  serving = await serve(notesApi(), { port: 0 })
})
after(() => serving.close())

const json = { 'content-type': 'application/json' }
const last = requestText('GET /livez', { connection: 'close' })
const slow = requestText('GET /wait?ms=150')

describe('pipelined requests', () => {
  it('are answered in order, the slow before the fast', async () => {
    const bytes = [
      slow,
      requestText('GET /notes'),
      requestText('POST /notes', json, '{"title":"a"}'),
      requestText('GET /nothing'),
      requestText('GET /notes?fields=title'),
      requestText('DELETE /notes/never'),
      requestText('GET /wait?ms=1'),
      last,
    ]
    const answers = await answersTo(serving.url, Buffer.concat(bytes))
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 201, 404, 200, 404, 200, 200],
    )
    assert.equal(String(answers[0]?.body), '{"ms":150}')
    assert.equal(String(answers[4]?.body), '[{"title":"a"}]')
    assert.equal(String(answers[6]?.body), '{"ms":1}')
  })

  it('fifty at once', async () => {
    const bytes = Array.from({ length: 50 }, (_, n) => requestText(`GET /notes/n${n}`))
    const answers = await answersTo(serving.url, Buffer.concat([...bytes, last]))
    assert.equal(answers.length, 51)
    for (const [n, answer] of answers.slice(0, 50).entries())
      assert.equal(problemOf(answer, 404).instance, `/notes/n${n}`)
  })

  it('a malformed one is refused in its turn, after the answers to those before it', async () => {
    const answers = await answersTo(serving.url, Buffer.concat([slow, slow, Buffer.from('garbage\r\n\r\n'), last]))
    assert.equal(answers.length, 3)
    assert.equal(String(answers[0]?.body), '{"ms":150}')
    assert.equal(String(answers[1]?.body), '{"ms":150}')
    assert.equal(problemOf(answers[2], 400).code, 'malformed-request')
    assert.equal(answers[2]?.fields.connection, 'close')
  })

  it('one with a broken content is refused in its turn', async () => {
    const broken = requestText('POST /notes', { ...json, 'transfer-encoding': 'chunked' })
    const answers = await answersTo(serving.url, Buffer.concat([slow, broken, Buffer.from('zz\r\n'), last]))
    assert.equal(answers.length, 2)
    assert.equal(String(answers[0]?.body), '{"ms":150}')
    problemOf(answers[1], 400)
  })

  it('one that was refused before its broken content was read gets no second answer', async () => {
    const refused = requestText('POST /notes', { 'content-type': 'text/none', 'transfer-encoding': 'chunked' })
    const answers = await answersTo(serving.url, Buffer.concat([refused, Buffer.from('zz\r\n'), last]))
    assert.equal(answers.length, 1)
    assert.equal(problemOf(answers[0], 415).code, 'unsupported-media-type')
  })

  it('after an answer that closes the connection, nothing more is acted on', async () => {
    const title = 'after the end'
    const bytes = [last, requestText('POST /notes', json, JSON.stringify({ title }))]
    const answers = await answersTo(serving.url, Buffer.concat(bytes))
    assert.equal(answers.length, 1)
    const response = await fetch(`${serving.url}/notes?title=${encodeURIComponent(title)}`)
    assert.deepEqual(await response.json(), [])
  })
})
